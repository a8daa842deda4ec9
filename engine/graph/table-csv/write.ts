import { strategyCatalogue, variablesOf } from "../../condition/catalogue";
import type { DecisionTable, TableInput, TableOutput, TableRow } from "../../condition/tables/table";
import { type FactType, type FieldCatalogue, fieldOf } from "../../model/facts";
import { canonicalJson } from "../../model/json";
import type { Locale } from "../../model/locale";
import type { StrategySettings } from "../../model/strategy";
import { ANY_CELL, cellText } from "./cell-text";
import { valueText } from "./value-text";
import { csvWord } from "./words";

/** What facts and variables there are, by which cells are written and read. */
export type TableCsvTypes = {
  readonly typeOfFact: (fact: string) => FactType | null;
  readonly typeOfVariable: (variable: string) => FactType | null;
};

/** The types of a strategy's facts and variables in its market. */
export function tableCsvTypes(market: FieldCatalogue, settings: StrategySettings): TableCsvTypes {
  const fields = strategyCatalogue(market, settings);
  const variables = variablesOf(settings);
  return {
    typeOfFact: (fact) => fieldOf(fields, fact)?.type ?? null,
    typeOfVariable: (name) => variables.find((variable) => variable.name === name)?.type ?? null,
  };
}

/** Column of the row's id, and of the first input. */
const LEAD_COLUMNS = 2;
const BYTE_ORDER_MARK = "\ufeff";
const LINE_END = "\r\n";
const RISKY = /^[=+\-@\t\r\n']/;
const PLAIN_NUMBER = /^-?\d+(\.\d+)?%?$/;

/** A cell that a spreadsheet would reckon as a formula gets an apostrophe in front, and so does one that begins with one. */
function harmless(text: string): string {
  return RISKY.test(text) && text !== ANY_CELL && !PLAIN_NUMBER.test(text) ? `'${text}` : text;
}

function quoted(text: string): string {
  const safe = harmless(text);
  return /[",;\t\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * A table as the text of a CSV file: header rows with the kind, id, fact, type, option and name of every column, a row for every way
 * on, then the table's rows. Header words are in the reader's language and read in any. Reading it again gives the same table.
 */
export function tableToCsv(table: DecisionTable, types: TableCsvTypes, locale: Locale): string {
  const columns = [...table.inputs.map(inputColumn), ...table.outputs.map(outputColumn)];
  const word = (key: Parameters<typeof csvWord>[1]) => csvWord(locale, key);
  const header = (label: string, cells: readonly string[]) => [label, "", ...cells, ""];
  const typeOf = (column: Column): string => columnType(column, types) ?? "";
  const lines = [
    [word("kind"), "", ...columns.map(({ kind }) => word(kind)), word("note")],
    header(
      word("id"),
      columns.map(({ id }) => id),
    ),
    header(
      word("fact"),
      columns.map(({ subject }) => subject ?? word("condition")),
    ),
    header(word("type"), columns.map(typeOf)),
    header(
      word("option"),
      columns.map(({ option }) => option),
    ),
    header(
      word("name-zh"),
      columns.map(({ name }) => name?.["zh-CN"] ?? ""),
    ),
    header(
      word("name-en"),
      columns.map(({ name }) => name?.en ?? ""),
    ),
    ...table.ways.map(({ id, name }) => [word("way"), id, name?.["zh-CN"] ?? "", name?.en ?? ""]),
    ...table.rows.map((row) => [word("row"), row.id, ...rowTexts(row, table, types), row.note ?? ""]),
  ];
  const width = columns.length + LEAD_COLUMNS + 1;
  const texts = lines.map((cells) => [...cells, ...Array(Math.max(0, width - cells.length)).fill("")]);
  return `${BYTE_ORDER_MARK}${texts.map((cells) => `${cells.map(quoted).join(",")}${LINE_END}`).join("")}`;
}

type Column = {
  readonly kind: "if" | "set" | "way";
  readonly id: string;
  /** Fact or variable; null = conditions of their own. */
  readonly subject: string | null;
  readonly option: string;
  readonly name: TableInput["name"];
};

function inputColumn({ id, fact, unknown, name }: TableInput): Column {
  return { kind: "if", id, subject: fact, option: unknown, name };
}

function outputColumn(output: TableOutput): Column {
  const { id, name } = output;
  if (output.kind === "handle") return { kind: "way", id, subject: "", option: "", name };
  return { kind: "set", id, subject: output.variable, option: output.aggregate, name };
}

function columnType({ kind, subject }: Column, types: TableCsvTypes): FactType | null {
  if (subject === null || kind === "way") return null;
  return kind === "if" ? types.typeOfFact(subject) : types.typeOfVariable(subject);
}

function rowTexts(row: TableRow, table: DecisionTable, types: TableCsvTypes): readonly string[] {
  const cells = table.inputs.map((input) => {
    const type = input.fact === null ? null : types.typeOfFact(input.fact);
    return cellText((Object.hasOwn(row.cells, input.id) ? row.cells[input.id] : null) ?? null, type);
  });
  const outputs = table.outputs.map((output) => {
    const given = Object.hasOwn(row.outputs, output.id) ? row.outputs[output.id] : null;
    if (given === null || given === undefined) return "";
    if ("way" in given) return output.kind === "handle" ? given.way : canonicalJson(given);
    const type = output.kind === "variable" ? types.typeOfVariable(output.variable) : null;
    return type === null ? canonicalJson(given) : valueText(given, type);
  });
  return [...cells, ...outputs];
}
