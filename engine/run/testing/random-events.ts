import fc from "fast-check";
import type { EngineEvent, EnrollmentState } from "../../model/execution";
import type { FactValue } from "../../model/facts";
import { InvariantError } from "../../model/invariant";
import {
  type Program,
  passesGate,
  type RequestSpec,
  type StepSpec,
  WATCHABLE_EVENTS,
  type WaitSpec,
  type WatchableEvent,
} from "../../model/program";
import { DAY_MS, type EpochMs, MINUTE_MS } from "../../model/time";
import { factsArbitrary } from "./random-strategy";

/** Answers known to some step, to none, and the name of something every object inherits. */
const OUTCOMES = [
  ...["DLV", "UND", "RPL", "PTP", "RPC", "RTP", "WN", "NA", "BUSY", "OFF", "INV"],
  ...["approved", "returned", "accepted", "refused", "ZZZ", "constructor"],
];
const VERDICTS = ["pass", "block", "review"] as const;

/** What happens next to an enrollment, told relative to where it stands. */
export type Move = {
  readonly kind: /** What the present step waits for: its answer, or its timer. */
    | "awaited"
    | "timer"
    | "early-timer"
    | "result"
    | "deferred"
    | "denied"
    | "verdict"
    | "task"
    | "external"
    | "payment"
    | "reversal"
    | "promise"
    | "reply"
    | "facts-changed"
    | "stop"
    | "resumed"
    | "exit"
    | "migrated"
    | "again";
  /** Added to the present step (and attempt): 0 = the visit in hand, others are stale or invented. */
  readonly visitShift: number;
  readonly attemptShift: number;
  readonly outcome: string;
  readonly verdict: (typeof VERDICTS)[number];
  readonly minutesLater: number;
  /** What an answer carries. */
  readonly values: { readonly [name: string]: FactValue } | undefined;
  /**
   * Which of what the present step knows comes, where that is drawn apart: an answer it maps, one it tries again, an event it
   * watches, its timer. Without it the step is answered by `outcome`, whatever it knows.
   */
  readonly pick?: number;
  /** The shell paused it before this event. */
  readonly paused: boolean;
  readonly facts: { readonly [fact: string]: FactValue };
};

/** What happens unasked, or is not what the present step waits for. */
export const OTHER_MOVES: readonly Move["kind"][] = [
  "early-timer",
  "result",
  "verdict",
  "task",
  "external",
  "deferred",
  "denied",
  "payment",
  "reversal",
  "promise",
  "reply",
  "facts-changed",
  "again",
];

const rarely = <TValue>(usual: TValue, ...others: readonly TValue[]): fc.Arbitrary<TValue> =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(usual) }, fc.constantFrom(...others));

export const movesArbitrary: fc.Arbitrary<readonly Move[]> = fc.array(
  fc.record<Move>({
    kind: fc.oneof(
      { weight: 12, arbitrary: fc.constant<Move["kind"]>("awaited") },
      { weight: 4, arbitrary: fc.constant<Move["kind"]>("timer") },
      { weight: 12, arbitrary: fc.constantFrom(...OTHER_MOVES) },
      { weight: 1, arbitrary: fc.constant<Move["kind"]>("stop") },
      { weight: 2, arbitrary: fc.constantFrom<Move["kind"]>("resumed", "exit", "migrated") },
    ),
    visitShift: rarely(0, -1, 1),
    attemptShift: rarely(0, -1, 1),
    outcome: fc.oneof(
      fc.constantFrom("NA", "BUSY"),
      fc.constantFrom("PTP", "DLV", "approved", "returned"),
      fc.constantFrom(...OUTCOMES),
    ),
    verdict: fc.constantFrom(...VERDICTS),
    minutesLater: fc.oneof(
      { weight: 15, arbitrary: fc.constantFrom(0, 1, 61, 1440) },
      fc.constantFrom(20_000, 500_000),
    ),
    values: fc.option(
      fc.dictionary(
        fc.constantFrom("amount", "date", "constructor"),
        fc.constantFrom<FactValue[]>(50_000, 7.5, "2026-03-01", "2026-02-30", true, null),
      ),
      { nil: undefined },
    ),
    paused: rarely(false, true),
    facts: factsArbitrary,
  }),
  { minLength: 4, maxLength: 16, size: "max" },
);

/** Where an enrollment stands when a move is made. */
export type Situation = {
  readonly program: Program;
  readonly state: EnrollmentState;
  readonly nowMs: EpochMs;
  readonly last: EngineEvent | null;
};

type Kind = Exclude<Move["kind"], "awaited">;
const KIND_OF_WATCHED = {
  "payment.posted": "payment",
  "payment.reversed": "reversal",
  "promise.made": "promise",
  "reply.received": "reply",
  "facts.changed": "facts-changed",
} as const satisfies { readonly [event in WatchableEvent]: Kind };
const KIND_OF_REQUEST = {
  contact: "result",
  qa: "verdict",
  "conversation-qa": "verdict",
  task: "task",
  external: "external",
} as const satisfies { readonly [kind in RequestSpec["kind"]]: Kind };

/** What the present step waits for: the answer or the timer, and now and then one of the events it watches. */
function awaitedKind(move: Move, { program, state }: Situation): Kind {
  const spec = program.steps[state.nodeId]?.spec;
  if (spec?.kind !== "wait" && spec?.kind !== "request") return "timer";
  const watched = spec.watch?.events[0];
  if (watched !== undefined && move.minutesLater === 1) return KIND_OF_WATCHED[watched];
  if (spec.kind === "wait") {
    const recomputed = spec.recomputeOn?.[0];
    if (recomputed !== undefined && move.minutesLater === 0) return KIND_OF_WATCHED[recomputed];
    return spec.wait.mode === "event" && move.minutesLater > 1 ? "payment" : "timer";
  }
  return state.pending && move.minutesLater !== 20_000 ? KIND_OF_REQUEST[spec.request.kind] : "timer";
}

/** An answer nobody maps. */
const UNHEARD_OF = "ZZZ";

/** Everything the step waits for, what is likely more than once; an answer with its outcome. */
function awaitedMoves(spec: StepSpec | undefined, pending: boolean): readonly Pick<Move, "kind" | "outcome">[] {
  if (spec?.kind !== "wait" && spec?.kind !== "request") return [];
  const events = [...(spec.watch?.events ?? []), ...((spec.kind === "wait" && spec.recomputeOn) || [])];
  const seen = events.map((event) => ({ kind: KIND_OF_WATCHED[event], outcome: "" }));
  const timer = { kind: "timer", outcome: "" } as const;
  if (spec.kind === "wait") {
    const named = spec.wait.mode === "event" ? WATCHABLE_EVENTS.filter((event) => isAwaited(spec.wait, event)) : [];
    return [timer, timer, ...seen, ...named.map((event) => ({ kind: KIND_OF_WATCHED[event], outcome: "" }))];
  }
  if (!pending) return [timer];
  const kind = KIND_OF_REQUEST[spec.request.kind];
  const outcomes = [...Object.keys(spec.outcomes), ...Object.keys(spec.retry?.gapMinutes ?? {}), UNHEARD_OF];
  const gate = passesGate(spec.request) ? (["denied", "deferred"] as const) : [];
  return [
    ...outcomes.map((outcome) => ({ kind, outcome })),
    ...gate.map((passed) => ({ kind: passed, outcome: "" })),
    ...seen,
    timer,
    timer,
  ];
}

function isAwaited(wait: WaitSpec, event: WatchableEvent): boolean {
  return wait.mode === "event" && wait.events.includes(event);
}

/** The move with what it stands for where the enrollment is. */
function concrete(move: Move, situation: Situation): Move {
  if (move.kind !== "awaited") return move;
  const { program, state } = situation;
  const known = move.pick === undefined ? [] : awaitedMoves(program.steps[state.nodeId]?.spec, state.pending);
  const picked = known[(move.pick ?? 0) % Math.max(known.length, 1)];
  return picked === undefined ? { ...move, kind: awaitedKind(move, situation) } : { ...move, ...picked };
}

/** The event a move stands for, and when it comes. */
export function eventOf(drawn: Move, situation: Situation): { readonly event: EngineEvent; readonly nowMs: EpochMs } {
  const { state, nowMs, last } = situation;
  const clock = { nowMs, last };
  const move = concrete(drawn, situation);
  const { kind } = move;
  const visit = { stepSeq: state.stepSeq + move.visitShift };
  const attempt = { ...visit, attempt: state.attempt + move.attemptShift };
  const answer = { ...attempt, ...(move.values === undefined ? {} : { values: move.values }) };
  const wakeAtMs = state.wakeAtMs ?? clock.nowMs;
  const laterMs = clock.nowMs + move.minutesLater * MINUTE_MS;
  const base = { id: "evt", at: laterMs };
  switch (kind) {
    case "timer":
      // As the shell does it: not before it is due, sometimes long after.
      return {
        event: { ...base, type: "timer.fired", ...visit },
        nowMs: Math.max(clock.nowMs, wakeAtMs) + (move.minutesLater === 500_000 ? 400 * DAY_MS : 0),
      };
    case "early-timer":
      return { event: { ...base, type: "timer.fired", ...visit }, nowMs: Math.max(clock.nowMs, wakeAtMs - 1) };
    case "result":
      return { event: { ...base, type: "contact.result", ...answer, outcome: move.outcome }, nowMs: laterMs };
    case "deferred":
      return {
        event: { ...base, type: "contact.deferred", ...attempt, untilMs: laterMs + MINUTE_MS, reasons: ["window"] },
        nowMs: laterMs,
      };
    case "denied":
      return { event: { ...base, type: "contact.denied", ...attempt, reasons: ["cap", "hold"] }, nowMs: laterMs };
    case "verdict":
      return { event: { ...base, type: "qa.verdict", ...answer, outcome: move.verdict }, nowMs: laterMs };
    case "task":
      return { event: { ...base, type: "task.completed", ...answer, outcome: move.outcome }, nowMs: laterMs };
    case "external":
      return { event: { ...base, type: "external.result", ...answer, outcome: move.outcome }, nowMs: laterMs };
    case "promise":
      return {
        event: { ...base, type: "promise.made", amountMinor: 100, dueDate: "2026-03-01" },
        nowMs: laterMs,
      };
    case "payment":
      return { event: { ...base, type: "payment.posted", amountMinor: 100 }, nowMs: laterMs };
    case "reversal":
      return { event: { ...base, type: "payment.reversed", amountMinor: 100 }, nowMs: laterMs };
    case "reply":
      return { event: { ...base, type: "reply.received", channel: "sms" }, nowMs: laterMs };
    case "facts-changed":
      return { event: { ...base, type: "facts.changed" }, nowMs: laterMs };
    case "stop":
      return { event: { ...base, type: "stop.requested" }, nowMs: laterMs };
    case "resumed":
      return { event: { ...base, type: "resumed", ...visit }, nowMs: laterMs };
    case "exit":
      return { event: { ...base, type: "exit.requested", reason: "handed-to-people" }, nowMs: laterMs };
    case "migrated": {
      // Any step of the Program, the parts of compound ones included, as a plan may name them.
      const ids = Object.keys(situation.program.steps).sort();
      const nodeId = ids[(move.pick ?? move.minutesLater) % ids.length] ?? state.nodeId;
      return { event: { ...base, type: "migrated", ...visit, nodeId }, nowMs: laterMs };
    }
    case "again":
      return { event: clock.last ?? { ...base, type: "facts.changed" }, nowMs: laterMs };
    case "awaited":
      throw new InvariantError("testing.move-not-concrete", {});
    default:
      throw kind satisfies never;
  }
}
