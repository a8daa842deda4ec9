import type { EnrollmentState } from "../model/execution";
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
