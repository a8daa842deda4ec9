import fc from "fast-check";
import { expect } from "vitest";
import type {
  AsyncExecutor,
  EngineEvent,
  EnrollmentState,
  Outcome,
  StepContext,
  SyncExecutor,
} from "../../model/execution";
import type { Program } from "../../model/program";
import { linkCompiled } from "../compiled";
import { linkGenerated } from "../generated/executor";
import { isByHand } from "../reentry";
import { linkReference } from "../reference";
import { addToTrace, newTrace, traceDigest } from "../trace";
import { linkInLife, linkInVolume } from "./in-volume";
import { eventOf, type Move } from "./random-events";

export const STARTED_AT_MS = Date.parse("2026-01-01T00:30:00+08:00");
const SUBJECT = { enrollmentId: "enr_1", partyId: "party_1", accountId: "acct_1" } as const;

/** The executors that must agree with the reference on every byte. */
/** Forms of the simulator, in which nobody does anything by hand. */
const SIMULATED = "in ";
const FAST = [
  ["linked", linkCompiled],
  ["generated", linkGenerated],
  ["in volume", linkInVolume],
  ["in life", linkInLife],
] as const;

/** What is known of an account when it comes in, and everything that happens to it then. */
export type Story = { readonly facts: StepContext["facts"]; readonly moves: readonly Move[] };
/** One account in one Program. As JSON it is a trophy. */
export type Case = Story & { readonly program: Program };

/** What a database does to a state between two events, and nobody may change what they were given. */
function storedAndFrozen(state: EnrollmentState): EnrollmentState {
  const restored: EnrollmentState = JSON.parse(JSON.stringify(state));
  return Object.freeze(restored);
}

/** Whether two values are the same to the last member and to the sign of zero. */
function isSame(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const members = Object.entries(left);
  return (
    members.length === Object.keys(right).length &&
    members.every(([member, value]) => Object.hasOwn(right, member) && isSame(value, Reflect.get(right, member)))
  );
}

/** `toEqual`, asked only where something differs: it is most of the time such a test takes. */
function expectSame(executor: string, outcome: Outcome, reference: Outcome): void {
  if (!isSame(outcome, reference)) expect({ executor, ...outcome }).toEqual({ executor, ...reference });
}

function expectLawful(before: EnrollmentState | null, { state, decisions, effects }: Outcome, program: Program): void {
  expect(decisions.length).toBeGreaterThan(0);
  const requests = effects.flatMap((effect) =>
    "attempt" in effect && effect.kind !== "request.cancel" ? [effect] : [],
  );
  expect(new Set(requests.map(({ stepSeq, attempt }) => `${stepSeq}:${attempt}`)).size).toBe(requests.length);
  if (before !== null) expect(state.stepSeq).toBeGreaterThanOrEqual(before.stepSeq);
  if (state.status === "active") {
    expect(state.wakeAtMs).not.toBeNull();
    expect(state.wakeAtMs ?? 0).toBeGreaterThanOrEqual(state.enteredAtMs);
    expect(state.wakeAtMs ?? 0).toBeLessThanOrEqual(state.startedAtMs + program.limits.horizonMs);
    expect([state.exit, state.fault]).toEqual([null, null]);
  }
  if (state.status === "exited")
    expect([state.exit === null, state.wakeAtMs, state.pending]).toEqual([false, null, false]);
  if (state.status === "faulted") {
    expect(state.fault?.path).toHaveLength(program.limits.stepsPerAdvance);
    expect([state.wakeAtMs, state.pending]).toEqual([null, false]);
  }
  for (const value of Object.values(state.vars)) expect(Number.isNaN(value)).toBe(false);
  if (decisions[0]?.code.startsWith("ignored-")) {
    expect(state).toBe(before);
    expect([decisions.length, effects.length]).toEqual([1, 0]);
  }
}

/** A Program linked by every executor. */
export type Linked = {
  readonly program: Program;
  readonly reference: AsyncExecutor;
  readonly fast: readonly { readonly name: string; readonly executor: SyncExecutor }[];
};

export function linkAll(program: Program): Linked {
  const fast = FAST.map(([name, link]) => ({ name, executor: link(program) }));
  return { program, reference: linkReference(program), fast };
}

/** Runs one history on every executor and holds them together after every event. Answers the outcomes, the first of the start. */
export async function tellAll(linked: Linked, { facts: start, moves }: Story): Promise<readonly Outcome[]> {
  const { program, reference, fast } = linked;
  const first: StepContext = { subject: SUBJECT, facts: Object.freeze(start), nowMs: STARTED_AT_MS };
  let outcome = await reference.start(first);
  for (const { name, executor } of fast) expectSame(name, executor.start(first), outcome);
  expectLawful(null, outcome, program);
  const outcomes = [outcome];
  let nowMs = STARTED_AT_MS;
  let endedByHand = false;
  let last: EngineEvent | null = null;
  for (const move of moves) {
    const over = outcome.state.status !== "active";
    const paused = move.paused && !over;
    const state = storedAndFrozen(paused ? { ...outcome.state, status: "paused" } : outcome.state);
    const next = eventOf(move, { program, state, nowMs, last });
    nowMs = next.nowMs;
    last = next.event;
    const context = { subject: SUBJECT, facts: Object.freeze(move.facts), nowMs };
    const answer = await reference.send(state, next.event, context);
    for (const { name, executor } of fast) {
      if ((isByHand(next.event) || endedByHand) && name.startsWith(SIMULATED)) continue;
      expectSame(name, executor.send(state, next.event, context), answer);
    }
    endedByHand ||= answer.decisions.some(({ code }) => code === "exit-requested");
    expectLawful(state, answer, program);
    outcomes.push(answer);
    // One event to somebody who has left is enough.
    if (over) break;
    outcome = paused ? outcome : answer;
  }
  return outcomes;
}

/** The trace of one history: with the executor made anew and the state written and read before every event, or kept in memory. */
export function traceOf({ program, facts, moves }: Case, restarting: boolean): string {
  const trace = newTrace();
  const stored = restarting ? JSON.stringify(program) : "";
  let executor = linkCompiled(program);
  let nowMs = STARTED_AT_MS;
  let last: EngineEvent | null = null;
  let { state, decisions } = executor.start({ subject: SUBJECT, facts, nowMs });
  addToTrace(trace, decisions);
  for (const move of moves) {
    if (state.status !== "active") break;
    if (restarting) {
      state = JSON.parse(JSON.stringify(state));
      executor = linkCompiled(JSON.parse(stored));
    }
    const next = eventOf(move, { program, state, nowMs, last });
    nowMs = next.nowMs;
    last = next.event;
    ({ state, decisions } = executor.send(state, next.event, { subject: SUBJECT, facts: move.facts, nowMs }));
    addToTrace(trace, decisions);
  }
  return traceDigest(trace);
}

/** How many cases are drawn from which seed, and what becomes of the smallest that fails: it is to be kept. */
export type Hunt<TDrawn> = { readonly runs: number; readonly seed: number; readonly keep: (smallest: TDrawn) => void };

/** Holds the property over drawn cases; of one that fails the seed and the path to it are told. */
export async function hunt<TDrawn>(
  cases: fc.Arbitrary<TDrawn>,
  holds: (drawn: TDrawn) => Promise<void>,
  { runs, seed, keep }: Hunt<TDrawn>,
): Promise<void> {
  const result = await fc.check(fc.asyncProperty(cases, holds), { numRuns: runs, seed });
  if (!result.failed) return;
  const [smallest] = result.counterexample ?? [];
  if (smallest !== undefined) keep(smallest);
  throw new Error(fc.defaultReportMessage(result) ?? "the executors disagree", { cause: result.errorInstance });
}
