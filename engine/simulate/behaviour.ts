import { z } from "zod";
import { CALL_BACK_OUTCOME } from "../model/contact-result";
import { CHANNELS, type Channel } from "../model/content";
import { draw } from "../model/draw";
import { InvariantError } from "../model/invariant";
import { LocalTextSchema } from "../model/locale";
import type { Account } from "../model/party";
import { PROMISE_OUTCOMES, type PromiseTerms } from "../model/promise";
import {
  addDays,
  daysBetween,
  type EpochMs,
  HOUR_MS,
  instantAt,
  isLocalTime,
  type LocalDate,
  localDate,
  MINUTE_MS,
  minutesOf,
  type TimeZone,
} from "../model/time";
import { daysPastDue } from "../portfolio/facts";
import assumptions from "./assumptions.json";

const ShareSchema = z.number().min(0).max(1);
const LocalTimeSchema = z.string().refine(isLocalTime);
const AfterContactSchema = z.strictObject({
  /** Chance that the contact brings a payment, by band. */
  chance: z.array(ShareSchema),
  /** Days from the contact to the payment. */
  days: z.strictObject({ least: z.int().min(0), most: z.int().min(0).max(60) }),
  /** Pays all that is overdue, or a part of it. */
  full: z.boolean(),
});
const AssumptionsSchema = z.strictObject({
  source: z.literal("assumption"),
  version: z.string(),
  note: LocalTextSchema,
  bands: z.array(
    z.strictObject({
      /** Last day past due the band covers; null = every later one. */
      upToDpd: z.int().nullable(),
      /** Chance to pay within 30 days in this band without any contact. */
      ownAccord30d: z.number().min(0).max(0.999),
      /** Share of those payments that clear everything overdue. */
      fullShare: ShareSchema,
    }),
  ),
  /** A part payment is this share of what was overdue. */
  partShare: z.strictObject({ least: ShareSchema, most: ShareSchema }),
  payingHours: z.strictObject({ from: LocalTimeSchema, to: LocalTimeSchema }),
  /** Of those who promise, so many name a date earlier than the day they would pay on, by so many days. */
  promise: z.strictObject({
    lateShare: ShareSchema,
    lateDays: z.strictObject({ least: z.int().min(0), most: z.int().min(0).max(60) }),
  }),
  /** Hours until somebody who asks to be called again wants it to be. */
  callBackHours: z.strictObject({
    least: z.int().min(1),
    most: z
      .int()
      .min(1)
      .max(24 * 30),
  }),
  afterContact: z.partialRecord(z.enum(CHANNELS), z.record(z.string(), AfterContactSchema)),
});

/** When simulated people pay. Invented but plausible numbers, labelled as an assumption wherever results are shown. */
export const paymentAssumptions = AssumptionsSchema.parse(assumptions);

const MONTH_DAYS = 30;
/** By band: a chance p per 30 days is a daily hazard of -ln(1-p)/30. */
const DAILY_HAZARDS = paymentAssumptions.bands.map(({ ownAccord30d }) => -Math.log(1 - ownAccord30d) / MONTH_DAYS);
/** Payments a person makes of their own accord within one run; a part payment may be followed by another. */
const OWN_PAYMENTS_MAX = 6;
/** Longest stretch the hazard is followed, whatever is asked. */
const DAYS_MAX = 1500;
const LEAST_PAYMENT_MINOR = 100;

/** A payment a simulated person will make. Whoever posts it takes the smaller of `amountMinor` and what is still overdue. */
export type Settlement = {
  /** The same person, cause and seed give the same id: posting one twice is recognisable. */
  readonly id: string;
  readonly atMs: EpochMs;
  /** Minor units of the account's currency, positive. */
  readonly amountMinor: number;
};

/** What makes somebody pay: the passing of time, or a contact they answered. `ordinal` counts the party's contacts by channel. */
export type SettlementCause =
  | { readonly kind: "own-accord"; readonly fromMs: EpochMs; readonly untilMs: EpochMs }
  | {
      readonly kind: "contact";
      readonly channel: Channel;
      readonly outcome: string;
      readonly ordinal: number;
      readonly atMs: EpochMs;
    };

export type Debtor = { readonly account: Account; readonly seed: number; readonly timeZone: TimeZone };

/**
 * When this person pays, and how much, because of something. Used by the simulator and by the simulated debtors of the demo.
 * Every draw hangs on seed, party, account and cause alone, so two strategies run against the same luck (design D13). Empty when
 * nothing is overdue or nobody pays.
 */
export function settlementsOf(debtor: Debtor, cause: SettlementCause): readonly Settlement[] {
  if (debtor.account.overdueMinor <= 0) return [];
  return cause.kind === "own-accord" ? ofOwnAccord(debtor, cause) : afterContact(debtor, cause);
}

function ofOwnAccord(
  debtor: Debtor,
  { fromMs, untilMs }: Extract<SettlementCause, { kind: "own-accord" }>,
): readonly Settlement[] {
  const { account, timeZone } = debtor;
  const settlements: Settlement[] = [];
  const firstDay = localDate(timeZone, fromMs);
  const lastDay = localDate(timeZone, untilMs);
  const lastDayIndex = Math.min(DAYS_MAX, daysBetween(firstDay, lastDay));
  let dayIndex = 0;
  for (let ordinal = 0; ordinal < OWN_PAYMENTS_MAX; ordinal += 1) {
    const key = `own:${account.id}:${ordinal}`;
    const paidOn = dayOfPayment(debtor, { key, firstDay, fromIndex: dayIndex, lastIndex: lastDayIndex });
    if (paidOn === null) break;
    const date = addDays(firstDay, paidOn);
    const { fullShare } = bandAt(daysPastDue(account, date)).band;
    const full = drawOf(debtor, `${key}:full`) < fullShare;
    const settlement = settlementAt(debtor, { key, date, full, afterMs: fromMs });
    if (settlement.atMs >= untilMs) break;
    settlements.push(settlement);
    if (full) break;
    dayIndex = paidOn + 1;
  }
  return settlements;
}

/**
 * The day on which the summed daily hazard passes the drawn threshold, as an index from `firstDay`; null = not within the run.
 */
function dayOfPayment(
  debtor: Debtor,
  days: {
    readonly key: string;
    readonly firstDay: LocalDate;
    readonly fromIndex: number;
    readonly lastIndex: number;
  },
): number | null {
  const threshold = -Math.log(1 - drawOf(debtor, `${days.key}:day`));
  const firstDpd = daysPastDue(debtor.account, days.firstDay);
  let summed = 0;
  for (let index = days.fromIndex; index <= days.lastIndex; index += 1) {
    summed += DAILY_HAZARDS[bandAt(firstDpd + index).position] ?? 0;
    if (summed > threshold) return index;
  }
  return null;
}

type ContactCause = Extract<SettlementCause, { kind: "contact" }>;

function afterContact(debtor: Debtor, cause: ContactCause): readonly Settlement[] {
  const effect = effectOf(cause);
  if (effect === undefined) return [];
  const { today, position, key } = contactDraws(debtor, cause);
  if (drawOf(debtor, `${key}:pays`) >= (effect.chance[position] ?? 0)) return [];
  const date = addDays(today, daysUntil(debtor, effect, key));
  return [settlementAt(debtor, { key, date, full: effect.full, afterMs: cause.atMs })];
}

/**
 * What a person promises in an answer that is a promise; null when it is none, or nothing is overdue. The day and the amount are
 * those `settlementsOf` draws for the same contact, whether they then pay or not; some name too early a day.
 */
export function promiseAfter(debtor: Debtor, cause: ContactCause, remainingMinor: number): PromiseTerms | null {
  const effect = PROMISE_OUTCOMES.has(cause.outcome) ? effectOf(cause) : undefined;
  if (effect === undefined || remainingMinor <= 0) return null;
  const { today, key } = contactDraws(debtor, cause);
  const days = daysUntil(debtor, effect, key);
  const { lateShare, lateDays } = paymentAssumptions.promise;
  const isLate = drawOf(debtor, `${key}:late`) < lateShare;
  const spread = lateDays.most - lateDays.least + 1;
  const late = isLate ? lateDays.least + Math.floor(drawOf(debtor, `${key}:late-days`) * spread) : 0;
  const { amountMinor } = settlementAt(debtor, { key, date: today, full: effect.full, afterMs: cause.atMs });
  return { amountMinor: Math.min(amountMinor, remainingMinor), dueDate: addDays(today, Math.max(0, days - late)) };
}

/** When somebody who asks to be called again wants it to be; null when they do not ask. The laws still decide when it may be. */
export function callBackAfter(debtor: Debtor, cause: ContactCause): EpochMs | null {
  if (cause.outcome !== CALL_BACK_OUTCOME) return null;
  const { least, most } = paymentAssumptions.callBackHours;
  const { key } = contactDraws(debtor, cause);
  const hours = least + Math.floor(drawOf(debtor, `${key}:call-back`) * (most - least + 1));
  return cause.atMs + hours * HOUR_MS;
}

type Effect = z.output<typeof AfterContactSchema>;

function effectOf({ channel, outcome }: ContactCause): Effect | undefined {
  const answers = paymentAssumptions.afterContact[channel] ?? {};
  return Object.hasOwn(answers, outcome) ? answers[outcome] : undefined;
}

function contactDraws(debtor: Debtor, { channel, ordinal, atMs }: ContactCause) {
  const today = localDate(debtor.timeZone, atMs);
  const { position } = bandAt(daysPastDue(debtor.account, today));
  return { today, position, key: `${channel}:${debtor.account.id}:${ordinal}` };
}

function daysUntil(debtor: Debtor, { days: { least, most } }: Effect, key: string): number {
  return least + Math.floor(drawOf(debtor, `${key}:days`) * (most - least + 1));
}

function settlementAt(
  debtor: Debtor,
  when: { readonly key: string; readonly date: LocalDate; readonly full: boolean; readonly afterMs: EpochMs },
): Settlement {
  const { account, timeZone } = debtor;
  const { payingHours, partShare } = paymentAssumptions;
  const from = minutesOf(payingHours.from);
  const minute = from + Math.floor(drawOf(debtor, `${when.key}:minute`) * (minutesOf(payingHours.to) - from));
  const share = partShare.least + drawOf(debtor, `${when.key}:part`) * (partShare.most - partShare.least);
  const part = Math.max(LEAST_PAYMENT_MINOR, Math.round(share * account.overdueMinor));
  return {
    id: `${account.id}:${when.key}`,
    // Nobody pays before they were asked.
    atMs: Math.max(instantAt(timeZone, when.date, minute), when.afterMs + MINUTE_MS),
    amountMinor: when.full ? account.overdueMinor : Math.min(part, account.overdueMinor),
  };
}

function drawOf({ account, seed }: Debtor, kind: string): number {
  return draw(seed, account.partyId, `pay:${kind}`);
}

type Band = z.output<typeof AssumptionsSchema>["bands"][number];

function bandAt(dpd: number): { readonly band: Band; readonly position: number } {
  const { bands } = paymentAssumptions;
  const position = bands.findIndex(({ upToDpd }) => upToDpd === null || dpd <= upToDpd);
  const band = bands[position];
  if (band === undefined) throw new InvariantError("simulate.band-missing", { dpd });
  return { band, position };
}
