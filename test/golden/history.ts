import { type Condition, childrenOf, isLeaf } from "#engine/model/condition";
import { draw } from "#engine/model/draw";
import type { EngineEvent, EnrollmentState, Outcome, SyncExecutor } from "#engine/model/execution";
import type { Facts, FactValue } from "#engine/model/facts";
import { canonicalHash } from "#engine/model/json";
import type { Program } from "#engine/model/program";
import { addDays, type EpochMs, isLocalDate, MINUTE_MS } from "#engine/model/time";
import type { Stimulus } from "#engine/nodes/define";
import { lines } from "#engine/run/testing/both-executors";

/** What one account was told, and what came of it. Inputs are kept whole; outcomes as readable lines and a hash over all of them. */
export type GoldenHistory = {
  readonly partyId: `party_${string}`;
  readonly start: { readonly facts: Facts; readonly nowMs: EpochMs };
  readonly events: readonly { readonly event: EngineEvent; readonly facts: Facts; readonly nowMs: EpochMs }[];
  readonly lines: readonly string[];
  readonly outcomes: string;
};

/** One strategy of one format version: its Program as published, and histories that must come out the same for ever. */
export type GoldenCase = { readonly program: Program; readonly histories: readonly GoldenHistory[] };

const STARTED_AT_MS = Date.parse("2026-03-02T08:17:00+08:00");
const SEED = 1;
const HISTORIES = 16;
const EVENTS_MAX = 40;
/** Most texts pass, or no history would get beyond the first check. */
const VERDICTS = ["pass", "pass", "pass", "pass", "block", "review"] as const;
const REFUSED_TOO = 3;
const DRAWS_MAX = 500;

export function subjectOf(partyId: `party_${string}`) {
  return { enrollmentId: `enr_${partyId}`, accountId: `acct_${partyId}`, partyId } as const;
}

/** Values the Program's rules compare a fact with, and their neighbours: accounts that stand on the edges of the rules. */
function interestingValues(program: Program): ReadonlyMap<string, readonly FactValue[]> {
  const values = new Map<string, Set<FactValue>>();
  const visit = (condition: Condition): void => {
    if (!isLeaf(condition)) {
      childrenOf(condition).forEach(visit);
      return;
    }
    const known = values.get(condition.fact) ?? new Set<FactValue>();
    values.set(condition.fact, known);
    for (const value of typeof condition.value === "object" ? condition.value : [condition.value]) {
      for (const near of neighbours(value)) known.add(near);
    }
  };
  for (const { order } of Object.values(program.ruleSets)) for (const { when } of order) visit(when);
  return new Map([...values].map(([fact, found]) => [fact, [...found]]));
}

function neighbours(value: FactValue): readonly FactValue[] {
  if (typeof value === "number") return [value - 1, value, value + 1];
  if (typeof value === "boolean") return [true, false];
  if (typeof value === "string" && isLocalDate(value)) return [addDays(value, -1), value, addDays(value, 1)];
  return [value];
}

function pick<TItem>(items: readonly TItem[], partyId: string, kind: string): TItem | undefined {
  return items[Math.floor(draw(SEED, partyId, kind) * items.length)];
}

/** Facts drawn until the account is let in; the first accounts keep theirs either way, so that refusals are recorded too. */
function factsOf(program: Program, executor: SyncExecutor, index: number): Facts {
  const partyId = partyOf(index);
  const subject = subjectOf(partyId);
  for (let turn = 0; ; turn += 1) {
    const facts = drawnFacts(program, `${partyId}:${turn}`);
    const { state } = executor.start({ subject, facts, nowMs: STARTED_AT_MS });
    if (state.stepSeq > 1 || index < REFUSED_TOO || turn === DRAWS_MAX) return facts;
  }
}

function partyOf(index: number): `party_${string}` {
  return `party_${index + 1}`;
}

function drawnFacts(program: Program, partyId: string): Facts {
  const facts: { [fact: string]: FactValue } = { dpd: Math.floor(draw(SEED, partyId, "dpd") * 90) };
  for (const [fact, values] of interestingValues(program)) {
    const unknown = draw(SEED, partyId, `unknown:${fact}`) < 0.08;
    // Account states that end everything at once stay rare, so that histories grow long.
    const ends = fact === "account_status" && draw(SEED, partyId, "ends") < 0.9;
    facts[fact] = unknown ? null : ends ? "open" : (pick(values, partyId, fact) ?? null);
  }
  return facts;
}

export type StimuliOf = (nodeId: string) => readonly Stimulus[];

/** Mostly an answer where one may come; the rest of the time whatever may happen there. */
function stimulusOf(partyId: string, turn: string, stimuli: readonly Stimulus[]): Stimulus | undefined {
  const answers = stimuli.filter((stimulus) => "outcomes" in stimulus);
  const answered = answers.length > 0 && draw(SEED, partyId, `answered:${turn}`) < 0.75;
  return pick(answered ? answers : stimuli, partyId, `stimulus:${turn}`);
}

type Next = { readonly event: EngineEvent; readonly nowMs: EpochMs };

function nextOf(partyId: string, state: EnrollmentState, stimuli: readonly Stimulus[]): Next {
  const turn = `${state.stepSeq}:${state.attempt}:${state.pending}`;
  const nowMs = state.enteredAtMs + Math.floor(draw(SEED, partyId, `at:${turn}`) * 90) * MINUTE_MS;
  const base = { id: `evt_${turn}`, at: nowMs };
  const visit = { stepSeq: state.stepSeq };
  const attempt = { ...visit, attempt: state.attempt };
  const stimulus = state.pending || state.attempt === 0 ? stimulusOf(partyId, turn, stimuli) : undefined;
  switch (stimulus?.event) {
    case "contact.result":
      return {
        event: { ...base, type: "contact.result", ...attempt, outcome: pick(stimulus.outcomes, partyId, turn) ?? "" },
        nowMs,
      };
    case "qa.verdict": {
      const outcome = pick(VERDICTS, partyId, `verdict:${turn}`) ?? "pass";
      return { event: { ...base, type: "qa.verdict", ...attempt, outcome }, nowMs };
    }
    case "contact.denied":
      return { event: { ...base, type: "contact.denied", ...attempt, reasons: ["cap"] }, nowMs };
    case "payment.posted":
      return { event: { ...base, type: "payment.posted", amountMinor: 10_000 }, nowMs };
    case "reply.received":
      return { event: { ...base, type: "reply.received", channel: "sms" }, nowMs };
    default: {
      const dueMs = state.wakeAtMs ?? nowMs;
      return { event: { ...base, at: dueMs, type: "timer.fired", ...visit }, nowMs: dueMs };
    }
  }
}

/** Draws histories for a Program and records what the executor makes of them. */
export function recordHistories(
  program: Program,
  executor: SyncExecutor,
  stimuliOf: StimuliOf,
): readonly GoldenHistory[] {
  return Array.from({ length: HISTORIES }, (_, index) => {
    const partyId = partyOf(index);
    const facts = factsOf(program, executor, index);
    const subject = subjectOf(partyId);
    const outcomes: Outcome[] = [executor.start({ subject, facts, nowMs: STARTED_AT_MS })];
    const events: GoldenHistory["events"][number][] = [];
    for (let state = outcomes[0]?.state; state?.status === "active" && events.length < EVENTS_MAX; ) {
      const { event, nowMs } = nextOf(partyId, state, stimuliOf(state.nodeId));
      const outcome = executor.send(state, event, { subject, facts, nowMs });
      events.push({ event, facts, nowMs });
      outcomes.push(outcome);
      state = outcome.state;
    }
    return {
      partyId,
      start: { facts, nowMs: STARTED_AT_MS },
      events,
      lines: outcomes.flatMap(lines),
      outcomes: canonicalHash(outcomes),
    };
  });
}
