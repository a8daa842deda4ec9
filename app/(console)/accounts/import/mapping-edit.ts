import type { FieldCatalogue } from "#engine/model/facts";
import type { ImportMapping, MappedColumn } from "#engine/portfolio/intake/mapping";

/** Where a field's value comes from. */
export const SOURCE_KINDS = ["column", "constant", "expression"] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

export function sourceKindOf(mapped: MappedColumn): SourceKind {
  if ("column" in mapped.from) return "column";
  return "constant" in mapped.from ? "constant" : "expression";
}

/** What is written in the source, as text. */
export function sourceTextOf(mapped: MappedColumn): string {
  if ("column" in mapped.from) return mapped.from.column;
  return "constant" in mapped.from ? String(mapped.from.constant) : mapped.from.expression;
}

/** A source of another kind, keeping what was written where that makes sense: a column becomes an expression over it. */
export function sourceOf(kind: SourceKind, text: string): MappedColumn["from"] {
  if (kind === "column") return { column: text };
  if (kind === "expression") return { expression: text };
  return { constant: text };
}

/** The source a field gets when its kind is changed by hand. */
export function changedKind(mapped: MappedColumn, kind: SourceKind, firstColumn: string): MappedColumn {
  const before = sourceKindOf(mapped);
  if (before === kind) return mapped;
  const text = sourceTextOf(mapped);
  const columnOfExpression = /^\[([^\]]+)\]$/.exec(text)?.[1];
  const next = {
    column: columnOfExpression ?? firstColumn,
    expression: before === "column" ? `[${text}]` : text,
    constant: before === "column" ? "" : text,
  }[kind];
  return { ...mapped, from: sourceOf(kind, next) };
}

export function replaceField(mapping: ImportMapping, changed: MappedColumn): ImportMapping {
  return {
    ...mapping,
    columns: mapping.columns.map((mapped) => (mapped.field === changed.field ? changed : mapped)),
  };
}

/** A field that is read from nowhere any more; one of the lender's own goes with what declared it. */
export function removeField(mapping: ImportMapping, field: string): ImportMapping {
  const { fields, ...rest } = mapping;
  const declared = (fields ?? []).filter((known) => known.key !== field);
  const columns = mapping.columns.filter((mapped) => mapped.field !== field);
  return { ...rest, ...(declared.length === 0 ? {} : { fields: declared }), columns };
}

/** Maps a field that was not mapped. What must be there rejects its row when it cannot be read, the rest becomes unknown. */
export function addField(
  mapping: ImportMapping,
  field: string,
  { column, fields }: { readonly column: string; readonly fields: FieldCatalogue },
): ImportMapping {
  if (mapping.columns.some((mapped) => mapped.field === field)) return mapping;
  const onUnmapped = fields[field]?.required === true ? "reject" : "unknown";
  return { ...mapping, columns: [...mapping.columns, { field, from: { column }, onUnmapped }] };
}

/** A mapping without a setting, where "not set" means something of its own. */
export function withoutSetting(mapping: ImportMapping, key: "dataDate" | "timeZone"): ImportMapping {
  const { [key]: _dropped, ...rest } = mapping;
  return rest;
}

/** Lines `code = meaning` as people type them, to a value map. Numbers, true, false and ? (unknown) are what they look like. */
export function parseValueLines(lines: string): MappedColumn["values"] {
  const values: { [code: string]: string | number | boolean | null } = {};
  for (const line of lines.split("\n")) {
    const at = line.indexOf("=");
    if (at < 1) continue;
    const code = line.slice(0, at).trim();
    if (code !== "" && code !== "__proto__") values[code] = meaningOf(line.slice(at + 1).trim());
  }
  return Object.keys(values).length === 0 ? undefined : values;
}

function meaningOf(text: string): string | number | boolean | null {
  if (text === "?") return null;
  if (text === "true" || text === "false") return text === "true";
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/** A value map as lines; the reverse of `parseValueLines`. */
export function valueLines(values: MappedColumn["values"]): string {
  return Object.entries(values ?? {})
    .map(([code, meaning]) => `${code} = ${meaning === null ? "?" : String(meaning)}`)
    .join("\n");
}
