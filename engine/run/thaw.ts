import type { EnrollmentState } from "../model/execution";
import { RELEASE_DEFAULT, type ReleaseChoice, type ReleasedHold } from "../model/hold-release";
import type { Hold } from "../model/policy";
import type { EpochMs } from "../model/time";
import { lastStandstill } from "./standstill";

export type Thawed = {
  readonly state: EnrollmentState;
  /** By how much waits and deadlines of the enrollment have moved. */
  readonly shiftMs: number;
};

/**
 * An enrollment that goes on when its party's holds have ended (all of them, by `nowMs`): where it stood, with every wait moved
 * by the time it stood still (semantics.md, "In the shell"). A step that was entered in the middle of a hold has stood still
 * only since then. The horizon does not move: it bounds how long a person is treated, held or not.
 */
export function thawed(
  state: EnrollmentState,
  holds: readonly Hold[],
  { horizonMs, nowMs }: { readonly horizonMs: number; readonly nowMs: EpochMs },
): Thawed {
  const span = lastStandstill(holds, nowMs);
  const shiftMs = span === null ? 0 : Math.max(0, span.untilMs - Math.max(span.fromMs, state.enteredAtMs));
  const latestMs = state.startedAtMs + horizonMs;
  const wakeAtMs = state.wakeAtMs === null ? null : Math.min(state.wakeAtMs + shiftMs, latestMs);
  return { state: { ...state, status: "active", enteredAtMs: state.enteredAtMs + shiftMs, wakeAtMs }, shiftMs };
}

/** What was chosen with the release that set it free: the last one. Of two at one instant the one that chose something counts. */
export function choiceAtRelease(holds: readonly ReleasedHold[], nowMs: EpochMs): ReleaseChoice {
  let last: ReleasedHold | null = null;
  for (const hold of holds) {
    const { untilMs } = hold;
    if (untilMs === null || untilMs > nowMs) continue;
    const lastMs = last?.untilMs ?? Number.NEGATIVE_INFINITY;
    if (untilMs > lastMs || (untilMs === lastMs && last?.choice === null)) last = hold;
  }
  return last?.choice ?? RELEASE_DEFAULT;
}
