import type { Facts } from "../model/facts";
import type { WaitSpec } from "../model/program";
import {
  addDays,
  DAY_MS,
  type EpochMs,
  instantAt,
  type LocalTime,
  localDate,
  minutesOf,
  type TimeZone,
} from "../model/time";

/** Fact "until so many days past due" is reckoned from. */
export const DPD_FACT = "dpd";

/** Days ahead up to which a calendar is asked; longer waits lie beyond every horizon (at most 1,500 days) and are cut by it. */
const CALENDAR_DAYS_MAX = 4000;

export type WaitContext = { readonly nowMs: EpochMs; readonly timeZone: TimeZone; readonly facts: Facts };

/**
 * When a wait that starts now is over: never before now; null when the fact it needs is unknown. Not yet cut by the horizon.
 *
 * - `duration` with `at`: the local time on or after the due instant.
 * - `until-local-time`: the next time it is that late, strictly after now. Live timers fire a moment after their instant, so
 *   "or now" would go on at once in the simulator and wait a day in the real run.
 * - `until-date`, `until-dpd`: now, when that moment has passed.
 * - `event`: its deadline.
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
