import { describe, expect, test } from "vitest";
import type { ConditionScalar } from "../../model/condition";
import { FieldSchema } from "../../model/facts";
import type { AuthoredRule, NodeContext } from "../define";
import { briefly, contextWith } from "../testing/context";
import { table } from "./node";

const STAGES = ["M1", "M2", "M3"].map((value) => ({ value, label: { "zh-CN": value, en: value } }));

/** A strategy with a stage and a balance to ask for, and two variables to write. */
function context(rules: AuthoredRule[] = []): NodeContext {
  const plain = contextWith(rules);
  const field = (key: string, type: string, more: object = {}) =>
    FieldSchema.parse({ key, type, label: { "zh-CN": key, en: key }, origin: "column", usableInRules: true, ...more });
  const variables = [
    { name: "fee", type: "money" as const, initial: null },
    { name: "flags", type: "text" as const, initial: null },
  ];
  return {
    ...plain,
    settings: { ...plain.settings, variables },
    fields: {
      ...plain.fields,
      bucket: field("bucket", "enum", { values: STAGES }),
      total_outstanding: field("total_outstanding", "money", { minimum: 0 }),
    },
  };
}

type Cells = { readonly [input: string]: unknown };
const equal = (value: ConditionScalar) => ({ operator: "equal", value });

/** Stage and balance decide between the robot and the lawyers. */
function stagesTable(rows: readonly { readonly cells: Cells; readonly outputs?: Cells }[], more: object = {}) {
  return table.schema.parse({
    hitPolicy: "first",
    table: {
      inputs: [
        { id: "stage", fact: "bucket" },
        { id: "balance", fact: "total_outstanding" },
      ],
      outputs: [
        { id: "way", kind: "handle" },
        { id: "fee", kind: "variable", variable: "fee" },
      ],
      ways: [{ id: "robot" }, { id: "legal" }],
      rows: rows.map(({ cells, outputs }, index) => ({
        id: `row-${index + 1}`,
        cells,
        outputs: outputs ?? { way: { way: index % 2 === 0 ? "robot" : "legal" } },
      })),
    },
    ...more,
  });
}

const COMPLETE = [{ cells: { stage: equal("M1") } }, { cells: {} }];

describe("ways on", () => {
  test("are the author's own, then otherwise and unknown; without a column for them, one for every row that holds", () => {
    expect(table.handles(stagesTable(COMPLETE)).map(({ id }) => id)).toEqual([
      "robot",
      "legal",
      "otherwise",
      "unknown",
    ]);
    const plain = stagesTable(COMPLETE);
    const outputs = plain.table.outputs.filter(({ kind }) => kind === "variable");
    const handles = table.handles({ ...plain, table: { ...plain.table, outputs } });
    expect(handles.map(({ id }) => id)).toEqual(["done", "otherwise", "unknown"]);
    expect(table.handles({ ...plain, hitPolicy: "collect" }).map(({ id }) => id)).toEqual(["some", "none", "unknown"]);
  });
});

describe("compiled", () => {
  test("rows become rules in their order, with the variables they set", () => {
    const rules: AuthoredRule[] = [];
    const data = stagesTable([
      {
        cells: {
          stage: { operator: "in", value: ["M1", "M2"] },
          balance: { from: 100, fromInclusive: true, to: 500, toInclusive: false },
        },
        outputs: { way: { way: "robot" }, fee: { literal: 300 } },
      },
      { cells: {}, outputs: { way: { way: "legal" }, fee: null } },
    ]);
    expect(table.compile(data, context(rules))).toEqual({
      kind: "decide",
      ruleSet: "rules-1",
      otherwise: "otherwise",
      unknown: "unknown",
      sets: { "row-1": [{ variable: "fee", type: "money", value: { literal: 300 } }] },
    });
    expect(rules).toEqual([
      {
        rule: "row-1",
        outcome: "robot",
        when: {
          all: [
            { fact: "bucket", operator: "in", value: ["M1", "M2"] },
            {
              all: [
                { fact: "total_outstanding", operator: "greaterThanInclusive", value: 100 },
                { fact: "total_outstanding", operator: "lessThan", value: 500 },
              ],
            },
          ],
        },
      },
      {
        rule: "row-2",
        outcome: "legal",
        when: {
          any: [
            { fact: "bucket", operator: "isKnown", value: true },
            { fact: "bucket", operator: "isKnown", value: false },
          ],
        },
      },
    ]);
  });

  test("every row that holds adds what it has to a collecting table", () => {
    const data = table.schema.parse({
      hitPolicy: "collect",
      table: {
        inputs: [{ id: "stage", fact: "bucket", unknown: "fails" }],
        outputs: [
          { id: "fee", kind: "variable", variable: "fee", aggregate: "sum" },
          { id: "flags", kind: "variable", variable: "flags", aggregate: "join" },
        ],
        ways: [],
        rows: [
          { id: "late", cells: { stage: equal("M3") }, outputs: { fee: { literal: 5 }, flags: { literal: "late" } } },
          { id: "all", cells: { stage: null }, outputs: { fee: { literal: 1 } } },
        ],
      },
    });
    expect(table.lint(data, context())).toEqual([]);
    expect(table.compile(data, context())).toMatchObject({
      kind: "collect",
      outputs: [
        { variable: "fee", type: "money", aggregate: "sum", values: { late: { literal: 5 }, all: { literal: 1 } } },
        { variable: "flags", type: "text", aggregate: "join", values: { late: { literal: "late" } } },
      ],
    });
  });
});

describe("lint", () => {
  test("a finished table has nothing to say", () => {
    expect(table.lint(stagesTable(COMPLETE), context())).toEqual([]);
  });

  test("names what a table lacks, by row and column", () => {
    const data = stagesTable([
      { cells: { stage: equal("M9"), balance: { from: 1.5, fromInclusive: true, to: 9, toInclusive: true } } },
      {
        cells: { stage: { fact: "dpd", operator: "equal", value: 1 }, gone: null },
        outputs: { way: { literal: 1 }, fee: { literal: "x" } },
      },
      { cells: {}, outputs: { fee: { fact: "nobody" } } },
      { cells: {}, outputs: { way: { way: "court" } } },
    ]);
    expect(briefly(table.lint(data, context()))).toEqual([
      "error condition.value-not-listed table.rows[0].cells.stage.value",
      "error condition.money-not-whole table.rows[0].cells.balance",
      "error table.column-unknown table.rows[1]",
      "error table.cell-misfit table.rows[1].cells.stage",
      "error table.output-misfit table.rows[1].outputs.way",
      "error value.literal-type table.rows[1].outputs.fee.literal",
      "error table.way-missing table.rows[2].outputs.way",
      "error condition.fact-unknown table.rows[2].outputs.fee.fact",
      "error table.way-unknown table.rows[3].outputs.way",
      "warning table.way-unused table.ways[1]",
    ]);
  });

  test("holds what a row sets to what a value set by hand is held to: an amount times an amount is none", () => {
    const squared = { operator: "multiply", of: [{ fact: "total_outstanding" }, { fact: "total_outstanding" }] };
    const data = stagesTable([
      { cells: { stage: equal("M1") }, outputs: { way: { way: "robot" }, fee: squared } },
      { cells: {}, outputs: { way: { way: "legal" } } },
    ]);
    const codes = table.lint(data, context()).map(({ code, path }) => [code, path]);
    expect(codes).toEqual([["value.money-twice", "table.rows[0].outputs.fee"]]);
  });

  test("names columns without a fact or a variable, ids that come twice, and ways that cannot be", () => {
    const data = table.schema.parse({
      hitPolicy: "collect",
      table: {
        inputs: [
          { id: "a", fact: "" },
          { id: "a", fact: "bucket" },
        ],
        outputs: [
          { id: "way", kind: "handle" },
          { id: "x", kind: "variable", variable: "" },
          { id: "y", kind: "variable", variable: "nobody" },
        ],
        ways: [{ id: "otherwise" }],
        rows: [
          { id: "r", cells: {}, outputs: {} },
          { id: "r", cells: {}, outputs: {} },
        ],
      },
    });
    expect(briefly(table.lint(data, context()))).toEqual(
      expect.arrayContaining([
        "error table.fact-missing table.inputs[0].fact",
        "error table.way-in-collect table.outputs[0]",
        "error table.variable-missing table.outputs[1].variable",
        "error table.variable-unknown table.outputs[2].variable",
        "error table.column-id-twice table.inputs[1].id",
        "error table.way-reserved table.ways[0].id",
        "error table.row-id-twice table.rows[1].id",
        "warning table.row-empty table.rows[0]",
      ]),
    );
  });

  test("refuses a table that asks nothing at all, and takes one whose only question stands in a row", () => {
    const asking = (cell: unknown) =>
      table.schema.parse({
        hitPolicy: "collect",
        table: {
          inputs: [{ id: "own", fact: null }],
          outputs: [{ id: "fee", kind: "variable", variable: "fee" }],
          ways: [],
          rows: [
            { id: "row-1", cells: { own: null }, outputs: { fee: { literal: 1 } } },
            { id: "row-2", cells: { own: cell }, outputs: { fee: { literal: 2 } } },
          ],
        },
      });
    expect(briefly(table.lint(asking(null), context()))).toEqual(["error table.asks-nothing table.rows"]);
    const late = asking({ fact: "dpd", operator: "greaterThan", value: 30 });
    expect(table.lint(late, context())).toEqual([]);
    expect(() => table.compile(late, context())).not.toThrow();
  });

  test("shows accounts for which there is no row, unless they are meant to take otherwise", () => {
    const rows = [
      { cells: { stage: { operator: "in", value: ["M1", "M3"] } } },
      { cells: { stage: equal("M2"), balance: { operator: "lessThan", value: 5_000_000 } } },
    ];
    const [gap, ...others] = table.lint(stagesTable(rows), context());
    expect(others).toEqual([]);
    expect(gap).toMatchObject({
      code: "table.gap",
      severity: "warning",
      path: "table.rows",
      example: {
        when: {
          all: [
            { fact: "bucket", operator: "equal", value: "M2" },
            { fact: "total_outstanding", operator: "greaterThanInclusive", value: 5_000_000 },
          ],
        },
        facts: { bucket: "M2", total_outstanding: 5_000_000 },
      },
    });
    expect(table.lint(stagesTable(rows, { otherwiseExpected: true }), context())).toEqual([]);
  });

  test("tells rows that can never be reached from rows that cross", () => {
    const rows = [
      { cells: { stage: equal("M1") } },
      { cells: { balance: { operator: "greaterThan", value: 100 } } },
      { cells: { stage: equal("M1"), balance: { operator: "greaterThan", value: 7 } } },
      { cells: {} },
    ];
    expect(briefly(table.lint(stagesTable(rows), context()))).toEqual([
      "warning table.row-shadowed table.rows[2]",
      "info table.overlap table.rows[1]",
    ]);
  });
});

test("an unfinished table is never compiled", () => {
  expect(() => table.compile(stagesTable([{ cells: {}, outputs: {} }]), context())).toThrow("table.incomplete");
});
