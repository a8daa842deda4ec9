import { z } from "zod";
import { type FieldCatalogue, LENDER_FIELDS_MAX, LenderFieldSchema } from "../../model/facts";
import { type Issue, issue } from "../../model/issue";
import { CurrencySchema } from "../../model/money";
import { isLocalDate, isTimeZone } from "../../model/time";
import { DATE_FORMATS } from "./dates";
import { NUMBER_STYLES } from "./decimal";
import { EXPRESSION_LIMITS } from "./expression";

/** How a number of a file is to be read. `yuan` is the currency's main unit, `fen` its hundredth, `wan` ten thousand `yuan`. */
export const UNITS = ["yuan", "fen", "wan", "percent", "fraction", "days", "months"] as const;
export type Unit = (typeof UNITS)[number];

/** A code of the file and what it means; `null` means unknown. */
const MeaningSchema = z.union([z.string().max(200), z.number(), z.boolean(), z.null()]);
const LocalDateSchema = z.string().refine(isLocalDate, { error: "date" });
const TimeZoneSchema = z.string().max(64).refine(isTimeZone, { error: "time-zone" });

export const MappedColumnSchema = z.strictObject({
  /** Key of the field catalogue. */
  field: z.string().max(100),
  from: z.union([
    z.strictObject({ column: z.string().min(1).max(200) }),
    z.strictObject({ constant: z.union([z.string().max(200), z.number(), z.boolean()]) }),
    z.strictObject({ expression: z.string().min(1).max(EXPRESSION_LIMITS.characters) }),
  ]),
  /** Looked up before anything else is done with the cell. */
  values: z
    .record(z.string().max(200), MeaningSchema)
    .refine((values) => Object.keys(values).length <= 1000, { error: "too-many-values" })
    .optional(),
  unit: z.enum(UNITS).optional(),
  /** Tried in order; only what is listed is accepted. */
  dateFormat: z.array(z.enum(DATE_FORMATS)).min(1).max(10).optional(),
  /** What becomes of a value that cannot be read: the row is rejected, or the fact is unknown (and a warning says so). */
  onUnmapped: z.enum(["reject", "unknown"]).default("reject"),
});

/** How the columns of a lender's file become accounts. Saved under a name, shipped as JSON, the same for screen and command line. */
export const ImportMappingSchema = z.strictObject({
  version: z.literal(1),
  name: z.string().min(1).max(120),
  /** What the file is, in a sentence; for people. */
  note: z.string().max(2000).optional(),
  market: z.enum(["cn", "us", "uk", "eu"]),
  currency: CurrencySchema,
  /** Grouping and decimal sign of every number in the file. */
  numberStyle: z.enum(NUMBER_STYLES).default("1,234.5"),
  /**
   * Numbers a spreadsheet has written as `2.00E+05`: it may have rounded them to the digits that show, so they are refused unless
   * somebody who knows the file says that they are exact. Account numbers and phones are always refused.
   */
  scientificNotation: z.enum(["refuse", "exact"]).default("refuse"),
  /** As-of date of the file when no column says it. */
  dataDate: LocalDateSchema.optional(),
  /** Zone of the people in the file. Without it and without `timeZoneByProvince` it is unknown, and nobody is contacted. */
  timeZone: TimeZoneSchema.optional(),
  /** Value of the `province` field -> zone; `timeZone` is for the others. */
  timeZoneByProvince: z.record(z.string().max(60), TimeZoneSchema).optional(),
  /** Fields of this lender beside those of the market, which columns may fill and strategies that declare them may ask. */
  fields: z.array(LenderFieldSchema).max(LENDER_FIELDS_MAX).optional(),
  columns: z.array(MappedColumnSchema).min(1).max(400),
});
export type ImportMapping = z.output<typeof ImportMappingSchema>;
export type MappedColumn = ImportMapping["columns"][number];

/**
 * Fields of the catalogue a file may fill: its columns, and the account's status, which the engine otherwise reckons from
 * payments but which only the lender knows for closed, sold and written-off accounts.
 */
export function importableFields(fields: FieldCatalogue): FieldCatalogue {
  return Object.fromEntries(
    Object.entries(fields).filter(([key, field]) => field.origin === "column" || ENGINE_FIELDS.has(key)),
  );
}

/** Fields a mapping's columns may fill: the market's, and the lender's own beside them. A market's field cannot be redefined. */
export function fieldsOfMapping(market: FieldCatalogue, mapping: Pick<ImportMapping, "fields">): FieldCatalogue {
  if (mapping.fields === undefined) return market;
  return { ...Object.fromEntries(mapping.fields.map((field) => [field.key, field])), ...market };
}

/** Fields with a place of their own in an account; the importer knows them whatever the catalogue calls their origin. */
const ENGINE_FIELDS = new Set(["dpd", "overdue_amount", "total_outstanding", "account_status", "data_date"]);

/** A mapping read from JSON. Issues: `mapping.shape` with the path and what zod found there. */
export function parseMapping(
  value: unknown,
): { readonly ok: true; readonly value: ImportMapping } | { readonly ok: false; readonly error: readonly Issue[] } {
  const parsed = ImportMappingSchema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const problems = parsed.error.issues.map((found) =>
    issue("mapping.shape", { path: pathText(found.path) }, { problem: problemOf(found), at: pathText(found.path) }),
  );
  return { ok: false, error: problems };
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === "number" ? `${text}[${part}]` : text === "" ? String(part) : `${text}.${String(part)}`,
    "",
  );
}

/** A code of zod's; its English sentence is not shown because it exists in one language only. */
function problemOf(found: z.core.$ZodIssue): string {
  if (found.code === "unrecognized_keys") return `${found.code}: ${found.keys.join(", ").slice(0, 200)}`;
  if (found.code === "invalid_value") return `${found.code}: ${found.values.slice(0, 20).map(String).join(", ")}`;
  if (found.code === "invalid_type") return `${found.code}: ${found.expected}`;
  return found.code === "custom" ? `${found.code}: ${found.message.slice(0, 60)}` : found.code;
}
