import {
  ENROLLMENT_STATUSES,
  type EngineEvent,
  type EnrollmentState,
  EVENT_TYPES,
  type StepContext,
} from "../../model/execution";
import type { GeneratedExecutor } from "./generate";
import {
  FLOAT_COUNT,
  FLOATS,
  type Frame,
  INT_COUNT,
  INTS,
  NEVER_VISITED,
  NO_EXIT,
  NO_VISIT,
  type Registers,
} from "./registers";

const STATUS_NUMBERS = numbersOf(ENROLLMENT_STATUSES);

function numbersOf<const TName extends string>(names: readonly TName[]): { readonly [name in TName]: number } {
  return Object.fromEntries(names.map((name, index) => [name, index])) as { [name in TName]: number };
}

/** Puts what a step may look at into the frame. */
export function attend(frame: Frame, { facts, nowMs, subject }: StepContext): void {
  frame.facts = facts;
  frame.nowMs = nowMs;
  frame.subject = subject;
}

/** Number of each event type in a frame: its place in EVENT_TYPES. */
const EVENT_NUMBERS = numbersOf(EVENT_TYPES);

/** Puts an event into the frame. What its type does not carry stays from before, and nobody looks at it. */
export function hear(frame: Frame, event: EngineEvent): void {
  switch (event.type) {
    case "timer.fired":
      belongTo(frame, event.stepSeq, NO_VISIT);
      break;
    case "contact.result":
    case "qa.verdict":
    case "task.completed":
    case "external.result":
      belongTo(frame, event.stepSeq, visitOf(event.attempt));
      frame.outcome = event.outcome;
      frame.values = event.values;
      break;
    case "contact.deferred":
    case "contact.denied":
      belongTo(frame, event.stepSeq, visitOf(event.attempt));
      frame.reasons = event.reasons;
      break;
    default:
      frame.eventSeq = NO_VISIT;
      frame.eventAttempt = NO_VISIT;
  }
  frame.eventType = EVENT_NUMBERS[event.type];
}

function belongTo(frame: Frame, stepSeq: number, attempt: number): void {
  frame.eventSeq = visitOf(stepSeq);
  frame.eventAttempt = attempt;
}

function visitOf(number: number): number {
  return number >= 0 ? number : NEVER_VISITED;
}

/** A state whose step and exit are places. */
export type PlacedState = { readonly state: EnrollmentState; readonly node: number; readonly exit: number };

/** Puts a state into a row, and what few enrollments have into the frame. */
export function putState({ ints, floats, frame }: Registers, row: number, { state, node, exit }: PlacedState): void {
  const [i, f] = [row * INT_COUNT, row * FLOAT_COUNT];
  ints[i + INTS.node] = node;
  ints[i + INTS.stepSeq] = state.stepSeq;
  ints[i + INTS.attempt] = state.attempt;
  ints[i + INTS.status] = STATUS_NUMBERS[state.status];
  ints[i + INTS.pending] = state.pending ? 1 : 0;
  ints[i + INTS.exit] = exit;
  floats[f + FLOATS.startedAt] = state.startedAtMs;
  floats[f + FLOATS.enteredAt] = state.enteredAtMs;
  floats[f + FLOATS.wakeAt] = state.wakeAtMs ?? Number.NaN;
  frame.vars = state.vars;
  frame.loopCounts = state.loopCounts;
  frame.fault = state.fault;
}

/** The state of a row, with what the frame holds of it. `exit` is what it has when its row names none. */
export function stateIn(
  { registers, sites, exits }: Pick<GeneratedExecutor, "registers" | "sites" | "exits">,
  row: number,
  exit: EnrollmentState["exit"],
): EnrollmentState {
  const { ints, floats, frame } = registers;
  const [i, f] = [row * INT_COUNT, row * FLOAT_COUNT];
  const wakeAtMs = floats[f + FLOATS.wakeAt] ?? Number.NaN;
  const taken = ints[i + INTS.exit] ?? NO_EXIT;
  return {
    status: ENROLLMENT_STATUSES[ints[i + INTS.status] ?? 0] ?? "active",
    nodeId: sites.nodeIds[ints[i + INTS.node] ?? 0] ?? "",
    stepSeq: ints[i + INTS.stepSeq] ?? 0,
    startedAtMs: floats[f + FLOATS.startedAt] ?? Number.NaN,
    enteredAtMs: floats[f + FLOATS.enteredAt] ?? Number.NaN,
    wakeAtMs: Number.isNaN(wakeAtMs) ? null : wakeAtMs,
    attempt: ints[i + INTS.attempt] ?? 0,
    pending: ints[i + INTS.pending] === 1,
    loopCounts: frame.loopCounts,
    vars: frame.vars,
    exit: taken === NO_EXIT ? exit : (exits[taken] ?? null),
    fault: frame.fault,
  };
}

/** Puts into the frame where a row stands. */
export function lookAt({ ints, floats, frame }: Registers, row: number): void {
  const i = row * INT_COUNT;
  frame.node = ints[i + INTS.node] ?? 0;
  frame.stepSeq = ints[i + INTS.stepSeq] ?? 0;
  frame.attempt = ints[i + INTS.attempt] ?? 0;
  frame.pending = ints[i + INTS.pending] ?? 0;
  frame.wakeAtMs = floats[row * FLOAT_COUNT + FLOATS.wakeAt] ?? Number.NaN;
}
