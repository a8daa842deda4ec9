import type { EngineEvent, EnrollmentState, Outcome, StepContext, SyncExecutor } from "../model/execution";
import type { ExitReason } from "../model/exit-reason";
import { InvariantError } from "../model/invariant";
import { EXITS_RULE_SET, type Program } from "../model/program";
import { horizonAtOf } from "./deadline";
import { exitReasonOf } from "./exits";
import { factsReadOf } from "./facts-read";
import { firstState, ignoredOutcome } from "./first-state";
import { answersRequest, ignoredCodeOf } from "./gate";
import { linkStep } from "./link-step";
import {
  type Advance,
  type Draft,
  type LinkedStep,
  NOT_AWAITED,
  type Reason,
  record,
  STAYS,
  type Way,
} from "./linked-step";
import { linkRules, TRUE } from "./predicate";
import { reentryOf } from "./reentry";

/**
 * Links a Program into flat tables and synchronous closures: what carries simulation and live volume (design D2). It reads steps
 * and rule sets and never the machine, so that agreement with the reference executor proves something. Throws InvariantError on
 * a Program that the compiler could not have made (a handle that leads nowhere, a missing rule set).
 */
export function linkCompiled(program: Program): SyncExecutor {
  const steps = linkSteps(program);
  const entry = stepOf(steps, program.entry);
  const leftEarly = linkEarlyExits(program);
  const { stepsPerAdvance } = program.limits;
  const begin = beginner(program);
  return {
    start: (context) => {
      const advance = begin(firstState(program, context.nowMs), context);
      enter(advance, entry);
      runToCompletion(advance, entry.enter(advance), { entered: 1, limit: stepsPerAdvance });
      return outcomeOf(advance);
    },
    send: (state, event, context) => {
      const ignored = ignoredCodeOf(state, event, context.nowMs);
      if (ignored !== null) return ignoredOutcome(state, event, { code: ignored, atMs: context.nowMs });
      const advance = begin(state, context);
      if (answersRequest(event)) advance.state.pending = false;
      if (leftEarly(advance, event)) return outcomeOf(advance);
      const again = enteredAnew(event, steps, state.nodeId);
      if (again !== null) {
        record(advance, null, again.why);
        runToCompletion(advance, again.way, { entered: 0, limit: stepsPerAdvance });
        return outcomeOf(advance);
      }
      const reaction = stepOf(steps, state.nodeId).receive(advance, event);
      if (reaction === NOT_AWAITED) {
        return ignoredOutcome(state, event, { code: "ignored-not-awaited", atMs: context.nowMs });
      }
      runToCompletion(advance, reaction, { entered: 0, limit: stepsPerAdvance });
      return outcomeOf(advance);
    },
  };
}

/** Where a person's word sends the account, past what its step waits for. Null = the event is for the step. */
function enteredAnew(event: EngineEvent, steps: ReadonlyMap<string, LinkedStep>, nodeId: string) {
  const re = reentryOf(event, nodeId);
  return re === null ? null : { why: re.why, way: { handle: "", target: stepOf(steps, re.target) } };
}

function linkSteps(program: Program): ReadonlyMap<string, LinkedStep> {
  const steps = new Map<string, LinkedStep>();
  for (const id of Object.keys(program.steps)) {
    steps.set(id, { id, enter: () => STAYS, receive: () => NOT_AWAITED });
  }
  const source = { steps, ruleSets: program.ruleSets, calendar: program.calendar };
  for (const step of Object.values(program.steps)) Object.assign(stepOf(steps, step.id), linkStep(step, source));
  return steps;
}

function stepOf(steps: ReadonlyMap<string, LinkedStep>, id: string): LinkedStep {
  const step = steps.get(id);
  if (step === undefined) throw new InvariantError("program.unknown-step", { node: id });
  return step;
}

/** The exits that are asked before the present step: stop request, horizon, then the strategy's own, top to bottom. */
function linkEarlyExits(program: Program): (advance: Advance, event: EngineEvent) => boolean {
  const ruleSet = program.ruleSets[EXITS_RULE_SET];
  if (ruleSet === undefined) throw new InvariantError("program.rule-set-missing", { ruleSet: EXITS_RULE_SET });
  const exits = linkRules(ruleSet).map((rule) => ({ ...rule, reason: exitReasonOf(rule.outcome) }));
  return (advance, event) => {
    const { nowMs } = advance;
    if (event.type === "stop.requested") {
      leave(advance, "stopped", { code: "stopped", detail: null });
      return true;
    }
    if (nowMs >= advance.horizonAtMs) {
      leave(advance, "horizon", { code: "horizon", detail: null });
      return true;
    }
    for (const { rule, reason, holds } of exits) {
      if (holds(advance) !== TRUE) continue;
      leave(advance, reason, { code: "strategy-exit", detail: rule, factsRead: factsReadOf(ruleSet, advance) });
      return true;
    }
    // Asked last: whoever has paid is cured, whatever a person wanted done with them.
    if (event.type !== "exit.requested") return false;
    leave(advance, event.reason, { code: "exit-requested", detail: event.reason });
    return true;
  };
}

function beginner({ limits, settings }: Program): (state: EnrollmentState, context: StepContext) => Advance {
  const { horizonMs } = limits;
  const { timeZone } = settings;
  return (state, context) => ({
    facts: context.facts,
    vars: state.vars,
    nowMs: context.nowMs,
    timeZone,
    state: draftOf(state),
    decisions: [],
    effects: [],
    context,
    horizonAtMs: horizonAtOf(state, horizonMs),
  });
}

/** A copy written out member by member: measurably faster than a spread, and made once per event of every account. */
function draftOf(state: EnrollmentState): Draft {
  return {
    status: state.status,
    nodeId: state.nodeId,
    stepSeq: state.stepSeq,
    startedAtMs: state.startedAtMs,
    enteredAtMs: state.enteredAtMs,
    wakeAtMs: state.wakeAtMs,
    attempt: state.attempt,
    pending: state.pending,
    loopCounts: state.loopCounts,
    vars: state.vars,
    exit: state.exit,
    fault: state.fault,
  };
}

function outcomeOf({ state, decisions, effects }: Advance): Outcome {
  return { state, decisions, effects };
}

/** A request that is still out is called back when its step is left. */
function cancelPending({ state, effects }: Advance): void {
  if (!state.pending) return;
  effects.push({ kind: "request.cancel", stepSeq: state.stepSeq, attempt: state.attempt });
  state.pending = false;
}

function leave(advance: Advance, reason: ExitReason, why: Reason): void {
  cancelPending(advance);
  record(advance, null, why);
  advance.state.status = "exited";
  advance.state.wakeAtMs = null;
  advance.state.exit = { reason, label: null };
}

function enter({ state, context }: Advance, step: LinkedStep): void {
  state.nodeId = step.id;
  state.stepSeq += 1;
  state.enteredAtMs = context.nowMs;
  state.wakeAtMs = null;
  state.attempt = 0;
  state.pending = false;
}

type Walk = { readonly entered: number; readonly limit: number };

/** Follows handles until a step waits or the enrollment ends; one step more than the limit and it is `faulted`, with its path. */
function runToCompletion(advance: Advance, first: Way | typeof STAYS, { entered, limit }: Walk): void {
  let way = first;
  for (let steps = entered; way !== STAYS; steps += 1) {
    cancelPending(advance);
    if (steps >= limit) {
      fault(advance, limit);
      return;
    }
    enter(advance, way.target);
    way = way.target.enter(advance);
  }
}

function fault(advance: Advance, limit: number): void {
  const { state, decisions } = advance;
  // Every step entered in this advance has left exactly one decision with a handle; the step the event found has left one more.
  const path = decisions.filter((decision) => decision.handle !== null).map((decision) => decision.nodeId);
  record(advance, null, { code: "step-limit", detail: null });
  state.status = "faulted";
  state.wakeAtMs = null;
  state.fault = { code: "step-limit", path: path.slice(-limit) };
}
