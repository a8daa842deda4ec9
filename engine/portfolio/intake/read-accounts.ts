import type { FieldCatalogue } from "../../model/facts";
import { type Issue, issue } from "../../model/issue";
import type { Account, ContactPoint } from "../../model/party";
import type { LocalDate } from "../../model/time";
import { type Admission, type IntakeOptions, newAdmission } from "./admit";
import { type BoundMapping, bindMapping } from "./bind-mapping";
import { CONTACT_BOOK_FIELDS } from "./contacts";
import { type CsvRow, type CsvText, type Delimiter, findDelimiter, readRows } from "./csv";
import { decodeText, type Encoding } from "./decode";
import { INTAKE_LIMITS } from "./limits";
import { fieldsOfMapping, type ImportMapping } from "./mapping";
import { suggestMapping } from "./suggest";

export type { IntakeOptions } from "./admit";

/** A column of the file as a person recognises it. */
export type ImportColumn = {
  /** 1-based. */
  readonly index: number;
  readonly name: string;
  /** Fields that are read from it. */
  readonly fields: readonly string[];
  /** First values that are not empty, shortened. */
  readonly sample: readonly string[];
};

export type AccountImport = {
  /** The file or the mapping cannot be used at all; `rejected` says why and nothing was read. */
  readonly refused: boolean;
  readonly accounts: readonly Account[];
  readonly contactPoints: readonly ContactPoint[];
  /** Rows that did not become accounts, in file order; at most `INTAKE_LIMITS.rejections` are kept, `rejectedRows` counts all. */
  readonly rejected: readonly Issue[];
  readonly rejectedRows: number;
  /** One per kind and column, the first of its kind with how often it came (`params.times`); `warningCount` counts all. */
  readonly warnings: readonly Issue[];
  readonly warningCount: number;
  readonly columns: readonly ImportColumn[];
  /** Rows with data, the header not counted. */
  readonly rows: number;
  readonly encoding: Encoding | null;
  readonly delimiter: Delimiter | null;
  /** The mapping that was used: the one given, else the suggested one. */
  readonly mapping: ImportMapping | null;
  /** The first account's as-of date in the file and as used; they differ when the file was re-dated. */
  readonly fileDataDate: LocalDate | null;
  readonly dataDate: LocalDate | null;
  /** The mapping names a column with the person's own number, mailbox or app account. */
  readonly mapsContacts: boolean;
};

export type IntakeRequest = {
  readonly bytes: Uint8Array;
  /** Null = recognise the columns (`suggestMapping`). */
  readonly mapping: ImportMapping | null;
  readonly fields: FieldCatalogue;
  readonly options: IntakeOptions;
};

/**
 * Reads a lender's account file: bytes to accounts and contact points, every rejection with its line, column and reason.
 * Pure and bounded (`INTAKE_LIMITS`); the same bytes and options give the same answer.
 */
export function readAccounts({ bytes, mapping, fields, options }: IntakeRequest): AccountImport {
  const decoded = decodeText(bytes, options.encoding);
  if (!decoded.ok) return refusedImport(decoded.error);
  const found = findDelimiter(decoded.value.text);
  const seen = { encoding: decoded.value.encoding, delimiter: found.delimiter };
  const first = firstRows(found, found.skipped + 1);
  if (first.header === null) return { ...refusedImport([first.problem ?? issue("intake.file-empty")]), ...seen };
  const header = first.header.cells.map((title) => title.trim());
  const about = { ...seen, columns: columnsOf(header, { rows: first.rows, bound: null }) };
  if (header.length > INTAKE_LIMITS.columns) {
    const problem = issue("intake.too-many-columns", { line: first.header.line }, { maximum: INTAKE_LIMITS.columns });
    return { ...refusedImport([problem]), ...about };
  }
  const used =
    mapping ??
    suggestMapping(
      header,
      first.rows.map((row) => row.cells),
      fields,
    );
  const bound = bindMapping(used, header, { fields, headerLine: first.header.line });
  if (!bound.ok) return { ...refusedImport(bound.error), ...about, mapping: used };
  const undated = undatedProblem(bound.value, { dataDate: options.dataDate, line: first.header.line });
  if (undated !== null) return { ...refusedImport([undated]), ...about, mapping: used };
  const admission = newAdmission(bound.value, { fields: fieldsOfMapping(fields, used), options });
  const reading = newReading(
    admission,
    bound.value.columns.some(({ field }) => CONTACT_BOOK_FIELDS.includes(field.key)),
  );
  if (decoded.value.assumed)
    reading.warn(issue("intake.encoding-assumed", { severity: "warning" }, { encoding: seen.encoding }));
  const fatal = readRows(found, found.skipped + 1, { onRow: reading.onRow, onBroken: reading.onBroken });
  const columns = columnsOf(header, { rows: first.rows, bound: bound.value });
  if (fatal !== null) return { ...refusedImport([fatal]), ...seen, columns, mapping: used };
  return { ...reading.finish(), ...seen, columns, mapping: used };
}

/** Days past due mean nothing without the day they were counted on. */
function undatedProblem(
  { mapping, columns }: BoundMapping,
  { dataDate, line }: { readonly dataDate: LocalDate | null; readonly line: number },
): Issue | null {
  const dated = dataDate !== null || mapping.dataDate !== undefined;
  if (dated || columns.some(({ field }) => field.key === "data_date")) return null;
  return issue("intake.data-date-missing", { line, path: "dataDate" });
}

type Reading = {
  readonly onRow: (row: CsvRow) => boolean;
  readonly onBroken: (problem: Issue) => void;
  readonly warn: (warning: Issue) => void;
  readonly finish: () => Omit<AccountImport, "encoding" | "delimiter" | "columns" | "mapping">;
};

/** Takes the rows in one by one; the first one is the header. */
function newReading(admission: Admission, mapsContacts: boolean): Reading {
  const rejected: Issue[] = [];
  const warnings = newWarnings();
  const counts = { rows: 0, rejectedRows: 0 };
  let headerSeen = false;
  let tooLong: Issue | null = null;

  const reject = (problems: readonly Issue[]): void => {
    counts.rejectedRows += 1;
    for (const problem of problems) if (rejected.length < INTAKE_LIMITS.rejections) rejected.push(problem);
  };
  return {
    warn: warnings.add,
    onBroken: (problem) => {
      counts.rows += 1;
      reject([problem]);
    },
    onRow: (row) => {
      if (!headerSeen) {
        headerSeen = true;
        return true;
      }
      if (counts.rows >= INTAKE_LIMITS.rows) {
        tooLong = issue("intake.too-many-rows", { line: row.line }, { maximum: INTAKE_LIMITS.rows });
        return false;
      }
      counts.rows += 1;
      const admitted = admission.admit(row);
      if (admitted.ok) for (const warning of admitted.value) warnings.add(warning);
      else reject(admitted.error);
      return true;
    },
    finish: () => {
      if (tooLong !== null) return refusedImport([tooLong]);
      return {
        ...admission.admitted(),
        ...warnings.summary(),
        refused: false,
        rejected,
        rejectedRows: counts.rejectedRows,
        rows: counts.rows,
        mapsContacts,
      };
    },
  };
}

/** A file of a million rows may say the same thing a million times; a person wants to read it once. */
function newWarnings(): {
  readonly add: (warning: Issue) => void;
  readonly summary: () => Pick<AccountImport, "warnings" | "warningCount">;
} {
  const kinds = new Map<string, { readonly first: Issue; times: number }>();
  let count = 0;
  return {
    add: (warning) => {
      count += 1;
      const key = `${warning.code} ${warning.path}`;
      const known = kinds.get(key);
      if (known !== undefined) known.times += 1;
      else if (kinds.size < INTAKE_LIMITS.warningKinds) kinds.set(key, { first: warning, times: 1 });
    },
    summary: () => ({
      warningCount: count,
      warnings: [...kinds.values()].map(({ first, times }) => ({ ...first, params: { ...first.params, times } })),
    }),
  };
}

function refusedImport(problems: readonly Issue[]): AccountImport {
  return {
    refused: true,
    accounts: [],
    contactPoints: [],
    rejected: problems,
    rejectedRows: 0,
    warnings: [],
    warningCount: 0,
    columns: [],
    rows: 0,
    encoding: null,
    delimiter: null,
    mapping: null,
    fileDataDate: null,
    dataDate: null,
    mapsContacts: false,
  };
}

type FirstRows = {
  readonly header: CsvRow | null;
  readonly rows: readonly CsvRow[];
  /** Why there is no header: the quotes of the file's first row are wrong, and no other row can take its place. */
  readonly problem: Issue | null;
};

function firstRows(text: CsvText, firstLine: number): FirstRows {
  const rows: CsvRow[] = [];
  let problem: Issue | null = null;
  readRows(text, firstLine, {
    onRow: (row) => {
      if (problem === null) rows.push(row);
      return problem === null && rows.length <= INTAKE_LIMITS.sampleRows;
    },
    onBroken: (broken) => {
      if (rows.length === 0) problem = broken;
    },
  });
  const [header = null, ...rest] = rows;
  return { header, rows: rest, problem };
}

const SAMPLES_PER_COLUMN = 5;
const SAMPLE_CHARACTERS = 40;

function columnsOf(
  header: readonly string[],
  { rows, bound }: { readonly rows: readonly CsvRow[]; readonly bound: BoundMapping | null },
): readonly ImportColumn[] {
  return header.slice(0, INTAKE_LIMITS.columns).map((name, index) => ({
    index: index + 1,
    name,
    fields: (bound?.columns ?? []).flatMap(({ field, source }) => {
      if (source.kind === "column") return source.index === index ? [field.key] : [];
      return source.kind === "expression" && [...source.indexes.values()].includes(index) ? [field.key] : [];
    }),
    sample: rows
      .map(({ cells }) => (cells[index] ?? "").trim())
      .filter((cell) => cell !== "")
      .slice(0, SAMPLES_PER_COLUMN)
      .map((cell) => cell.slice(0, SAMPLE_CHARACTERS)),
  }));
}
