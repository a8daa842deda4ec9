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

/** Most fields a lender may have beside those of the market. */
export const LENDER_FIELDS_MAX = 200;

/** A field of one lender's files beside those of the market: `custom.<name>`. */
export const LenderFieldSchema = FieldSchema.extend({ key: z.string().regex(/^custom\.[a-z][a-z0-9_]{0,39}$/) });
export type LenderField = z.output<typeof LenderFieldSchema>;

/** The fields a market knows, by key. */
export type FieldCatalogue = { readonly [key: string]: Field };

/** What can be counted of a party's past, over every account, actor and channel together. */
export const COUNTER_METRICS = [
  "attempts",
  "connects",
  "conversations",
  "messages",
  "visits",
  "payments",
  "promises",
  "promises_broken",
] as const;
export type CounterMetric = (typeof COUNTER_METRICS)[number];

/** Longest period a counter looks back over, in days. */
export const COUNTER_DAYS_MAX = 366;

/** A count over the last `days` times 24 hours. */
export type Counter = { readonly metric: CounterMetric; readonly days: number };

const COUNTER_FACT = /^([a-z_]+)\.([1-9]\d{0,2})d$/;

/** The counter a fact asks for (`conversations.7d`), or null when it is no counter. */
export function counterOfFact(fact: string): Counter | null {
  const [, name, length] = COUNTER_FACT.exec(fact) ?? [];
  const metric = COUNTER_METRICS.find((known) => known === name);
  const days = Number(length);
  return metric === undefined || days > COUNTER_DAYS_MAX ? null : { metric, days };
}

export function counterFact({ metric, days }: Counter): string {
  return `${metric}.${days}d`;
}

const COUNTER_LABELS: { readonly [metric in CounterMetric]: { readonly "zh-CN": string; readonly en: string } } = {
  attempts: { "zh-CN": "近 {days} 天触达次数", en: "Contact attempts in the last {days} days" },
  connects: { "zh-CN": "近 {days} 天接通次数", en: "Connected contacts in the last {days} days" },
  conversations: { "zh-CN": "近 {days} 天有效通话次数", en: "Conversations in the last {days} days" },
  messages: { "zh-CN": "近 {days} 天消息次数", en: "Messages in the last {days} days" },
  visits: { "zh-CN": "近 {days} 天外访次数", en: "Visits in the last {days} days" },
  payments: { "zh-CN": "近 {days} 天还款次数", en: "Payments in the last {days} days" },
  promises: { "zh-CN": "近 {days} 天承诺次数", en: "Promises in the last {days} days" },
  promises_broken: { "zh-CN": "近 {days} 天跳票次数", en: "Broken promises in the last {days} days" },
};

function counterField({ metric, days }: Counter): Field {
  const label = COUNTER_LABELS[metric];
  const filled = (text: string): string => text.replace("{days}", String(days));
  return {
    key: counterFact({ metric, days }),
    type: "integer",
    label: { "zh-CN": filled(label["zh-CN"]), en: filled(label.en) },
    aliases: [],
    unit: "times",
    minimum: 0,
    origin: "history",
    usableInRules: true,
    personal: false,
    required: false,
  };
}

/** The field behind a fact: one of the catalogue, or a counter over the party's past. Undefined = nobody knows such a fact. */
export function fieldOf(fields: FieldCatalogue, fact: string): Field | undefined {
  if (Object.hasOwn(fields, fact)) return fields[fact];
  const counter = counterOfFact(fact);
  return counter === null ? undefined : counterField(counter);
}
