import type { Hold } from "../model/policy";
import type { EpochMs } from "../model/time";

export type Standstill = { readonly fromMs: EpochMs; readonly untilMs: EpochMs };

/** The latest stretch of time that ended holds cover without a gap; holds that overlap or touch count as one. Null = none ended. */
export function lastStandstill(holds: readonly Hold[], nowMs: EpochMs): Standstill | null {
  const ended = holds
    .flatMap((hold) => (hold.untilMs === null || hold.untilMs > nowMs ? [] : [{ ...hold, untilMs: hold.untilMs }]))
    .sort((left, right) => right.untilMs - left.untilMs);
  const last = ended[0];
  if (last === undefined) return null;
  let fromMs = last.fromMs;
  for (const hold of ended) if (hold.untilMs >= fromMs) fromMs = Math.min(fromMs, hold.fromMs);
  return { fromMs, untilMs: last.untilMs };
}
