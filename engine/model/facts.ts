import { z } from "zod";
import { LocalTextSchema } from "./locale";

/**
 * Types a fact may have. `money` is integer minor units of the account's currency, `date` is `YYYY-MM-DD`,
 * `percent` is a fraction (0.24 is 24 %).
 */
export const FACT_TYPES = ["integer", "number", "money", "percent", "date", "enum", "text", "boolean"] as const;
export type FactType = (typeof FACT_TYPES)[number];

/** A parsed fact; `null` is "unknown": missing or malformed at the door. It is never silently "no" (design D3). */
export type FactValue = number | string | boolean | null;

/** One snapshot of everything a step may read, parsed. A fact that is not listed is unknown. */
export type Facts = { readonly [key: string]: FactValue };

const FactKeySchema = z.string().regex(/^[a-z][a-z0-9_]{0,47}(\.[A-Za-z0-9_-]{1,48})?$/);

/** One entry of a market's field catalogue: what the importer recognises, what conditions may ask, how it reads. */
export const FieldSchema = z.strictObject({
  key: FactKeySchema,
  type: z.enum(FACT_TYPES),
  label: LocalTextSchema,
  /** Column titles lenders use for it, in any language; matched after normalising case, spaces and brackets. */
  aliases: z.array(z.string().max(60)).max(40).default([]),
  /** Closed list of values of an `enum` with their labels. */
  values: z
    .array(z.strictObject({ value: z.string().max(40), label: LocalTextSchema }))
    .max(60)
    .optional(),
  unit: z.enum(["days", "months", "years", "times", "points"]).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  /** Where it comes from: `column` of the account file, `derived` by the engine, `history` counters. */
  origin: z.enum(["column", "derived", "history"]),
  /** Whether a rule may read it. Personal data (name, phone, document number) may be imported but never decided on. */
  usableInRules: z.boolean(),
  personal: z.boolean().default(false),
  /** Needed for an account to be usable at all. */
  required: z.boolean().default(false),
});
export type Field = z.output<typeof FieldSchema>;

/** The fields a market knows, by key. */
export type FieldCatalogue = { readonly [key: string]: Field };
