import type { Decision, DecisionCode, Effect, EngineEvent, EnrollmentState, StepContext } from "../model/execution";
import type { FactValue } from "../model/facts";
import type { EpochMs } from "../model/time";
import type { RuleInput } from "./rule-input";

/** The state being written; it leaves the executor as the outcome's state. */
export type Draft = { -readonly [member in keyof EnrollmentState]: EnrollmentState[member] };

/** One call of the compiled executor: what goes in, and the outcome as it grows. Itself what rules and values are made from. */
export type Advance = Omit<RuleInput, "vars"> & {
  /** The state's variables, kept beside it for the rules. */
  vars: RuleInput["vars"];
  readonly state: Draft;
  readonly decisions: Decision[];
  readonly effects: Effect[];
  readonly context: StepContext;
  readonly horizonAtMs: EpochMs;
};

/** A handle and where it leads. */
export type Way = { readonly handle: string; readonly target: LinkedStep };

/** The step keeps the account: it has taken the event in, or waits. */
export const STAYS = Symbol("stays");
/** The step does not wait for such an event. */
export const NOT_AWAITED = Symbol("not awaited");

/** A step ready to run. Members are set after all steps exist, because ways lead in circles. */
export type LinkedStep = {
  readonly id: string;
  enter: (advance: Advance) => Way | typeof STAYS;
  receive: (advance: Advance, event: EngineEvent) => Way | typeof STAYS | typeof NOT_AWAITED;
};

const NOTHING_READ: Decision["factsRead"] = {};

/** Why: what decided, and the facts it was decided from. */
export type Reason = {
  readonly code: DecisionCode;
  readonly detail: string | null;
  readonly factsRead?: { readonly [fact: string]: FactValue };
};

/** Writes variables. */
export function setVars(advance: Advance, vars: RuleInput["vars"]): void {
  advance.vars = vars;
  advance.state.vars = vars;
}

/** Writes down what the present step did. */
export function record(advance: Advance, handle: string | null, reason: Reason): void {
  advance.decisions.push({
    stepSeq: advance.state.stepSeq,
    nodeId: advance.state.nodeId,
    handle,
    code: reason.code,
    detail: reason.detail,
    factsRead: reason.factsRead ?? NOTHING_READ,
    atMs: advance.context.nowMs,
  });
}
