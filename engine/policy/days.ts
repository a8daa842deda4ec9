import type { ProgramCalendar } from "../model/program";
import {
  DAY_MS,
  dateToUtcMs,
  type EpochMs,
  type LocalDate,
  localDayNumber,
  startOfDay,
  type TimeZone,
  weekdayOfDay,
} from "../model/time";

/** Rounds in which several clocks agree on an instant. */
const ZONE_ROUNDS_MAX = 50;

/** Days since 1970-01-01 of a date; NaN when there is no such day. */
export function dayNumberOf(date: LocalDate): number {
  return (dateToUtcMs(date) ?? Number.NaN) / DAY_MS;
}

/** Latest of the days it is at an instant, over the zones; without any, the latest day on earth. */
export function latestDay(zones: readonly TimeZone[], atMs: EpochMs): number {
  let latest = Number.NEGATIVE_INFINITY;
  for (const zone of zones) latest = Math.max(latest, localDayNumber(zone, atMs));
  return zones.length === 0 ? localDayNumber("Pacific/Kiritimati", atMs) : latest;
}

/** Earliest of the days it is at an instant, over the zones; without any, the earliest day on earth. */
export function earliestDay(zones: readonly TimeZone[], atMs: EpochMs): number {
  let earliest = Number.POSITIVE_INFINITY;
  for (const zone of zones) earliest = Math.min(earliest, localDayNumber(zone, atMs));
  return zones.length === 0 ? localDayNumber("Pacific/Pago_Pago", atMs) : earliest;
}

/** First instant at which the day has begun in every zone. */
export function dayBegunEverywhere(zones: readonly TimeZone[], day: number): EpochMs {
  let latest = Number.NEGATIVE_INFINITY;
  for (const zone of zones) latest = Math.max(latest, startOfDay(zone, day));
  return latest;
}

/** Earliest instant at or after `atMs` that every zone's clock accepts; each moves it on to where it does itself. */
export function nextInEveryZone(
  zones: readonly TimeZone[],
  atMs: EpochMs,
  next: (zone: TimeZone, atMs: EpochMs) => EpochMs,
): EpochMs {
  const [only, ...others] = zones;
  if (only !== undefined && others.length === 0) return next(only, atMs);
  let agreedMs = atMs;
  for (let round = 0; round < ZONE_ROUNDS_MAX; round += 1) {
    const before = agreedMs;
    for (const zone of zones) {
      agreedMs = next(zone, agreedMs);
      if (agreedMs === Number.POSITIVE_INFINITY) return agreedMs;
    }
    if (agreedMs === before) return agreedMs;
  }
  return Number.POSITIVE_INFINITY;
}

export type DayKind = "ordinary" | "holiday" | "unknown";

/** Whether a day is a public holiday. Without a calendar, and after the last day it knows, nobody knows. */
export type HolidayOf = (day: number) => DayKind;

export function holidaysOf(calendar: ProgramCalendar | undefined): HolidayOf {
  if (calendar === undefined) return () => "unknown";
  const holidays = new Set(calendar.holidays.map(dayNumberOf));
  const lastKnown = dayNumberOf(calendar.knownUntil);
  return (day) => (day > lastKnown ? "unknown" : holidays.has(day) ? "holiday" : "ordinary");
}

const SATURDAY = 6;

/** Whether people work on a day: no week-end, no holiday, and none that may be one. */
export function surelyWorked(day: number, holidayOf: HolidayOf): boolean {
  return weekdayOfDay(day) < SATURDAY && holidayOf(day) === "ordinary";
}
