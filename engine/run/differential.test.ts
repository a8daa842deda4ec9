import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  DECISION_CODES,
  type EngineEvent,
  type EnrollmentState,
  type Outcome,
  type StepContext,
} from "../model/execution";
import type { Program } from "../model/program";
import { linkCompiled } from "./compiled";
import { linkReference } from "./reference";
import { programOf } from "./testing/drawn-strategy";
import { eventOf, type Move, movesArbitrary } from "./testing/random-events";
import { factsArbitrary, strategyArbitrary } from "./testing/random-strategy";

/** Strategies drawn per run; set DIFFERENTIAL_RUNS for a long hunt. */
const RUNS = Number(process.env.DIFFERENTIAL_RUNS ?? 300);
/** Fixed, so that a test run tells the same every time; another seed hunts elsewhere. */
const SEED = Number(process.env.DIFFERENTIAL_SEED ?? 20_261_124);
const STARTED_AT_MS = Date.parse("2026-01-01T00:30:00+08:00");
const SUBJECT = { enrollmentId: "enr_1", partyId: "party_1", accountId: "acct_1" } as const;

/** What a database does to a state between two events, and nobody may change what they were given. */
function storedAndFrozen(state: EnrollmentState): EnrollmentState {
  const restored: EnrollmentState = JSON.parse(JSON.stringify(state));
  return Object.freeze(restored);
}

function expectLawful(before: EnrollmentState | null, { state, decisions, effects }: Outcome, program: Program): void {
  expect(decisions.length).toBeGreaterThan(0);
  const requests = effects.filter((effect) => effect.kind === "contact.request" || effect.kind === "qa.request");
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
  if (decisions[0]?.code.startsWith("ignored-")) {
    expect(state).toBe(before);
    expect([decisions.length, effects.length]).toEqual([1, 0]);
  }
}

/** Runs one history on both executors and holds them together after every event. Answers the codes that were seen. */
async function runBoth(
  program: Program,
  start: StepContext["facts"],
  moves: readonly Move[],
): Promise<readonly string[]> {
  const compiled = linkCompiled(program);
  const reference = linkReference(program);
  const first: StepContext = { subject: SUBJECT, facts: Object.freeze(start), nowMs: STARTED_AT_MS };
  let outcome = compiled.start(first);
  expect(await reference.start(first)).toEqual(outcome);
  expectLawful(null, outcome, program);
  const codes = outcome.decisions.map((decision) => decision.code as string);
  let nowMs = STARTED_AT_MS;
  let last: EngineEvent | null = null;
  for (const move of moves) {
    const paused = move.paused && outcome.state.status === "active";
    const state = storedAndFrozen(paused ? { ...outcome.state, status: "paused" } : outcome.state);
    const next = eventOf(move, { program, state, nowMs, last });
    nowMs = next.nowMs;
    last = next.event;
    const context = { subject: SUBJECT, facts: Object.freeze(move.facts), nowMs };
    const answer = compiled.send(state, next.event, context);
    expect(await reference.send(state, next.event, context)).toEqual(answer);
    expectLawful(state, answer, program);
    codes.push(...answer.decisions.map((decision) => decision.code));
    outcome = paused ? outcome : answer;
  }
  return codes;
}

describe("the two executors", () => {
  test(`agree on every state, decision and effect of ${RUNS} drawn strategies`, async () => {
    const seen = new Set<string>();
    const history = fc.record({
      doc: strategyArbitrary,
      facts: factsArbitrary,
      moves: movesArbitrary,
      // A low limit makes runaways common; the compiled Program's own is 100.
      stepsPerAdvance: fc.constantFrom(100, 100, 100, 100, 100, 3, 1),
    });
    await fc.assert(
      fc.asyncProperty(history, async ({ doc, facts, moves, stepsPerAdvance }) => {
        const program = programOf(doc);
        const limited = { ...program, limits: { ...program.limits, stepsPerAdvance } };
        for (const code of await runBoth(limited, facts, moves)) seen.add(code);
      }),
      { numRuns: RUNS, seed: SEED },
    );
    // The generator must reach every way a step can go, or agreement proves little.
    if (RUNS >= 300) expect(DECISION_CODES.filter((code) => !seen.has(code))).toEqual([]);
  });
});
