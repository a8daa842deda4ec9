import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  DECISION_CODES,
  type EngineEvent,
  type EnrollmentState,
  type Outcome,
  type StepContext,
} from "../model/execution";
import { canonicalHash } from "../model/json";
import type { Program } from "../model/program";
import { linkCompiled } from "./compiled";
import { linkGenerated } from "./generated/executor";
import { linkReference } from "./reference";
import { programOf } from "./testing/drawn-strategy";
import { linkInLife, linkInVolume } from "./testing/in-volume";
import { eventOf, type Move, movesArbitrary } from "./testing/random-events";
import { programArbitrary } from "./testing/random-program";
import { factsArbitrary, strategyArbitrary } from "./testing/random-strategy";
import { addToTrace, newTrace, traceDigest } from "./trace";

/** Strategies drawn per run, and as many Programs again; set DIFFERENTIAL_RUNS for a long hunt. */
const RUNS = Number(process.env.DIFFERENTIAL_RUNS ?? 1000);
/** Fixed, so that a test run tells the same every time; another seed hunts elsewhere. */
const SEED = Number(process.env.DIFFERENTIAL_SEED ?? 20_261_128);
/** A name: the smallest failing case of this run is kept under it, to be replayed for ever. */
const TROPHY = process.env.DIFFERENTIAL_TROPHY;
const TROPHIES = new URL("./testing/trophies/", import.meta.url).pathname;
const STARTED_AT_MS = Date.parse("2026-01-01T00:30:00+08:00");
const SUBJECT = { enrollmentId: "enr_1", partyId: "party_1", accountId: "acct_1" } as const;

/** The executors that must agree with the reference on every byte. */
const FAST = [
  ["linked", linkCompiled],
  ["generated", linkGenerated],
  ["in volume", linkInVolume],
  ["in life", linkInLife],
] as const;

type Facts = StepContext["facts"];
type History = { readonly facts: Facts; readonly moves: readonly Move[] };
type Case = History & { readonly program: Program };

/** What a database does to a state between two events, and nobody may change what they were given. */
function storedAndFrozen(state: EnrollmentState): EnrollmentState {
  const restored: EnrollmentState = JSON.parse(JSON.stringify(state));
  return Object.freeze(restored);
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

/** Runs one history on every executor and holds them together after every event. Answers the codes that were seen. */
async function runAll({ program, facts: start, moves }: Case): Promise<readonly string[]> {
  const fast = FAST.map(([, link]) => link(program));
  const reference = linkReference(program);
  const first: StepContext = { subject: SUBJECT, facts: Object.freeze(start), nowMs: STARTED_AT_MS };
  let outcome = await reference.start(first);
  for (const executor of fast) expect(executor.start(first)).toEqual(outcome);
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
    const answer = await reference.send(state, next.event, context);
    for (const executor of fast) expect(executor.send(state, next.event, context)).toEqual(answer);
    expectLawful(state, answer, program);
    codes.push(...answer.decisions.map((decision) => decision.code));
    outcome = paused ? outcome : answer;
  }
  return codes;
}

/** The trace of one history: with the executor made anew and the state written and read before every event, or kept in memory. */
function traceOf({ program, facts, moves }: Case, restarting: boolean): string {
  const trace = newTrace();
  let executor = linkCompiled(program);
  let nowMs = STARTED_AT_MS;
  let last: EngineEvent | null = null;
  let { state, decisions } = executor.start({ subject: SUBJECT, facts, nowMs });
  addToTrace(trace, decisions);
  for (const move of moves) {
    if (restarting) {
      state = JSON.parse(JSON.stringify(state));
      executor = linkCompiled(JSON.parse(JSON.stringify(program)));
    }
    const next = eventOf(move, { program, state, nowMs, last });
    nowMs = next.nowMs;
    last = next.event;
    ({ state, decisions } = executor.send(state, next.event, { subject: SUBJECT, facts: move.facts, nowMs }));
    addToTrace(trace, decisions);
  }
  return traceDigest(trace);
}

/** Holds the executors together over drawn cases; the smallest failing one is kept as a trophy when it was given a name. */
async function expectAgreement(cases: fc.Arbitrary<Case>, runs: number): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  const property = fc.asyncProperty(cases, async (drawn) => {
    for (const code of await runAll(drawn)) seen.add(code);
  });
  const result = await fc.check(property, { numRuns: runs, seed: SEED });
  if (!result.failed) return seen;
  const [smallest] = result.counterexample ?? [];
  if (TROPHY !== undefined && smallest !== undefined) {
    writeFileSync(`${TROPHIES}${TROPHY}.json`, `${JSON.stringify(smallest)}\n`);
  }
  throw new Error(fc.defaultReportMessage(result) ?? "the executors disagree", { cause: result.errorInstance });
}

const drawnStrategies: fc.Arbitrary<Case> = fc
  .record({
    doc: strategyArbitrary,
    facts: factsArbitrary,
    moves: movesArbitrary,
    // A low limit makes runaways common; the compiled Program's own is 100.
    stepsPerAdvance: fc.constantFrom(100, 100, 100, 100, 100, 3, 1),
  })
  .map(({ doc, facts, moves, stepsPerAdvance }) => {
    const program = programOf(doc);
    return { program: { ...program, limits: { ...program.limits, stepsPerAdvance } }, facts, moves };
  });

const drawnPrograms: fc.Arbitrary<Case> = fc.record({
  program: programArbitrary,
  facts: factsArbitrary,
  moves: movesArbitrary,
});

describe("the executors", () => {
  test(`agree on every state, decision and effect of ${RUNS} drawn strategies and ${RUNS} Programs`, async () => {
    const seen = new Set([
      ...(await expectAgreement(drawnStrategies, RUNS)),
      ...(await expectAgreement(drawnPrograms, RUNS)),
    ]);
    // The generators must reach every way a step can go, or agreement proves little.
    if (RUNS >= 1000) expect(DECISION_CODES.filter((code) => !seen.has(code))).toEqual([]);
  }, 240_000);

  test("give the same trace when everything is stopped, stored and begun anew after every step", () => {
    fc.assert(
      fc.property(fc.oneof(drawnStrategies, drawnPrograms), (drawn) => {
        expect(traceOf(drawn, true)).toBe(traceOf(drawn, false));
      }),
      { numRuns: Math.ceil(RUNS / 5), seed: SEED },
    );
  });

  test("give the same answer to the same question, and change nothing they were given", () => {
    fc.assert(
      fc.property(drawnPrograms, (drawn) => {
        const before = canonicalHash(drawn);
        const first = traceOf(drawn, false);
        expect(traceOf(drawn, false)).toBe(first);
        expect(canonicalHash(drawn)).toBe(before);
      }),
      { numRuns: Math.ceil(RUNS / 10), seed: SEED },
    );
  });
});

/** Cases that once parted two executors, because of a mistake or because one was broken on purpose; each as small as it got. */
const trophies = readdirSync(TROPHIES).filter((file) => file.endsWith(".json"));

describe("trophies", () => {
  test.each(trophies)("%s stays mended", async (file) => {
    const kept: Case = JSON.parse(readFileSync(`${TROPHIES}${file}`, "utf8"));
    await runAll(kept);
  });
});
