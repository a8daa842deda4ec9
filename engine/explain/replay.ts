import {
  type AsyncExecutor,
  armFact,
  type Decision,
  type EngineEvent,
  type EnrollmentState,
  type Outcome,
} from "../model/execution";
import { AUTHOR_EXIT_REASONS } from "../model/exit-reason";
import type { Facts, FactValue } from "../model/facts";
import type { PartyId } from "../model/ids";
import { canonicalJson } from "../model/json";
import { EXITS_RULE_SET, type Program, type StepSpec } from "../model/program";
import { type EpochMs, MINUTE_MS } from "../model/time";
import { variableOfFact } from "../model/variable";
import { linkReference } from "../run/reference";

/** One enrollment's record, as far as a decision can be replayed from it. */
export type Recorded = {
  readonly program: Program;
  readonly partyId: PartyId;
  /** Null: not known; then nothing can be said about the horizon. */
  readonly startedAtMs: EpochMs;
  /** Every decision of the enrollment, in order. */
  readonly decisions: readonly Decision[];
};

export type Replay =
  /** The reference executor decides today as it was decided then. `sticky`: given the arm the party already had. */
  | { readonly kind: "agrees"; readonly sticky?: true }
  | { readonly kind: "differs"; readonly replayed: Comparable }
  /** The record does not hold what it would take: an event that was ignored leaves no trace of what it was. */
  | { readonly kind: "not-replayable" };

/** What a decision says, apart from when and where. */
export type Comparable = Pick<Decision, "nodeId" | "handle" | "code" | "detail" | "factsRead">;

function comparable({ nodeId, handle, code, detail, factsRead }: Decision): Comparable {
  return { nodeId, handle, code, detail, factsRead };
}

/** A state from which the next event makes the decision, and that event. */
type Situation = { readonly program: Program; readonly state: EnrollmentState; readonly event: EngineEvent };

/**
 * Runs the reference executor once more over what was recorded: the step, the facts it read, the instant. Whoever finds a
 * difference has found a bug of ours or a record that was tampered with.
 */
export async function replayDecision(recorded: Recorded, index: number): Promise<Replay> {
  const decision = recorded.decisions[index];
  if (decision === undefined || decision.code.startsWith("ignored-")) return { kind: "not-replayable" };
  const situations = situationsOf(recorded, index);
  if (situations.length === 0) return { kind: "not-replayable" };
  let replayed: Comparable | null = null;
  for (const situation of situations) {
    const outcome = await run(situation, recorded, factsOf(decision));
    const found = comparableAt(outcome, decision);
    if (found === null) continue;
    if (isSame(found, decision)) return { kind: "agrees" };
    replayed ??= found;
  }
  if (decision.code === "split" && (await keepsArm(recorded, index))) return { kind: "agrees", sticky: true };
  return replayed === null ? { kind: "not-replayable" } : { kind: "differs", replayed };
}

function isSame(replayed: Comparable, decision: Decision): boolean {
  return canonicalJson(replayed) === canonicalJson(comparable(decision));
}

/** The decision of the same step among those the replay made. */
function comparableAt({ decisions }: Outcome, { nodeId, code }: Decision): Comparable | null {
  const own = decisions.filter((decision) => decision.nodeId === nodeId);
  const found = own.find((decision) => decision.code === code) ?? own[0];
  return found === undefined ? null : comparable(found);
}

async function run({ program, state, event }: Situation, { partyId }: Recorded, facts: Facts): Promise<Outcome> {
  const subject = { enrollmentId: "enr_replay", accountId: "acct_replay", partyId } as const;
  return executorOf(program).send(state, event, { subject, facts, nowMs: event.at });
}

const executors = new WeakMap<Program, AsyncExecutor>();

/** Linking is most of the work, and a history asks the same Program again and again. */
function executorOf(program: Program): AsyncExecutor {
  const known = executors.get(program);
  if (known !== undefined) return known;
  const linked = linkReference(program);
  executors.set(program, linked);
  return linked;
}

/** A party that was assigned before keeps its arm, whatever the hash says. */
async function keepsArm(recorded: Recorded, index: number): Promise<boolean> {
  const decision = recorded.decisions[index];
  const spec = decision === undefined ? undefined : recorded.program.steps[decision.nodeId]?.spec;
  if (decision === undefined || spec?.kind !== "split") return false;
  const facts = { [armFact(spec.experimentKey)]: decision.detail };
  for (const situation of situationsOf(recorded, index)) {
    const found = comparableAt(await run(situation, recorded, facts), decision);
    if (found !== null && isSame(found, decision)) return true;
  }
  return false;
}

function factsOf({ factsRead }: Decision): Facts {
  return Object.fromEntries(Object.entries(factsRead).filter(([fact]) => variableOfFact(fact) === null));
}

function varsOf({ factsRead }: Decision): { readonly [name: string]: FactValue } {
  return Object.fromEntries(
    Object.entries(factsRead).flatMap(([fact, value]) => {
      const name = variableOfFact(fact);
      return name === null || value === null ? [] : [[name, value] as const];
    }),
  );
}

/** Codes of decisions a step makes when it is entered. */
const ON_ENTRY: ReadonlySet<Decision["code"]> = new Set([
  "entered",
  "not-eligible",
  "eligibility-unknown",
  "rule-holds",
  "otherwise",
  "unknown",
  "collected",
  "scored",
  "set",
  "repeated",
  "repeats-used-up",
  "hold-placed",
  "hold-released",
  "promise-closed",
  "split",
  "requested",
  "waiting",
  "exit",
]);

function situationsOf(recorded: Recorded, index: number): readonly Situation[] {
  const decision = recorded.decisions[index];
  const spec = decision === undefined ? undefined : recorded.program.steps[decision.nodeId]?.spec;
  if (decision === undefined || spec === undefined) return [];
  const inside = eventsInside(recorded, { index, decision, spec });
  return ON_ENTRY.has(decision.code) ? [entering(recorded, decision), ...inside] : inside;
}

const DOOR = "replay";

/** The step is entered through a door in front of it, with everything as it was. */
function entering({ program, startedAtMs }: Recorded, decision: Decision): Situation {
  const state = stateAt(decision, { startedAtMs, nodeId: DOOR, attempt: 0, pending: false });
  return { program: dooredProgram(program, decision.nodeId), state, event: timer(decision, state) };
}

const dooredPrograms = new WeakMap<Program, Map<string, Program>>();

/** The Program with a waiting step that leads to `nodeId`, and without strategy-wide exits: they were asked before. */
function dooredProgram(program: Program, nodeId: string): Program {
  const byNode = dooredPrograms.get(program) ?? new Map<string, Program>();
  dooredPrograms.set(program, byNode);
  const known = byNode.get(nodeId);
  if (known !== undefined) return known;
  const { states } = program.machine as { readonly states: { readonly [id: string]: unknown } };
  const go = { target: nodeId, actions: [{ type: "take", params: { handle: DOOR, code: "elapsed" } }] };
  const noExits = { id: EXITS_RULE_SET, order: [], rules: [], facts: [], types: {} };
  const doored: Program = {
    ...program,
    machine: { ...program.machine, states: { ...states, [DOOR]: { entry: [], after: { wait: [go] } } } },
    ruleSets: { ...program.ruleSets, [EXITS_RULE_SET]: noExits },
  };
  byNode.set(nodeId, doored);
  return doored;
}

type Standing = {
  readonly startedAtMs: EpochMs;
  readonly nodeId: string;
  readonly attempt: number;
  readonly pending: boolean;
};

function stateAt(decision: Decision, { startedAtMs, nodeId, attempt, pending }: Standing): EnrollmentState {
  return {
    status: "active",
    nodeId,
    stepSeq: decision.stepSeq,
    startedAtMs,
    enteredAtMs: decision.atMs,
    wakeAtMs: decision.atMs,
    attempt,
    pending,
    loopCounts: loopCountsOf(decision),
    vars: varsOf(decision),
    exit: null,
    fault: null,
  };
}

/** How often the step had gone round before: its own detail says (`2/3`, or the number it may). */
function loopCountsOf({ nodeId, code, detail }: Decision): EnrollmentState["loopCounts"] {
  if (code === "repeated") return { [nodeId]: Number(detail?.split("/")[0]) - 1 };
  return code === "repeats-used-up" ? { [nodeId]: Number(detail) } : {};
}

function timer({ atMs }: Decision, { stepSeq }: EnrollmentState): EngineEvent {
  return { id: "replay", at: atMs, type: "timer.fired", stepSeq };
}

type Inside = { readonly index: number; readonly decision: Decision; readonly spec: StepSpec };

/** Events that may have made a step that was waiting decide so. */
function eventsInside(recorded: Recorded, { index, decision, spec }: Inside): readonly Situation[] {
  const { program, startedAtMs, decisions } = recorded;
  const visit = decisions.slice(0, index).filter(({ stepSeq }) => stepSeq === decision.stepSeq);
  const attempt = attemptOf(visit, spec);
  const enteredAtMs = visit[0]?.atMs ?? decision.atMs;
  const standing = { startedAtMs, nodeId: decision.nodeId, attempt, pending: isPending(visit, spec) };
  const state = { ...stateAt(decision, standing), enteredAtMs };
  return eventsOf(decision, { spec, state }).map((event) => ({ program, state, event }));
}

function attemptOf(visit: readonly Decision[], spec: StepSpec): number {
  return spec.kind === "request" ? 1 + visit.filter(({ code }) => code === "retry-scheduled").length : 0;
}

function isPending(visit: readonly Decision[], spec: StepSpec): boolean {
  if (spec.kind !== "request") return false;
  const last = visit.findLast(({ code }) => code === "requested" || code.startsWith("retry-"));
  return last?.code !== "retry-scheduled";
}

const ANSWER_TYPES = {
  contact: "contact.result",
  qa: "qa.verdict",
  "conversation-qa": "qa.verdict",
  task: "task.completed",
  external: "external.result",
} as const;

type Asked = { readonly spec: StepSpec; readonly state: EnrollmentState };

function eventsOf(decision: Decision, { spec, state }: Asked): readonly EngineEvent[] {
  const { code, detail, atMs } = decision;
  const base = { id: "replay", at: atMs };
  const visit = { stepSeq: state.stepSeq, attempt: state.attempt };
  switch (code) {
    case "outcome":
    case "exhausted":
    case "retry-scheduled":
      if (spec.kind !== "request" || detail === null) return [];
      // The outcome was checked when it came in; here it only has to be the same.
      return [{ ...base, type: ANSWER_TYPES[spec.request.kind], ...visit, outcome: detail } as EngineEvent];
    case "deferred":
      return [
        { ...base, type: "contact.deferred", ...visit, untilMs: atMs + MINUTE_MS, reasons: detail?.split(",") ?? [] },
      ];
    case "blocked":
      return [{ ...base, type: "contact.denied", ...visit, reasons: detail?.split(",") ?? [] }];
    case "retry-started":
    case "expired":
    case "elapsed":
    case "horizon":
      return [timer(decision, state)];
    case "watch-holds":
    case "watch-checked":
    case "strategy-exit":
      return [timer(decision, state), ...eventsByName(watchedBy(spec), base)];
    case "waiting":
    case "unknown":
      return spec.kind === "wait" ? eventsByName(spec.recomputeOn ?? [], base) : [];
    case "happened":
      return eventsByName(detail === null ? [] : [detail], base);
    case "stopped":
      return [{ ...base, type: "stop.requested" }];
    case "re-entered":
      return [{ ...base, type: "resumed", stepSeq: state.stepSeq }];
    case "migrated":
      return detail === null ? [] : [{ ...base, type: "migrated", stepSeq: state.stepSeq, nodeId: detail }];
    case "exit-requested": {
      const reason = AUTHOR_EXIT_REASONS.find((known) => known === detail);
      return reason === undefined ? [] : [{ ...base, type: "exit.requested", reason }];
    }
    default:
      return [];
  }
}

function watchedBy(spec: StepSpec): readonly string[] {
  if (spec.kind !== "wait" && spec.kind !== "request") return [];
  return spec.watch?.events ?? [];
}

function eventsByName(names: readonly string[], base: { readonly id: string; readonly at: EpochMs }): EngineEvent[] {
  return names.flatMap((name): EngineEvent[] => {
    switch (name) {
      case "payment.posted":
      case "payment.reversed":
        return [{ ...base, type: name, amountMinor: 1 }];
      case "promise.made":
        return [{ ...base, type: name, amountMinor: 1, dueDate: "2026-01-01" }];
      case "reply.received":
        return [{ ...base, type: name, channel: "sms" }];
      case "facts.changed":
        return [{ ...base, type: name }];
      default:
        return [];
    }
  });
}
