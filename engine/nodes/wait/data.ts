import { z } from "zod";
import { DURATION_DAYS_MAX, DURATION_MINUTES_MAX, LocalDateChoiceSchema, LocalTimeChoiceSchema } from "../fragments";

export const WAIT_MODES = [
  "duration",
  "until-local-time",
  "until-date",
  "until-dpd",
  "until-working-day",
  "until-payday",
  "until-fact-date",
  "event",
] as const;
export const AWAITED_EVENTS = [
  "payment.posted",
  "payment.reversed",
  "promise.made",
  "reply.received",
  "facts.changed",
] as const;

/** Days past due may be awaited from a month before the due date to five years after it. */
export const DPD_MIN = -31;
export const DPD_MAX = 1830;
/** About a year of working days; longer waits end at the strategy's horizon. */
export const WORKING_DAYS_MAX = 250;
/** Within four weeks a day before or after pay day still belongs to that pay day and not to the next. */
export const PAYDAY_OFFSET_MAX = 28;

const MinutesSchema = z.int().min(1).max(DURATION_MINUTES_MAX);

/**
 * Flat, because a form keeps what was typed while the author tries another mode: `mode` says which members count,
 * lint says which of them are missing, the others are ignored.
 */
export const WaitDataSchema = z.strictObject({
  mode: z.enum(WAIT_MODES),
  durationMinutes: MinutesSchema.exactOptional(),
  /** Local time in the strategy's zone. */
  at: LocalTimeChoiceSchema.exactOptional(),
  date: LocalDateChoiceSchema.exactOptional(),
  dpd: z.int().min(DPD_MIN).max(DPD_MAX).exactOptional(),
  /** The n-th working day after today; 0 = today, if it is one and the time of day is still to come. */
  workingDays: z.int().min(0).max(WORKING_DAYS_MAX).exactOptional(),
  /** Fact that holds a date; the empty string means "not chosen yet". */
  fact: z.union([z.literal(""), z.string().regex(/^[a-z][a-z0-9_]{0,47}(\.[A-Za-z0-9_-]{1,48})?$/)]).exactOptional(),
  /** Days after the date (before it, when negative). */
  offsetDays: z.int().min(-DURATION_DAYS_MAX).max(DURATION_DAYS_MAX).exactOptional(),
  /** Reckons the moment anew when the account's facts change. */
  recompute: z.boolean().default(false),
  events: z.array(z.enum(AWAITED_EVENTS)).max(AWAITED_EVENTS.length).exactOptional(),
  deadlineMinutes: MinutesSchema.exactOptional(),
});
export type WaitData = z.output<typeof WaitDataSchema>;
export type WaitMode = WaitData["mode"];
export type WaitMember = Exclude<keyof WaitData, "mode" | "recompute" | "offsetDays">;

/** Members a mode cannot do without. */
export const NEEDED: { readonly [mode in WaitMode]: readonly WaitMember[] } = {
  duration: ["durationMinutes"],
  "until-local-time": ["at"],
  "until-date": ["date", "at"],
  "until-dpd": ["dpd", "at"],
  "until-working-day": ["workingDays", "at"],
  "until-payday": ["at"],
  "until-fact-date": ["fact", "at"],
  event: ["events", "deadlineMinutes"],
};

/** Modes that are reckoned from a fact: they have a way on for accounts of which it is not known, and may be reckoned anew. */
export const FROM_FACT = ["until-dpd", "until-payday", "until-fact-date"] as const satisfies readonly WaitMode[];
/** Modes that count days from a date. */
export const WITH_OFFSET = ["until-payday", "until-fact-date"] as const satisfies readonly WaitMode[];

export function isFromFact(mode: WaitMode): boolean {
  return FROM_FACT.some((known) => known === mode);
}

export function isMissing(value: WaitData[WaitMember]): boolean {
  return value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}
