/** A spreadsheet would run these as formulas; one that is hidden behind apostrophes counts, so that taking one off gives it back. */
const FORMULA = /^'*[=+\-@\t\r]/;
const GUARDED = /^'+[=+\-@\t\r]/;
const QUOTED = /[",\r\n]/;

/** A text as no spreadsheet reckons it: an apostrophe stands before `=`, `+`, `-`, `@`, TAB and CR. */
export function guardFormula(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

/** Undoes `guardFormula`. */
export function unguardFormula(text: string): string {
  return GUARDED.test(text) ? text.slice(1) : text;
}

function cellText(cell: string | number | null): string {
  if (cell === null) return "";
  const text = typeof cell === "string" ? guardFormula(cell) : String(cell);
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Lines of a CSV (RFC 4180), each ended by CRLF. Texts are guarded against formulas, numbers are not. */
export function csvText(rows: readonly (readonly (string | number | null)[])[]): string {
  return rows.map((row) => `${row.map(cellText).join(",")}\r\n`).join("");
}
