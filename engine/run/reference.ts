import type { MachineAction } from "../compile/machine-action";
import type { AsyncExecutor, EngineEvent, EnrollmentState, Outcome, StepContext } from "../model/execution";
import { InvariantError } from "../model/invariant";
import { EXITS_RULE_SET, type Program } from "../model/program";
import { horizonAtOf } from "./deadline";
import { exitReasonOf } from "./exits";
import { factsReadOf } from "./facts-read";
import { firstState, ignoredOutcome } from "./first-state";
import { answersRequest, ignoredCodeOf } from "./gate";
import { reentryOf } from "./reentry";
import { cancelRequest, carryOut, end } from "./reference-actions";
import { linkMachine, type MachineContext, type MachineEvent, type StrategyMachine } from "./reference-machine";
import { askRules } from "./reference-rules";
import { inputOf, record, ruleSetOf, type Walk } from "./reference-walk";

/**
 * The reference executor: the definition of what a strategy means (design D2). XState's pure transitions say where the machine
 * goes and which actions that takes, json-rules-engine answers the rules, and `reference-actions.ts` carries the actions out on
 * the enrollment's state. Of the Program it reads machine, rule sets, settings and limits, and never the step index.
 */
export function linkReference(program: Program): AsyncExecutor {
  const machine = linkMachine(program);
  return {
    start: async (context) => {
      const walk = newWalk(program, firstState(program, context.nowMs), context);
      await settle({ walk, machine }, machine.begin(), null);
      return outcomeOf(walk);
    },
    send: async (state, event, context) => {
      const ignored = ignoredCodeOf(state, event, context.nowMs);
      if (ignored !== null) return ignoredOutcome(state, event, { code: ignored, atMs: context.nowMs });
      const walk = newWalk(program, answersRequest(event) ? { ...state, pending: false } : state, context);
      const leaving = await leavingEventOf(walk, event);
      if (leaving === null && event.type === "exit.requested") {
        cancelRequest(walk);
        record(walk, null, { code: "exit-requested", detail: event.reason, factsRead: {} });
        end(walk, { reason: event.reason, label: null });
        return outcomeOf(walk);
      }
      const again = leaving === null ? reentryOf(event, state.nodeId) : null;
      if (again !== null) {
        record(walk, null, again.why);
        cancelRequest(walk);
        await settle({ walk, machine }, machine.beginAt(again.target), null);
        return outcomeOf(walk);
      }
      const candidates = leaving === null ? eventsOf(walk, event, machine) : [leaving];
      for (const candidate of candidates) {
        const actions = machine.next(contextOf(walk), candidate);
        if (actions.length === 0) continue;
        await settle({ walk, machine }, actions, candidate);
        return outcomeOf(walk);
      }
      return ignoredOutcome(state, event, { code: "ignored-not-awaited", atMs: context.nowMs });
    },
  };
}

function newWalk(program: Program, state: EnrollmentState, context: StepContext): Walk {
  const horizonAtMs = horizonAtOf(state, program.limits.horizonMs);
  return { program, context, horizonAtMs, state, decisions: [], effects: [], path: [] };
}

function outcomeOf({ state, decisions, effects }: Walk): Outcome {
  return { state, decisions, effects };
}

function contextOf({ state, context, horizonAtMs }: Walk): MachineContext {
  return { state, nowMs: context.nowMs, horizonAtMs };
}

/** The event that makes the enrollment leave whatever step it is at: stop request, horizon, then the strategy's exits in order. */
async function leavingEventOf(walk: Walk, event: EngineEvent): Promise<MachineEvent | null> {
  if (event.type === "stop.requested") return event;
  if (walk.context.nowMs >= walk.horizonAtMs) return { type: "horizon.passed" };
  const ruleSet = ruleSetOf(walk, EXITS_RULE_SET);
  const input = inputOf(walk);
  const held = (await askRules(ruleSet, input)).find(({ truth }) => truth === "holds");
  if (held === undefined) return null;
  const answer = { code: "strategy-exit", detail: held.rule, factsRead: factsReadOf(ruleSet, input) } as const;
  return { type: "exits.held", reason: exitReasonOf(held.outcome), ...answer };
}

/** What the machine is told of an event. A timer may stand for several `after` events of the step; the rest are told as they are. */
function eventsOf(walk: Walk, event: EngineEvent, machine: StrategyMachine): readonly MachineEvent[] {
  return event.type === "timer.fired" ? machine.timerEvents(walk.state.nodeId) : [event];
}

type Drive = { readonly walk: Walk; readonly machine: StrategyMachine };

/** Carries actions out and feeds their answers back until the enrollment waits or is done. Bounded by the Program's step limit. */
async function settle({ walk, machine }: Drive, first: readonly MachineAction[], cause: MachineEvent | null) {
  let actions = first;
  let event = cause;
  for (;;) {
    let answer: MachineEvent | null = null;
    for (const action of actions) {
      answer = (await carryOut(walk, action, event)) ?? answer;
      if (walk.state.status === "faulted") return;
    }
    if (answer === null) return;
    actions = machine.next(contextOf(walk), answer);
    if (actions.length === 0) throw new InvariantError("program.answer-not-taken", { node: walk.state.nodeId });
    event = answer;
  }
}
