import { CsvError, parse } from "csv-parse/sync";
import { type DecisionTable, DecisionTableSchema, TABLE_LIMITS } from "../../condition/tables/table";
import type { FactType } from "../../model/facts";
import { type Issue, issue } from "../../model/issue";
import { err, ok, type Result } from "../../model/result";
import { shapeIssues } from "../shape-issues";
import { parseCell } from "./cell-text";
import { parseValue } from "./value-text";
import { saysWord } from "./words";
import type { TableCsvTypes } from "./write";

/** Longest file: a table at its limits is well below it. */
export const TABLE_CSV_CHARACTERS_MAX = 16 * 1024 * 1024;
/** Most problems told of one file. */
const PROBLEMS_MAX = 100;
const COLUMNS_MAX = TABLE_LIMITS.inputs + TABLE_LIMITS.outputs + 3;
const LINES_MAX = TABLE_LIMITS.rows + TABLE_LIMITS.ways + 20;
const DELIMITERS = [",", ";", "\t"] as const;
/** Columns before the table's own: the word that says what the line is, and the id of a row or a way. */
const LEAD_COLUMNS = 2;
const ESCAPED = /^'[=+\-@\t\r\n']/;

type Line = { readonly line: number; readonly cells: readonly string[] };
type HeaderWord = Parameters<typeof saysWord>[1];

/**
 * A table from the text of a CSV file as `tableToCsv` writes it and as people change it in a spreadsheet: any order of header rows,
 * `,` `;` or tab between cells, rows with or without their word and id. Answers the whole table or every problem with its line and
 * column; nothing is ever taken in part.
 */
export function csvToTable(text: string, types: TableCsvTypes): Result<DecisionTable, readonly Issue[]> {
  if (text.length > TABLE_CSV_CHARACTERS_MAX) {
    return err([issue("table-csv.too-large", {}, { limit: TABLE_CSV_CHARACTERS_MAX })]);
  }
  const lines = linesOf(text);
  if (!lines.ok) return lines;
  const found: Issue[] = [];
  const columns = columnsOf(lines.value, found);
  if (columns === null) return err(found);
  const made = {
    inputs: columns.filter(({ kind }) => kind === "if").map(({ column }) => column),
    outputs: columns.filter(({ kind }) => kind === "set" || kind === "way").map(({ column }) => column),
    ways: waysOf(lines.value),
    rows: rowsOf(lines.value, { columns, types, found }),
  };
  if (found.length > 0) return err(found.slice(0, PROBLEMS_MAX));
  const parsed = DecisionTableSchema.safeParse(made, { reportInput: true });
  return parsed.success ? ok(parsed.data) : err(shapeIssues(parsed.error).map((one) => placed(one, lines.value)));
}

/** Problems of shape with the line of the row they are about. */
function placed(found: Issue, lines: readonly Line[]): Issue {
  const [, row] = /^rows\[(\d+)\]/.exec(found.path) ?? [];
  const line = row === undefined ? undefined : lines.filter(isTableRow)[Number(row)]?.line;
  return line === undefined ? found : { ...found, line };
}

function linesOf(text: string): Result<readonly Line[], readonly Issue[]> {
  const first = text.slice(0, Math.max(0, text.search(/\r?\n/)));
  const count = (sign: string): number => first.split(sign).length;
  const delimiter = DELIMITERS.reduce((best, sign) => (count(sign) > count(best) ? sign : best));
  const lines: Line[] = [];
  try {
    parse(text, {
      bom: true,
      delimiter,
      relax_column_count: true,
      to: LINES_MAX + 1,
      on_record: (cells: string[], context) => {
        const breaks = cells.reduce((sum, cell) => sum + cell.split(/\r\n|\r|\n/).length - 1, 0);
        if (cells.some((cell) => cell.trim() !== "")) {
          lines.push({ line: Math.max(1, context.lines - breaks), cells: cells.map(unescaped) });
        }
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error.lines === "number" ? error.lines : undefined;
    return err([issue("table-csv.broken", { line }, { reason: error.code })]);
  }
  if (lines.length > LINES_MAX) return err([issue("table-csv.too-many-rows", {}, { limit: TABLE_LIMITS.rows })]);
  const wide = lines.find(({ cells }) => cells.length > COLUMNS_MAX);
  if (wide !== undefined) {
    return err([issue("table-csv.too-many-columns", { line: wide.line }, { limit: COLUMNS_MAX - 3 })]);
  }
  return ok(lines);
}

function unescaped(cell: string): string {
  return ESCAPED.test(cell) ? cell.slice(1) : cell;
}

const HEADER_WORDS: readonly HeaderWord[] = ["kind", "id", "fact", "type", "option", "name-zh", "name-en"];

function headerWord({ cells: [lead = ""] }: Line): HeaderWord | null {
  return HEADER_WORDS.find((word) => saysWord(lead, word)) ?? null;
}

function isWay({ cells: [lead = ""] }: Line): boolean {
  return saysWord(lead, "way");
}

function isTableRow(line: Line): boolean {
  return headerWord(line) === null && !isWay(line);
}

type Column =
  | {
      readonly kind: "if" | "set" | "way";
      readonly at: number;
      readonly column: { readonly [member: string]: unknown };
      readonly subject: string | null;
    }
  | { readonly kind: "note"; readonly at: number; readonly column: null; readonly subject: null };

function columnsOf(lines: readonly Line[], found: Issue[]): readonly Column[] | null {
  const header = (word: HeaderWord): Line | undefined => lines.find((line) => headerWord(line) === word);
  const kinds = header("kind");
  const missing = (["kind", "id", "fact"] as const).filter((word) => header(word) === undefined);
  if (kinds === undefined || missing.length > 0) {
    for (const word of missing) found.push(issue("table-csv.header-missing", { line: 1 }, { header: word }));
    return null;
  }
  const cellOf = (word: HeaderWord, at: number): string => header(word)?.cells[at] ?? "";
  const columns: Column[] = [];
  kinds.cells.forEach((said, at) => {
    if (at < LEAD_COLUMNS || said.trim() === "") return;
    const kind = (["if", "set", "way", "note"] as const).find((word) => saysWord(said, word));
    if (kind === undefined) {
      found.push(issue("table-csv.kind-unknown", { line: kinds.line, column: at + 1 }, { found: short(said) }));
    } else columns.push(kind === "note" ? { kind, at, column: null, subject: null } : namedColumn(kind, at, cellOf));
  });
  return found.length > 0 ? null : columns;
}

function namedColumn(kind: "if" | "set" | "way", at: number, cellOf: (word: HeaderWord, at: number) => string): Column {
  const said = cellOf("fact", at).trim();
  const option = cellOf("option", at).trim();
  const [zh, en] = [cellOf("name-zh", at), cellOf("name-en", at)];
  const shared = { id: cellOf("id", at).trim(), ...namesOf(zh, en) };
  if (kind === "way") return { kind, at, subject: null, column: { ...shared, kind: "handle" } };
  if (kind === "if") {
    const subject = saysWord(said, "condition") ? null : said;
    return { kind, at, subject, column: { ...shared, fact: subject, ...(option === "" ? {} : { unknown: option }) } };
  }
  const aggregate = option === "" ? {} : { aggregate: option };
  return { kind, at, subject: said, column: { ...shared, kind: "variable", variable: said, ...aggregate } };
}

function namesOf(zh: string, en: string) {
  if (zh === "" && en === "") return {};
  return { name: { ...(zh === "" ? {} : { "zh-CN": zh }), ...(en === "" ? {} : { en }) } };
}

function waysOf(lines: readonly Line[]) {
  return lines.filter(isWay).map(({ cells: [, id = "", zh = "", en = ""] }) => ({ id: id.trim(), ...namesOf(zh, en) }));
}

type RowReading = { readonly columns: readonly Column[]; readonly types: TableCsvTypes; readonly found: Issue[] };

function rowsOf(lines: readonly Line[], reading: RowReading) {
  const rows = lines.filter(isTableRow);
  const taken = new Set(rows.map(({ cells: [, id = ""] }) => id.trim()));
  let next = 1;
  const freshId = (): string => {
    while (taken.has(`row-${next}`)) next += 1;
    taken.add(`row-${next}`);
    return `row-${next}`;
  };
  return rows.map((line) => {
    const [lead = "", id = ""] = line.cells;
    if (lead.trim() !== "" && !saysWord(lead, "row")) {
      reading.found.push(issue("table-csv.lead-unknown", { line: line.line, column: 1 }, { found: short(lead) }));
    }
    return { id: id.trim() === "" ? freshId() : id.trim(), ...rowCells(line, reading) };
  });
}

function rowCells({ line, cells }: Line, { columns, types, found }: RowReading) {
  const questions: [column: string, cell: unknown][] = [];
  const outputs: [column: string, cell: unknown][] = [];
  let note = {};
  for (const { kind, at, column, subject } of columns) {
    const text = cells[at] ?? "";
    if (kind === "note") {
      if (text !== "") note = { note: text };
      continue;
    }
    const id = String(column.id);
    const read = kind === "if" ? readQuestion(text, subject, types) : readOutput(text, kind, { subject, types });
    if (read.problem !== null) {
      const params = { found: short(text), subject: subject ?? id, type: read.type ?? "text" };
      found.push(issue(read.problem, { line, column: at + 1 }, params));
    } else if (read.value !== null) (kind === "if" ? questions : outputs).push([id, read.value]);
  }
  return { cells: Object.fromEntries(questions), outputs: Object.fromEntries(outputs), ...note };
}

type Read = { readonly value: unknown; readonly problem: string | null; readonly type: FactType | null };

const nothing = { value: null, problem: null, type: null };

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isJson = (text: string): boolean => text.startsWith("{") && text.endsWith("}");

function readQuestion(text: string, fact: string | null, types: TableCsvTypes): Read {
  const plain = text.trim();
  if (plain === "" || plain === "-") return nothing;
  if (isJson(plain)) {
    const value = readJson(plain);
    return { value, problem: value === undefined ? "table-csv.json" : null, type: null };
  }
  if (fact === null) return { value: null, problem: "table-csv.condition", type: null };
  const type = types.typeOfFact(fact);
  if (type === null) return { value: null, problem: "table-csv.fact-unknown", type };
  const value = parseCell(plain, type);
  return { value: value ?? null, problem: value === undefined ? "table-csv.cell" : null, type };
}

function readOutput(
  text: string,
  kind: "set" | "way",
  { subject, types }: { readonly subject: string | null; readonly types: TableCsvTypes },
): Read {
  const plain = text.trim();
  if (plain === "" || plain === "-") return nothing;
  if (isJson(plain)) {
    const value = readJson(plain);
    return { value, problem: value === undefined ? "table-csv.json" : null, type: null };
  }
  if (kind === "way") return { value: { way: plain }, problem: null, type: null };
  const type = types.typeOfVariable(subject ?? "");
  if (type === null) return { value: null, problem: "table-csv.variable-unknown", type };
  const value = parseValue(plain, type);
  return { value: value ?? null, problem: value === undefined ? "table-csv.value" : null, type };
}

const SHOWN_MAX = 60;

function short(text: string): string {
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
}
