import { CsvError, parse } from "csv-parse/sync";
import { unguardFormula } from "../model/csv-text";
import { type Issue, issue } from "../model/issue";
import { canonicalJson, sha256HexOfBytes } from "../model/json";
import { type Currency, CurrencySchema, type Money } from "../model/money";
import { err, ok, type Result } from "../model/result";
import { EXCHANGE_LIMITS } from "./limits";
import { type ReturnManifest, readManifest } from "./manifest";
import { sumsOf } from "./outgoing";
import { columnsOfKind } from "./returns";

/** One line of a return as it stands there: its cells by column, apostrophes of spreadsheets taken off. */
export type ReturnCells = {
  /** Line of the file it begins on, 1-based; the header stands on line 1. */
  readonly line: number;
  readonly cells: { readonly [column: string]: string };
};
/** A return that is what its manifest says. Nothing is known yet of whether its lines make sense. */
export type ReturnFile = { readonly manifest: ReturnManifest; readonly lines: readonly ReturnCells[] };

/** The two files of a return as they came. */
export type ReturnBytes = { readonly manifest: string; readonly csv: Uint8Array };

/**
 * Holds a return against its manifest before anybody looks at its lines: hash of the bytes, columns, number of lines and sum of
 * amounts per currency. Anything that differs refuses the whole file, because then nobody knows what is missing from it. Issues:
 * those of `readManifest`, `agency.file-too-large`, `agency.hash-differs`, `agency.not-utf8`, `agency.csv-broken`,
 * `agency.columns-differ`, `agency.column-missing`, `agency.column-unknown`, `agency.too-many-lines`, `agency.rows-differ`,
 * `agency.amount-unreadable`, `agency.sums-differ`.
 */
export function readReturn({ manifest: text, csv }: ReturnBytes): Result<ReturnFile, readonly Issue[]> {
  const read = readManifest(text);
  if (!read.ok) return read;
  const manifest = read.value;
  if (csv.byteLength > EXCHANGE_LIMITS.returnBytes) {
    const sizes = { bytes: csv.byteLength, maximum: EXCHANGE_LIMITS.returnBytes };
    return err([issue("agency.file-too-large", {}, sizes)]);
  }
  if (sha256HexOfBytes(csv) !== manifest.sha256) return err([issue("agency.hash-differs")]);
  const decoded = decode(csv);
  if (decoded === null) return err([issue("agency.not-utf8")]);
  const records = recordsOf(decoded);
  if (!records.ok) return records;
  const [header, ...rows] = records.value;
  const wrongColumns = columnIssues(header?.cells ?? [], manifest);
  if (wrongColumns.length > 0) return err(wrongColumns);
  if (rows.length !== manifest.rows) {
    return err([issue("agency.rows-differ", {}, { said: manifest.rows, found: rows.length })]);
  }
  const lines = linesOf(rows, manifest.columns);
  if (!lines.ok) return lines;
  const wrongSums = sumIssues(lines.value, manifest);
  return wrongSums.length > 0 ? err(wrongSums) : ok({ manifest, lines: lines.value });
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

type Row = { readonly line: number; readonly cells: readonly string[] };

/** Every record with the line it begins on. Wrong quotes anywhere refuse the file: its lines can no longer be counted. */
function recordsOf(text: string): Result<readonly Row[], readonly Issue[]> {
  const rows: Row[] = [];
  let next = 1;
  try {
    parse(text, {
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: EXCHANGE_LIMITS.lineCharacters,
      // One more than may be, so that a longer file is seen to be longer; the header is no line of it.
      to: EXCHANGE_LIMITS.returnLines + 2,
      on_record: (cells: string[], { lines }) => {
        rows.push({ line: next, cells });
        next = lines + 1;
        return null;
      },
    });
  } catch (thrown) {
    if (!(thrown instanceof CsvError)) throw thrown;
    return err([issue("agency.csv-broken", { line: next })]);
  }
  if (rows.length - 1 > EXCHANGE_LIMITS.returnLines) {
    return err([issue("agency.too-many-lines", {}, { maximum: EXCHANGE_LIMITS.returnLines })]);
  }
  return ok(rows);
}

function columnIssues(header: readonly string[], { columns, kind }: ReturnManifest): readonly Issue[] {
  if (canonicalJson(header) !== canonicalJson(columns)) return [issue("agency.columns-differ", { line: 1 })];
  const { required, optional } = columnsOfKind(kind);
  const missing = required.filter((column) => !columns.includes(column));
  const unknown = columns.filter(
    (column, index) => ![...required, ...optional].includes(column) || columns.indexOf(column) !== index,
  );
  return [
    ...missing.map((column) => issue("agency.column-missing", { path: column, line: 1 }, { column })),
    ...unknown.map((column) => issue("agency.column-unknown", { path: column, line: 1 }, { column })),
  ];
}

/** Every row has a cell for every column, or the file is cut. */
function linesOf(rows: readonly Row[], columns: readonly string[]): Result<readonly ReturnCells[], readonly Issue[]> {
  const cut = rows.find(({ cells }) => cells.length !== columns.length);
  if (cut !== undefined) return err([issue("agency.csv-broken", { line: cut.line })]);
  return ok(
    rows.map(({ line, cells }) => ({
      line,
      cells: Object.fromEntries(columns.map((column, index) => [column, unguardFormula(cells[index] ?? "").trim()])),
    })),
  );
}

const AMOUNT = /^\d{1,15}$/;

function moneyOf({ amount_minor: minor = "", currency = "" }: ReturnCells["cells"]): Money | null {
  const known = CurrencySchema.safeParse(currency);
  return AMOUNT.test(minor) && known.success ? { minor: Number(minor), currency: known.data } : null;
}

/** An amount nobody can read makes the sum unverifiable, and with it the file. */
function sumIssues(lines: readonly ReturnCells[], { columns, sums: said }: ReturnManifest): readonly Issue[] {
  if (!columns.includes("amount_minor")) {
    return Object.keys(said).length === 0 ? [] : [issue("agency.sums-differ", { path: "sums" }, { currency: "–" })];
  }
  const amounts: Money[] = [];
  for (const { line, cells } of lines) {
    const amount = moneyOf(cells);
    if (amount === null) return [issue("agency.amount-unreadable", { line, path: "amount_minor" })];
    amounts.push(amount);
  }
  const found = sumsOf(amounts);
  const currencies = new Set([...Object.keys(said), ...Object.keys(found)]) as ReadonlySet<Currency>;
  return [...currencies]
    .filter((currency) => (said[currency] ?? 0) !== (found[currency] ?? 0))
    .map((currency) => issue("agency.sums-differ", { path: `sums.${currency}` }, { currency }));
}
