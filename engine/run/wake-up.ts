import type { Facts, FactValue } from "../model/facts";
import type { ProgramCalendar, WaitSpec } from "../model/program";
import {
  addDays,
  DAY_MS,
  type EpochMs,
  instantAt,
  isLocalDate,
  type LocalDate,
  type LocalTime,
  localDate,
  minutesOf,
  monthDays,
  type TimeZone,
  weekdayOf,
} from "../model/time";
import { factIn, type RuleInput } from "./rule-input";

/** Fact "until so many days past due" is reckoned from. */
export const DPD_FACT = "dpd";

/** Days ahead up to which a calendar is asked; longer waits lie beyond every horizon (at most 1,500 days) and are cut by it. */
const CALENDAR_DAYS_MAX = 4000;

export type WaitContext = RuleInput & { readonly calendar: ProgramCalendar | undefined };

/**
 * When a wait that starts now is over: never before now; null when the fact it needs is unknown. Not yet cut by the horizon.
 *
 * - `duration` with `at`: the local time on or after the due instant.
 * - `until-local-time`: the next time it is that late, strictly after now. Live timers fire a moment after their instant, so
 *   "or now" would go on at once in the simulator and wait a day in the real run.
 * - `until-date`, `until-dpd`: now, when that moment has passed.
 * - `event`: its deadline.
 * - `until-working-day`, `until-day-of-month`: strictly after now, for the same reason as a local time.
 * - `until-fact-date`: now, when that moment has passed.
 */
export function wakeAtOf(wait: WaitSpec, context: WaitContext): EpochMs | null {
  const { nowMs, timeZone } = context;
  switch (wait.mode) {
    case "duration": {
      const dueMs = nowMs + wait.durationMs;
      return wait.at === undefined ? dueMs : localTimeFrom(timeZone, dueMs, wait.at);
    }
    case "until-local-time":
      return localTimeFrom(timeZone, nowMs + 1, wait.at);
    case "until-date":
      return Math.max(nowMs, instantAt(timeZone, wait.date, minutesOf(wait.at)));
    case "until-dpd":
      return untilDaysPastDue(wait, context);
    case "event":
      return nowMs + wait.deadlineMs;
    case "until-working-day":
      return untilWorkingDay(wait, context);
    case "until-day-of-month":
      return untilDayOfMonth(wait, context);
    case "until-fact-date":
      return untilFactDate(wait, context);
    default:
      throw wait satisfies never;
  }
}

/** Days past due, or null when unknown: missing or not a whole number. */
export function daysPastDueOf(facts: Facts): number | null {
  const dpd = Object.hasOwn(facts, DPD_FACT) ? facts[DPD_FACT] : null;
  return typeof dpd === "number" && Number.isInteger(dpd) ? dpd : null;
}

function untilDaysPastDue(
  wait: { readonly dpd: number; readonly at: LocalTime },
  { nowMs, timeZone, facts }: WaitContext,
): EpochMs | null {
  const dpd = daysPastDueOf(facts);
  if (dpd === null) return null;
  const daysAhead = wait.dpd - dpd;
  if (daysAhead < 0) return nowMs;
  if (daysAhead > CALENDAR_DAYS_MAX) return nowMs + CALENDAR_DAYS_MAX * DAY_MS;
  const date = addDays(localDate(timeZone, nowMs), daysAhead);
  return Math.max(nowMs, instantAt(timeZone, date, minutesOf(wait.at)));
}

/** The first time it is `at` in the zone, at `fromMs` or later. */
function localTimeFrom(timeZone: TimeZone, fromMs: EpochMs, at: LocalTime): EpochMs {
  const today = localDate(timeZone, fromMs);
  const candidateMs = instantAt(timeZone, today, minutesOf(at));
  return candidateMs >= fromMs ? candidateMs : instantAt(timeZone, addDays(today, 1), minutesOf(at));
}

type WaitOf<TMode extends WaitSpec["mode"]> = Extract<WaitSpec, { readonly mode: TMode }>;

/** Facts a wait was reckoned from, for the record. */
export function factsReadByWait(wait: WaitSpec, input: RuleInput): { readonly [fact: string]: FactValue } {
  if (wait.mode === "until-dpd") return { [DPD_FACT]: daysPastDueOf(input.facts) };
  return "fact" in wait ? { [wait.fact]: factIn(input, wait.fact) } : {};
}

const FRIDAY = 5;

/** Whether people work on a day: a calendar's own word first, else Monday to Friday. */
export function isWorkingDay(date: LocalDate, calendar: ProgramCalendar | undefined): boolean {
  if (calendar?.workdays.includes(date) === true) return true;
  return weekdayOf(date) <= FRIDAY && calendar?.holidays.includes(date) !== true;
}

/** Days looked at for one working day: no market is closed for longer. */
const CLOSED_DAYS_MAX = 40;

function untilWorkingDay(
  { count, at }: WaitOf<"until-working-day">,
  { nowMs, timeZone, calendar }: WaitContext,
): EpochMs {
  let date = localDate(timeZone, nowMs);
  let left = count;
  if (count === 0) {
    const todayAtMs = instantAt(timeZone, date, minutesOf(at));
    if (isWorkingDay(date, calendar) && todayAtMs > nowMs) return todayAtMs;
    left = 1;
  }
  for (let days = 0; days < CLOSED_DAYS_MAX + left * CLOSED_DAYS_MAX; days += 1) {
    date = addDays(date, 1);
    if (isWorkingDay(date, calendar)) left -= 1;
    if (left === 0) break;
  }
  return instantAt(timeZone, date, minutesOf(at));
}

/** Months looked at around now: a day that is moved by up to a month may come from the month before or after. */
const MONTHS_AROUND = [-2, -1, 0, 1, 2, 3] as const;

function untilDayOfMonth(wait: WaitOf<"until-day-of-month">, context: WaitContext): EpochMs | null {
  const { nowMs, timeZone } = context;
  const day = factIn(context, wait.fact);
  if (typeof day !== "number" || !Number.isInteger(day) || day < 1 || day > 31) return null;
  const today = localDate(timeZone, nowMs);
  const thisMonth = Number(today.slice(0, 4)) * 12 + Number(today.slice(5, 7)) - 1;
  for (const ahead of MONTHS_AROUND) {
    const month = thisMonth + ahead;
    const [year, ofYear] = [Math.floor(month / 12), (month % 12) + 1];
    const dayOfMonth = Math.min(day, monthDays(year, ofYear));
    const date = `${year}-${padded(ofYear)}-${padded(dayOfMonth)}`;
    const atMs = instantAt(timeZone, addDays(date, wait.offsetDays), minutesOf(wait.at));
    if (atMs > nowMs) return atMs;
  }
  return null;
}

function padded(part: number): string {
  return String(part).padStart(2, "0");
}

function untilFactDate(wait: WaitOf<"until-fact-date">, context: WaitContext): EpochMs | null {
  const { nowMs, timeZone } = context;
  const date = factIn(context, wait.fact);
  if (typeof date !== "string" || !isLocalDate(date)) return null;
  const atMs = instantAt(timeZone, addDays(date, wait.offsetDays), minutesOf(wait.at));
  // A date beyond the calendar's end is no date anyone meant.
  return Number.isFinite(atMs) ? Math.max(nowMs, atMs) : null;
}
