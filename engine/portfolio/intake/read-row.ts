import type { FactValue } from "../../model/facts";
import { type Issue, issue } from "../../model/issue";
import { type BoundColumn, type BoundMapping, sourceIndex } from "./bind-mapping";
import type { CsvRow } from "./csv";
import { parseDecimal } from "./decimal";
import { type ExpressionValue, evaluate } from "./expression";
import { INTAKE_LIMITS } from "./limits";
import { isNothing, numberFrom, plainDigits, type ReadValue, readCell, readDecimal, shown } from "./values";

/** Fields of one row by key; a field that is not there is unknown. */
export type RowValues = ReadonlyMap<string, FactValue>;

export type ReadRow = {
  readonly values: RowValues;
  /** Not empty: the row is rejected. */
  readonly problems: readonly Issue[];
  /** Values that were malformed and became unknown because the mapping says so. */
  readonly warnings: readonly Issue[];
};

/** Reads every mapped field of a row. */
export function readRow(row: CsvRow, { columns, header }: BoundMapping): ReadRow {
  const shape = shapeProblem(row, header);
  if (shape !== null) return { values: new Map(), problems: [shape], warnings: [] };
  const values = new Map<string, FactValue>();
  const problems: Issue[] = [];
  const warnings: Issue[] = [];
  for (const column of columns) {
    if (problems.length >= INTAKE_LIMITS.issuesPerRow) break;
    const read = readColumn(column, row.cells);
    if (read.kind === "value") {
      values.set(column.field.key, read.value);
      if (read.value === null && column.required) problems.push(missing(column, row, header));
      continue;
    }
    const index = read.index ?? sourceIndex(column);
    const place = { line: row.line, path: titleOf(header, index), column: index === null ? undefined : index + 1 };
    const params = { column: titleOf(header, index), field: column.field.key, ...read.refusal.params };
    if (column.onUnmapped === "unknown" && !column.required) {
      values.set(column.field.key, null);
      warnings.push(issue(read.refusal.code, { ...place, severity: "warning" }, params));
    } else {
      problems.push(issue(read.refusal.code, place, params));
    }
  }
  return { values, problems, warnings };
}

/** What makes a row unreadable before any cell of it is looked at. */
function shapeProblem({ line, cells }: CsvRow, header: readonly string[]): Issue | null {
  if (cells.length !== header.length) {
    return issue("intake.ragged-row", { line }, { expected: header.length, actual: cells.length });
  }
  for (const [index, cell] of cells.entries()) {
    const column = titleOf(header, index);
    const place = { line, column: index + 1, path: column };
    if (cell.includes("\u0000")) return issue("intake.nul-character", place, { column });
    if (cell.length > INTAKE_LIMITS.cellCharacters) {
      return issue("intake.cell-too-long", place, { column, maximum: INTAKE_LIMITS.cellCharacters });
    }
  }
  return null;
}

type ReadColumn =
  | Extract<ReadValue, { kind: "value" }>
  | (Extract<ReadValue, { kind: "refused" }> & { readonly index?: number });

function readColumn(column: BoundColumn, cells: readonly string[]): ReadColumn {
  const { source } = column;
  switch (source.kind) {
    case "constant":
      return readMeaning(source.value, column);
    case "column":
      return readWritten(cells[source.index] ?? "", column);
    default:
      return readExpression(column, source, cells);
  }
}

function readWritten(cell: string, column: BoundColumn): ReadColumn {
  const { values, field } = column;
  if (values !== null) {
    const key = cell.trim();
    const meaning = values.get(key);
    if (meaning !== undefined) return readMeaning(meaning, column);
    if (!isNothing(key)) {
      const expected = [...values.keys()].slice(0, 30).join(", ");
      return {
        kind: "refused",
        refusal: { code: "intake.unmapped-value", params: { value: shown(key, field), expected } },
      };
    }
  }
  return isNothing(cell) ? { kind: "value", value: null } : readCell(cell, column);
}

/** A value the mapping itself states. */
function readMeaning(meaning: string | number | boolean | null, column: BoundColumn): ReadColumn {
  if (meaning === null) return { kind: "value", value: null };
  if (typeof meaning === "string")
    return isNothing(meaning) ? { kind: "value", value: null } : readCell(meaning, column);
  if (typeof meaning === "boolean") {
    return column.field.type === "boolean" ? { kind: "value", value: meaning } : readCell(String(meaning), column);
  }
  const number = parseDecimal(String(meaning), "1,234.5");
  return number === null ? readCell(String(meaning), column) : readDecimal(number, column);
}

function readExpression(
  column: BoundColumn,
  source: Extract<BoundColumn["source"], { kind: "expression" }>,
  cells: readonly string[],
): ReadColumn {
  const cellOf = (name: string): string => cells[source.indexes.get(name) ?? -1] ?? "";
  const result = evaluate(source.expression, (name) => numberIn(cellOf(name), { name, column }));
  if (result.kind === "unknown") return { kind: "value", value: null };
  if (result.kind === "value") return readDecimal(result.value, column);
  const index = source.indexes.get(result.column);
  const params = { value: shown(cellOf(result.column), column.field), expected: column.numberStyle };
  return {
    kind: "refused",
    refusal: { code: "intake.not-a-number", params },
    ...(index === undefined ? {} : { index }),
  };
}

function numberIn(cell: string, of: { readonly name: string; readonly column: BoundColumn }): ExpressionValue {
  if (isNothing(cell)) return { kind: "unknown" };
  const value = numberFrom(plainDigits(cell), of.column);
  return value === null ? { kind: "not-a-number", column: of.name } : { kind: "value", value };
}

function missing(column: BoundColumn, row: CsvRow, header: readonly string[]): Issue {
  const index = sourceIndex(column);
  const name = titleOf(header, index);
  const place = { line: row.line, path: name, column: index === null ? undefined : index + 1 };
  return issue("intake.value-missing", place, { column: name, field: column.field.key });
}

function titleOf(header: readonly string[], index: number | null): string {
  return index === null ? "" : (header[index] ?? "");
}
