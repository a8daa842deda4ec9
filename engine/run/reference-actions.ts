import type { MachineAction } from "../compile/machine-action";
import type { EnrollmentState } from "../model/execution";
import { InvariantError } from "../model/invariant";
import { receivedInto } from "./answer-values";
import { redialAtOf, requestDeadlineOf, requestWakeAtOf } from "./deadline";
import { requestEffect } from "./effects";
import { factsReadOf } from "./facts-read";
import { act, assign, collect, drawArm, evaluate, repeat, score } from "./reference-decisions";
import type { Answered, MachineEvent } from "./reference-machine";
import { askRules } from "./reference-rules";
import { inputOf, type ParamsOf, record, ruleSetOf, type Walk } from "./reference-walk";
import { factsReadByWait, wakeAtOf } from "./wake-up";

/** Carries one action out on the enrollment's state; answers the event to send next, or null. */
export async function carryOut(
  walk: Walk,
  action: MachineAction,
  cause: MachineEvent | null,
): Promise<MachineEvent | null> {
  switch (action.type) {
    case "evaluate":
      return evaluate(walk, action.params);
    case "collect":
      return collect(walk, action.params);
    case "score":
      return score(walk, action.params);
    case "assign":
      return assign(walk, action.params);
    case "repeat":
      return repeat(walk, action.params);
    case "act":
      return act(walk, action.params);
    case "drawArm":
      return drawArm(walk, action.params);
    case "request":
      return request(walk, action.params);
    case "wait":
      return wait(walk, action.params);
    case "watch":
      return watch(walk, action.params, cause);
    default:
      carryOutQuietly(walk, action, cause);
      return null;
  }
}

type AnsweringAction =
  | "evaluate"
  | "collect"
  | "score"
  | "assign"
  | "repeat"
  | "act"
  | "drawArm"
  | "request"
  | "wait"
  | "watch";
type QuietAction = Exclude<MachineAction, { readonly type: AnsweringAction }>;

function carryOutQuietly(walk: Walk, action: QuietAction, cause: MachineEvent | null): void {
  switch (action.type) {
    case "enter":
      enter(walk, action.params.step);
      break;
    case "receive":
      receive(walk, action.params, cause);
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

export function end(walk: Walk, exit: NonNullable<EnrollmentState["exit"]>): void {
  walk.state = { ...walk.state, status: "exited", wakeAtMs: null, exit: { reason: exit.reason, label: exit.label } };
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

export function cancelRequest(walk: Walk): void {
  const { state, effects } = walk;
  if (!state.pending) return;
  effects.push({ kind: "request.cancel", stepSeq: state.stepSeq, attempt: state.attempt });
  walk.state = { ...state, pending: false };
}

type Asked = Pick<ParamsOf<"request">, "request" | "deadlineMs" | "watchEveryMs">;

function ask(walk: Walk, { request, deadlineMs, watchEveryMs }: Asked): void {
  const notAfterMs = requestDeadlineOf(walk.state, deadlineMs, walk.horizonAtMs);
  const wakeAtMs = requestWakeAtOf(walk.context.nowMs, notAfterMs, watchEveryMs ?? null);
  walk.state = { ...walk.state, pending: true, wakeAtMs };
  walk.effects.push(requestEffect(request, { state: walk.state, notAfterMs, input: inputOf(walk) }));
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

function receive(walk: Walk, params: ParamsOf<"receive">, cause: MachineEvent | null): void {
  const values = cause !== null && "values" in cause ? cause.values : undefined;
  walk.state = { ...walk.state, vars: receivedInto(walk.state.vars, params.receive, values) };
}

/** A look at the watched rule: only when it holds does the step go; unknown is no reason to call anything back. */
async function watch(walk: Walk, params: ParamsOf<"watch">, cause: MachineEvent | null): Promise<MachineEvent | null> {
  const ruleSet = ruleSetOf(walk, params.watch.ruleSet);
  const input = inputOf(walk);
  const factsRead = factsReadOf(ruleSet, input);
  const held = (await askRules(ruleSet, input)).find(({ truth }) => truth === "holds");
  if (held !== undefined) {
    return { type: "decided", handle: params.watch.holds, code: "watch-holds", detail: held.rule, factsRead };
  }
  record(walk, null, { code: "watch-checked", detail: null, factsRead });
  if (params.deadlineMs !== null && cause?.type.startsWith("xstate.") === true) {
    const deadlineAtMs = requestDeadlineOf(walk.state, params.deadlineMs, walk.horizonAtMs);
    const wakeAtMs = requestWakeAtOf(walk.context.nowMs, deadlineAtMs, params.watch.everyMs);
    walk.state = { ...walk.state, wakeAtMs };
  }
  return null;
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
  const input = inputOf(walk);
  const wakeAtMs = wakeAtOf(params.wait, { ...input, calendar: walk.program.calendar });
  const factsRead = factsReadByWait(params.wait, input);
  if (wakeAtMs === null) {
    const handle = params.unknown;
    if (handle === null) throw new InvariantError("program.unknown-handle-missing", { node: walk.state.nodeId });
    return { type: "decided", handle, code: "unknown", detail: null, factsRead };
  }
  walk.state = { ...walk.state, wakeAtMs: Math.min(wakeAtMs, walk.horizonAtMs) };
  record(walk, null, { code: "waiting", detail: null, factsRead });
  return null;
}
