import { cellCondition } from "../../condition/tables/row-condition";
import {
  type DecisionTable,
  DecisionTableSchema,
  type TableCell,
  type TableInput,
  type TableOutput,
} from "../../condition/tables/table";
import type { JsonValue } from "../../model/json";
import { inLocale } from "../../model/locale";
import { conditionSentence } from "../condition-sentence";
import { wordOf } from "../words";
import { type DiffReading, diffWord, factName, variableName } from "./reading";
import type { Given, Label, Part, Shape, Teller } from "./structure";
import { asFact, asValueFor, asVariable, asWritten, group, LOCAL_TEXT, leaf, part } from "./tellers";

type Columns = {
  readonly inputs: ReadonlyMap<string, TableInput>;
  readonly outputs: ReadonlyMap<string, TableOutput>;
  readonly ways: ReadonlyMap<string, DecisionTable["ways"][number]>;
};

const byId = <TItem extends { readonly id: string }>(items: readonly TItem[]): readonly [string, TItem][] =>
  items.map((item) => [item.id, item]);

/** Columns and ways of both tables, as they are called now where both have them. */
function columnsOf(tables: readonly DecisionTable[]): Columns {
  return {
    inputs: new Map(tables.flatMap(({ inputs }) => byId(inputs))),
    outputs: new Map(tables.flatMap(({ outputs }) => byId(outputs))),
    ways: new Map(tables.flatMap(({ ways }) => byId(ways))),
  };
}

function inputName(input: TableInput, reading: DiffReading): string {
  if (input.name !== undefined) return inLocale(input.name, reading.locale);
  if (input.fact === null) return diffWord(reading.locale, "conditions");
  return input.fact === "" ? diffWord(reading.locale, "none") : factName(input.fact, reading);
}

function outputName(output: TableOutput, reading: DiffReading): string {
  if (output.name !== undefined) return inLocale(output.name, reading.locale);
  return output.kind === "handle" ? diffWord(reading.locale, "way-on") : variableName(output.variable, reading);
}

function wayName(id: string, { ways }: Columns, { locale }: DiffReading): string {
  const name = ways.get(id)?.name;
  return name === undefined ? id : inLocale(name, locale);
}

const cellTeller =
  (input: TableInput | undefined): Teller =>
  (value, reading) => {
    if (value === null) return diffWord(reading.locale, "anything");
    const condition = input === undefined ? null : cellCondition(input, value as TableCell);
    return condition === null
      ? asWritten(value, reading)
      : conditionSentence(condition, reading.fields, reading.locale);
  };

const outputTeller =
  (output: TableOutput | undefined, columns: Columns): Teller =>
  (value, reading) => {
    if (value === null) return diffWord(reading.locale, "stays");
    if (typeof value === "object" && "way" in value) return wayName(String(value.way), columns, reading);
    return asValueFor(output?.kind === "variable" ? output.variable : null)(value, reading);
  };

/** A row in one line: what it asks, and what comes of it. */
const rowTeller =
  (columns: Columns): Teller =>
  (value, reading) => {
    const row = value as {
      readonly cells?: { readonly [id: string]: JsonValue };
      readonly outputs?: { readonly [id: string]: JsonValue };
    };
    const cells = Object.entries(row.cells ?? {}).flatMap(([id, cell]) =>
      cell === null ? [] : [cellTeller(columns.inputs.get(id))(cell, reading)],
    );
    const outputs = Object.entries(row.outputs ?? {}).flatMap(([id, given]) => {
      const output = columns.outputs.get(id);
      if (given === null || output === undefined) return [];
      return [`${outputName(output, reading)} = ${outputTeller(output, columns)(given, reading)}`];
    });
    const asked =
      cells.length === 0 ? diffWord(reading.locale, "anything") : cells.join(wordOf(reading.locale, "sentence.and"));
    return [asked, ...outputs].join(" · ");
  };

const rowLabel =
  (index: number): Label =>
  ({ locale }) =>
    diffWord(locale, "row", { row: index + 1 });

const unknownTeller: Teller = (value, { locale }) =>
  diffWord(locale, value === "fails" ? "unknown-fails" : "unknown-asks");

/** A decision table: columns and rows by their ids, cells by their columns. */
export function tableShape(values: { readonly before: Given; readonly after: Given }): Shape {
  const tables = [values.before, values.after].flatMap((value) => {
    const table = DecisionTableSchema.safeParse(value);
    return table.success ? [table.data] : [];
  });
  const columns = columnsOf(tables);
  const cell = (id: string): Part => {
    const input = columns.inputs.get(id);
    return {
      label: (reading) => (input === undefined ? id : inputName(input, reading)),
      shape: leaf(cellTeller(input)),
    };
  };
  const output = (id: string): Part => {
    const column = columns.outputs.get(id);
    return {
      label: (reading) => (column === undefined ? id : outputName(column, reading)),
      shape: leaf(outputTeller(column, columns)),
    };
  };
  const name = part("name", LOCAL_TEXT);
  const column = (
    tell: Teller,
    nameOf: (id: string, reading: DiffReading) => string,
    members: { readonly [name: string]: Part },
  ): Shape => ({
    kind: "items",
    by: "id",
    ordered: true,
    label: (item) => (reading) => diffWord(reading.locale, "column", { name: nameOf(String(item.id), reading) }),
    tell,
    of: { kind: "members", members: { ...members, name } },
  });
  const nameOfInput = (id: string, reading: DiffReading) => cell(id).label(reading);
  const nameOfOutput = (id: string, reading: DiffReading) => output(id).label(reading);
  const told =
    (nameOf: typeof nameOfInput): Teller =>
    (item, reading) =>
      nameOf(idOf(item), reading);
  return {
    kind: "members",
    members: {
      inputs: group(
        "inputs-asked",
        column(told(nameOfInput), nameOfInput, {
          fact: part("fact", leaf(asFact)),
          unknown: part("when-unknown", leaf(unknownTeller)),
        }),
      ),
      outputs: group(
        "outputs-set",
        column(told(nameOfOutput), nameOfOutput, {
          variable: part("variable", leaf(asVariable)),
          aggregate: part("aggregate"),
          kind: part("kind"),
        }),
      ),
      ways: group("ways", {
        kind: "items",
        by: "id",
        ordered: true,
        label: (item) => (reading) =>
          diffWord(reading.locale, "way-named", { name: wayName(String(item.id), columns, reading) }),
        tell: (item, reading) => wayName(idOf(item), columns, reading),
        of: { kind: "members", members: { name } },
      }),
      rows: group("rows", {
        kind: "items",
        by: "id",
        ordered: true,
        label: (_item, index) => rowLabel(index),
        tell: rowTeller(columns),
        of: {
          kind: "members",
          members: {
            cells: group("cells", { kind: "record", part: cell }),
            outputs: group("results", { kind: "record", part: output }),
            note: part("note"),
          },
        },
      }),
    },
  };
}

function idOf(item: JsonValue): string {
  return typeof item === "object" && item !== null && "id" in item ? String(item.id) : "";
}
