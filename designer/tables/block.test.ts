import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Field, LOCALES } from "#engine";
import { blockOf, clearBlock, copiedOf, fillDown, pasteBlock, textsOf } from "./block";
import { cellText } from "./cell-text";
import { readEntry } from "./entry";
import { type Cell, columnsOf, type Table } from "./table-model";
import { readBlock, writeBlock } from "./tsv";

/** A rule book that lives in a spreadsheet comes in and goes out as a block of cells. */

const field = (key: string, type: Field["type"], values?: Field["values"]): Field => ({
  key,
  type,
  label: { en: key },
  aliases: [],
  origin: "column",
  usableInRules: true,
  personal: false,
  required: false,
  ...(values === undefined ? {} : { values }),
});
const RISK = [
  { value: "low", label: { en: "Low", "zh-CN": "低" } },
  { value: "high", label: { en: "High", "zh-CN": "高" } },
];
const fields = {
  dpd: { ...field("dpd", "integer"), unit: "days" as const },
  amount: field("amount", "money"),
  rate: field("rate", "percent"),
  risk: field("risk", "enum", RISK),
  due: field("due", "date"),
  city: field("city", "text"),
  vip: field("vip", "boolean"),
  "var.offer": field("var.offer", "money"),
};
const table: Table = {
  inputs: [
    { id: "in-1", fact: "dpd", unknown: "ask" },
    { id: "in-2", fact: "amount", unknown: "ask" },
    { id: "in-3", fact: "risk", unknown: "ask" },
  ],
  outputs: [
    { kind: "variable", id: "out-1", variable: "offer", aggregate: "first" },
    { kind: "handle", id: "out-2" },
  ],
  ways: [{ id: "way-1", name: { en: "Robot", "zh-CN": "机器人" } }],
  rows: [{ id: "row-1", cells: { "in-1": { operator: "lessThan", value: 3 } }, outputs: {} }],
};
const columns = columnsOf(table);
const reading = { fields, locale: "zh-CN" as const, currency: "CNY" as const, table };
const paste = (text: string, into = blockOf({ row: 0, column: 0 }, { row: 0, column: 0 })) =>
  pasteBlock(table, readBlock(text), { columns, reading, into, copied: null });

describe("a block of a spreadsheet", () => {
  it("is read with quoted cells, line breaks in them and a last line end", () => {
    expect(readBlock('a\t"b\nc"\t"say ""no"""\r\n5" pipe\td\t\r\n')).toEqual([
      ["a", "b\nc", 'say "no"'],
      ['5" pipe', "d", ""],
    ]);
  });

  it("comes back as it went out, whatever stands in its cells", () => {
    const cellArb = fc.string({ unit: fc.constantFrom("a", '"', "\t", "\n", "中", " ") });
    const blockArb = fc.array(fc.array(cellArb, { minLength: 2, maxLength: 3 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(blockArb, (rows) => {
        expect(readBlock(writeBlock(rows))).toEqual(rows);
      }),
    );
  });

  it("fills typed columns, adds the rows that are missing, and leaves out a line of column heads", () => {
    const {
      table: next,
      problems,
      added,
      block,
    } = paste("dpd\tamount\trisk\n1-30\t≥ 5万\t高\n31~60\t1,000 – 2,000 元\t低、高\n>60\t*\t");
    expect(problems).toEqual([]);
    expect([added, block]).toEqual([2, { top: 0, bottom: 2, left: 0, right: 2 }]);
    expect(next.rows.map(({ cells }) => cells)).toEqual([
      {
        "in-1": { from: 1, fromInclusive: true, to: 30, toInclusive: true },
        "in-2": { operator: "greaterThanInclusive", value: 5_000_000 },
        "in-3": { operator: "in", value: ["high"] },
      },
      {
        "in-1": { from: 31, fromInclusive: true, to: 60, toInclusive: true },
        "in-2": { from: 100_000, fromInclusive: true, to: 200_000, toInclusive: true },
        "in-3": { operator: "in", value: ["low", "high"] },
      },
      { "in-1": { operator: "greaterThan", value: 60 } },
    ]);
    expect(next.rows.map(({ id }) => id)).toEqual(["row-1", "row-2", "row-3"]);
  });

  it("says which cell it could not read and leaves that one as it was", () => {
    const { table: next, problems } = paste("soon\t5000\tvery high");
    expect(problems).toEqual([
      { code: "no-value", row: 0, column: 0, text: "soon" },
      { code: "not-listed", row: 0, column: 2, text: "very high" },
    ]);
    expect(next.rows[0]?.cells).toEqual({
      "in-1": { operator: "lessThan", value: 3 },
      "in-2": { operator: "equal", value: 500_000 },
    });
  });

  it("sets results too, and says when it is wider than the table", () => {
    const into = blockOf({ row: 0, column: 3 }, { row: 0, column: 3 });
    const { table: next, problems } = paste("1.5万\t机器人\tnote\tbeyond", into);
    expect(next.rows[0]).toMatchObject({
      outputs: { "out-1": { literal: 1_500_000 }, "out-2": { way: "way-1" } },
      note: "note",
    });
    expect(problems).toEqual([{ code: "too-wide", count: 1 }]);
  });

  it("says how many rows of a block are more than a table may have", () => {
    const { table: next, problems } = paste(Array.from({ length: 8003 }, () => "1").join("\n"));
    expect([next.rows.length, problems]).toEqual([8000, [{ code: "too-many-rows", count: 3 }]]);
  });
});

describe("what is selected", () => {
  const two: Table = { ...table, rows: [...table.rows, { id: "row-2", cells: {}, outputs: {} }] };
  const all = blockOf({ row: 1, column: 4 }, { row: 0, column: 0 });

  it("is filled by one cell", () => {
    const made = pasteBlock(two, [["7"]], {
      columns,
      reading,
      into: blockOf({ row: 0, column: 0 }, { row: 1, column: 0 }),
      copied: null,
    });
    expect(made.table.rows.map(({ cells }) => cells["in-1"])).toEqual(
      [7, 7].map((value) => ({ operator: "equal", value })),
    );
  });

  it("is cleared and filled down as a whole", () => {
    expect(clearBlock(two, all, columns).rows.map(({ cells }) => cells)).toEqual([{}, {}]);
    expect(fillDown(two, all, columns)?.rows[1]?.cells).toEqual(two.rows[0]?.cells);
    expect(fillDown(two, blockOf({ row: 0, column: 0 }, { row: 0, column: 0 }), columns)).toBeNull();
  });

  it("loses nothing when it is put back where it came from, sums and free conditions included", () => {
    const offer = { operator: "add" as const, of: [{ fact: "amount" }, { literal: 5 }] };
    const reckoned: Table = { ...two, rows: two.rows.map((row) => ({ ...row, outputs: { "out-1": offer } })) };
    const text = writeBlock(textsOf(reckoned, all, { columns, reading }));
    const copied = copiedOf(reckoned, all, { columns, text });
    expect(pasteBlock(two, readBlock(text), { columns, reading, into: all, copied }).table.rows).toEqual(reckoned.rows);
  });
});

const numbers = fc.constantFrom(0, 3, 1_500_000, -250);
const rangeOf = <TValue extends number | string>(values: fc.Arbitrary<TValue>) =>
  fc.record({ from: values, to: values, fromInclusive: fc.boolean(), toInclusive: fc.boolean() });
const ordered = fc.constantFrom("equal", "notEqual", "lessThan", "greaterThanInclusive");
const known = fc.boolean().map((value) => ({ operator: "isKnown", value }));
const cells: { readonly [fact: string]: fc.Arbitrary<unknown> } = {
  dpd: fc.oneof(known, rangeOf(numbers), fc.record({ operator: ordered, value: numbers })),
  amount: fc.oneof(rangeOf(numbers), fc.record({ operator: ordered, value: numbers })),
  rate: fc.record({ operator: ordered, value: fc.constantFrom(0.24, 0.065, 1) }),
  due: fc.oneof(
    rangeOf(fc.constantFrom("2026-01-05", "2026-12-31")),
    fc.record({ operator: fc.constantFrom("withinLastDays", "afterNextDays"), value: fc.constantFrom(0, 7) }),
    fc.record({ operator: ordered, value: fc.constantFrom("2026-01-05") }),
  ),
  risk: fc.record({ operator: fc.constantFrom("in", "notIn"), value: fc.subarray(["low", "high"], { minLength: 1 }) }),
  city: fc.oneof(
    fc.record({ operator: fc.constantFrom("contains", "startsWith"), value: fc.constantFrom("海", "New York") }),
    fc.record({ operator: fc.constant("notIn"), value: fc.constant(["上海", "Kiel"]) }),
  ),
  vip: fc.record({ operator: fc.constant("equal"), value: fc.boolean() }),
};

describe.each(Object.keys(cells))("what the grid shows of a question about %s", (fact) => {
  it.each(LOCALES)("is read back as the same question (%s)", (locale) => {
    const column = { part: "input" as const, column: { id: "c", fact, unknown: "ask" as const } };
    const partArb = cells[fact] ?? fc.constant(null);
    const cellArb = fc.oneof(
      partArb,
      fc.array(partArb, { minLength: 2, maxLength: 3 }).map((oneOf) => ({ oneOf })),
    );
    fc.assert(
      fc.property(cellArb, (drawn) => {
        const cell = drawn as Cell;
        const shown = cellText({ id: "r", cells: { c: cell }, outputs: {} }, column, {
          ...reading,
          locale,
          whole: true,
        });
        expect([shown, readEntry(shown, column, { fields, table })]).toEqual([shown, { ok: true, content: cell }]);
      }),
      { numRuns: 60 },
    );
  });
});
