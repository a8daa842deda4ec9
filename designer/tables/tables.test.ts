import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Field } from "#engine";
import {
  addAttribute,
  addBand,
  type Card,
  EMPTY_CARD,
  moveAttribute,
  removeBand,
  scoreRange,
  setBand,
} from "./card-model";
import { cellText, columnName } from "./cell-text";
import { actOf, type GridState } from "./grid-acts";
import { type Place, placeAfter, ROW_HEIGHT, rowsInView, WINDOWED_FROM_ROWS, withinGrid } from "./grid-keys";
import {
  addInput,
  addOutput,
  addRow,
  addWay,
  cellOf,
  columnsOf,
  contentAt,
  duplicateRow,
  EMPTY_TABLE,
  moveColumn,
  moveRow,
  partsOf,
  removeColumn,
  removeRow,
  removeWay,
  rowsWithWay,
  setContentAt,
  setInput,
  type Table,
} from "./table-model";

/** M1 goes to the robot, M2 of some size to an agent; how much may be waived stands beside it. */
const table: Table = {
  inputs: [
    { id: "in-1", fact: "bucket", unknown: "ask" },
    { id: "in-2", fact: "balance", unknown: "fails" },
  ],
  outputs: [
    { kind: "variable", id: "out-1", variable: "offer", aggregate: "first" },
    { kind: "handle", id: "out-2" },
  ],
  ways: [{ id: "way-1", name: { en: "Robot", "zh-CN": "机器人" } }, { id: "way-2" }],
  rows: [
    { id: "row-1", cells: { "in-1": { operator: "in", value: ["M1"] } }, outputs: { "out-2": { way: "way-1" } } },
    {
      id: "row-2",
      cells: {
        "in-1": { operator: "equal", value: "M2" },
        "in-2": { from: 500_000, fromInclusive: true, to: 5_000_000, toInclusive: false },
      },
      outputs: { "out-1": { literal: 10_000 }, "out-2": { way: "way-2" } },
      note: "larger ones",
    },
  ],
};
const columns = columnsOf(table);
const ids = (of: Table) => of.rows.map((row) => row.id);

const field = (key: string, type: Field["type"], values?: readonly string[]): Field => ({
  key,
  type,
  label: { en: key },
  aliases: [],
  origin: "column",
  usableInRules: true,
  personal: false,
  required: false,
  ...(values === undefined ? {} : { values: values.map((value) => ({ value, label: { en: `Stage ${value}` } })) }),
});
const fields = {
  bucket: field("bucket", "enum", ["M1", "M2"]),
  balance: field("balance", "money"),
  paid: field("paid", "date"),
  city: field("city", "text"),
  "var.offer": field("var.offer", "money"),
};
const reading = { fields, locale: "en", currency: "CNY", table } as const;

describe("a decision table", () => {
  it("says its cells as people would", () => {
    const texts = table.rows.map((row) => columns.map((column) => cellText(row, column, reading)));
    expect(texts).toEqual([
      ["Stage M1", "", "", "Robot", ""],
      ["Stage M2", "[5,000, 50,000)", "100 CNY", "way-2", "larger ones"],
    ]);
    expect(columns.map((column) => columnName(column, reading))).toEqual([
      "bucket",
      "balance",
      "var.offer",
      "Way on",
      "Note",
    ]);
  });

  it("says every sort of question", () => {
    const said = (fact: string, cell: unknown) => {
      const made = addRow(addInput(EMPTY_TABLE, fact), 0);
      const [column] = columnsOf(made);
      if (column === undefined) throw new Error("no column");
      const [row] = setContentAt(made, { index: 0, column }, cell as never).rows;
      return row === undefined ? "" : cellText(row, column, { ...reading, table: made });
    };
    expect(said("balance", { operator: "greaterThanInclusive", value: 500_000 })).toBe("≥ 5,000");
    expect(said("bucket", { operator: "notIn", value: ["M1", "M2"] })).toBe("not Stage M1, Stage M2");
    expect(said("city", { operator: "startsWith", value: "Sh" })).toBe("begins with “Sh”");
    expect(said("paid", { operator: "withinLastDays", value: 7 })).toBe("in the last 7 days");
    expect(said("paid", { operator: "isKnown", value: false })).toBe("unknown");
    expect(said("balance", { from: 0, fromInclusive: true, to: 100, toInclusive: true })).toBe("0 – 1");
    const either = {
      oneOf: [
        { operator: "equal", value: 0 },
        { operator: "greaterThan", value: 100 },
      ],
    };
    expect(said("balance", either)).toBe("0 or > 1");
  });

  it("loses the questions of a column that asks another kind of fact, and keeps them otherwise", () => {
    const [first] = table.inputs;
    if (first === undefined) throw new Error("no column");
    expect(setInput(table, { ...first, unknown: "fails" }, true).rows).toEqual(table.rows);
    expect(setInput(table, { ...first, fact: "city" }, false).rows.map((row) => row.cells["in-1"])).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("takes a column away with everything that stood in it, and moves one with it", () => {
    const without = removeColumn(table, { part: "output", id: "out-1" });
    expect(without.rows[1]?.outputs).toEqual({ "out-2": { way: "way-2" } });
    const swapped = moveColumn(table, { part: "input", id: "in-2" }, -1);
    expect(swapped.inputs.map(({ id }) => id)).toEqual(["in-2", "in-1"]);
    expect(moveColumn(swapped, { part: "input", id: "in-2" }, -1)).toEqual(swapped);
  });

  it("never gives a new column the id of one that answers or asks already", () => {
    const grown = addOutput(addInput(table, "dpd"), "variable");
    const all = [...grown.inputs, ...grown.outputs].map(({ id }) => id);
    expect(new Set(all).size).toBe(all.length);
  });

  it("lets rows of a way that is taken away take none", () => {
    expect(rowsWithWay(table, "way-2")).toBe(1);
    const after = removeWay(table, "way-2");
    expect(after.rows[1]?.outputs).toEqual({ "out-1": { literal: 10_000 } });
    expect(after.rows[0]).toBe(table.rows[0]);
    expect(addWay(after).ways.map(({ id }) => id)).toEqual(["way-1", "way-2"]);
  });

  it("puts rows in, copies, moves and takes them away, each with an id of its own", () => {
    expect(ids(addRow(table, 1))).toEqual(["row-1", "row-3", "row-2"]);
    expect(ids(duplicateRow(table, 0))).toEqual(["row-1", "row-3", "row-2"]);
    expect(ids(moveRow(table, 0, 1))).toEqual(["row-2", "row-1"]);
    expect(ids(moveRow(table, 0, 5))).toEqual(["row-1", "row-2"]);
    expect(ids(removeRow(table, 0))).toEqual(["row-2"]);
  });

  it("takes a cell apart into its alternatives and puts it together again", () => {
    const aPart = fc.oneof(
      fc.record({ operator: fc.constant("equal" as const), value: fc.integer() }),
      fc.record({ from: fc.integer(), fromInclusive: fc.boolean(), to: fc.integer(), toInclusive: fc.boolean() }),
    );
    fc.assert(
      fc.property(fc.array(aPart, { maxLength: 5 }), (parts) => {
        expect(partsOf(cellOf(parts))).toEqual(parts);
      }),
    );
  });
});

describe("the grid", () => {
  const at = (row: number, column: number): Place => ({ row, column });
  const state = (place: Place, more: Partial<GridState> = {}): GridState => ({
    table,
    columns,
    place,
    block: { top: place.row, bottom: place.row, left: place.column, right: place.column },
    readOnly: false,
    ...more,
  });
  const press = (key: string, how: { command?: true; alt?: true; shift?: true } = {}) => ({
    key,
    command: how.command === true,
    alt: how.alt === true,
    shift: how.shift === true,
  });

  it("is walked by arrows and never left by them", () => {
    const keys = fc.constantFrom(
      "ArrowUp",
      "ArrowDown",
      "ArrowLeft",
      "ArrowRight",
      "Home",
      "End",
      "PageUp",
      "PageDown",
    );
    const size = { rows: 7, columns: 4, page: 3 };
    fc.assert(
      fc.property(fc.array(fc.tuple(keys, fc.boolean()), { maxLength: 60 }), (pressed) => {
        let place = at(0, 0);
        for (const [key, command] of pressed) place = placeAfter(place, { key, command }, size) ?? place;
        expect(place.row).toBeGreaterThanOrEqual(-1);
        expect(place.row).toBeLessThan(size.rows);
        expect(place.column).toBeGreaterThanOrEqual(-1);
        expect(place.column).toBeLessThan(size.columns);
      }),
    );
    expect(placeAfter(at(0, 0), { key: "End", command: true }, size)).toEqual(at(6, 3));
    expect(placeAfter(at(0, 0), { key: "x", command: false }, size)).toBeNull();
    expect(withinGrid(at(9, 9), { rows: 0, columns: 2 })).toEqual(at(-1, 1));
  });

  it("edits with Enter, clears with Delete and moves a row with Alt", () => {
    expect(actOf(press("Enter"), state(at(1, 1)))).toEqual({ place: at(1, 1), edits: true });
    const [, , , way] = columns;
    const cleared = actOf(press("Delete"), state(at(1, 3)))?.table?.rows[1];
    expect(cleared === undefined || way === undefined ? undefined : contentAt(cleared, way)).toBeNull();
    expect(actOf(press("ArrowDown", { alt: true }), state(at(0, 2)))).toMatchObject({ place: at(1, 2) });
    expect(actOf(press("Delete"), state(at(1, -1)))).toMatchObject({
      place: at(0, -1),
      table: { rows: [{ id: "row-1" }] },
    });
  });

  it("copies from the row above", () => {
    const below = actOf(press("d", { command: true }), state(at(1, 3)))?.table;
    expect(below?.rows[1]?.outputs["out-2"]).toEqual({ way: "way-1" });
  });

  it("selects with Shift, all with Ctrl+A, and keeps what is selected where it is cleared", () => {
    expect(actOf(press("ArrowDown", { shift: true }), state(at(0, 1)))).toEqual({ place: at(1, 1), anchor: "kept" });
    expect(actOf(press("ArrowUp", { shift: true }), state(at(0, 1)))).toMatchObject({ place: at(0, 1) });
    expect(actOf(press("a", { command: true }), state(at(0, 1)))).toEqual({ place: at(1, 4), anchor: at(0, 0) });
    const block = { top: 0, bottom: 1, left: 0, right: 1 };
    const act = actOf(press("Delete"), { ...state(at(1, 1)), block });
    expect(act?.table?.rows.map(({ cells }) => cells)).toEqual([{}, {}]);
    expect(act?.anchor).toBe("kept");
  });

  it("is written into by typing, and opened as a line by F2 unless it holds a condition of its own", () => {
    expect(actOf(press("5"), state(at(0, 1)))).toEqual({ place: at(0, 1), types: { typed: "5" } });
    expect(actOf(press("F2"), state(at(0, 1)))).toEqual({ place: at(0, 1), types: { typed: null } });
    const free: Table = { ...table, inputs: [{ id: "in-1", fact: null, unknown: "ask" }] };
    expect(actOf(press("F2"), { ...state(at(0, 0)), columns: columnsOf(free) })).toEqual({
      place: at(0, 0),
      edits: true,
    });
    expect(actOf(press(" "), state(at(0, 1)))).toBeNull();
  });

  it("changes nothing in a reader's hands", () => {
    const keys = ["Delete", "Backspace", "5", "F2", "d", "Enter", "ArrowUp", "ArrowDown"];
    for (const key of keys) {
      for (const how of [{}, { command: true }, { alt: true }] as const) {
        const act = actOf(press(key, how), state(at(1, 0), { readOnly: true }));
        expect(act?.table).toBeUndefined();
        expect(act?.types).toBeUndefined();
      }
    }
  });

  it("draws all rows of a short table, and of a long one those in view", () => {
    expect(rowsInView(WINDOWED_FROM_ROWS, 0, 600)).toEqual({ start: 0, end: WINDOWED_FROM_ROWS });
    fc.assert(
      fc.property(fc.integer({ min: 201, max: 8000 }), fc.nat(8000 * ROW_HEIGHT), (rows, scrollTop) => {
        const { start, end } = rowsInView(rows, scrollTop, 600);
        expect(end - start).toBeLessThan(60);
        const first = Math.floor(scrollTop / ROW_HEIGHT);
        if (first < rows) {
          expect(start).toBeLessThanOrEqual(first);
          expect(end).toBeGreaterThan(first);
        }
      }),
    );
  });
});

describe("a scorecard", () => {
  it("knows the least and the greatest score there can be", () => {
    const card: Card = {
      attributes: [
        {
          id: "a",
          weight: 2,
          rules: [{ id: "rule-1", when: null, points: 30 }],
          otherwise: 0,
          unknown: null,
        },
        { id: "b", weight: -1, rules: [{ id: "rule-1", when: null, points: 5 }], otherwise: 0, unknown: 20 },
      ],
      bands: [],
    };
    expect(scoreRange(card)).toEqual({ minimum: -20, maximum: 60 });
  });

  it("keeps its bands from the highest down, the last one without a floor", () => {
    const grown = Array.from({ length: 4 }).reduce<Card>((card) => addBand(card), addAttribute(EMPTY_CARD));
    const floors = grown.bands.map((band) => band.atLeast);
    expect(floors.at(-1)).toBeNull();
    const numbers = floors.slice(0, -1).map(Number);
    expect(numbers).toEqual([...numbers].sort((left, right) => right - left));
    expect(new Set(numbers).size).toBe(numbers.length);
    const last = removeBand(grown, grown.bands.at(-1)?.id ?? "").bands.at(-1);
    expect(last?.atLeast).toBeNull();
  });

  it("moves an attribute and sets a band without touching the others", () => {
    const two = addAttribute(addAttribute(EMPTY_CARD));
    expect(moveAttribute(two, 0, 1).attributes.map(({ id }) => id)).toEqual(["attribute-2", "attribute-1"]);
    expect(moveAttribute(two, 0, -1)).toEqual(two);
    const banded = addBand(addBand(two));
    const [first] = banded.bands;
    if (first === undefined) throw new Error("no band");
    expect(setBand(banded, { ...first, atLeast: 7 }).bands).toEqual([{ ...first, atLeast: 7 }, banded.bands[1]]);
  });
});
