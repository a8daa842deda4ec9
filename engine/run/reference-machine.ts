import { type AnyMachineSnapshot, type AnyStateMachine, createMachine, initialTransition, transition } from "xstate";
import { MACHINE_DELAYS, type MachineAction, type MachineGuard } from "../compile/machine-action";
import type { DecisionCode, EngineEvent, EnrollmentState } from "../model/execution";
import type { FactValue } from "../model/facts";
import { InvariantError } from "../model/invariant";
import type { Program } from "../model/program";
import type { EpochMs } from "../model/time";
import { redialAtOf, requestDeadlineOf } from "./deadline";

/*
 * The seam to XState. Its types want a machine written in TypeScript; ours is JSON that was compiled (`engine/compile/machine.ts`)
 * and stored, so the casts between the two stand here and nowhere else.
 */

/** What guards may look at: the enrollment, and now. */
export type MachineContext = {
  readonly state: EnrollmentState;
  readonly nowMs: EpochMs;
  readonly horizonAtMs: EpochMs;
};

/** Why a `decided` or `exits.held` event was sent. */
export type Answered = {
  readonly code: DecisionCode;
  readonly detail: string | null;
  readonly factsRead: { readonly [fact: string]: FactValue };
};

/** What a strategy machine is told: events of the world, and the executor's own answers. A timer is the `after` event it was set for. */
export type MachineEvent =
  | EngineEvent
  | ({ readonly type: "decided"; readonly handle: string } & Answered)
  | ({ readonly type: "exits.held"; readonly reason: string } & Answered)
  | { readonly type: "horizon.passed" }
  | { readonly type: `xstate.after.${string}` };

type AnyMachineConfig = Parameters<typeof createMachine>[0];

/** A strategy as XState runs it: pure, no actors. */
export type StrategyMachine = {
  /** Actions of entering the first step. */
  readonly begin: () => readonly MachineAction[];
  /** Actions of entering a step from outside, not along an edge. Throws InvariantError on one the machine does not have. */
  readonly beginAt: (nodeId: string) => readonly MachineAction[];
  /** Actions of an event where the enrollment stands; none = the event is not awaited there. */
  readonly next: (context: MachineContext, event: MachineEvent) => readonly MachineAction[];
  /** Events a timer of the step may stand for; their guards let at most one through. */
  readonly timerEvents: (nodeId: string) => readonly MachineEvent[];
};

/** The Program's machine with guards and delays put in; also what XState's own tools can walk. */
export function strategyMachine(program: Program): AnyStateMachine {
  const machine: AnyStateMachine = createMachine(program.machine as AnyMachineConfig);
  return machine.provide({
    guards: Object.fromEntries(
      Object.entries(GUARDS).map(([name, holds]) => [
        name,
        ({ context, event }: { context: MachineContext; event: MachineEvent }, params: unknown) =>
          holds({ context, event, params: params as never }),
      ]),
    ),
    // The timer is the state's `wakeAtMs`; XState must only not take an unnamed delay for "at once".
    delays: Object.fromEntries(MACHINE_DELAYS.map((delay) => [delay, () => Number.MAX_SAFE_INTEGER])),
  });
}

export function linkMachine(program: Program): StrategyMachine {
  const machine = strategyMachine(program);
  const restore = (context: MachineContext): AnyMachineSnapshot =>
    machine.resolveState({ value: context.state.nodeId, context });
  return {
    begin: () => actionsOf(initialTransition(machine)),
    beginAt: (nodeId) => {
      const { states } = program.machine as { readonly states: { readonly [id: string]: unknown } };
      if (!Object.hasOwn(states, nodeId)) throw new InvariantError("program.unknown-step", { node: nodeId });
      return actionsOf(
        initialTransition(strategyMachine({ ...program, machine: { ...program.machine, initial: nodeId } })),
      );
    },
    next: (context, event) => actionsOf(transition(machine, restore(context), event)),
    timerEvents: (nodeId) =>
      (machine.states[nodeId]?.after ?? []).map(({ eventType }) => ({ type: eventType as `xstate.after.${string}` })),
  };
}

function actionsOf([, actions]: readonly [unknown, readonly { readonly type: string }[]]): readonly MachineAction[] {
  // What XState does itself (setting and dropping its timers) is the state's `wakeAtMs` here.
  return actions.filter((action) => !action.type.startsWith("xstate.")) as readonly MachineAction[];
}

type GuardArguments<TGuard extends MachineGuard> = {
  readonly context: MachineContext;
  readonly event: MachineEvent;
  readonly params: TGuard["params"];
};
type Guards = {
  readonly [type in MachineGuard["type"]]: (
    guard: GuardArguments<Extract<MachineGuard, { readonly type: type }>>,
  ) => boolean;
};

const GUARDS: Guards = {
  handleIs: ({ event, params }) => event.type === "decided" && event.handle === params.handle,
  reasonIs: ({ event, params }) => event.type === "exits.held" && event.reason === params.reason,
  outcomeIn: ({ event, params }) => "outcome" in event && params.outcomes.includes(event.outcome),
  retryAllowed: ({ context, event, params }) => {
    if (!("outcome" in event)) return false;
    const { state, nowMs, horizonAtMs } = context;
    const deadlineMs = requestDeadlineOf(state, params.deadlineMs, horizonAtMs);
    return (
      redialAtOf({ retry: params.retry, outcome: event.outcome, attempt: state.attempt, nowMs, deadlineMs }) !== null
    );
  },
  retryDue: ({ context, params }) => !isOverdue(context, params.deadlineMs),
  answerOverdue: ({ context, params }) => isOverdue(context, params.deadlineMs),
  deadlinePassed: ({ context, params }) => isPast(context, params.deadlineMs),
  watchDue: ({ context, params }) => !isPast(context, params.deadlineMs),
};

/** A timer at a step that asked: the answer is overdue, or else it is time to try again. */
function isOverdue({ state, nowMs, horizonAtMs }: MachineContext, deadlineMs: number): boolean {
  return state.pending || isPast({ state, nowMs, horizonAtMs }, deadlineMs);
}

function isPast({ state, nowMs, horizonAtMs }: MachineContext, deadlineMs: number): boolean {
  return nowMs >= requestDeadlineOf(state, deadlineMs, horizonAtMs);
}
