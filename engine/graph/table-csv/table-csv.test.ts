import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type DecisionTable, DecisionTableSchema } from "../../condition/tables/table";
import type { FactType } from "../../model/facts";
import { canonicalJson } from "../../model/json";
import { LOCALES } from "../../model/locale";
import { issueText } from "../issue-text";
import { csvToTable, TABLE_CSV_CHARACTERS_MAX } from "./read";
import { tableCsvIssueTexts } from "./texts";
import { type TableCsvTypes, tableToCsv } from "./write";

const FACTS: { readonly [fact: string]: FactType } = {
  bucket: "enum",
  city: "text",
  dpd: "integer",
  score: "number",
  total_outstanding: "money",
  annual_rate: "percent",
  due_date: "date",
  vip_flag: "boolean",
};
const VARIABLES: { readonly [name: string]: FactType } = {
  fee: "money",
  offer: "percent",
  tag: "text",
  when: "date",
  ok: "boolean",
};
const own = (types: { readonly [name: string]: FactType }, name: string): FactType | null =>
  Object.hasOwn(types, name) ? (types[name] ?? null) : null;
const TYPES: TableCsvTypes = { typeOfFact: (fact) => own(FACTS, fact), typeOfVariable: (name) => own(VARIABLES, name) };

const sample = DecisionTableSchema.parse({
  inputs: [
    { id: "stage", name: { "zh-CN": "逾期阶段", en: "Stage" }, fact: "bucket" },
    { id: "balance", fact: "total_outstanding", unknown: "fails" },
    { id: "due", fact: "due_date" },
    { id: "free", fact: null },
  ],
  outputs: [
    { id: "way", kind: "handle" },
    { id: "fee", kind: "variable", variable: "fee", aggregate: "sum" },
  ],
  ways: [{ id: "legal", name: { "zh-CN": "转法务" } }, { id: "robot" }],
  rows: [
    {
      id: "big",
      cells: {
        stage: { operator: "in", value: ["M2", "M3"] },
        balance: { operator: "greaterThanInclusive", value: 5_000_050 },
        due: { operator: "beforeLastDays", value: 60 },
      },
      outputs: {
        way: { way: "legal" },
        fee: { operator: "multiply", of: [{ fact: "total_outstanding" }, { literal: 0.1 }] },
      },
      note: "=cmd|' /C calc'!A0",
    },
    {
      id: "rest",
      cells: {
        balance: { from: 0, fromInclusive: true, to: 5_000_050, toInclusive: false },
        free: { fact: "vip_flag", operator: "equal", value: true },
      },
      outputs: { way: { way: "robot" } },
    },
  ],
});

describe("a table in a spreadsheet", () => {
  test("reads as people write: stages, amounts in whole units, ranges, days", () => {
    const text = tableToCsv(sample, TYPES, "zh-CN");
    expect(text.startsWith("\ufeff类别,,条件,条件,条件,条件,出口,设变量,备注\r\n")).toBe(true);
    const lines = text.split("\r\n");
    expect(lines[2]).toBe("字段,,bucket,total_outstanding,due_date,完整条件,,fee,");
    expect(lines[9]).toBe(
      `行,big,"M2, M3",>= 50000.5,before last 60 days,-,legal,"multiply(fact total_outstanding; 0.1)",'=cmd|' /C calc'!A0`,
    );
    expect(lines[10]).toBe(
      `行,rest,-,[0..50000.5),-,"{""fact"":""vip_flag"",""operator"":""equal"",""value"":true}",robot,,`,
    );
  });

  test("comes back the same, whatever language its header is in", () => {
    for (const locale of LOCALES) {
      expect(csvToTable(tableToCsv(sample, TYPES, locale), TYPES)).toEqual({ ok: true, value: sample });
    }
  });

  test("may come back by semicolons, without its ids, with new rows, blank lines and other signs", () => {
    const text = [
      "kind;;if;if;way;set",
      "fact;;bucket;annual_rate;;when",
      "id;;b;r;w;t",
      ";;;;;",
      ";;M1、M2;≤ 24%;robot;today + 7",
      "row;last;≠ M3;(0.1..36%];legal;unknown",
      "way;robot;;;;",
      "出口;legal;;;;",
    ].join("\n");
    expect(csvToTable(text, TYPES)).toEqual({
      ok: true,
      value: {
        inputs: [
          { id: "b", fact: "bucket", unknown: "ask" },
          { id: "r", fact: "annual_rate", unknown: "ask" },
        ],
        outputs: [
          { id: "w", kind: "handle" },
          { id: "t", kind: "variable", variable: "when", aggregate: "first" },
        ],
        ways: [{ id: "robot" }, { id: "legal" }],
        rows: [
          {
            id: "row-1",
            cells: { b: { operator: "in", value: ["M1", "M2"] }, r: { operator: "lessThanInclusive", value: 0.24 } },
            outputs: { w: { way: "robot" }, t: { todayPlusDays: 7 } },
          },
          {
            id: "last",
            cells: {
              b: { operator: "notEqual", value: "M3" },
              r: { from: 0.1, fromInclusive: false, to: 0.36, toInclusive: true },
            },
            outputs: { w: { way: "legal" }, t: { literal: null } },
          },
        ],
      },
    });
  });
});

describe("what cannot be read", () => {
  const HEADER = "kind,,if,if,set\r\nid,,m,s,f\r\nfact,,total_outstanding,bucket,fee\r\n";
  const problems = (text: string) => {
    const read = csvToTable(text, TYPES);
    return read.ok ? [] : read.error.map(({ code, line, column }) => `${code} ${line ?? ""}:${column ?? ""}`);
  };

  test("is named by line and column, all of it, and nothing is taken", () => {
    const text = `${HEADER}row,a,"50,000",M1,1\r\nrow,b,"> ""x""",,"two\nlines"\r\nrow,c,,"""M1",-\r\nsum,d,,,\r\nrow,e,{bad},,fact\r\n`;
    expect(problems(text)).toEqual([
      "table-csv.cell 4:3",
      "table-csv.cell 5:3",
      "table-csv.value 5:5",
      "table-csv.cell 7:4",
      "table-csv.lead-unknown 8:1",
      "table-csv.json 9:3",
      "table-csv.value 9:5",
    ]);
  });

  test("is refused by its header, its facts, its quotes or its size", () => {
    expect(problems("a,b\r\n1,2\r\n")).toEqual([
      "table-csv.header-missing 1:",
      "table-csv.header-missing 1:",
      "table-csv.header-missing 1:",
    ]);
    expect(problems("kind,,if,then\r\nid,,a,b\r\nfact,,dpd,fee\r\n")).toEqual(["table-csv.kind-unknown 1:4"]);
    expect(problems("kind,,if,set\r\nid,,a,b\r\nfact,,nobody,none\r\nrow,r,1,2\r\n")).toEqual([
      "table-csv.fact-unknown 4:3",
      "table-csv.variable-unknown 4:4",
    ]);
    expect(problems(`${HEADER}row,a,"50000\r\n`)[0]).toMatch(/^table-csv\.broken /);
    expect(problems("x".repeat(TABLE_CSV_CHARACTERS_MAX + 1))).toEqual(["table-csv.too-large :"]);
    expect(problems(`${HEADER}${"row,,1,M1,2\r\n".repeat(8100)}`)).toEqual(["table-csv.too-many-rows :"]);
    expect(problems(`kind${",if".repeat(80)}\r\nid\r\nfact\r\n`)).toEqual(["table-csv.too-many-columns 1:"]);
  });

  test("is refused where ids or ways are none, with the line of the row", () => {
    expect(problems(`${HEADER}row,9 lives,,,\r\n`)).toEqual(["shape.format 4:"]);
    expect(problems("kind,,if\r\nid,,__proto__\r\nfact,,dpd\r\nrow,r,1\r\n")).not.toEqual([]);
  });
});

const scalarArb: { readonly [fact: string]: fc.Arbitrary<number | string | boolean> } = {
  bucket: fc.constantFrom("M1", "M2", "M3"),
  city: fc.oneof(
    fc.string(),
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.constantFrom("-", "any", "a, b", "=1+1", "'x", "not M1", "1;2", "[1..2]", "{", " x "),
  ),
  dpd: fc.integer(),
  score: fc.double({ noNaN: true, noDefaultInfinity: true }),
  total_outstanding: fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true })),
  annual_rate: fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(0.24, 0.1 + 0.2, 1e-9, 1e21),
  ),
  due_date: fc.constantFrom("2026-02-28", "2028-02-29"),
  vip_flag: fc.boolean(),
};

function simpleArb(fact: string) {
  const value = (scalarArb[fact] ?? fc.boolean()).map((one) => (one === 0 ? 0 : one));
  const bound = value.filter((one) => typeof one !== "boolean");
  const list = fc.array(value, { minLength: 1, maxLength: 4 });
  return fc.oneof(
    fc.record({
      operator: fc.constantFrom(
        "equal",
        "notEqual",
        "lessThan",
        "greaterThanInclusive",
        "contains",
        "notContains",
        "startsWith",
        "matches",
      ),
      value,
    }),
    fc.record({ operator: fc.constantFrom("in", "notIn"), value: list }),
    fc.record({
      operator: fc.constantFrom("withinLastDays", "beforeLastDays", "withinNextDays", "afterNextDays"),
      value: fc.nat(3660),
    }),
    fc.record({ operator: fc.constant("isKnown"), value: fc.boolean() }),
    // What lint would refuse comes through as well.
    fc.record({ operator: fc.constantFrom("equal", "in"), value: fc.oneof(fc.integer(), fc.string(), fc.boolean()) }),
    ...(fact === "vip_flag"
      ? []
      : [fc.record({ from: bound, to: bound, fromInclusive: fc.boolean(), toInclusive: fc.boolean() })]),
  );
}

const cellArb = (fact: string) => {
  const simple = simpleArb(fact);
  return fc.oneof(
    { weight: 3, arbitrary: simple },
    { weight: 1, arbitrary: fc.array(simple, { minLength: 2, maxLength: 3 }).map((oneOf) => ({ oneOf })) },
    { weight: 1, arbitrary: fc.constant(null) },
  );
};
const literalArb = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string(),
  fc.boolean(),
  fc.constant(null),
);
const valueArb = fc.oneof(
  literalArb.map((literal) => ({ literal: literal === 0 ? 0 : literal })),
  fc.constantFrom("dpd", "var.fee", "conversations.7d").map((fact) => ({ fact })),
  fc
    .integer({ min: -3660, max: 3660 })
    .map((todayPlusDays) => ({ todayPlusDays: todayPlusDays === 0 ? 0 : todayPlusDays })),
  fc.record({
    operator: fc.constantFrom("add", "multiply", "min"),
    of: fc.array(
      fc.oneof(
        fc.integer().map((literal) => ({ literal: literal === 0 ? 0 : literal })),
        fc.constant({ fact: "dpd" }),
      ),
      { minLength: 1, maxLength: 3 },
    ),
  }),
);
const textArb = fc.string({ unit: "binary", minLength: 1, maxLength: 40 });
const nameArb = fc.option(fc.record({ "zh-CN": textArb, en: textArb }, { requiredKeys: ["en"] }), { nil: undefined });
const without = <T extends object>(made: T): object =>
  Object.fromEntries(Object.entries(made).filter(([, member]) => member !== undefined));

const tableArb: fc.Arbitrary<DecisionTable> = fc
  .record({
    facts: fc.subarray(Object.keys(FACTS), { minLength: 1 }),
    names: fc.array(nameArb, { minLength: 12, maxLength: 12 }),
    unknown: fc.constantFrom("ask", "fails"),
    aggregate: fc.constantFrom("sum", "first", "join"),
    rows: fc.nat(5),
  })
  .chain(({ facts, names, unknown, aggregate, rows }) => {
    const inputs = facts.map((fact, at) => without({ id: `c${at}`, fact, unknown, name: names[at] }));
    const outputs = [
      { id: "w", kind: "handle" },
      ...Object.keys(VARIABLES).map((variable) =>
        without({ id: `v-${variable}`, kind: "variable", variable, aggregate, name: names[11] }),
      ),
    ];
    const row = fc.record({
      cells: fc.tuple(...facts.map(cellArb)),
      way: fc.option(fc.constant({ way: "go" }), { nil: null }),
      values: fc.tuple(...Object.keys(VARIABLES).map(() => fc.option(valueArb, { nil: null }))),
      note: fc.option(textArb, { nil: undefined }),
    });
    return fc.array(row, { minLength: rows, maxLength: rows }).map((made) =>
      DecisionTableSchema.parse({
        inputs,
        outputs,
        ways: [without({ id: "go", name: names[10] })],
        rows: made.map(({ cells, way, values, note }, at) =>
          without({
            id: `r${at}`,
            cells: Object.fromEntries(cells.flatMap((cell, index) => (cell === null ? [] : [[`c${index}`, cell]]))),
            outputs: Object.fromEntries(
              [["w", way], ...Object.keys(VARIABLES).map((name, index) => [`v-${name}`, values[index]])].filter(
                ([, value]) => value !== null && value !== undefined,
              ),
            ),
            note,
          }),
        ),
      }),
    );
  });

describe("for any table", () => {
  test("writing and reading gives the same table", () => {
    fc.assert(
      fc.property(tableArb, fc.constantFrom(...LOCALES), (table, locale) => {
        const read = csvToTable(tableToCsv(table, TYPES, locale), TYPES);
        expect(read.ok ? canonicalJson(read.value) : read.error).toBe(canonicalJson(table));
      }),
      { numRuns: 300 },
    );
  });

  test("no cell is a formula to a spreadsheet", () => {
    fc.assert(
      fc.property(tableArb, (table) => {
        const text = tableToCsv(table, TYPES, "en").slice(1);
        const cells = text.match(/"(?:[^"]|"")*"|[^,\r\n"]+/g) ?? [];
        const bare = cells.map((cell) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell));
        expect(bare.filter((cell) => /^[=+@\t\r]|^-(?!$|\d+(\.\d+)?%?$)/.test(cell))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test("text of any kind is either a table or a list of problems", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          tableArb.map((table) => tableToCsv(table, TYPES, "en").slice(5)),
        ),
        (text) => {
          const read = csvToTable(text, TYPES);
          if (!read.ok) expect(read.error.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 200 },
    );
  });
});

test("every problem has a sentence in both languages that leaves no place unfilled", () => {
  expect(Object.keys(tableCsvIssueTexts.en).sort()).toEqual(Object.keys(tableCsvIssueTexts["zh-CN"]).sort());
  const texts = [
    "a,b\r\n1,2",
    "kind,,then\r\nid\r\nfact",
    "kind,,if,set\r\nid,,a,b\r\nfact,,dpd,fee\r\nsum,r,x,y\r\nrow,r,{,{}}",
    'x,"y',
  ];
  const found = texts.flatMap((text) => {
    const read = csvToTable(text, TYPES);
    return read.ok ? [] : read.error;
  });
  expect(found.length).toBeGreaterThan(5);
  for (const one of found) {
    for (const locale of LOCALES) {
      const said = issueText(one, locale, [tableCsvIssueTexts]);
      expect(said).not.toContain(one.code);
      expect(said).not.toMatch(/\{(reason|limit|header|found|subject|type)\}/);
    }
  }
});
