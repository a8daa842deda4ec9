import type { MachineAction } from "../compile/machine-action";
import type { Decision, Effect, EnrollmentState, StepContext } from "../model/execution";
import { InvariantError } from "../model/invariant";
import type { Program, RuleSet } from "../model/program";
import type { EpochMs } from "../model/time";
import type { Answered } from "./reference-machine";
import type { RuleInput } from "./rule-input";

/** One call of the reference executor: what goes in, and the outcome as it grows. */
export type Walk = {
  readonly program: Program;
  readonly context: StepContext;
  readonly horizonAtMs: EpochMs;
  state: EnrollmentState;
  readonly decisions: Decision[];
  readonly effects: Effect[];
  /** Steps entered in this call. */
  readonly path: string[];
};

export type ParamsOf<TType extends MachineAction["type"]> =
  Extract<MachineAction, { readonly type: TType }> extends {
    readonly params: infer TParams;
  }
    ? TParams
    : never;

export function ruleSetOf({ program }: Walk, id: string): RuleSet {
  const ruleSet = Object.hasOwn(program.ruleSets, id) ? program.ruleSets[id] : undefined;
  if (ruleSet === undefined) throw new InvariantError("program.rule-set-missing", { ruleSet: id });
  return ruleSet;
}

/** What rules and values may be made from as things stand. */
export function inputOf({ program, context, state }: Walk): RuleInput {
  const { facts, nowMs } = context;
  return { facts, vars: state.vars, nowMs, timeZone: program.settings.timeZone };
}

export function record({ state, decisions, context }: Walk, handle: string | null, reason: Answered): void {
  const { stepSeq, nodeId } = state;
  decisions.push({ stepSeq, nodeId, handle, ...reason, atMs: context.nowMs });
}
