import { armFact } from "../model/execution";
import type { Facts, FactValue, FieldCatalogue } from "../model/facts";
import { type Account, type AccountStatus, bucketOf } from "../model/party";
import { type PlanStanding, planStandingOn } from "../model/payment-plan";
import type { PromiseStanding } from "../model/promise";
import {
  addDays,
  DAY_MS,
  dateToUtcMs,
  type EpochMs,
  type LocalDate,
  localDate,
  localDayNumber,
  localWeekday,
  type TimeZone,
} from "../model/time";

/** What changes while a strategy runs; everything else an account's facts need stands in the account. */
export type MovingFacts = {
  readonly account: Account;
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
  /** The account's latest promise to pay; null or absent = it never made one. */
  readonly promise?: PromiseStanding | null;
  /** The account's latest payment plan; null or absent = it never had one. */
  readonly plan?: PlanStanding | null;
  /** Counters over the party's past that the strategy asks for, by fact. */
  readonly counts?: { readonly [fact: string]: number };
};

export type FactsInput = MovingFacts & {
  /** Only fields a rule may use become facts. */
  readonly fields: FieldCatalogue;
};

/** Facts of one account that are written over as time goes on. */
export type WrittenFacts = { [key: string]: FactValue };

/**
 * One snapshot of what a step may read about an account at an instant. Days past due are reckoned in `timeZone`, the lender's
 * zone, and grow by themselves; amounts are minor units of the account's currency. A field the file did not hold is absent,
 * which means unknown (design D3).
 */
export function factsOf(input: FactsInput, nowMs: EpochMs, timeZone: TimeZone): Facts {
  const facts = roomForFacts();
  writeImportedFacts(facts, input.account, input.fields);
  writeMovingFacts(facts, input, { nowMs, timeZone });
  return facts;
}

/**
 * Facts every account has, with a place for each from the beginning: an object that grows fact by fact moves over and over (measured:
 * two thirds of the memory of a turn's facts).
 */
function roomForFacts(): WrittenFacts {
  return {
    dpd: null,
    bucket: null,
    overdue_amount: null,
    total_outstanding: null,
    paid_amount: null,
    account_status: null,
    days_in_strategy: null,
    contacts_7d: null,
    conversations_7d: null,
    other_accounts: null,
    local_weekday: null,
    data_date: null,
    promise_status: null,
    promise_amount: null,
    promise_due_date: null,
    promise_paid: null,
    promise_paid_share: null,
    plan_status: null,
    plan_missed: null,
    plan_end_date: null,
  };
}

/** The part of an account's facts that never changes: its imported fields that a rule may read. */
export function importedFacts(account: Account, fields: FieldCatalogue): WrittenFacts {
  const facts: WrittenFacts = {};
  writeImportedFacts(facts, account, fields);
  return facts;
}

function writeImportedFacts(facts: WrittenFacts, { fields: imported }: Account, fields: FieldCatalogue): void {
  const usable = usableKeys(fields);
  for (const key in imported) if (usable.has(key) && Object.hasOwn(imported, key)) facts[key] = imported[key] ?? null;
}

/**
 * Writes the facts of an instant over the imported ones, or over those of an earlier instant of the same account: the simulator
 * asks at every event, and a new object each time was a fifth of its work. Whoever read the earlier ones must be done.
 */
export function writeMovingFacts(
  facts: WrittenFacts,
  moving: MovingFacts,
  { nowMs, timeZone }: { readonly nowMs: EpochMs; readonly timeZone: TimeZone },
): void {
  const { account, ledger, counters, otherAccounts, arms, startedAtMs } = moving;
  const today = localDayNumber(timeZone, nowMs);
  const status = statusOf(account, ledger.paidMinor);
  const dpd = status === "paid" ? 0 : pastDueOn(account, pastDueFromOf(account), today);
  facts.dpd = dpd;
  facts.bucket = bucketOf(dpd);
  facts.overdue_amount = remainingMinor(account, ledger.paidMinor);
  facts.total_outstanding = account.totalOutstandingMinor - ledger.paidMinor;
  facts.paid_amount = ledger.paidMinor;
  facts.account_status = status;
  facts.days_in_strategy = startedAtMs === null ? 0 : today - localDayNumber(timeZone, startedAtMs);
  facts.contacts_7d = counters.contacts7d;
  facts.conversations_7d = counters.conversations7d;
  facts.other_accounts = otherAccounts;
  facts.local_weekday = account.timeZone === null ? null : localWeekday(account.timeZone, nowMs);
  facts.data_date = account.dataDate;
  for (const experimentKey of Object.keys(arms)) facts[armFact(experimentKey)] = arms[experimentKey] ?? null;
  writePromise(facts, moving.promise ?? null);
  writePlan(facts, moving.plan ?? null, { timeZone, nowMs });
  if (moving.counts !== undefined) Object.assign(facts, moving.counts);
}

/** What nobody promised has no amount and no date; that nobody did is known. */
function writePromise(facts: WrittenFacts, promise: PromiseStanding | null): void {
  if (promise === null && facts.promise_status === "none") return;
  facts.promise_status = promise === null ? "none" : (promise.result ?? "open");
  facts.promise_amount = promise?.amountMinor ?? null;
  facts.promise_due_date = promise?.dueDate ?? null;
  facts.promise_paid = promise?.paidMinor ?? null;
  facts.promise_paid_share = promise === null ? null : promise.paidMinor / promise.amountMinor;
}

/** The same facts, but for a plan that has just been agreed. */
export function factsWithPlan(facts: Facts, plan: PlanStanding, instant: FactsInstant): Facts {
  const changed = { ...facts };
  writePlan(changed, plan, instant);
  return changed;
}

type FactsInstant = { readonly timeZone: TimeZone; readonly nowMs: EpochMs };

function writePlan(facts: WrittenFacts, plan: PlanStanding | null, { timeZone, nowMs }: FactsInstant): void {
  if (plan === null && facts.plan_status === "none") return;
  const standing = plan === null ? null : planStandingOn(plan, localDate(timeZone, nowMs));
  facts.plan_status = standing?.status ?? "none";
  facts.plan_missed = standing?.missed ?? null;
  facts.plan_end_date = standing?.endDate ?? null;
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

const usableKeysOf = new WeakMap<FieldCatalogue, ReadonlySet<string>>();

/** Fields a rule may read, found once per catalogue. */
function usableKeys(fields: FieldCatalogue): ReadonlySet<string> {
  const known = usableKeysOf.get(fields);
  if (known !== undefined) return known;
  const made = new Set(Object.keys(fields).filter((key) => fields[key]?.usableInRules === true));
  usableKeysOf.set(fields, made);
  return made;
}

/** Rolling window of the `…_7d` counters. */
export const COUNTER_WINDOW_MS = 7 * DAY_MS;
