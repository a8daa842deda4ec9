import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileStrategy } from "../compile/compile";
import { compileRuleSet } from "../compile/rule-set";
import { readStrategyText } from "../graph/read";
import type { Condition } from "../model/condition";
import { LOCALES } from "../model/locale";
import type { Program, RuleSet, StepSpec } from "../model/program";
import type { StrategyDoc } from "../model/strategy";
import { marketPack, shippedStrategies } from "../packs";
import { linkCompiled } from "../run/compiled";
import { runScenario, waysTaken } from "../run/scenario";
import { DONE, PEOPLE, START } from "../run/testing/call-strategy";
import { type DrawnSettings, type DrawnStep, drawnStrategy, PAST_DUE, programOf } from "../run/testing/drawn-strategy";
import { eventOf, type Move, movesArbitrary } from "../run/testing/random-events";
import { factsArbitrary, strategyArbitrary } from "../run/testing/random-strategy";
import { SMALL_MARKET } from "../run/testing/small-market";
import { UNCOVERED_REASONS } from "./attempts";
import { type Coverage, coverStrategy } from "./cover";
import { coverTexts } from "./texts";

const leaf = (fact: string, operator: string, value: unknown) => ({ fact, operator, value }) as Condition;
const WAIT: DrawnStep = { type: "wait", data: { mode: "duration", durationMinutes: 1440 }, to: { elapsed: "done" } };

function branch(rules: { readonly [id: string]: Condition }, to: DrawnStep["to"]): DrawnStep {
  return { type: "branch", data: { rules: Object.entries(rules).map(([id, when]) => ({ id, when })) }, to };
}

type Steps = { readonly [id: string]: DrawnStep };

function covered(steps: Steps, settings: DrawnSettings = {}): Coverage {
  const doc = drawnStrategy(steps, settings);
  const program = programOf(doc);
  const coverage = coverStrategy(doc, program, SMALL_MARKET);
  expectTrue(coverage, program);
  return coverage;
}

/** Whatever is called covered was run, and the run takes that way. */
function expectTrue({ covered: ways, added }: Coverage, program: Program): void {
  for (const scenario of added) expect(runScenario(program, scenario).problems, scenario.id).toEqual([]);
  for (const { step, handle, scenario } of ways) {
    const told = added.find(({ id }) => id === scenario);
    if (told !== undefined) expect(told.expect.path).toContain(`${step}.${handle}`);
  }
}

const left = ({ uncovered }: Coverage) => uncovered.map(({ step, handle, reason }) => `${step}.${handle} ${reason}`);

describe("shipped strategies", () => {
  const pack = marketPack("cn");

  test.each(shippedStrategies("cn"))("$key: an account is found for every way on", ({ text }) => {
    const read = readStrategyText(text);
    if (!read.ok) throw new Error("shipped");
    const compiled = compileStrategy(read.value, pack);
    if (!compiled.ok) throw new Error("shipped");
    const startedMs = performance.now();
    const coverage = coverStrategy(read.value, compiled.value, pack);
    expect(performance.now() - startedMs).toBeLessThan(5000);
    expect(left(coverage)).toEqual([]);
    expectTrue(coverage, compiled.value);
    expect(coverStrategy(read.value, compiled.value, pack)).toEqual(coverage);
    for (const { name } of coverage.added) for (const locale of LOCALES) expect(name[locale]).not.toMatch(/[{}]/);
    // With its stories saved, nothing more is needed.
    const told = { ...read.value, tests: [...coverage.added] };
    expect(coverStrategy(told, compiled.value, pack)).toMatchObject({ covered: coverage.covered, added: [] });
  });
});

describe("what nobody can reach", () => {
  const ASK = { other: { type: "exit", data: { reason: "completed" }, to: {} }, done: DONE } as const;

  test("rules that contradict themselves, or what led to them", () => {
    const early = branch(
      { early: leaf("dpd", "lessThan", 10) },
      { early: "again", otherwise: "done", unknown: "done" },
    );
    const again = branch(
      {
        late: leaf("dpd", "greaterThan", 20),
        never: { all: [leaf("stage", "equal", "M1"), leaf("stage", "equal", "M2")] },
      },
      { late: "never", never: "done", otherwise: "done", unknown: "done" },
    );
    const never = branch({ x: leaf("staff", "equal", true) }, { x: "done", otherwise: "done", unknown: "done" });
    expect(left(covered({ start: { ...START, to: { enter: "early" } }, early, again, never, done: DONE }))).toEqual([
      "early.unknown contradiction",
      "again.late contradiction",
      "again.never contradiction",
      "never.x contradiction",
      "never.otherwise contradiction",
      "never.unknown contradiction",
    ]);
  });

  test("but facts may change while an account waits", () => {
    const early = branch({ early: leaf("dpd", "lessThan", 10) }, { early: "wait", otherwise: "done", unknown: "done" });
    const late = branch({ late: leaf("dpd", "greaterThan", 20) }, { late: "done", otherwise: "done", unknown: "done" });
    const steps = {
      start: { ...START, to: { enter: "early" } },
      early,
      wait: { ...WAIT, to: { elapsed: "late" } },
      late,
      done: DONE,
    };
    const coverage = covered(steps);
    // Whoever came in by the days past due has some.
    expect(left(coverage)).toEqual(["early.unknown contradiction"]);
    const events = coverage.added.map((scenario) => scenario.events);
    // The day that passed counts by itself.
    expect(events).toContainEqual([{ type: "timer.fired", facts: { dpd: 21 } }]);
  });

  test("steps beyond the horizon and steps no line leads to", () => {
    const wait = (to: string): DrawnStep => ({
      ...WAIT,
      data: { mode: "duration", durationMinutes: 20 * 1440 },
      to: { elapsed: to },
    });
    const steps = {
      start: { ...START, to: { enter: "a" } },
      a: wait("b"),
      b: wait("c"),
      c: wait("done"),
      island: wait("done"),
      ...ASK,
    };
    expect(left(covered(steps, { horizonDays: 40 }))).toEqual([
      "b.elapsed beyond-horizon",
      "c.elapsed beyond-horizon",
      "island.elapsed no-way-in",
    ]);
  });

  test("a text nobody can make up is left open", () => {
    const who = branch(
      { han: leaf("region", "matches", "\\p{Han}{3}(?i)x") },
      { han: "done", otherwise: "done", unknown: "done" },
    );
    expect(left(covered({ start: { ...START, to: { enter: "who" } }, who, done: DONE }))).toEqual(["who.han gave-up"]);
  });
});

describe("what takes more than facts", () => {
  test("arms are reached by the party, however small the share; one without a share by those who have it", () => {
    const split = (weights: readonly number[], to: string): DrawnStep => ({
      type: "split",
      data: {
        experimentKey: `key-${weights.join("-")}`,
        arms: weights.map((weight, index) => ({ id: `arm-${index}`, weight })),
      },
      to: Object.fromEntries(weights.map((_, index) => [`arm-${index}`, to])),
    });
    const steps = {
      start: { ...START, to: { enter: "first" } },
      first: split([9999, 1], "second"),
      second: split([10_000, 0], "wait"),
      wait: { ...WAIT, to: { elapsed: "third" } },
      third: split([5000, 5000], "done"),
      done: DONE,
    };
    expect(left(covered(steps))).toEqual([]);
  });

  test("calls are tried again until they are used up, and a refusal brings its own facts", () => {
    const call: DrawnStep = {
      type: "robot",
      data: { contentId: "robot.reminder", giveUpHours: 24, maxAttempts: 4, gapMinutes: { NA: 60, BUSY: 20 } },
      to: {
        promised: "done",
        spoke: "done",
        refused: "done",
        care: "people",
        "wrong-party": "done",
        exhausted: "people",
        expired: "late",
        blocked: "late",
      },
    };
    const late = branch(
      { yes: leaf("dpd", "greaterThan", 60) },
      { yes: "done", otherwise: "people", unknown: "people" },
    );
    expect(
      left(covered({ start: { ...START, to: { enter: "call" } }, call, late, people: PEOPLE, done: DONE })),
    ).toEqual([]);
  });

  test("rounds are gone through until they are counted out", () => {
    const again = (maxTimes: number): Steps => ({
      start: { ...START, to: { enter: "wait" } },
      wait: { ...WAIT, to: { elapsed: "rounds" } },
      rounds: { type: "repeat", data: { maxTimes, when: null }, to: { again: "wait", done: "done" } },
      done: DONE,
    });
    expect(left(covered(again(30)))).toEqual([]);
    expect(left(covered(again(30), { horizonDays: 20 }))).toEqual(["rounds.done beyond-horizon"]);
    const inner: DrawnStep = { type: "repeat", data: { maxTimes: 2, when: null }, to: { again: "wait", done: "done" } };
    const outer: DrawnStep = {
      type: "repeat",
      data: { maxTimes: 5, when: null },
      to: { again: "inner", done: "done" },
    };
    // The inner count always ends it first; that nothing else could is not proven.
    expect(left(covered({ ...again(2), rounds: outer, inner }))).toEqual(["rounds.done gave-up"]);
    const watched: DrawnStep = {
      type: "repeat",
      data: { maxTimes: 2, when: leaf("overdue", "greaterThan", 0) },
      to: { again: "wait", done: "done", unknown: "done" },
    };
    expect(left(covered({ ...again(2), rounds: watched }))).toEqual([]);
  });
});

/** A Program whose branch `who` is another kind of step with the same ways on. */
function withSpec(
  rules: { readonly [id: string]: { readonly [rule: string]: Condition } },
  spec: StepSpec,
  after: Condition,
) {
  const ways = { yes: "check", no: "check", otherwise: "check", unknown: "done" };
  const who = branch({ yes: PAST_DUE, no: PAST_DUE }, ways);
  const check = branch({ held: leaf("dpd", "equal", 7) }, { held: "done", otherwise: "done", unknown: "done" });
  const doc = drawnStrategy({ start: { ...START, to: { enter: "who" } }, who, check, done: DONE });
  const program = programOf(doc);
  const fields = {
    ...SMALL_MARKET.fields,
    "var.x": { ...SMALL_MARKET.fields.score, key: "var.x" },
  } as typeof SMALL_MARKET.fields;
  const made = (id: string, conditions: { readonly [rule: string]: Condition }): RuleSet =>
    compileRuleSet(
      Object.entries(conditions).map(([rule, when]) => ({ rule, outcome: rule, when })),
      { id, nodeId: id, fields },
    ).ruleSet;
  const ruleSets = Object.fromEntries(Object.entries(rules).map(([id, conditions]) => [id, made(id, conditions)]));
  const step = program.steps.who;
  if (step === undefined) throw new Error("who");
  const changed: Program = {
    ...program,
    steps: { ...program.steps, who: { ...step, spec } },
    ruleSets: { ...program.ruleSets, ...ruleSets, check: made("check", { held: after }) },
  };
  const coverage = coverStrategy(doc, changed, SMALL_MARKET);
  expectTrue(coverage, changed);
  return left(coverage);
}

describe("other kinds of steps", () => {
  const LATE = { late: leaf("score", "greaterThan", 30), later: leaf("score", "greaterThan", 60) };
  const STAFF = { yes: leaf("staff", "equal", true) };

  test("scorecards: every band, and what a later step asks of the score", () => {
    const spec: StepSpec = {
      kind: "score",
      attributes: [
        { id: "days", ruleSet: "days", weight: 2, points: { late: 10, later: 30 }, otherwise: 0, unknown: null },
        { id: "staff", ruleSet: "staff", weight: 1, points: { yes: 5 }, otherwise: 1, unknown: 0 },
      ],
      variable: "x",
      bands: [
        { atLeast: 25, handle: "yes" },
        { atLeast: 20, handle: "no" },
        { atLeast: null, handle: "otherwise" },
      ],
      unknown: "unknown",
    };
    // The second rule of the first attribute is never reached, so that 65 is out of reach; 21 is not.
    expect(withSpec({ days: LATE, staff: STAFF }, spec, leaf("var.x", "equal", 21))).toEqual(["check.unknown gave-up"]);
    expect(withSpec({ days: LATE, staff: STAFF }, spec, leaf("var.x", "equal", 65))).toEqual([
      "check.held gave-up",
      "check.unknown gave-up",
    ]);
  });

  test("tables that collect: some rows, none, and what is collected", () => {
    const spec: StepSpec = {
      kind: "collect",
      ruleSet: "rows",
      outputs: [
        { variable: "x", type: "number", aggregate: "sum", values: { late: { literal: 3 }, later: { literal: 4 } } },
      ],
      some: "yes",
      none: "otherwise",
      unknown: "unknown",
    };
    // A table has no way on called “no”, and what it collects is never unknown here.
    expect(withSpec({ rows: LATE }, spec, leaf("var.x", "equal", 3))).toEqual([
      "who.no no-answer",
      "check.unknown gave-up",
    ]);
  });

  test("variables: written down, copied from a fact, reckoned from one", () => {
    const set = (value: Extract<StepSpec, { readonly kind: "set" }>["assign"][number]["value"]): StepSpec => ({
      kind: "set",
      assign: [{ variable: "x", type: "number", value }],
      next: "yes",
    });
    const surplus = ["who.no no-answer", "who.otherwise no-answer", "who.unknown no-answer"];
    expect(withSpec({}, set({ fact: "score" }), leaf("var.x", "equal", 41))).toEqual(surplus);
    const twice = set({ operator: "multiply", of: [{ fact: "dpd" }, { literal: 2 }] });
    expect(withSpec({}, twice, leaf("var.x", "greaterThan", 1))).not.toContain("check.held contradiction");
    expect(withSpec({}, set({ literal: 1 }), leaf("var.x", "equal", 2))).toEqual([
      ...surplus,
      "check.held gave-up",
      "check.unknown gave-up",
    ]);
  });
});

describe("of any strategy", () => {
  test("no way on is called impossible that some account takes", () => {
    const reasons = new Set<string>();
    fc.assert(
      fc.property(
        strategyArbitrary,
        fc.array(fc.tuple(factsArbitrary, movesArbitrary), { minLength: 6, maxLength: 6 }),
        (doc, stories) => {
          const program = programOf(doc);
          const coverage = coverStrategy(doc, program, SMALL_MARKET);
          expectTrue(coverage, program);
          const taken = new Set(stories.flatMap(([facts, moves]) => waysOfStory(program, facts, moves)));
          for (const { step, handle, reason } of coverage.uncovered) {
            reasons.add(reason);
            if (reason !== "gave-up" && reason !== "beyond-horizon") expect(taken).not.toContain(`${step}.${handle}`);
          }
        },
      ),
      { numRuns: 60, seed: 20_261_128 },
    );
    expect([...reasons]).toEqual(expect.arrayContaining(["contradiction", "no-way-in"]));
  });
});

function waysOfStory(program: Program, facts: StrategyFacts, moves: readonly Move[]): readonly string[] {
  const executor = linkCompiled(program);
  const subject = { enrollmentId: "enr_1", partyId: "party_1", accountId: "acct_1" } as const;
  let nowMs = Date.parse("2026-01-01T00:30:00+08:00");
  let outcome = executor.start({ subject, facts, nowMs });
  const ways = [...waysTaken(outcome)];
  for (const move of moves) {
    const next = eventOf(move, { program, state: outcome.state, nowMs, last: null });
    nowMs = next.nowMs;
    outcome = executor.send(outcome.state, next.event, { subject, facts: move.facts, nowMs });
    ways.push(...waysTaken(outcome));
  }
  return ways;
}
type StrategyFacts = Move["facts"];

test("five hundred steps are covered in well under twenty seconds", () => {
  const steps: { [id: string]: DrawnStep } = { start: { ...START, to: { enter: "s0" } } };
  const rule = (index: number): Condition =>
    index % 2 === 0 ? leaf("dpd", "greaterThan", index % 60) : leaf("stage", "in", ["M1", "M2"]);
  for (let index = 0; index < 500; index += 1) {
    const next = index < 499 ? `s${index + 1}` : "done";
    steps[`s${index}`] =
      index % 5 === 4
        ? { ...WAIT, data: { mode: "duration", durationMinutes: 60 }, to: { elapsed: next } }
        : branch({ yes: rule(index) }, { yes: next, otherwise: next, unknown: index % 3 === 0 ? "done" : next });
  }
  const doc: StrategyDoc = drawnStrategy({ ...steps, done: DONE });
  const program = programOf(doc);
  const startedMs = performance.now();
  const coverage = coverStrategy(doc, program, SMALL_MARKET);
  expect(performance.now() - startedMs).toBeLessThan(20_000);
  // Where an account without days past due has left already, no later step of the same day finds one.
  expect(
    left(coverage).filter((line) => !/^s\d+\.unknown contradiction$|^s0\.otherwise contradiction$/.test(line)),
  ).toEqual([]);
  expect(coverage.covered.length).toBeGreaterThan(1200);
  expect(coverage.added.length).toBeLessThan(coverage.covered.length / 2);
});

test("every reason has words in both languages", () => {
  for (const locale of LOCALES)
    expect(Object.keys(coverTexts[locale].reasons).sort()).toEqual([...UNCOVERED_REASONS].sort());
});
