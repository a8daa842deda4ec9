import { CsvError, parse } from "csv-parse/sync";
import { unguardFormula } from "#engine/model/csv-text";
import { type Issue, issue } from "#engine/model/issue";
import { isLocalDate, type LocalDate } from "#engine/model/time";
import { type CommandInput, flagText, ProblemsError, UsageError } from "../command";
import { readText } from "../files";

/** One line a person, of as many people as one experiment of a large lender has. */
const FILE_BYTES_MAX = 300_000_000;
const LINES_MAX = 2_000_000;
const ISSUES_MAX = 50;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const DAY_MS = 86_400_000;

/** A CSV file with a header, cells as they stand; `line` counts lines of the file from 1, the header being the first. */
export type Sheet = {
  readonly file: string;
  readonly columns: readonly string[];
  readonly lines: readonly SheetLine[];
};
export type SheetLine = { readonly line: number; readonly cells: { readonly [column: string]: string } };

/** Throws ProblemsError where the file is no sound CSV, or has a column twice or too many lines. */
export function readSheet(file: string): Sheet {
  const text = readText(file, FILE_BYTES_MAX);
  let records: readonly (readonly string[])[];
  try {
    records = parse(text, { bom: true, skip_empty_lines: true, trim: true, to: LINES_MAX + 2 });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new ProblemsError(file, [issue("experiment.csv-broken", { line: Number(error.lines) || 1 })]);
  }
  const [columns = [], ...rows] = records;
  if (rows.length > LINES_MAX) {
    throw new ProblemsError(file, [issue("experiment.too-many-lines", {}, { maximum: LINES_MAX })]);
  }
  const twice = columns.find((column, index) => columns.indexOf(column) < index);
  if (twice !== undefined) throw new ProblemsError(file, [issue("experiment.column-twice", {}, { column: twice })]);
  const lines = rows.map((row, index) => ({
    line: index + 2,
    cells: Object.fromEntries(columns.map((column, at) => [column, unguardFormula(row[at] ?? "")])),
  }));
  return { file, columns, lines };
}

/** Throws ProblemsError naming the columns that are not there. */
export function needColumns({ file, columns }: Sheet, needed: readonly string[]): void {
  const missing = [...new Set(needed)].filter((column) => !columns.includes(column));
  if (missing.length === 0) return;
  const known = columns.slice(0, ISSUES_MAX).join(", ");
  throw new ProblemsError(
    file,
    missing.map((column) => issue("experiment.column-missing", {}, { column, known })),
  );
}

/** Columns that hold nothing but numbers, beside the ones named; empty cells are no number and no obstacle. */
export function numberColumns({ columns, lines }: Sheet, beside: readonly string[]): readonly string[] {
  return columns.filter(
    (column) =>
      !beside.includes(column) &&
      lines.some(({ cells }) => cells[column] !== "") &&
      lines.every(({ cells }) => cells[column] === "" || NUMBER.test(cells[column] ?? "")),
  );
}

/** Collects what is wrong line by line, so that the author sees more than the first. */
export class CellReader {
  readonly #file: string;
  readonly #issues: Issue[] = [];
  constructor(file: string) {
    this.#file = file;
  }

  /** The number in a cell, `null` where it is empty. */
  number({ line, cells }: SheetLine, column: string): number | null {
    const text = cells[column] ?? "";
    if (text === "") return null;
    if (NUMBER.test(text)) return Number(text);
    this.#issues.push(issue("experiment.not-a-number", { line }, { column, found: text.slice(0, 40) }));
    return null;
  }

  /** 1 or 0, `null` where the cell is empty. */
  flag(line: SheetLine, column: string): number | null {
    const text = line.cells[column] ?? "";
    if (text === "" || text === "0" || text === "1") return text === "" ? null : Number(text);
    this.#issues.push(issue("experiment.not-a-flag", { line: line.line }, { column, found: text.slice(0, 40) }));
    return null;
  }

  /** Days since 1970 of a `YYYY-MM-DD` cell, `null` where it is empty. */
  day({ line, cells }: SheetLine, column: string): number | null {
    const text = cells[column] ?? "";
    if (text === "") return null;
    if (isLocalDate(text)) return dayNumber(text);
    this.#issues.push(issue("experiment.not-a-day", { line }, { column, found: text.slice(0, 40) }));
    return null;
  }

  text({ line, cells }: SheetLine, column: string): string {
    const text = cells[column] ?? "";
    if (text === "") this.#issues.push(issue("experiment.cell-empty", { line }, { column }));
    return text;
  }

  /** Throws ProblemsError with the first problems, if there were any. */
  finish(): void {
    if (this.#issues.length > 0) throw new ProblemsError(this.#file, this.#issues.slice(0, ISSUES_MAX));
  }
}

export function dayNumber(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

/** A day from an option, `null` where it is not given. Throws UsageError when there is no such day. */
export function dayFlag(input: CommandInput, name: string): LocalDate | null {
  const found = flagText(input, name);
  if (found === undefined) return null;
  if (isLocalDate(found)) return found;
  throw new UsageError("usage.not-a-date", "usage.not-a-date", { option: `--${name}`, found: found.slice(0, 40) });
}
