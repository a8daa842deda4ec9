import type { DecisionCode, EngineEvent } from "../model/execution";
import { EXIT_REASONS, type ExitReason } from "../model/exit-reason";
import {
  EXITS_RULE_SET,
  type MachineConfig,
  type ProgramStep,
  passesGate,
  type RequestSpec,
  type RuleSet,
  type StepSpec,
  type WatchSpec,
} from "../model/program";
import { handlesTaken } from "./handles";
import type { MachineAction, MachineDelay, MachineGuard } from "./machine-action";

/**
 * The strategy as one flat XState v5 machine (semantics.md, "In XState"): a state per step, guards, actions and delays by name
 * with params, no functions, so that it is plain JSON and loads with `createMachine`.
 *
 * Events: `decided{handle}` answers an `evaluate`, `drawArm` or `wait` action at once; `exits.held{reason}`, `horizon.passed` and
 * `stop.requested` leave from anywhere; the other names are those of engine events. A timer comes as the `after` event of the
 * state. A stock machine needs implementations for the delays as well as for the guards: XState raises the event of a delay it
 * cannot resolve at once, and a wait would be no wait.
 */
export type MachineSource = {
  readonly key: string;
  readonly entry: string;
  readonly steps: { readonly [id: string]: ProgramStep };
  readonly ruleSets: { readonly [id: string]: RuleSet };
};

type Transition = {
  readonly guard?: MachineGuard;
  readonly target?: string;
  readonly reenter?: true;
  readonly actions: readonly MachineAction[];
};
type StateConfig = {
  readonly type?: "final";
  readonly entry: readonly MachineAction[];
  readonly exit?: readonly MachineAction[];
  readonly on?: { readonly [event: string]: readonly Transition[] };
  readonly after?: { readonly [delay in MachineDelay]?: readonly Transition[] };
};

/** Ways out that no exit step draws. */
const UNDRAWN_EXITS: readonly ExitReason[] = ["stopped", "horizon", "not-eligible", "eligibility-unknown"];

/** State an account is in when it has left otherwise than by an exit step. `$` cannot start the id of a step. */
export function leftState(reason: string): string {
  return `$${reason}`;
}

export function machineConfig(source: MachineSource): MachineConfig {
  const outcomes = new Set((source.ruleSets[EXITS_RULE_SET]?.order ?? []).map((exit) => exit.outcome));
  const exits = EXIT_REASONS.filter((reason) => outcomes.has(reason));
  const states: { [id: string]: StateConfig } = {};
  for (const step of Object.values(source.steps)) states[step.id] = stateOf(step, source.ruleSets);
  for (const reason of [...UNDRAWN_EXITS, ...exits]) {
    states[leftState(reason)] = { type: "final", entry: [{ type: "leave", params: { reason } }] };
  }
  return {
    id: source.key,
    initial: source.entry,
    on: {
      "stop.requested": [leave("stopped", "stopped")],
      "horizon.passed": [leave("horizon", "horizon")],
      "exits.held": exits.map((reason) => ({
        guard: { type: "reasonIs", params: { reason } },
        ...leave(reason, "strategy-exit"),
      })),
    },
    states,
  };
}

function leave(reason: ExitReason, code: DecisionCode): Transition {
  return { target: `.${leftState(reason)}`, actions: [{ type: "stay", params: { code } }] };
}

function stateOf(step: ProgramStep, ruleSets: MachineSource["ruleSets"]): StateConfig {
  const { spec } = step;
  switch (spec.kind) {
    case "entry":
      return entryState(step, spec);
    case "decide":
      return decidingState(step, evaluate(spec), handlesTaken(spec, ruleSets));
    case "collect":
    case "score":
    case "set":
    case "repeat":
    case "act":
    case "split":
      return decidingState(step, decidingAction(spec), handlesTaken(spec, ruleSets));
    case "request":
      return requestState(step, spec);
    case "wait":
      return waitState(step, spec);
    case "exit":
      return {
        type: "final",
        entry: [enter(step), { type: "exit", params: { reason: spec.reason, label: spec.label } }],
      };
    default:
      throw spec satisfies never;
  }
}

type SpecOf<TKind extends StepSpec["kind"]> = Extract<StepSpec, { readonly kind: TKind }>;

function enter(step: ProgramStep): MachineAction {
  return { type: "enter", params: { step: step.id } };
}

/** Follows a handle. A way back to the step itself enters it again; XState would otherwise stay inside. */
function take(step: ProgramStep, handle: string, code?: DecisionCode): Transition {
  const target = step.handles[handle];
  return {
    ...(target === undefined ? {} : { target }),
    ...(target === step.id ? { reenter: true } : {}),
    actions: [{ type: "take", params: { handle, ...(code === undefined ? {} : { code }) } }],
  };
}

function decided(step: ProgramStep, handle: string): Transition {
  return { guard: { type: "handleIs", params: { handle } }, ...take(step, handle) };
}

function decidingState(step: ProgramStep, decide: MachineAction, handles: readonly string[]): StateConfig {
  return { entry: [enter(step), decide], on: { decided: handles.map((handle) => decided(step, handle)) } };
}

function decidingAction(spec: SpecOf<"collect" | "score" | "set" | "repeat" | "act" | "split">): MachineAction {
  const { kind, ...params } = spec;
  // The spec's members are the action's; TypeScript does not follow a union through a rest.
  return { type: ACTION_OF[kind], params } as MachineAction;
}

const ACTION_OF = {
  collect: "collect",
  score: "score",
  set: "assign",
  repeat: "repeat",
  act: "act",
  split: "drawArm",
} as const satisfies { readonly [kind in StepSpec["kind"]]?: MachineAction["type"] };

function evaluate(spec: SpecOf<"decide">): MachineAction {
  return {
    type: "evaluate",
    params: {
      ruleSet: spec.ruleSet,
      holds: { handle: null, code: "rule-holds" },
      otherwise: { handle: spec.otherwise, code: "otherwise" },
      unknown: { handle: spec.unknown, code: "unknown" },
      ...(spec.sets === undefined ? {} : { sets: spec.sets }),
    },
  };
}

/** The entry rule lets in or ends at once; what does not let in has no handle, because it is drawn nowhere. */
function entryState(step: ProgramStep, spec: SpecOf<"entry">): StateConfig {
  const refusals = ["not-eligible", "eligibility-unknown"] as const;
  const params = {
    ruleSet: spec.ruleSet,
    holds: { handle: spec.enter, code: "entered" },
    otherwise: { handle: leftState("not-eligible"), code: "not-eligible" },
    unknown: { handle: leftState("eligibility-unknown"), code: "eligibility-unknown" },
  } as const;
  return {
    entry: [enter(step), { type: "evaluate", params }],
    on: {
      decided: [
        decided(step, spec.enter),
        ...refusals.map(
          (reason): Transition => ({
            guard: { type: "handleIs", params: { handle: leftState(reason) } },
            target: leftState(reason),
            actions: [{ type: "stay", params: { code: reason } }],
          }),
        ),
      ],
    },
  };
}

const ANSWER_EVENT = {
  contact: "contact.result",
  qa: "qa.verdict",
  "conversation-qa": "qa.verdict",
  task: "task.completed",
  external: "external.result",
} as const satisfies { readonly [kind in RequestSpec["kind"]]: EngineEvent["type"] };

function requestState(step: ProgramStep, spec: SpecOf<"request">): StateConfig {
  const { request, deadlineMs, goOn, watch } = spec;
  const watchEveryMs = watch?.everyMs ?? null;
  const params = { request, deadlineMs, goOn, ...(watchEveryMs === null ? {} : { watchEveryMs }) };
  const ask: MachineAction = { type: "request", params };
  if (goOn !== null) return decidingState(step, ask, [goOn]);
  return {
    entry: [enter(step), ask],
    exit: [{ type: "cancelRequest" }],
    on: {
      [ANSWER_EVENT[request.kind]]: [
        ...retryAfter(spec),
        ...answers(step, spec),
        received(spec, take(step, spec.exhausted, "exhausted")),
      ],
      ...(passesGate(request) ? gateAnswers(step, spec) : {}),
      ...watched(step, watch, deadlineMs),
    },
    after: requestTimers(step, spec),
  };
}

/** Guarded all, because members of a Program are sorted: their order cannot say which timer is meant. */
function requestTimers(step: ProgramStep, spec: SpecOf<"request">): NonNullable<StateConfig["after"]> {
  const { deadlineMs, retry, watch } = spec;
  const expired = take(step, spec.expired, "expired");
  if (watch !== undefined) {
    const look: MachineAction = { type: "watch", params: { watch, deadlineMs } };
    return {
      ...(watch.everyMs === null
        ? {}
        : { watch: [{ guard: { type: "watchDue", params: { deadlineMs } }, actions: [look] }] }),
      deadline: [{ guard: { type: "deadlinePassed", params: { deadlineMs } }, ...expired }],
    };
  }
  return {
    ...(retry === null ? {} : { retry: [retryWhenDue(spec)] }),
    deadline: [{ guard: { type: "answerOverdue", params: { deadlineMs } }, ...expired }],
  };
}

/** The answer's values are taken in before the way on is. */
function received({ receive }: SpecOf<"request">, transition: Transition): Transition {
  if (receive === undefined) return transition;
  return { ...transition, actions: [{ type: "receive", params: { receive } }, ...transition.actions] };
}

function watched(
  step: ProgramStep,
  watch: WatchSpec | undefined,
  deadlineMs: number | null,
): { readonly [event: string]: readonly Transition[] } {
  if (watch === undefined) return {};
  const look: Transition = { actions: [{ type: "watch", params: { watch, deadlineMs } }] };
  return {
    ...Object.fromEntries(watch.events.map((event) => [event, [look]])),
    decided: [decided(step, watch.holds)],
  };
}

/** One transition per handle, with the answers that take it. */
function answers(step: ProgramStep, spec: SpecOf<"request">): readonly Transition[] {
  const { outcomes } = spec;
  const handles = [...new Set(Object.values(outcomes))].sort();
  return handles.map((handle) => ({
    guard: {
      type: "outcomeIn",
      params: {
        outcomes: Object.keys(outcomes)
          .filter((outcome) => outcomes[outcome] === handle)
          .sort(),
      },
    },
    ...received(spec, take(step, handle, "outcome")),
  }));
}

/** What the gate says to a request that passes it. */
function gateAnswers(step: ProgramStep, spec: SpecOf<"request">): NonNullable<StateConfig["on"]> {
  return {
    "contact.deferred": [{ actions: [{ type: "stay", params: { code: "deferred" } }] }],
    "contact.denied": [take(step, spec.blocked, "blocked")],
  };
}

function retryAfter({ retry, deadlineMs }: SpecOf<"request">): readonly Transition[] {
  if (retry === null) return [];
  const params = { retry, deadlineMs };
  return [{ guard: { type: "retryAllowed", params }, actions: [{ type: "scheduleRetry", params }] }];
}

function retryWhenDue({ request, deadlineMs }: SpecOf<"request">): Transition {
  return {
    guard: { type: "retryDue", params: { deadlineMs } },
    actions: [{ type: "retry", params: { request, deadlineMs } }],
  };
}

function waitState(step: ProgramStep, spec: SpecOf<"wait">): StateConfig {
  const { wait, elapsed, happened, unknown, watch, recomputeOn = [] } = spec;
  const events = wait.mode === "event" && happened !== null ? wait.events : [];
  const reckon: MachineAction = { type: "wait", params: { wait, unknown } };
  const { decided: watchDecided = [], ...watchEvents } = watched(step, watch, null);
  const decidedWays = [...watchDecided, ...(unknown === null ? [] : [decided(step, unknown)])];
  return {
    entry: [enter(step), reckon],
    on: {
      ...Object.fromEntries(events.map((event) => [event, [take(step, happened ?? elapsed, "happened")]])),
      ...Object.fromEntries(recomputeOn.map((event) => [event, [{ actions: [reckon] }]])),
      ...watchEvents,
      ...(decidedWays.length === 0 ? {} : { decided: decidedWays }),
    },
    after: { [wait.mode === "event" ? "deadline" : "wait"]: [take(step, elapsed, "elapsed")] },
  };
}
