import {
  DAY_MS,
  type EpochMs,
  localDayNumber,
  localMinuteOfDay,
  MINUTE_MS,
  minutesOf,
  type TimeZone,
  weekdayOfDay,
  zoneOffsetMs,
} from "../model/time";
import { MINUTES_PER_DAY, type WeeklyWindow } from "../model/weekly-window";
import type { HolidayOf } from "./days";

/** On which days a window is open: public holidays like any other day, not on them, or on them alone. */
export const WINDOW_DAYS = ["any", "not-holidays", "holidays"] as const;
export type OpeningHours = WeeklyWindow & { readonly on?: (typeof WINDOW_DAYS)[number] | undefined };

/** Hours, made ready for asking. */
export type Hours = {
  /** Whether the minute of the day lies in a window; days since 1970-01-01 of the clock's own calendar. */
  readonly isOpen: (day: number, minute: number) => boolean;
  /** Minutes of the day at which a window may open, ascending. */
  readonly openings: readonly number[];
};

/** Zone offsets change at quarter hours at the finest (`zoneOffsetMs`). */
const OFFSET_SLOT_MS = 15 * MINUTE_MS;
/** An opening is at most some weeks away; two moves of the clocks in that time would be a record. */
const JUMPS_MAX = 16;
/** Days an opening is looked for: longer than any contact may be put off (`DEFER_HORIZON_DAYS`), and a day on each side. */
const LOOK_AHEAD_DAYS = 17;
const MINUTES_PER_WEEK = 7 * MINUTES_PER_DAY;

export function hoursOf(windows: readonly OpeningHours[], holidayOf: HolidayOf): Hours {
  const openings = [...new Set([0, ...windows.map(({ from }) => minutesOf(from))])].sort((one, other) => one - other);
  const whateverTheDay = windows.every(({ on = "any" }) => on === "any");
  return { openings, isOpen: whateverTheDay ? weekly(windows) : byHoliday(windows, holidayOf) };
}

/** A week looked up minute by minute: the question is asked for every contact of a simulation. */
function weekly(windows: readonly OpeningHours[]): Hours["isOpen"] {
  const open = new Uint8Array(MINUTES_PER_WEEK);
  for (const { weekdays, from, to } of windows) {
    const begin = minutesOf(from);
    const length = minutesOf(to) - begin + (minutesOf(to) <= begin ? MINUTES_PER_DAY : 0);
    for (const weekday of weekdays) {
      const first = (weekday - 1) * MINUTES_PER_DAY + begin;
      open.fill(1, first, first + length);
      // Over the end of Sunday into Monday.
      if (first + length > MINUTES_PER_WEEK) open.fill(1, 0, first + length - MINUTES_PER_WEEK);
    }
  }
  return (day, minute) => open[(weekdayOfDay(day) - 1) * MINUTES_PER_DAY + minute] === 1;
}

const HOLIDAY_OR_NOT = { holiday: [true], ordinary: [false], unknown: [true, false] } as const;

/** Of a day nobody knows whether it is a holiday, only what is open either way is open. */
function byHoliday(windows: readonly OpeningHours[], holidayOf: HolidayOf): Hours["isOpen"] {
  return (day, minute) =>
    HOLIDAY_OR_NOT[holidayOf(day)].every((today) =>
      HOLIDAY_OR_NOT[holidayOf(day - 1)].every((dayBefore) =>
        windows.some((window) => isOpenOn(window, { day, minute, today, dayBefore })),
      ),
    );
}

type Moment = {
  readonly day: number;
  readonly minute: number;
  /** Whether this day, and the one before it, are holidays. */
  readonly today: boolean;
  readonly dayBefore: boolean;
};

function isOpenOn(window: OpeningHours, { day, minute, today, dayBefore }: Moment): boolean {
  const from = minutesOf(window.from);
  const to = minutesOf(window.to);
  const begins = window.weekdays.includes(weekdayOfDay(day)) && opensOn(window, today);
  if (from < to) return begins && minute >= from && minute < to;
  if (begins && minute >= from) return true;
  return minute < to && window.weekdays.includes(weekdayOfDay(day - 1)) && opensOn(window, dayBefore);
}

function opensOn({ on = "any" }: OpeningHours, holiday: boolean): boolean {
  return on === "any" || (on === "holidays") === holiday;
}

/** Whether an instant lies in the hours, by the wall clock of the zone. */
export function isInHours({ isOpen }: Hours, zone: TimeZone, atMs: EpochMs): boolean {
  const localMs = atMs + zoneOffsetMs(zone, atMs);
  const day = Math.floor(localMs / DAY_MS);
  return isOpen(day, Math.floor((localMs - day * DAY_MS) / MINUTE_MS));
}

/** Minutes on the wall clock until the hours begin, from a minute outside of them; null when they do not within the look-ahead. */
function wallMinutesToOpening({ isOpen, openings }: Hours, day: number, minute: number): number | null {
  for (let ahead = 0; ahead <= LOOK_AHEAD_DAYS; ahead += 1) {
    for (const opening of openings) {
      if (ahead === 0 && opening <= minute) continue;
      if (isOpen(day + ahead, opening)) return ahead * MINUTES_PER_DAY + opening - minute;
    }
  }
  return null;
}

/** First instant after `fromMs` with another offset than it; `toMs` is known to have one. */
function offsetChangeMs(zone: TimeZone, fromMs: EpochMs, toMs: EpochMs): EpochMs {
  const before = zoneOffsetMs(zone, fromMs);
  let low = Math.floor(fromMs / OFFSET_SLOT_MS);
  let high = Math.floor(toMs / OFFSET_SLOT_MS);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (zoneOffsetMs(zone, middle * OFFSET_SLOT_MS) === before) low = middle;
    else high = middle;
  }
  return high * OFFSET_SLOT_MS;
}

/**
 * Earliest instant at or after `atMs` within the hours; infinity when none is near. Exact when the clocks are moved in between: a
 * window that would open in the skipped hour opens right after it, one in the repeated hour opens twice.
 */
export function nextInHours(hours: Hours, zone: TimeZone, atMs: EpochMs): EpochMs {
  let candidateMs = atMs;
  for (let jump = 0; jump < JUMPS_MAX; jump += 1) {
    if (isInHours(hours, zone, candidateMs)) return candidateMs;
    const minuteMs = Math.floor(candidateMs / MINUTE_MS) * MINUTE_MS;
    const wall = wallMinutesToOpening(hours, localDayNumber(zone, minuteMs), localMinuteOfDay(zone, minuteMs));
    if (wall === null) return Number.POSITIVE_INFINITY;
    const openingMs = minuteMs + wall * MINUTE_MS;
    const moved = zoneOffsetMs(zone, openingMs) !== zoneOffsetMs(zone, minuteMs);
    candidateMs = moved ? offsetChangeMs(zone, minuteMs, openingMs) : openingMs;
  }
  return Number.POSITIVE_INFINITY;
}
