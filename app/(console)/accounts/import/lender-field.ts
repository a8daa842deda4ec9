import type { FactType, LenderField } from "#engine/model/facts";
import type { ImportMapping, MappedColumn } from "#engine/portfolio/intake/mapping";

/** A column of the lender's own: no field of the market fits, so the mapping declares one. */

export const LENDER_PREFIX = "custom.";
const NAME = /^[a-z][a-z0-9_]{0,39}$/;
const NAME_MAX = 40;

/** Name of a lender's field without what all of them begin with. */
export function nameOfLenderField(key: string): string {
  return key.startsWith(LENDER_PREFIX) ? key.slice(LENDER_PREFIX.length) : key;
}

export type NameProblem = "malformed" | "taken";

/** What is wrong with a name for a field of this mapping, or null. */
export function lenderNameProblem(mapping: Pick<ImportMapping, "fields">, name: string): NameProblem | null {
  if (!NAME.test(name)) return "malformed";
  return (mapping.fields ?? []).some((field) => field.key === LENDER_PREFIX + name) ? "taken" : null;
}

/** A free name from a column's title: its Latin letters and digits; a Chinese title has none, then `field_1`. */
export function nameFromTitle(mapping: Pick<ImportMapping, "fields">, title: string): string {
  const words = title
    .normalize("NFKC")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[^a-z]+|_+$/g, "")
    .slice(0, NAME_MAX - 4);
  const stem = words.length < 2 ? "field" : words;
  const tries = [
    ...(stem === words ? [stem] : []),
    ...Array.from({ length: 201 }, (_, index) => `${stem}_${index + 1}`),
  ];
  return tries.find((name) => lenderNameProblem(mapping, name) === null) ?? "";
}

const TYPE_SHAPES: readonly (readonly [FactType, RegExp])[] = [
  ["date", /^\d{4}([-/.年])\d{1,2}([-/.月])\d{1,2}日?$/],
  ["boolean", /^(true|false|yes|no|y|n|是|否)$/i],
  ["percent", /^-?\d+(\.\d+)?\s*%$/],
  // Numbers that begin with a zero, and long ones, name something: nobody reckons with them.
  ["integer", /^(-?[1-9]\d{0,9}|0)$/],
  ["number", /^-?\d{1,3}(,\d{3})*(\.\d+)?$|^-?\d{1,12}\.\d+$/],
];

/** The type a column's first values look like; text when they look like nothing else, or there are none. */
export function typeOfSample(sample: readonly string[]): FactType {
  const cells = sample.map((cell) => cell.normalize("NFKC").trim()).filter((cell) => cell !== "");
  if (cells.length === 0) return "text";
  const shape = TYPE_SHAPES.find(([, pattern]) => cells.every((cell) => pattern.test(cell)));
  if (shape !== undefined) return shape[0];
  const numeric = cells.every((cell) =>
    TYPE_SHAPES.some(([type, one]) => /integer|number/.test(type) && one.test(cell)),
  );
  return numeric ? "number" : "text";
}

/** Declares a lender's field and reads it from a column. A percentage is read as written, `24` for 24 %, unless it is told otherwise. */
export function declareField(mapping: ImportMapping, field: LenderField, column: string): ImportMapping {
  if (lenderNameProblem(mapping, nameOfLenderField(field.key)) !== null) return mapping;
  const mapped: MappedColumn = {
    field: field.key,
    from: { column },
    onUnmapped: "unknown",
    ...(field.type === "percent" ? { unit: "percent" } : {}),
    ...(field.type === "money" ? { unit: "yuan" } : {}),
  };
  return { ...mapping, fields: [...(mapping.fields ?? []), field], columns: [...mapping.columns, mapped] };
}
