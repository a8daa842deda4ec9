import { armFact } from "../model/execution";
import type { Facts, FactValue, FieldCatalogue } from "../model/facts";
import { type Account, type AccountStatus, bucketOf } from "../model/party";
import {
  addDays,
  DAY_MS,
  dateToUtcMs,
  type EpochMs,
  type LocalDate,
  localWeekday,
  type TimeZone,
  zoneOffsetMs,
} from "../model/time";

/** What changes while a strategy runs; everything else an account's facts need stands in the account. */
export type FactsInput = {
  readonly account: Account;
  /** Only fields a rule may use become facts. */
  readonly fields: FieldCatalogue;
  /** Paid since the data date, reversals taken off, in minor units of the account's currency. */
  readonly ledger: { readonly paidMinor: number };
  /** Contacts with the party in the last seven days, every channel and account together. */
  readonly counters: { readonly contacts7d: number; readonly conversations7d: number };
  /** Open accounts of the same party beside this one. */
  readonly otherAccounts: number;
  /** Sticky arms of the party: experiment key -> arm. */
  readonly arms: { readonly [experimentKey: string]: string };
  /** Null before the account has entered a strategy. */
  readonly startedAtMs: EpochMs | null;
};

/**
 * One snapshot of what a step may read about an account at an instant. Days past due are reckoned in `timeZone`, the lender's
 * zone, and grow by themselves; amounts are minor units of the account's currency. A field the file did not hold is absent,
 * which means unknown (design D3).
 */
export function factsOf(input: FactsInput, nowMs: EpochMs, timeZone: TimeZone): Facts {
  const { account, ledger, counters, startedAtMs } = input;
  const { imported, pastDueFrom } = unchanging(account, input.fields);
  const today = dayNumber(timeZone, nowMs);
  const status = statusOf(account, ledger.paidMinor);
  const dpd = status === "paid" ? 0 : pastDueOn(account, pastDueFrom, today);
  const facts: { [key: string]: FactValue } = {
    ...imported,
    dpd,
    bucket: bucketOf(dpd),
    overdue_amount: remainingMinor(account, ledger.paidMinor),
    total_outstanding: account.totalOutstandingMinor - ledger.paidMinor,
    paid_amount: ledger.paidMinor,
    account_status: status,
    days_in_strategy: startedAtMs === null ? 0 : today - dayNumber(timeZone, startedAtMs),
    contacts_7d: counters.contacts7d,
    conversations_7d: counters.conversations7d,
    other_accounts: input.otherAccounts,
    local_weekday: account.timeZone === null ? null : localWeekday(account.timeZone, nowMs),
    data_date: account.dataDate,
  };
  for (const [experimentKey, arm] of Object.entries(input.arms)) facts[armFact(experimentKey)] = arm;
  return facts;
}

/**
 * Days past due on a date. The first day past due counts as 1, so an account due on the 10th and unpaid has 1 on the 11th, 0 on
 * the 10th and -3 on the 7th. Without a due date an account that is not overdue has 0; one that owes nothing never goes above 0.
 */
export function daysPastDue(account: Account, today: LocalDate): number {
  const todayMs = dateToUtcMs(today);
  return todayMs === null ? 0 : pastDueOn(account, pastDueFromOf(account), todayMs / DAY_MS);
}

function pastDueOn(account: Account, pastDueFrom: number | null, today: number): number {
  if (pastDueFrom === null) return 0;
  const days = today - pastDueFrom;
  return account.overdueSince !== null || account.overdueMinor > 0 ? days : Math.min(days, 0);
}

/** Number of the day on which the account has 0 days past due: the last day to pay. Null = nobody knows. */
function pastDueFromOf({ overdueSince, fields }: Account): number | null {
  if (overdueSince !== null) return (dateToUtcMs(overdueSince) ?? Number.NaN) / DAY_MS - 1;
  const dueMs = typeof fields.due_date === "string" ? dateToUtcMs(fields.due_date) : null;
  return dueMs === null ? null : dueMs / DAY_MS;
}

/** Days since 1970-01-01 in a zone's calendar. */
export function dayNumber(timeZone: TimeZone, atMs: EpochMs): number {
  return Math.floor((atMs + zoneOffsetMs(timeZone, atMs)) / DAY_MS);
}

/** First day past due of an account with so many days past due (>= 1) on its data date; the reverse of `daysPastDue`. */
export function overdueSinceOf(dataDate: LocalDate, dpd: number): LocalDate {
  return addDays(dataDate, 1 - dpd);
}

/** What is still to be paid to be cured, minor units, never negative. */
export function remainingMinor(account: Account, paidMinor: number): number {
  return Math.max(0, account.overdueMinor - paidMinor);
}

/** `paid` once what was overdue at the data date has been paid since; a status the lender gave (closed, sold …) stays. */
export function statusOf(account: Account, paidMinor: number): AccountStatus {
  if (account.status !== "open") return account.status;
  return account.overdueMinor > 0 && paidMinor >= account.overdueMinor ? "paid" : "open";
}

type Unchanging = {
  readonly fields: FieldCatalogue;
  /** Imported fields a rule may read. */
  readonly imported: Facts;
  readonly pastDueFrom: number | null;
};

const unchangingParts = new WeakMap<Account, Unchanging>();

/** What never changes about an account, reckoned once per account object: the simulator asks for facts at every event. */
function unchanging(account: Account, fields: FieldCatalogue): Unchanging {
  const known = unchangingParts.get(account);
  if (known !== undefined && known.fields === fields) return known;
  const imported: { [key: string]: FactValue } = {};
  for (const [key, value] of Object.entries(account.fields)) {
    if (Object.hasOwn(fields, key) && fields[key]?.usableInRules === true) imported[key] = value;
  }
  const made = { fields, imported, pastDueFrom: pastDueFromOf(account) };
  unchangingParts.set(account, made);
  return made;
}

/** Rolling window of the `…_7d` counters. */
export const COUNTER_WINDOW_MS = 7 * DAY_MS;
