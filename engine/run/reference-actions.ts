import type { Answer, MachineAction } from "../compile/machine-action";
import { armOf } from "../experiment/assign";
import { armFact, type Decision, type Effect, type EnrollmentState, type StepContext } from "../model/execution";
import { InvariantError } from "../model/invariant";
import type { Program, RequestSpec, RuleSet } from "../model/program";
import type { EpochMs } from "../model/time";
import { redialAtOf, requestDeadlineOf } from "./deadline";
import { requestEffect } from "./effects";
import { factsReadOf } from "./facts-read";
import type { Answered, MachineEvent } from "./reference-machine";
import { askRules } from "./reference-rules";
import { DPD_FACT, daysPastDueOf, wakeAtOf } from "./wake-up";

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

export function ruleSetOf({ program }: Walk, id: string): RuleSet {
  const ruleSet = Object.hasOwn(program.ruleSets, id) ? program.ruleSets[id] : undefined;
  if (ruleSet === undefined) throw new InvariantError("program.rule-set-missing", { ruleSet: id });
  return ruleSet;
}

type ParamsOf<TType extends MachineAction["type"]> =
  Extract<MachineAction, { readonly type: TType }> extends {
    readonly params: infer TParams;
  }
    ? TParams
    : never;

/** Carries one action out on the enrollment's state; answers the event to send next, or null. */
export async function carryOut(
  walk: Walk,
  action: MachineAction,
  cause: MachineEvent | null,
): Promise<MachineEvent | null> {
  switch (action.type) {
    case "evaluate":
      return evaluate(walk, action.params);
    case "drawArm":
      return drawArm(walk, action.params);
    case "request":
      return request(walk, action.params);
    case "wait":
      return wait(walk, action.params);
    default:
      carryOutQuietly(walk, action, cause);
      return null;
  }
}

type AnsweringAction = "evaluate" | "drawArm" | "request" | "wait";
type QuietAction = Exclude<MachineAction, { readonly type: AnsweringAction }>;

function carryOutQuietly(walk: Walk, action: QuietAction, cause: MachineEvent | null): void {
  switch (action.type) {
    case "enter":
      enter(walk, action.params.step);
      break;
    case "scheduleRetry":
      scheduleRetry(walk, action.params, cause);
      break;
    case "retry":
      record(walk, null, { code: "retry-started", detail: String(walk.state.attempt), factsRead: {} });
      ask(walk, action.params);
      break;
    case "cancelRequest":
      cancelRequest(walk);
      break;
    case "take":
      record(walk, action.params.handle, reasonOf(cause, action.params.code));
      break;
    case "stay":
      record(walk, null, reasonOf(cause, action.params.code));
      break;
    case "exit":
      record(walk, null, { code: "exit", detail: action.params.reason, factsRead: {} });
      end(walk, action.params);
      break;
    case "leave":
      end(walk, { reason: action.params.reason, label: null });
      break;
    default:
      throw action satisfies never;
  }
}

function end(walk: Walk, exit: NonNullable<EnrollmentState["exit"]>): void {
  walk.state = { ...walk.state, status: "exited", wakeAtMs: null, exit: { reason: exit.reason, label: exit.label } };
}

function record({ state, decisions, context }: Walk, handle: string | null, reason: Answered): void {
  const { stepSeq, nodeId } = state;
  decisions.push({ stepSeq, nodeId, handle, ...reason, atMs: context.nowMs });
}

/** Why a transition is taken: what an answer says of itself, or what the event of the world was. */
function reasonOf(cause: MachineEvent | null, code: Answered["code"] | undefined): Answered {
  if (cause !== null && "factsRead" in cause) {
    return { code: cause.code, detail: cause.detail, factsRead: cause.factsRead };
  }
  if (code === undefined) throw new InvariantError("program.transition-without-code", {});
  return { code, detail: cause === null ? null : detailOf(cause), factsRead: {} };
}

function detailOf(cause: Exclude<MachineEvent, Answered>): string | null {
  if ("outcome" in cause) return cause.outcome;
  if ("reasons" in cause) return cause.reasons.join(",");
  const silent = cause.type === "stop.requested" || cause.type === "horizon.passed" || cause.type.startsWith("xstate.");
  return silent ? null : cause.type;
}

function enter(walk: Walk, step: string): void {
  const { state, context, path } = walk;
  if (path.length >= walk.program.limits.stepsPerAdvance) {
    record(walk, null, { code: "step-limit", detail: null, factsRead: {} });
    walk.state = { ...state, status: "faulted", wakeAtMs: null, fault: { code: "step-limit", path: [...path] } };
    return;
  }
  path.push(step);
  const entered = { nodeId: step, stepSeq: state.stepSeq + 1, enteredAtMs: context.nowMs };
  walk.state = { ...state, ...entered, wakeAtMs: null, attempt: 0, pending: false };
}

function cancelRequest(walk: Walk): void {
  const { state, effects } = walk;
  if (!state.pending) return;
  effects.push({ kind: "request.cancel", stepSeq: state.stepSeq, attempt: state.attempt });
  walk.state = { ...state, pending: false };
}

async function evaluate(walk: Walk, params: ParamsOf<"evaluate">): Promise<MachineEvent> {
  const ruleSet = ruleSetOf(walk, params.ruleSet);
  const { facts } = walk.context;
  const verdicts = await askRules(ruleSet, facts);
  // A rule that is unknown may not be passed over for the next one: it might have held.
  const decisive = verdicts.find(({ truth }) => truth !== "fails");
  const answer: Answer =
    decisive === undefined ? params.otherwise : params[decisive.truth === "holds" ? "holds" : "unknown"];
  const handle = answer.handle ?? decisive?.outcome;
  if (handle === undefined) throw new InvariantError("program.answer-without-handle", { ruleSet: ruleSet.id });
  const factsRead = factsReadOf(ruleSet, facts);
  return { type: "decided", handle, code: answer.code, detail: decisive?.rule ?? null, factsRead };
}

function drawArm(walk: Walk, { experimentKey, phase, arms }: ParamsOf<"drawArm">): MachineEvent {
  const { facts, subject } = walk.context;
  const fact = armFact(experimentKey);
  const sticky = Object.hasOwn(facts, fact) ? facts[fact] : null;
  const known = arms.find(({ arm }) => arm === sticky);
  const arm = known?.arm ?? armOf({ experimentKey, phase, arms, partyId: subject.partyId });
  if (known === undefined) walk.effects.push({ kind: "arm.assigned", experimentKey, phase, arm });
  const handle = arms.find((candidate) => candidate.arm === arm)?.handle;
  if (handle === undefined) throw new InvariantError("program.arm-unknown", { experimentKey, arm });
  return { type: "decided", handle, code: "split", detail: arm, factsRead: {} };
}

function ask(
  walk: Walk,
  { request, deadlineMs }: { readonly request: RequestSpec; readonly deadlineMs: number },
): void {
  const wakeAtMs = requestDeadlineOf(walk.state, deadlineMs, walk.horizonAtMs);
  walk.state = { ...walk.state, pending: true, wakeAtMs };
  walk.effects.push(requestEffect(request, walk.state, wakeAtMs));
}

function request(walk: Walk, params: ParamsOf<"request">): MachineEvent | null {
  walk.state = { ...walk.state, attempt: 1 };
  ask(walk, params);
  const reason = { code: "requested", detail: "1", factsRead: {} } as const;
  if (params.goOn === null) {
    record(walk, null, reason);
    return null;
  }
  // Nobody waits for the answer, so leaving must not call the request back.
  walk.state = { ...walk.state, pending: false };
  return { type: "decided", handle: params.goOn, ...reason };
}

function scheduleRetry(walk: Walk, params: ParamsOf<"scheduleRetry">, cause: MachineEvent | null): void {
  const { state, context } = walk;
  const outcome = cause !== null && "outcome" in cause ? cause.outcome : "";
  const deadlineMs = requestDeadlineOf(state, params.deadlineMs, walk.horizonAtMs);
  const redialAtMs = redialAtOf({
    retry: params.retry,
    outcome,
    attempt: state.attempt,
    nowMs: context.nowMs,
    deadlineMs,
  });
  record(walk, null, { code: "retry-scheduled", detail: outcome, factsRead: {} });
  walk.state = { ...state, attempt: state.attempt + 1, wakeAtMs: redialAtMs };
}

function wait(walk: Walk, params: ParamsOf<"wait">): MachineEvent | null {
  const { nowMs, facts } = walk.context;
  const wakeAtMs = wakeAtOf(params.wait, { nowMs, timeZone: walk.program.settings.timeZone, facts });
  const factsRead = params.wait.mode === "until-dpd" ? { [DPD_FACT]: daysPastDueOf(facts) } : {};
  if (wakeAtMs === null) {
    const handle = params.unknown;
    if (handle === null) throw new InvariantError("program.unknown-handle-missing", { node: walk.state.nodeId });
    return { type: "decided", handle, code: "unknown", detail: null, factsRead };
  }
  walk.state = { ...walk.state, wakeAtMs: Math.min(wakeAtMs, walk.horizonAtMs) };
  record(walk, null, { code: "waiting", detail: null, factsRead });
  return null;
}
