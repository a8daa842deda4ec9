import { MINUTE_MS, SECOND_MS } from "../model/time";

/** Failures in a row after which a provider is left alone: a single lost packet is none, an outage is seen within a batch. */
export const OPEN_AFTER_FAILURES = 5;
/** How long it is left alone the first time; each time a trial fails, twice as long. */
export const OPEN_MS = 30 * SECOND_MS;
export const OPEN_MAX_MS = 10 * MINUTE_MS;

/** `half-open`: one trial is under way, everything else waits for what becomes of it. */
export type Breaker =
  | { readonly state: "closed"; readonly failures: number }
  | { readonly state: "open"; readonly untilMs: number; readonly openMs: number }
  | { readonly state: "half-open"; readonly openMs: number; readonly sinceMs: number };

export const CLOSED: Breaker = { state: "closed", failures: 0 };

/** A trial nobody heard of again does not keep the provider shut out for ever. */
const TRIAL_MAX_MS = MINUTE_MS;

/** Whether one may pass, and the breaker after it; otherwise how long to wait. */
export function knock(
  breaker: Breaker,
  nowMs: number,
): { readonly breaker: Breaker; readonly passes: true } | { readonly passes: false; readonly waitMs: number } {
  switch (breaker.state) {
    case "closed":
      return { breaker, passes: true };
    case "open":
      return nowMs < breaker.untilMs
        ? { passes: false, waitMs: breaker.untilMs - nowMs }
        : { breaker: { state: "half-open", openMs: breaker.openMs, sinceMs: nowMs }, passes: true };
    case "half-open": {
      const waitMs = breaker.sinceMs + TRIAL_MAX_MS - nowMs;
      return waitMs > 0
        ? { passes: false, waitMs }
        : { breaker: { state: "half-open", openMs: breaker.openMs, sinceMs: nowMs }, passes: true };
    }
    default:
      throw breaker satisfies never;
  }
}

/** The breaker after an answer. What comes back from before it opened says nothing new. */
export function heard(breaker: Breaker, isFailure: boolean, nowMs: number): Breaker {
  switch (breaker.state) {
    case "closed": {
      if (!isFailure) return CLOSED;
      const failures = breaker.failures + 1;
      return failures < OPEN_AFTER_FAILURES
        ? { state: "closed", failures }
        : { state: "open", untilMs: nowMs + OPEN_MS, openMs: OPEN_MS };
    }
    case "open":
      return breaker;
    case "half-open": {
      if (!isFailure) return CLOSED;
      const openMs = Math.min(OPEN_MAX_MS, breaker.openMs * 2);
      return { state: "open", untilMs: nowMs + openMs, openMs };
    }
    default:
      throw breaker satisfies never;
  }
}
