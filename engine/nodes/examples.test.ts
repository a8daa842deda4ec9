import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileStrategy } from "../compile/compile";
import { lintStrategy } from "../graph/lint";
import type { EngineEvent, EnrollmentState } from "../model/execution";
import type { Facts, FactValue } from "../model/facts";
import { canonicalJson } from "../model/json";
import type { Program } from "../model/program";
import { DAY_MS, MINUTE_MS } from "../model/time";
import { marketPack } from "../packs";
import { linkCompiled } from "../run/compiled";
import { linkReference } from "../run/reference";
import { MONDAY_9_MS, SUBJECT } from "../run/testing/both-executors";
import type { Stimulus, StimulusEvent } from "./define";
import { nodeDefinitions } from "./index";
import { strategyOf } from "./testing/work-story";

const PACK = marketPack("cn");
/** Histories per example: enough to take each of up to ten ways on. */
const RUNS = 250;
/** A worker that slept: longer than an agency keeps an account, shorter than the horizon. */
const LATE_MS = 100 * DAY_MS;
/** Answers that come from people, agencies, courts, checks and other systems. */
const WORK_ANSWERS: readonly StimulusEvent[] = ["task.completed", "external.result", "qa.verdict"];

const EXAMPLES = nodeDefinitions.flatMap((definition) =>
  definition.examples
    .filter((data) => definition.simulate(data).some(({ event }) => WORK_ANSWERS.includes(event)))
    .map((data, index) => ({ name: `${definition.type}, example ${index + 1}`, definition, data })),
);

const VALUES: { readonly [fact: string]: readonly FactValue[] } = {
  account_status: ["open"],
  dpd: [95, 200, 200],
  total_outstanding: [15_000, 300_000, 5_000_000, 5_000_000],
  principal_balance: [200_000, 4_000_000],
  interest_due: [70_001],
  penalty_due: [0, 999],
  fee_due: [0, 12_345],
  overdue_amount: [15_000, 300_000, 5_000_000],
  limitation_date: ["2026-01-01", "2027-06-01", "2027-06-01", "2027-06-01", "2026-02-30"],
  plan_status: ["active", "completed", "completed", "broken", "broken", "gone"],
  days_in_strategy: [0, 30],
  "attempts.30d": [0, 4, 4, 4],
};
const factsArbitrary = fc.record(
  Object.fromEntries(
    Object.entries(VALUES).map(([fact, values]) => [
      fact,
      fc.oneof({ weight: 29, arbitrary: fc.constantFrom(...values) }, fc.constant(null)),
    ]),
  ),
);
/** Small numbers are not to come more often than large ones: they say which answer it is. */
const EVENLY = fc.noBias(fc.nat(999));
const moveArbitrary = fc.record({
  pick: EVENLY,
  outcome: EVENLY,
  late: fc.nat(3).map((drawn) => drawn === 0),
  stale: fc.nat(12).map((drawn) => drawn === 0),
  facts: factsArbitrary,
});

type Situation = {
  readonly program: Program;
  readonly state: EnrollmentState;
  readonly stale: boolean;
  readonly drawn: number;
};

/** The event an answer of the world stands for; mostly one the present step knows. */
function eventOf(stimulus: Stimulus, { program, state, stale, drawn }: Situation): EngineEvent {
  const base = { id: "evt", at: MONDAY_9_MS };
  const stepSeq = state.stepSeq + (stale ? 1 : 0);
  if ("outcomes" in stimulus) {
    const spec = program.steps[state.nodeId]?.spec;
    const known = [...(spec?.kind === "request" ? Object.keys(spec.outcomes) : stimulus.outcomes), "nobody-knows"];
    const answer = { stepSeq, attempt: state.attempt, outcome: known[drawn % known.length] };
    // Which of the answers it is was drawn; their shapes are alike.
    return { ...base, type: stimulus.event, ...answer } as EngineEvent;
  }
  switch (stimulus.event) {
    case "timer.fired":
      return { ...base, type: stimulus.event, stepSeq };
    case "contact.denied":
      return { ...base, type: stimulus.event, stepSeq, attempt: state.attempt, reasons: ["rule"] };
    case "contact.deferred":
      return {
        ...base,
        type: stimulus.event,
        stepSeq,
        attempt: state.attempt,
        untilMs: MONDAY_9_MS,
        reasons: ["rule"],
      };
    case "payment.posted":
    case "payment.reversed":
      return { ...base, type: stimulus.event, amountMinor: 100 };
    case "promise.made":
      return { ...base, type: stimulus.event, amountMinor: 100, dueDate: "2026-03-09" };
    case "reply.received":
      return { ...base, type: stimulus.event, channel: "sms" };
    default:
      return { ...base, type: "facts.changed" };
  }
}

type Moves = readonly {
  readonly pick: number;
  readonly outcome: number;
  readonly stale: boolean;
  readonly late: boolean;
  readonly facts: Facts;
}[];

/** Tells one history to both executors and holds them together after every event; answers the labels of the exits reached. */
async function toldToBoth(
  program: Program,
  answers: readonly Stimulus[],
  history: { readonly start: Facts; readonly moves: Moves },
) {
  const compiled = linkCompiled(program);
  const reference = linkReference(program);
  let nowMs = MONDAY_9_MS;
  const first = { subject: SUBJECT, facts: { ...history.start, dpd: history.start.dpd ?? 95 }, nowMs };
  let outcome = compiled.start(first);
  expect(canonicalJson(await reference.start(first))).toBe(canonicalJson(outcome));
  for (const { pick, outcome: drawn, stale, late, facts } of history.moves) {
    const { state } = outcome;
    // The work's own answer comes first in the list, and comes most often.
    const answer = answers[Math.max(0, (pick % (answers.length + 3)) - 3)];
    if (state.status !== "active" || answer === undefined) break;
    const event = eventOf(answer, { program, state, stale, drawn });
    const dueMs = Math.max(nowMs, state.wakeAtMs ?? nowMs) + (late ? LATE_MS : 0);
    nowMs = event.type === "timer.fired" ? dueMs : nowMs + MINUTE_MS;
    const context = { subject: SUBJECT, facts, nowMs };
    const next = compiled.send(state, event, context);
    expect(canonicalJson(await reference.send(state, event, context))).toBe(canonicalJson(next));
    expect(next.state.status).not.toBe("faulted");
    if (next.state.status === "active") expect(next.state.wakeAtMs).not.toBeNull();
    outcome = next;
  }
  return outcome.state.exit?.label ?? null;
}

describe.each(EXAMPLES)("$name", ({ definition, data }) => {
  test("passes lint in the market that ships", () => {
    const found = lintStrategy(strategyOf(definition, data), PACK).filter(({ severity }) => severity === "error");
    expect(found).toEqual([]);
  });

  test("means the same to both executors whatever the world answers, and reaches every way on", async () => {
    const compiled = compileStrategy(strategyOf(definition, data), PACK);
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
    const answers = definition.simulate(data);
    const reached = new Set<string>();
    const history = fc.record({
      start: factsArbitrary,
      moves: fc.array(moveArbitrary, { minLength: 1, maxLength: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(history, async (told) => {
        const label = await toldToBoth(compiled.value, answers, told);
        if (label !== null) reached.add(label);
      }),
      { numRuns: RUNS, seed: 20_261_128 },
    );
    expect([...reached].sort()).toEqual(
      definition
        .handles(data)
        .map(({ id }) => id)
        .sort(),
    );
  });
});

test("there are steps to look at", () => {
  expect(EXAMPLES.length).toBeGreaterThan(10);
});
