import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Condition, ConditionLeaf } from "../../model/condition";
import { type Facts, type FactValue, type Field, type FieldCatalogue, FieldSchema, fieldOf } from "../../model/facts";
import { conditionArbitrary } from "../../run/testing/random-strategy";
import { SMALL_MARKET } from "../../run/testing/small-market";
import { truthOf } from "../testing/kleene";
import type { Truth } from "./leaf-truth";
import { type Constraint, type Question, solve } from "./solve";

const TODAY = "2026-03-02";

function bounded(key: string, type: Field["type"], more: Partial<Field> = {}): Field {
  return FieldSchema.parse({ key, type, label: { en: key }, origin: "column", usableInRules: true, ...more });
}

/** The small market, with ends where fields of a real one have them. */
const FIELDS: FieldCatalogue = {
  ...SMALL_MARKET.fields,
  dpd: bounded("dpd", "integer", { minimum: -5, maximum: 90 }),
  rate: bounded("rate", "percent", { minimum: 0, maximum: 0.36 }),
};
const WORLD = { fields: FIELDS, today: TODAY };
const QUESTION: Question = { domainOf: (fact) => fieldOf(FIELDS, fact), today: TODAY };

const asked = (condition: Condition, ...truths: readonly Truth[]): Constraint => ({ condition, truths });
const leaf = (fact: string, operator: ConditionLeaf["operator"], value: ConditionLeaf["value"]): ConditionLeaf => ({
  fact,
  operator,
  value,
});

const TRUTHS: readonly Truth[] = ["false", "unknown", "true"];
const truthIn = (condition: Condition, facts: Facts): Truth =>
  TRUTHS[truthOf(condition, facts, WORLD) + 1] ?? "unknown";
const meets = (constraints: readonly Constraint[], facts: Facts): boolean =>
  constraints.every(({ condition, truths }) => truths.includes(truthIn(condition, facts)));

/** Values on and beside every bound the random conditions use; what is not listed is unknown. */
const BOUNDARY: { readonly [fact: string]: readonly FactValue[] } = {
  dpd: [-5, -4, -1, 0, 1, 2, 29, 30, 31, 32, 89, 90, null],
  overdue: [-1, 0, 1, 2, 49_999, 50_000, 50_001, 5_000_000, 5_000_001, null],
  score: [-2, -1.5, -1, 0, 0.05, 0.1, 1, 600, 601, null],
  rate: [0, 0.1, 0.24, 0.3, 0.36, null],
  due_date: [
    "2025-12-30",
    "2025-12-31",
    "2026-01-01",
    "2026-02-23",
    "2026-02-28",
    "2026-03-01",
    TODAY,
    "2026-05-31",
    "2026-06-01",
    null,
  ],
  stage: ["M0", "M1", "M2", "M3", null],
  region: ["", "华东", "华北", "constructor", "east", "z中", "1", "eat东", null],
  staff: [true, false, null],
  account_status: ["open", "paid", "closed", "sold", "written-off", null],
  constructor: ["a", "b", "c", null],
};
const factsArbitrary: fc.Arbitrary<Facts> = fc.record(
  Object.fromEntries(Object.entries(BOUNDARY).map(([fact, values]) => [fact, fc.constantFrom(...values)])),
);
const constraintArbitrary: fc.Arbitrary<Constraint> = fc.record({
  condition: conditionArbitrary,
  truths: fc.subarray([...TRUTHS], { minLength: 1, maxLength: 2 }),
});
const constraintsArbitrary = fc.array(constraintArbitrary, { minLength: 1, maxLength: 4, size: "max" });

describe("what can be true together", () => {
  test("facts that are found make every condition come out as asked, and what is called impossible never happens", () => {
    const kinds = new Map<string, number>();
    fc.assert(
      fc.property(constraintsArbitrary, fc.array(factsArbitrary, { minLength: 40, maxLength: 40 }), (all, samples) => {
        const solution = solve(all, QUESTION);
        kinds.set(solution.kind, (kinds.get(solution.kind) ?? 0) + 1);
        if (solution.kind === "found") expect(meets(all, solution.facts), JSON.stringify(solution.facts)).toBe(true);
        if (solution.kind !== "none") return;
        for (const facts of samples) expect(meets(all, facts), JSON.stringify(facts)).toBe(false);
      }),
      { numRuns: 3000, seed: 20_261_128 },
    );
    expect(kinds.get("found")).toBeGreaterThan(500);
    expect(kinds.get("none")).toBeGreaterThan(200);
    expect(kinds.get("gave-up") ?? 0).toBeLessThan(150);
  });

  test("what some facts do is never called impossible", () => {
    fc.assert(
      fc.property(fc.array(conditionArbitrary, { minLength: 1, maxLength: 5 }), factsArbitrary, (conditions, facts) => {
        const all = conditions.map((condition) => asked(condition, truthIn(condition, facts)));
        expect(solve(all, QUESTION).kind).not.toBe("none");
        // Without a date to count from, even more is possible.
        expect(solve(all, { ...QUESTION, today: null }).kind).not.toBe("none");
      }),
      { numRuns: 2000, seed: 20_261_128 },
    );
  });

  test("values that are settled stay, preferred ones are taken where they will do", () => {
    fc.assert(
      fc.property(constraintsArbitrary, factsArbitrary, (all, facts) => {
        const { dpd = null, stage = null, ...preferred } = facts;
        const solution = solve(all, { ...QUESTION, settled: { dpd, stage }, preferred });
        if (solution.kind !== "found") return;
        expect(meets(all, { ...solution.facts, dpd, stage })).toBe(true);
        if (
          meets(all, facts) &&
          !Object.values(facts).includes(null) &&
          all.every(({ condition }) => "fact" in condition)
        ) {
          for (const [fact, value] of Object.entries(solution.facts))
            expect([fact, value]).toEqual([fact, facts[fact]]);
        }
      }),
      { numRuns: 1000, seed: 20_261_128 },
    );
  });
});

describe("rules that exclude each other", () => {
  test.each<[string, readonly Constraint[]]>([
    ["an empty range", [asked({ all: [leaf("dpd", "greaterThan", 30), leaf("dpd", "lessThan", 10)] }, "true")]],
    [
      "a whole number between neighbours",
      [asked(leaf("dpd", "greaterThan", 1), "true"), asked(leaf("dpd", "lessThan", 2), "true")],
    ],
    ["more than the field can have", [asked(leaf("dpd", "greaterThan", 90), "true")]],
    ["less than the field can have", [asked(leaf("rate", "lessThan", 0), "true")]],
    [
      "a rule and its opposite",
      [asked(leaf("region", "matches", "e.*t"), "true"), asked(leaf("region", "matches", "e.*t"), "false")],
    ],
    [
      "two stages at once",
      [asked(leaf("stage", "equal", "M1"), "true"), asked(leaf("stage", "in", ["M2", "M3"]), "true")],
    ],
    ["no stage that is left", [asked(leaf("stage", "notIn", ["M0", "M1", "M2", "M3"]), "true")]],
    [
      "known and unknown",
      [asked(leaf("score", "isKnown", false), "true"), asked(leaf("score", "equal", 1), "true", "false")],
    ],
    ["a question that is never unknown", [asked(leaf("score", "isKnown", true), "unknown")]],
    [
      "past and future",
      [asked(leaf("due_date", "withinLastDays", 7), "true"), asked(leaf("due_date", "greaterThan", TODAY), "true")],
    ],
    [
      "beginnings",
      [asked(leaf("region", "startsWith", "华东"), "true"), asked(leaf("region", "startsWith", "华北"), "true")],
    ],
    [
      "a part of a part",
      [asked(leaf("region", "contains", "华东区"), "true"), asked(leaf("region", "notContains", "华东"), "true")],
    ],
    [
      "neither yes nor no",
      [asked({ not: leaf("staff", "equal", true) }, "true"), asked(leaf("staff", "equal", false), "false")],
    ],
  ])("%s", (_, all) => {
    expect(solve(all, QUESTION)).toEqual({ kind: "none" });
  });

  test("a day can be both before a date and within so many days only where today allows it", () => {
    const both = [
      asked(leaf("due_date", "lessThan", "2026-01-01"), "true"),
      asked(leaf("due_date", "withinLastDays", 7), "true"),
    ];
    expect(solve(both, QUESTION).kind).toBe("none");
    expect(solve(both, { ...QUESTION, today: "2026-01-03" })).toMatchObject({ kind: "found" });
    expect(solve(both, { ...QUESTION, today: null }).kind).toBe("gave-up");
  });

  test("texts are made to measure", () => {
    const solution = solve(
      [
        asked(leaf("region", "startsWith", "A-"), "true"),
        asked(leaf("region", "contains", "VIP"), "true"),
        asked(leaf("region", "matches", "\\d{3}$"), "true"),
        asked(leaf("region", "notContains", "old"), "true"),
        asked(leaf("region", "notEqual", "A-VIP111"), "true"),
      ],
      QUESTION,
    );
    expect(solution.kind).toBe("found");
    expect(solution.kind === "found" ? solution.facts.region : null).toMatch(/^A-.*VIP.*\d{3}$/);
  });

  test("a pattern nobody can read through is given up on, not called impossible", () => {
    const hard = [asked(leaf("region", "matches", "(?i)x{2}[[:alpha:]]\\p{Han}$"), "true")];
    expect(solve(hard, QUESTION)).toEqual({ kind: "gave-up" });
  });
});

test("a puzzle of hundreds of alternatives ends within its bound", () => {
  // Pigeons: 9 facts of 8 values, no two alike; counting proves it impossible, trying takes for ever.
  const holes = Array.from({ length: 8 }, (_, index) => index);
  const pigeons = Array.from({ length: 9 }, (_, index) => `custom.p${index}`);
  const domainOf = () => ({ type: "integer" as const, minimum: 0, maximum: 7 });
  const apart = pigeons.flatMap((left, index) =>
    pigeons
      .slice(index + 1)
      .flatMap((right) =>
        holes.map((hole) => asked({ all: [leaf(left, "equal", hole), leaf(right, "equal", hole)] }, "false")),
      ),
  );
  const known = pigeons.map((pigeon) => asked(leaf(pigeon, "isKnown", true), "true"));
  const startedMs = performance.now();
  expect(solve([...known, ...apart], { domainOf, today: TODAY })).toEqual({ kind: "gave-up" });
  expect(performance.now() - startedMs).toBeLessThan(20_000);
});
