import type { DecisionCode, EngineEvent, EnrollmentState, Outcome } from "../model/execution";
import type { Program } from "../model/program";
import type { EpochMs } from "../model/time";

/** What the strategy's variables hold in the beginning; one that is unknown is left out. */
export function firstVars(program: {
  readonly settings: Pick<Program["settings"], "variables">;
}): EnrollmentState["vars"] {
  // Format 1 has none.
  const declared = (program.settings.variables ?? []).filter(({ initial }) => initial !== null);
  return Object.fromEntries(declared.map(({ name, initial }) => [name, initial]));
}

/** The state of an enrollment that stands before its entry step; entering it makes `stepSeq` 1. */
export function firstState(program: Program, nowMs: EpochMs): EnrollmentState {
  const { entry } = program;
  return {
    status: "active",
    nodeId: entry,
    stepSeq: 0,
    startedAtMs: nowMs,
    enteredAtMs: nowMs,
    wakeAtMs: null,
    attempt: 0,
    pending: false,
    loopCounts: {},
    vars: firstVars(program),
    exit: null,
    fault: null,
  };
}

/** The outcome of an event that changes nothing: the very same state, and one decision that says why. */
export function ignoredOutcome(
  state: EnrollmentState,
  event: EngineEvent,
  why: { readonly code: DecisionCode; readonly atMs: EpochMs },
): Outcome {
  const { stepSeq, nodeId } = state;
  const decision = { stepSeq, nodeId, handle: null, code: why.code, detail: event.type, factsRead: {}, atMs: why.atMs };
  return { state, decisions: [decision], effects: [] };
}
