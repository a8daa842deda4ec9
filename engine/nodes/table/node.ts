import { z } from "zod";
import { variablesOf } from "../../condition/catalogue";
import { conditionIssues } from "../../condition/issues";
import { analyseTable, TABLE_FINDINGS_MAX, type TableFindings } from "../../condition/tables/analyse";
import type { Example } from "../../condition/tables/box";
import { cellCondition, isOwnCondition, rowCondition, rowConditions } from "../../condition/tables/row-condition";
import {
  type DecisionTable,
  DecisionTableSchema,
  type TableCell,
  type TableInput,
  type TableOutput,
  type TableRow,
} from "../../condition/tables/table";
import { valueIssues } from "../../condition/value-issues";
import { InvariantError } from "../../model/invariant";
import { type Issue, type IssueSeverity, issue } from "../../model/issue";
import { inLocale } from "../../model/locale";
import type { CollectOutput } from "../../model/program";
import type { Assignment, ValueSpec } from "../../model/value";
import { defineNode, type Handle, type NodeContext } from "../define";
import { handle, repeatedIds } from "../fragments";
import en from "./en.json";
import examples from "./examples.json";
import zh from "./zh-CN.json";

const TableDataSchema = z.strictObject({
  /** `first`: the first row that holds decides. `collect`: every row that holds contributes. */
  hitPolicy: z.enum(["first", "collect"]),
  /** Accounts without a row are meant to take `otherwise`: gaps are then no problem. */
  otherwiseExpected: z.boolean().default(false),
  table: DecisionTableSchema,
});
type TableData = z.output<typeof TableDataSchema>;

const DONE = "done";
/** No row holds. */
const OTHERWISE = "otherwise";
/** A row could not be decided because a fact is unknown; it never counts as "no" (design D3). */
const UNKNOWN = "unknown";
const SOME = "some";
const NONE = "none";
const RESERVED: readonly string[] = [OTHERWISE, UNKNOWN];

/** Where a part of the table stands in the step's data. */
const at = (part: string): string => `table.${part}`;

type VariableOutput = Extract<TableOutput, { readonly kind: "variable" }>;
type Linted = { readonly table: DecisionTable; readonly context: NodeContext };

function wayColumn({ hitPolicy, table }: TableData): TableOutput | undefined {
  return hitPolicy === "first" ? table.outputs.find(({ kind }) => kind === "handle") : undefined;
}

function handlesOf(data: TableData): readonly Handle[] {
  if (data.hitPolicy === "collect") return [handle(SOME, "main"), handle(NONE, "branch"), handle(UNKNOWN, "fallback")];
  const ways = data.table.ways.map(
    ({ id, name }, index): Handle => ({
      id,
      label: { text: name === undefined ? id : inLocale(name, "zh-CN") },
      role: index === 0 ? "main" : "branch",
      required: true,
      ...(name === undefined ? {} : { name }),
    }),
  );
  const decided = wayColumn(data) === undefined ? [handle(DONE, "main")] : ways;
  return [...decided, handle(OTHERWISE, "branch"), handle(UNKNOWN, "fallback")];
}

function outputOf(row: TableRow, { id }: TableOutput): TableRow["outputs"][string] {
  return (Object.hasOwn(row.outputs, id) ? row.outputs[id] : null) ?? null;
}

function wayOf(row: TableRow, column: TableOutput | undefined): string | null {
  const chosen = column === undefined ? null : outputOf(row, column);
  return chosen !== null && "way" in chosen ? chosen.way : null;
}

function valueIn(row: TableRow, column: TableOutput): ValueSpec | null {
  const given = outputOf(row, column);
  return given === null || "way" in given ? null : given;
}

function repeatedIssues({ inputs, outputs, ways, rows }: DecisionTable): readonly Issue[] {
  const columns = [...inputs, ...outputs];
  return [
    ...repeatedIds(columns).map(({ id, index }) => {
      const path = index < inputs.length ? `inputs[${index}].id` : `outputs[${index - inputs.length}].id`;
      return issue("table.column-id-twice", { path: `table.${path}` }, { column: id });
    }),
    ...repeatedIds(ways).map(({ id, index }) =>
      issue("table.way-id-twice", { path: `table.ways[${index}].id` }, { way: id }),
    ),
    ...ways.flatMap(({ id }, index) =>
      RESERVED.includes(id) ? [issue("table.way-reserved", { path: `table.ways[${index}].id` }, { way: id })] : [],
    ),
    ...repeatedIds(rows).map(({ id, index }) =>
      issue("table.row-id-twice", { path: `table.rows[${index}].id` }, { row: index + 1, id }),
    ),
  ];
}

/** Columns without a fact and rows without a condition: nothing says when a row holds. */
function asksNothing({ inputs, ...table }: DecisionTable): boolean {
  const factless = inputs.every(({ fact }) => fact === null);
  return factless && table.rows.every((row) => rowConditions({ ...table, inputs }, row).length === 0);
}

function columnIssues(data: TableData, context: NodeContext): readonly Issue[] {
  const { inputs, outputs, rows } = data.table;
  const found: Issue[] = [];
  if (inputs.length === 0) found.push(issue("table.columns-missing", { path: at("inputs") }));
  if (rows.length === 0) found.push(issue("table.rows-missing", { path: at("rows") }));
  else if (inputs.length > 0 && asksNothing(data.table)) {
    found.push(issue("table.asks-nothing", { path: at("rows") }));
  }
  if (outputs.length === 0) {
    const severity = data.hitPolicy === "collect" ? "error" : "warning";
    found.push(issue("table.outputs-missing", { path: at("outputs"), severity }));
  }
  inputs.forEach(({ fact, id }, index) => {
    if (fact === "") found.push(issue("table.fact-missing", { path: `table.inputs[${index}].fact` }, { column: id }));
  });
  const variables = new Set<string>();
  let ways = 0;
  outputs.forEach((output, index) => {
    const path = `table.outputs[${index}]`;
    if (output.kind === "handle") {
      ways += 1;
      if (data.hitPolicy === "collect") found.push(issue("table.way-in-collect", { path }, { column: output.id }));
      else if (ways > 1) found.push(issue("table.way-column-twice", { path }, { column: output.id }));
      return;
    }
    const { variable } = output;
    if (variable === "")
      found.push(issue("table.variable-missing", { path: `${path}.variable` }, { column: output.id }));
    else if (!variablesOf(context.settings).some(({ name }) => name === variable)) {
      found.push(issue("table.variable-unknown", { path: `${path}.variable` }, { variable }));
    } else if (variables.has(variable)) {
      found.push(issue("table.variable-twice", { path: `${path}.variable` }, { variable }));
    }
    variables.add(variable);
  });
  return found;
}

type CellPlace = { readonly input: TableInput; readonly path: string; readonly row: number };

function cellIssues(cell: TableCell, { input, path, row }: CellPlace, context: NodeContext): readonly Issue[] {
  const condition = cellCondition(input, cell);
  if (condition === null) {
    return input.fact === "" ? [] : [issue("table.cell-misfit", { path }, { row, column: input.id })];
  }
  const plain = isOwnCondition(cell) || "operator" in cell;
  // Only a plain question stands in the data as it stands in the condition; of the others the cell is named.
  return conditionIssues(condition, context.fields, path).map((found) => (plain ? found : { ...found, path }));
}

function rowIssues(row: TableRow, index: number, { table, context }: Linted): readonly Issue[] {
  const { inputs, outputs, ways } = table;
  const path = `table.rows[${index}]`;
  const ofRow = { row: index + 1 };
  const found: Issue[] = [];
  for (const column of [...Object.keys(row.cells), ...Object.keys(row.outputs)]) {
    if (![...inputs, ...outputs].some(({ id }) => id === column)) {
      found.push(issue("table.column-unknown", { path }, { ...ofRow, column }));
    }
  }
  for (const input of inputs) {
    const cell = Object.hasOwn(row.cells, input.id) ? row.cells[input.id] : null;
    if (cell === null || cell === undefined) continue;
    found.push(...cellIssues(cell, { input, path: `${path}.cells.${input.id}`, row: index + 1 }, context));
  }
  for (const output of outputs) {
    const place = { path: `${path}.outputs.${output.id}` };
    const given = outputOf(row, output);
    if (given !== null && (output.kind === "handle") !== "way" in given) {
      found.push(issue("table.output-misfit", place, { ...ofRow, column: output.id }));
    } else if (output.kind === "handle") {
      const way = wayOf(row, output);
      if (way === null) found.push(issue("table.way-missing", place, ofRow));
      else if (!ways.some(({ id }) => id === way)) found.push(issue("table.way-unknown", place, { ...ofRow, way }));
    } else found.push(...setIssues(valueIn(row, output), output, { ...place, context }));
  }
  const sets = outputs.some((output) => outputOf(row, output) !== null);
  if (!sets && rowConditions(table, row).length === 0) {
    found.push(issue("table.row-empty", { path, severity: "warning" }, ofRow));
  }
  return found;
}

/** What is counted or joined fits every variable; the rest is held to what a value set by hand is held to. */
function setIssues(
  value: ValueSpec | null,
  output: VariableOutput,
  { path, context }: { readonly path: string; readonly context: NodeContext },
): readonly Issue[] {
  const variable = variablesOf(context.settings).find(({ name }) => name === output.variable);
  if (value === null || variable === undefined) return [];
  const counted = output.aggregate === "count" || output.aggregate === "join";
  return counted ? [] : valueIssues(value, variable, { fields: context.fields, path });
}

function unusedWays(data: TableData): readonly Issue[] {
  const column = wayColumn(data);
  const taken = new Set(data.table.rows.map((row) => wayOf(row, column)));
  return data.table.ways.flatMap(({ id }, index) =>
    taken.has(id)
      ? []
      : [issue("table.way-unused", { path: `table.ways[${index}]`, severity: "warning" as const }, { way: id })],
  );
}

function coverageIssues(data: TableData, context: NodeContext): readonly Issue[] {
  if (data.hitPolicy === "collect") return [];
  const findings = analyseTable(data.table, context.fields);
  const found: Issue[] = [];
  const place = (path: string, severity: IssueSeverity) => ({ path, severity });
  const row = (index: number) => ({ row: index + 1 });
  if (!data.otherwiseExpected) {
    for (const gap of findings.gaps.slice(0, TABLE_FINDINGS_MAX)) {
      found.push(withExample(issue("table.gap", place(at("rows"), "warning")), gap, findings));
    }
    const more = findings.gaps.length - TABLE_FINDINGS_MAX;
    if (more > 0) found.push(issue("table.more-gaps", place(at("rows"), "warning"), { count: more }));
  }
  for (const index of findings.impossible.slice(0, TABLE_FINDINGS_MAX)) {
    found.push(issue("table.row-impossible", place(`table.rows[${index}]`, "warning"), row(index)));
  }
  for (const index of findings.shadowed.slice(0, TABLE_FINDINGS_MAX)) {
    found.push(issue("table.row-shadowed", place(`table.rows[${index}]`, "warning"), row(index)));
  }
  const hidden = Math.max(0, findings.shadowed.length - TABLE_FINDINGS_MAX);
  if (hidden > 0) found.push(issue("table.more-shadowed", place(at("rows"), "warning"), { count: hidden }));
  for (const { row: later, earlier, example } of findings.overlaps.slice(0, TABLE_FINDINGS_MAX)) {
    const params = { ...row(later), earlier: earlier + 1 };
    found.push(withExample(issue("table.overlap", place(`table.rows[${later}]`, "info"), params), example, findings));
  }
  if (!findings.proven) found.push(issue("table.not-proven", place(at("rows"), "info")));
  return found;
}

function withExample(found: Issue, { when, facts }: Example, { fields }: TableFindings): Issue {
  return { ...found, example: { when, facts, fields } };
}

function lintTable(data: TableData, context: NodeContext): readonly Issue[] {
  const { rows } = data.table;
  const found = [
    ...columnIssues(data, context),
    ...repeatedIssues(data.table),
    ...rows.flatMap((row, index) => rowIssues(row, index, { table: data.table, context })),
    ...(wayColumn(data) === undefined ? [] : unusedWays(data)),
  ];
  const broken = found.some(({ severity }) => severity === "error");
  return broken || rows.length === 0 ? found : [...found, ...coverageIssues(data, context)];
}

/** Rows as rules; their outcome is the way on. */
function rulesOf(data: TableData, context: NodeContext) {
  const column = wayColumn(data);
  return data.table.rows.map((row) => {
    const when = rowCondition(data.table, row);
    const outcome = data.hitPolicy === "collect" ? SOME : column === undefined ? DONE : wayOf(row, column);
    if (when === null || outcome === null) {
      throw new InvariantError("table.incomplete", { nodeId: context.nodeId, row: row.id });
    }
    return { rule: row.id, outcome, when };
  });
}

function typedOutputs(data: TableData, context: NodeContext) {
  const variables = variablesOf(context.settings);
  return data.table.outputs
    .filter((output): output is VariableOutput => output.kind === "variable")
    .map((output) => ({
      output,
      type: variables.find(({ name }) => name === output.variable)?.type ?? ("text" as const),
    }));
}

function setsOf(data: TableData, context: NodeContext): { readonly [rule: string]: readonly Assignment[] } {
  const outputs = typedOutputs(data, context);
  const sets = data.table.rows.map((row) => {
    const own = outputs.flatMap(({ output, type }): Assignment[] => {
      const value = valueIn(row, output);
      return value === null ? [] : [{ variable: output.variable, type, value }];
    });
    return [row.id, own] as const;
  });
  return Object.fromEntries(sets.filter(([, own]) => own.length > 0));
}

function collectedOutputs(data: TableData, context: NodeContext): readonly CollectOutput[] {
  return typedOutputs(data, context).map(({ output, type }) => {
    const values = data.table.rows.flatMap((row) => {
      const value = valueIn(row, output);
      return value === null ? [] : [[row.id, value] as const];
    });
    return { variable: output.variable, type, aggregate: output.aggregate, values: Object.fromEntries(values) };
  });
}

/** Rows of questions about facts; the first that holds decides, or every one that holds contributes. */
export const table = defineNode<TableData>({
  type: "table",
  version: 1,
  group: "decide",
  icon: "table-2",
  schema: TableDataSchema,
  initial: () => ({
    hitPolicy: "first",
    otherwiseExpected: false,
    table: {
      inputs: [{ id: "c1", fact: "", unknown: "ask" }],
      outputs: [{ kind: "handle", id: "way" }],
      ways: [{ id: "way-1" }],
      rows: [{ id: "row-1", cells: { c1: null }, outputs: { way: { way: "way-1" } } }],
    },
  }),
  migrate: {},
  handles: handlesOf,
  form: [
    { path: "hitPolicy", widget: "choice", options: ["first", "collect"] },
    { path: "table", widget: "table" },
    { path: "otherwiseExpected", widget: "toggle", shownWhen: { path: "hitPolicy", equals: ["first"] } },
  ],
  lint: lintTable,
  compile: (data, context) => {
    const ruleSet = context.addRuleSet(rulesOf(data, context));
    if (data.hitPolicy === "collect") {
      const outputs = collectedOutputs(data, context);
      return { kind: "collect", ruleSet, outputs, some: SOME, none: NONE, unknown: UNKNOWN };
    }
    const sets = setsOf(data, context);
    const own = Object.keys(sets).length === 0 ? {} : { sets };
    return { kind: "decide", ruleSet, otherwise: OTHERWISE, unknown: UNKNOWN, ...own };
  },
  simulate: () => [],
  summary: ({ hitPolicy, table: { inputs, rows } }) => {
    const params = { rows: rows.length, columns: inputs.length };
    if (rows.length === 0) return { key: "empty", params };
    return hitPolicy === "first" ? { key: "first", params } : { key: "collect", params };
  },
  texts: { "zh-CN": zh, en },
  examples: z.array(TableDataSchema).parse(examples),
});
