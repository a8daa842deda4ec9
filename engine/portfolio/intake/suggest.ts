import type { Field, FieldCatalogue } from "../../model/facts";
import { DATE_FORMATS, type DateFormat, parseDate, UNMISTAKABLE_DATE_FORMATS } from "./dates";
import { type ImportMapping, importableFields, type MappedColumn, type Unit } from "./mapping";
import { normaliseTitle, remarkOf } from "./titles";
import { isNothing, plainDigits } from "./values";

/** How a column was recognised, best first. Anything but `title` wants a look by a person. */
export type Confidence = "title" | "alias" | "shape";

export type ColumnSuggestion = {
  /** 1-based. */
  readonly index: number;
  readonly column: string;
  /** Null = not recognised; it stays out unless somebody maps it. */
  readonly field: string | null;
  readonly confidence: Confidence | null;
  readonly unit?: Unit;
  readonly dateFormat?: readonly DateFormat[];
};

/** Shapes that give a column away whatever it is called. The share of sampled cells that must fit is `SHAPE_SHARE`. */
const SHAPES: readonly (readonly [field: string, shape: RegExp])[] = [
  ["id_no", /^\d{17}[\dXx]$/],
  ["mobile", /^(?:\+?86)?1[3-9]\d[\d*]{4}\d{4}$/],
];
const SHAPE_SHARE = 0.8;
const CN_ZONE = "Asia/Shanghai";

type Titled = { readonly title: string; readonly remark: string; readonly cells: readonly string[] };

/**
 * What each column of a file probably is: by its title (key or label of a field), by the titles lenders use for it, by the shape
 * of its values (domain.md 3.1). A field is given to one column only, the best one; ties go to the left.
 */
export function suggestColumns(
  header: readonly string[],
  sampleRows: readonly (readonly string[])[],
  fields: FieldCatalogue,
): readonly ColumnSuggestion[] {
  const importable = Object.values(importableFields(fields));
  const columns: readonly Titled[] = header.map((name, index) => ({
    title: normaliseTitle(name),
    remark: remarkOf(name),
    cells: sampleRows.map((row) => row[index] ?? "").filter((cell) => !isNothing(cell)),
  }));
  const chosen = new Map<number, { readonly field: Field; readonly confidence: Confidence }>();
  const taken = new Set<string>();
  for (const confidence of ["title", "alias", "shape"] as const) {
    columns.forEach((column, index) => {
      if (chosen.has(index)) return;
      const field = importable.find((candidate) => !taken.has(candidate.key) && fits(column, candidate, confidence));
      if (field === undefined) return;
      taken.add(field.key);
      chosen.set(index, { field, confidence });
    });
  }
  return header.map((column, index) => {
    const match = chosen.get(index);
    if (match === undefined) return { index: index + 1, column, field: null, confidence: null };
    const { field, confidence } = match;
    return { index: index + 1, column, field: field.key, confidence, ...readingOf(field, columns[index]) };
  });
}

/**
 * A first mapping for a file nobody has mapped yet, to be confirmed by a person: currency and zone are the market's most common
 * ones. When nothing is recognised the
 * mapping names the first column as the account number, so that it can be shown and mended.
 */
export function suggestMapping(
  header: readonly string[],
  sampleRows: readonly (readonly string[])[],
  fields: FieldCatalogue,
): ImportMapping {
  const columns = suggestColumns(header, sampleRows, fields).flatMap((found): readonly MappedColumn[] =>
    found.field === null || found.column.trim() === ""
      ? []
      : [
          {
            field: found.field,
            from: { column: found.column },
            onUnmapped: onUnmappedOf(fields[found.field]),
            ...(found.unit === undefined ? {} : { unit: found.unit }),
            ...(found.dateFormat === undefined ? {} : { dateFormat: [...found.dateFormat] }),
          },
        ],
  );
  const fallback: MappedColumn = {
    field: "account_no",
    from: { column: header.find((title) => title.trim() !== "") ?? "account_no" },
    onUnmapped: "reject",
  };
  return {
    version: 1,
    name: "recognised",
    market: "cn",
    currency: "CNY",
    numberStyle: "1,234.5",
    scientificNotation: "refuse",
    timeZone: CN_ZONE,
    columns: columns.length > 0 ? columns : [fallback],
  };
}

/**
 * A date or an amount that cannot be read is an error of the file, to be seen. A code that is not in our list is more likely the
 * lender's own, whose meaning nobody has told yet: unknown until somebody does.
 */
function onUnmappedOf(field: Field | undefined): MappedColumn["onUnmapped"] {
  if (field === undefined || field.required) return "reject";
  return field.type === "enum" || field.type === "boolean" ? "unknown" : "reject";
}

function fits(column: Titled, field: Field, by: Confidence): boolean {
  if (by === "shape") return SHAPES.some(([key, shape]) => key === field.key && mostly(column.cells, shape));
  if (column.title === "") return false;
  const names = by === "title" ? [field.key, field.label["zh-CN"], field.label.en] : field.aliases;
  return names.some((name) => name !== undefined && normaliseTitle(name) === column.title);
}

function mostly(cells: readonly string[], shape: RegExp): boolean {
  const fitting = cells.filter((cell) => shape.test(plainDigits(cell).replace(/[\s-]/g, ""))).length;
  return cells.length > 0 && fitting >= cells.length * SHAPE_SHARE;
}

function readingOf(field: Field, column: Titled | undefined): Pick<ColumnSuggestion, "unit" | "dateFormat"> {
  if (column === undefined) return {};
  if (field.type === "money") return { unit: moneyUnit(column.remark) };
  if (field.type === "percent") return { unit: percentUnit(column) };
  return field.type === "date" ? { dateFormat: dateFormats(column.cells) } : {};
}

function moneyUnit(remark: string): Unit {
  if (/分|cent|fen/.test(remark)) return "fen";
  return /万|wan/.test(remark) ? "wan" : "yuan";
}

function percentUnit({ remark, cells }: Titled): Unit {
  if (/%/.test(remark)) return "percent";
  return cells.some((cell) => Number(plainDigits(cell)) > 1) ? "percent" : "fraction";
}

/** Formats that fit every sampled cell; where day and month could be exchanged a person has to say which. */
function dateFormats(cells: readonly string[]): readonly DateFormat[] {
  const fitting = DATE_FORMATS.filter((format) =>
    cells.every((cell) => parseDate(plainDigits(cell), [format]) !== null),
  );
  return cells.length === 0 || fitting.length === 0 ? UNMISTAKABLE_DATE_FORMATS : fitting.slice(0, 1);
}
