import type { DecisionCode, EngineEvent, EnrollmentState } from "../model/execution";
import type { EpochMs } from "../model/time";

/**
 * Why an event changes nothing, or null when it may. An enrollment that is done or stopped takes nothing; an event of another
 * visit or attempt, or an answer nobody waits for any more, is stale; a timer before its time is early.
 */
export function ignoredCodeOf(state: EnrollmentState, event: EngineEvent, nowMs: EpochMs): DecisionCode | null {
  if (state.status !== "active") return "ignored-inactive";
  if ("stepSeq" in event && event.stepSeq !== state.stepSeq) return "ignored-stale";
  if ("attempt" in event && (event.attempt !== state.attempt || !state.pending)) return "ignored-stale";
  if (event.type === "timer.fired" && (state.wakeAtMs === null || nowMs < state.wakeAtMs)) return "ignored-early";
  return null;
}

const ANSWERS: ReadonlySet<EngineEvent["type"]> = new Set([
  "contact.result",
  "contact.denied",
  "qa.verdict",
  "task.completed",
  "external.result",
]);

/** Whether an event answers the request that is out, so that leaving has nothing left to call back. A deferral keeps it out. */
export function answersRequest({ type }: Pick<EngineEvent, "type">): boolean {
  return ANSWERS.has(type);
}
