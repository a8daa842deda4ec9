import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileRuleSet } from "../../compile/rule-set";
import type { Condition } from "../../model/condition";
import { draw } from "../../model/draw";
import { type FactValue, type FieldCatalogue, FieldSchema } from "../../model/facts";
import { FALSE, linkRules, TRUE, type Truth } from "../../run/predicate";
import { analyseTable, TABLE_LOOKS_MAX } from "./analyse";
import { rowCondition } from "./row-condition";
import { type DecisionTable, DecisionTableSchema } from "./table";

const field = (key: string, type: string, more: object = {}) =>
  FieldSchema.parse({ key, type, label: { en: key }, origin: "column", usableInRules: true, ...more });
const FIELDS: FieldCatalogue = {
  bucket: field("bucket", "enum", { values: ["M1", "M2", "M3"].map((value) => ({ value, label: { en: value } })) }),
  balance: field("balance", "money", { minimum: 0 }),
  score: field("score", "number"),
  vip: field("vip", "boolean"),
  city: field("city", "text"),
  due: field("due", "date"),
};

type Cells = { readonly [input: string]: unknown };
type Column = { readonly id: string; readonly fact: string | null; readonly unknown?: "ask" | "fails" };

function tableOf(inputs: readonly Column[], rows: readonly Cells[], ways: readonly string[] = []): DecisionTable {
  return DecisionTableSchema.parse({
    inputs,
    outputs: [{ kind: "handle", id: "way" }],
    ways: [...new Set(ways)].map((id) => ({ id })),
    rows: rows.map((cells, index) => ({
      id: `r${index}`,
      cells,
      outputs: { way: { way: ways[index] ?? `w${index}` } },
    })),
  });
}

type Point = { readonly [fact: string]: FactValue };
const inputOf = (facts: Point) => ({ facts, vars: {}, nowMs: Date.UTC(2026, 2, 2), timeZone: "Asia/Shanghai" });

/** Asks the compiled executor about conditions, in their order. */
function asking(conditions: readonly Condition[]): (facts: Point) => readonly Truth[] {
  const rules = conditions.map((when, index) => ({ rule: `r${index}`, outcome: "x", when }));
  const { ruleSet, issues } = compileRuleSet(rules, { id: "t", nodeId: undefined, fields: FIELDS });
  expect(issues).toEqual([]);
  const linked = linkRules(ruleSet);
  return (facts) => linked.map(({ holds }) => holds(inputOf(facts)));
}

/** What it says of every row of a table; a table that asks nothing holds everywhere. */
function askingRows(table: DecisionTable): (facts: Point) => readonly Truth[] {
  const always = { any: [true, false].map((value) => ({ fact: "vip", operator: "isKnown" as const, value })) };
  return asking(table.rows.map((row) => rowCondition(table, row) ?? always));
}

const COLUMNS = [
  { id: "b", fact: "bucket" },
  { id: "m", fact: "balance" },
] as const;
const is = (value: unknown) => ({ operator: "equal", value });
const atLeast = (value: number) => ({ operator: "greaterThanInclusive", value });
const below = (value: number) => ({ operator: "lessThan", value });

describe("what a table leaves open", () => {
  test("an amount from which a stage has no row is named, with facts of one such account", () => {
    const rows = [{ b: is("M1") }, { b: is("M2"), m: below(5_000_000) }, { b: is("M3") }];
    const { gaps, proven } = analyseTable(tableOf([...COLUMNS], rows), FIELDS);
    expect(proven).toBe(true);
    expect(gaps).toEqual([
      {
        when: {
          all: [
            { fact: "bucket", operator: "equal", value: "M2" },
            { fact: "balance", operator: "greaterThanInclusive", value: 5_000_000 },
          ],
        },
        facts: { bucket: "M2", balance: 5_000_000 },
      },
    ]);
  });

  test("a missing fact is a gap only where the column says a missing fact does not fit", () => {
    const rows = ["M1", "M2", "M3"].map((stage) => ({ b: is(stage) }));
    expect(analyseTable(tableOf([{ id: "b", fact: "bucket" }], rows), FIELDS).gaps).toEqual([]);
    const strict = tableOf([{ id: "b", fact: "bucket", unknown: "fails" }], rows);
    expect(analyseTable(strict, FIELDS).gaps).toEqual([
      { when: { fact: "bucket", operator: "isKnown", value: false }, facts: { bucket: null } },
    ]);
  });

  test("days from today are told in days, and no date is made up for them", () => {
    const rows = [{ d: { operator: "withinNextDays", value: 3 } }, { d: { operator: "beforeLastDays", value: 0 } }];
    expect(analyseTable(tableOf([{ id: "d", fact: "due" }], rows), FIELDS).gaps).toEqual([
      { when: { fact: "due", operator: "afterNextDays", value: 3 }, facts: {} },
    ]);
  });

  test("where parts of texts are asked about, nothing is said to be proven", () => {
    const rows = [{ c: { operator: "contains", value: "海" } }];
    const { gaps, proven } = analyseTable(tableOf([{ id: "c", fact: "city" }], rows), FIELDS);
    expect(proven).toBe(false);
    expect(gaps.map(({ when }) => when)).toEqual([{ not: { fact: "city", operator: "contains", value: "海" } }]);
  });
});

describe("rows that get in each other's way", () => {
  test("a row below one that takes everything it would take can never decide", () => {
    const rows = [{ b: is("M1") }, { b: is("M1"), m: atLeast(1) }, {}, { b: is("M3") }];
    expect(analyseTable(tableOf([...COLUMNS], rows), FIELDS).shadowed).toEqual([1, 3]);
  });

  test("several rows together can hide one below", () => {
    const rows = [
      { m: below(100) },
      { m: atLeast(100) },
      { b: is("M2"), m: { from: 50, fromInclusive: true, to: 200, toInclusive: true } },
    ];
    expect(analyseTable(tableOf([...COLUMNS], rows), FIELDS).shadowed).toEqual([2]);
  });

  test("a row that contradicts itself is told apart from one that is hidden", () => {
    const rows = [{ m: { from: 10, fromInclusive: false, to: 10, toInclusive: false } }, {}];
    expect(analyseTable(tableOf([...COLUMNS], rows), FIELDS)).toMatchObject({ impossible: [0], shadowed: [] });
  });

  test("a crossing is shown where both hold; a special case above the general one is none", () => {
    const crossing = tableOf([...COLUMNS], [{ b: is("M1") }, { m: atLeast(100) }, {}]);
    expect(analyseTable(crossing, FIELDS).overlaps).toEqual([
      {
        row: 1,
        earlier: 0,
        example: {
          when: {
            all: [
              { fact: "bucket", operator: "equal", value: "M1" },
              { fact: "balance", operator: "greaterThanInclusive", value: 100 },
            ],
          },
          facts: { bucket: "M1", balance: 100 },
        },
      },
    ]);
    const same = tableOf([...COLUMNS], [{ b: is("M1") }, { m: atLeast(100) }], ["go", "go"]);
    expect(analyseTable(same, FIELDS).overlaps).toEqual([]);
  });
});

const cellArb = {
  bucket: fc.oneof(
    fc.constantFrom("M1", "M2", "M3").map(is),
    fc.constant({ operator: "in", value: ["M1", "M3"] }),
    fc.constant({ operator: "notEqual", value: "M2" }),
    fc.constant({ operator: "isKnown", value: false }),
  ),
  score: fc.oneof(
    fc.integer({ min: 0, max: 4 }).chain((value) => fc.constantFrom(atLeast(value), below(value), is(value))),
    fc
      .tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 1, max: 4 }), fc.boolean(), fc.boolean())
      .map(([from, to, fromInclusive, toInclusive]) => ({ from, to, fromInclusive, toInclusive })),
    fc.constant({ oneOf: [below(1), atLeast(3)] }),
  ),
  vip: fc.boolean().map(is),
  city: fc.oneof(fc.constantFrom("A", "B").map(is), fc.constant({ operator: "notIn", value: ["A", "B"] })),
  free: fc.constantFrom(
    {
      any: [
        { fact: "vip", operator: "equal", value: true },
        { fact: "score", operator: "greaterThan", value: 2 },
      ],
    },
    {
      not: {
        all: [
          { fact: "bucket", operator: "equal", value: "M1" },
          { fact: "score", operator: "lessThan", value: 2 },
        ],
      },
    },
  ),
};
const maybe = <T>(cell: fc.Arbitrary<T>) => fc.option(cell, { nil: null, freq: 2 });
const tableArb = fc
  .record({
    unknown: fc.array(fc.constantFrom("ask" as const, "fails" as const), { minLength: 4, maxLength: 4 }),
    rows: fc.array(
      fc.record({
        b: maybe(cellArb.bucket),
        s: maybe(cellArb.score),
        v: maybe(cellArb.vip),
        c: maybe(cellArb.city),
        f: fc.option(cellArb.free, { nil: null, freq: 1 }),
      }),
      { minLength: 1, maxLength: 6 },
    ),
  })
  .map(({ unknown, rows }) =>
    tableOf(
      [
        ...["bucket", "score", "vip", "city"].map((fact, index) => ({
          id: fact.charAt(0),
          fact,
          unknown: unknown[index] ?? ("ask" as const),
        })),
        { id: "f", fact: null },
      ],
      rows,
    ),
  );

const POINTS = ["M1", "M2", "M3", null].flatMap((bucket) =>
  [-1, 0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 5, null].flatMap((score) =>
    [true, false, null].flatMap((vip) => ["A", "B", "C", null].map((city) => ({ bucket, score, vip, city }))),
  ),
);

describe("against every combination, one by one", () => {
  test("gaps are there exactly when some account has no row, and what they say is true of all they speak of", () => {
    fc.assert(
      fc.property(tableArb, (table) => {
        const { gaps, proven } = analyseTable(table, FIELDS);
        const truthsAt = askingRows(table);
        const open = POINTS.filter((facts) => truthsAt(facts).every((truth) => truth === FALSE));
        expect(proven).toBe(true);
        expect(gaps.length > 0).toBe(open.length > 0);
        for (const { when, facts } of gaps) {
          if (when === null) continue;
          const lies = asking([when]);
          expect(lies(facts)).toEqual([TRUE]);
          expect(POINTS.filter((point) => lies(point)[0] === TRUE && !open.includes(point))).toEqual([]);
        }
      }),
      { numRuns: 150 },
    );
  });

  test("a row is said never to decide exactly when it decides nowhere", () => {
    fc.assert(
      fc.property(tableArb, (table) => {
        const { shadowed, impossible } = analyseTable(table, FIELDS);
        const truthsAt = askingRows(table);
        const deciding = new Set(
          POINTS.map((facts) => {
            const truths = truthsAt(facts);
            const first = truths.findIndex((truth) => truth !== FALSE);
            return truths[first] === TRUE ? first : -1;
          }),
        );
        const idle = table.rows.map((_, index) => index).filter((index) => !deciding.has(index));
        expect([...shadowed, ...impossible].sort((left, right) => left - right)).toEqual(idle);
      }),
      { numRuns: 150 },
    );
  });

  test("where rows are said to cross, both hold", () => {
    fc.assert(
      fc.property(tableArb, (table) => {
        const truthsAt = askingRows(table);
        for (const { row, earlier, example } of analyseTable(table, FIELDS).overlaps) {
          const { when } = example;
          if (when === null) continue;
          const lies = asking([when]);
          const inside = POINTS.filter((point) => lies(point)[0] === TRUE);
          for (const truths of inside.map(truthsAt)) expect([truths[row], truths[earlier]]).toEqual([TRUE, TRUE]);
        }
      }),
      { numRuns: 150 },
    );
  });
});

test("a table too large to be gone through is sampled and says so; copies of a row are still found", () => {
  const facts = Array.from({ length: 14 }, (_, index) => `n${index}`);
  const fields = Object.fromEntries(facts.map((fact) => [fact, field(fact, "number")]));
  const rows = Array.from({ length: 40 }, (_, row) =>
    Object.fromEntries(facts.map((fact, at) => [fact, atLeast(Math.floor(draw(row, `${at}`, "row") * 12))])),
  );
  const table = tableOf(
    facts.map((fact) => ({ id: fact, fact })),
    [...rows, rows[3] ?? {}],
  );
  const found = analyseTable(table, fields);
  expect(TABLE_LOOKS_MAX).toBeLessThan(10_000_000);
  expect(found.proven).toBe(false);
  expect(found.shadowed).toEqual([40]);
  expect(found.gaps.length).toBeGreaterThan(0);
});
