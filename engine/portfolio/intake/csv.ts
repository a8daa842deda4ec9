import { CsvError, parse } from "csv-parse/sync";
import { type Issue, issue } from "../../model/issue";
import { INTAKE_LIMITS } from "./limits";

export const DELIMITERS = [",", ";", "\t", "|"] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** One row of the file as it stands there. */
export type CsvRow = {
  /** Line of the file it begins on, 1-based; quoted line breaks count. */
  readonly line: number;
  readonly cells: readonly string[];
};

export type CsvText = { readonly text: string; readonly delimiter: Delimiter };

/** Most header-line characters looked at to find the delimiter. */
const SNIFFED_CHARACTERS = 100_000;
const SEPARATOR_LINE = /^sep=(.)\n/i;

/**
 * The delimiter of a file: what Excel's `sep=` line says, else the one that stands most often in its first line outside quotes.
 * Returns the text without the `sep=` line; `skipped` lines went with it.
 */
export function findDelimiter(text: string): CsvText & { readonly skipped: number } {
  const said = SEPARATOR_LINE.exec(text);
  const named = DELIMITERS.find((delimiter) => delimiter === said?.[1]);
  if (said !== null && named !== undefined) return { text: text.slice(said[0].length), delimiter: named, skipped: 1 };
  const counts = new Map<string, number>();
  let quoted = false;
  for (const character of text.slice(0, SNIFFED_CHARACTERS)) {
    if (character === '"') quoted = !quoted;
    else if (character === "\n" && !quoted) break;
    else if (!quoted) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  const best = DELIMITERS.reduce((left, right) => ((counts.get(right) ?? 0) > (counts.get(left) ?? 0) ? right : left));
  return { text, delimiter: best, skipped: 0 };
}

export type RowVisitor = {
  /** Returns false to stop reading. */
  readonly onRow: (row: CsvRow) => boolean;
  /** A row whose quotes are wrong; reading goes on with the line after the one it begins on. */
  readonly onBroken: (problem: Issue) => void;
};

/**
 * Reads a CSV text row by row, in order, keeping nothing. Rows of blanks are left out. Answers an issue when the file as a whole
 * cannot be read (`intake.csv-broken`: more than `INTAKE_LIMITS.brokenRows` rows with wrong quotes), else null.
 */
export function readRows({ text, delimiter }: CsvText, firstLine: number, visitor: RowVisitor): Issue | null {
  let offset = 0;
  let line = firstLine;
  for (let broken = 0; broken <= INTAKE_LIMITS.brokenRows; broken += 1) {
    const stretch = readStretch(text.slice(offset), delimiter, { line, onRow: visitor.onRow });
    if (stretch.problem === null) return null;
    visitor.onBroken(stretch.problem);
    const brokenLine = stretch.problem.line ?? line;
    offset = offsetAfter(text, offset, brokenLine - line + 1);
    line = brokenLine + 1;
    if (offset >= text.length) return null;
  }
  return issue("intake.csv-broken", { line }, { maximum: INTAKE_LIMITS.brokenRows });
}

type Stretch = { readonly problem: Issue | null };

class ReadingStopped extends Error {}

/** Rows up to the end or to the first one with wrong quotes. The line of a row is where it begins, not where it ends. */
function readStretch(
  text: string,
  delimiter: Delimiter,
  at: { readonly line: number; readonly onRow: (row: CsvRow) => boolean },
): Stretch {
  let nextLine = at.line;
  try {
    parse(text, {
      delimiter,
      record_delimiter: "\n",
      relax_column_count: true,
      max_record_size: INTAKE_LIMITS.rowCharacters,
      on_record: (cells: string[], context) => {
        const endLine = at.line + context.lines - 1;
        const line = endLine - cells.reduce((breaks, cell) => breaks + lineBreaksIn(cell), 0);
        nextLine = endLine + 1;
        if (cells.every((cell) => cell.trim() === "")) return null;
        if (!at.onRow({ line, cells })) throw new ReadingStopped();
        return null;
      },
    });
    return { problem: null };
  } catch (thrown) {
    if (thrown instanceof ReadingStopped) return { problem: null };
    if (!(thrown instanceof CsvError)) throw thrown;
    const tooLong = thrown.code === "CSV_MAX_RECORD_SIZE";
    return {
      problem: issue(
        tooLong ? "intake.row-too-long" : "intake.quote",
        { line: nextLine },
        tooLong ? { maximum: INTAKE_LIMITS.rowCharacters } : {},
      ),
    };
  }
}

function lineBreaksIn(cell: string): number {
  let breaks = 0;
  for (let at = cell.indexOf("\n"); at !== -1; at = cell.indexOf("\n", at + 1)) breaks += 1;
  return breaks;
}

/** Where the text goes on after so many lines from an offset. */
function offsetAfter(text: string, offset: number, lines: number): number {
  let at = offset;
  for (let passed = 0; passed < lines; passed += 1) {
    const end = text.indexOf("\n", at);
    if (end === -1) return text.length;
    at = end + 1;
  }
  return at;
}
