import type { EnrollmentState } from "../model/execution";
import type { RetrySpec } from "../model/program";
import { type EpochMs, MINUTE_MS } from "../model/time";

/** The instant the enrollment leaves with the reason `horizon`, whatever is drawn. No wake-up is later. */
export function horizonAtOf(state: EnrollmentState, horizonMs: number): EpochMs {
  return state.startedAtMs + horizonMs;
}

/** Until when the present request step waits for its answer. */
export function requestDeadlineOf(state: EnrollmentState, deadlineMs: number, horizonAtMs: EpochMs): EpochMs {
  return Math.min(state.enteredAtMs + deadlineMs, horizonAtMs);
}

/** When a request that is out wakes up: at its deadline, or earlier to look at the rule it watches. */
export function requestWakeAtOf(nowMs: EpochMs, deadlineAtMs: EpochMs, watchEveryMs: number | null): EpochMs {
  return watchEveryMs === null ? deadlineAtMs : Math.min(nowMs + watchEveryMs, deadlineAtMs);
}

export type Redial = {
  readonly retry: RetrySpec;
  readonly outcome: string;
  /** Attempt that had this outcome, 1-based. */
  readonly attempt: number;
  readonly nowMs: EpochMs;
  /** No attempt at or after this instant. */
  readonly deadlineMs: EpochMs;
};

/** When to try again after an outcome, or null: not a retried outcome, no attempt left, or too late. */
export function redialAtOf({ retry, outcome, attempt, nowMs, deadlineMs }: Redial): EpochMs | null {
  const gapMinutes = Object.hasOwn(retry.gapMinutes, outcome) ? retry.gapMinutes[outcome] : undefined;
  if (gapMinutes === undefined || attempt >= retry.maxAttempts) return null;
  const redialAtMs = nowMs + gapMinutes * MINUTE_MS;
  return redialAtMs < deadlineMs ? redialAtMs : null;
}
