import type { Field, FieldCatalogue } from "../../model/facts";
import { type Issue, issue } from "../../model/issue";
import { err, ok, type Result } from "../../model/result";
import { type Expression, parseExpression } from "./expression";
import { fieldsOfMapping, type ImportMapping, importableFields, type MappedColumn } from "./mapping";
import { normaliseTitle } from "./titles";
import type { ValueReading } from "./values";

/** A mapped field with everything found that reading it row by row needs. */
export type BoundColumn = ValueReading & {
  readonly required: boolean;
  readonly onUnmapped: MappedColumn["onUnmapped"];
  readonly values: ReadonlyMap<string, string | number | boolean | null> | null;
  readonly source:
    | { readonly kind: "column"; readonly index: number }
    | { readonly kind: "constant"; readonly value: string | number | boolean }
    | { readonly kind: "expression"; readonly expression: Expression; readonly indexes: ReadonlyMap<string, number> };
};

export type BoundMapping = {
  readonly mapping: ImportMapping;
  readonly header: readonly string[];
  readonly columns: readonly BoundColumn[];
};

/** Where a field stands in the file: its column by number and title; nowhere when a constant fills it or nothing does. */
export function placeOf(
  { columns, header }: BoundMapping,
  field: string,
): { readonly path: string; readonly column: number | undefined } {
  const index = sourceIndex(columns.find((column) => column.field.key === field));
  return { path: index === null ? field : (header[index] ?? ""), column: index === null ? undefined : index + 1 };
}

/** 0-based; of an expression the first column it names. */
export function sourceIndex(column: BoundColumn | undefined): number | null {
  if (column === undefined || column.source.kind === "constant") return null;
  if (column.source.kind === "column") return column.source.index;
  return [...column.source.indexes.values()][0] ?? null;
}

/** Without these there is no account; any one of a group will do. */
const NEEDED: readonly (readonly string[])[] = [
  ["account_no"],
  ["customer_id", "id_no"],
  ["overdue_amount"],
  ["dpd", "first_overdue_date", "due_date"],
];

/**
 * Joins a mapping to the header of a file. Everything that does not fit is said at once: `mapping.field-unknown`,
 * `mapping.field-twice`, `mapping.own-field-twice`, `mapping.column-missing`, `mapping.column-ambiguous`, `mapping.expression`, `mapping.required-missing`.
 * `headerLine` is the line the header stands on.
 */
export function bindMapping(
  mapping: ImportMapping,
  header: readonly string[],
  { fields, headerLine }: { readonly fields: FieldCatalogue; readonly headerLine: number },
): Result<BoundMapping, readonly Issue[]> {
  const importable = importableFields(fieldsOfMapping(fields, mapping));
  const finder = columnFinder(header, headerLine);
  const problems: Issue[] = [...ownFieldIssues(mapping, fields)];
  const columns: BoundColumn[] = [];
  const seen = new Set<string>();
  mapping.columns.forEach((mapped, index) => {
    const path = `columns[${index}]`;
    const field = Object.hasOwn(importable, mapped.field) ? importable[mapped.field] : undefined;
    if (field === undefined) {
      problems.push(issue("mapping.field-unknown", { path: `${path}.field` }, { field: mapped.field }));
      return;
    }
    if (seen.has(field.key)) {
      problems.push(issue("mapping.field-twice", { path: `${path}.field` }, { field: field.key }));
      return;
    }
    seen.add(field.key);
    const source = sourceOf(mapped, { path, finder });
    if (source.ok) columns.push(boundColumn(mapped, { field, mapping, source: source.value }));
    else problems.push(...source.error);
  });
  const requiredFields = Object.values(importable).filter((field) => field.required);
  problems.push(...missingFields(mapping, requiredFields, headerLine));
  return problems.length > 0 ? err(problems) : ok({ mapping, header, columns });
}

/** Fields the mapping declares itself: each once, and none that the market has. */
function ownFieldIssues({ fields = [] }: ImportMapping, market: FieldCatalogue): readonly Issue[] {
  const seen = new Set<string>();
  return fields.flatMap(({ key }, index) => {
    const twice = seen.has(key);
    seen.add(key);
    if (!twice && !Object.hasOwn(market, key)) return [];
    return [issue("mapping.own-field-twice", { path: `fields[${index}].key` }, { field: key })];
  });
}

function boundColumn(
  mapped: MappedColumn,
  {
    field,
    mapping,
    source,
  }: { readonly field: Field; readonly mapping: ImportMapping; readonly source: BoundColumn["source"] },
): BoundColumn {
  return {
    field,
    unit: mapped.unit,
    dateFormat: mapped.dateFormat,
    numberStyle: mapping.numberStyle,
    scientificNotation: mapping.scientificNotation,
    currency: mapping.currency,
    required: field.required || isOnlyOne(field.key, mapping),
    onUnmapped: mapped.onUnmapped,
    values: mapped.values === undefined ? null : new Map(Object.entries(mapped.values)),
    source,
  };
}

/** Whether an account needs the field and the mapping has nothing else that could stand in for it. */
function isOnlyOne(key: string, mapping: ImportMapping): boolean {
  const mapped = new Set(mapping.columns.map(({ field }) => field));
  return NEEDED.some((group) => group.includes(key) && group.every((other) => other === key || !mapped.has(other)));
}

/** One issue for everything that is missing, on the header's line: the reader mends the mapping once. */
function missingFields(mapping: ImportMapping, required: readonly Field[], headerLine: number): readonly Issue[] {
  const mapped = new Set(mapping.columns.map(({ field }) => field));
  const groups = [...NEEDED];
  for (const { key } of required) if (!groups.some((group) => group.includes(key))) groups.push([key]);
  const missing = groups.filter((group) => !group.some((key) => mapped.has(key)));
  if (missing.length === 0) return [];
  const named = missing.map((group) => group.join(" / ")).join(", ");
  return [issue("mapping.required-missing", { path: "columns", line: headerLine }, { fields: named })];
}

type ColumnFinder = (name: string, path: string) => Result<number, Issue>;

function columnFinder(header: readonly string[], headerLine: number): ColumnFinder {
  return (name, path) => {
    const exact = indexesWhere(header, (title) => title.trim() === name.trim());
    const wanted = normaliseTitle(name);
    const found = exact.length > 0 ? exact : indexesWhere(header, (title) => normaliseTitle(title) === wanted);
    const [first, second] = found;
    if (first === undefined) {
      const has = header.slice(0, 40).join(", ").slice(0, 400);
      return err(issue("mapping.column-missing", { path, line: headerLine }, { column: name, has }));
    }
    if (second === undefined) return ok(first);
    const at = { path, line: headerLine, column: second + 1 };
    return err(issue("mapping.column-ambiguous", at, { column: name, first: first + 1, second: second + 1 }));
  };
}

function indexesWhere(header: readonly string[], holds: (title: string) => boolean): readonly number[] {
  return header.flatMap((title, index) => (holds(title) ? [index] : []));
}

function sourceOf(
  { from }: MappedColumn,
  { path, finder }: { readonly path: string; readonly finder: ColumnFinder },
): Result<BoundColumn["source"], readonly Issue[]> {
  if ("constant" in from) return ok({ kind: "constant", value: from.constant });
  if ("column" in from) {
    const found = finder(from.column, `${path}.from.column`);
    return found.ok ? ok({ kind: "column", index: found.value }) : err([found.error]);
  }
  const at = `${path}.from.expression`;
  const parsed = parseExpression(from.expression);
  if (!parsed.ok) return err([{ ...parsed.error, path: at }]);
  const indexes = new Map<string, number>();
  const problems: Issue[] = [];
  for (const name of parsed.value.columns) {
    const found = finder(name, at);
    if (found.ok) indexes.set(name, found.value);
    else problems.push(found.error);
  }
  return problems.length > 0 ? err(problems) : ok({ kind: "expression", expression: parsed.value, indexes });
}
