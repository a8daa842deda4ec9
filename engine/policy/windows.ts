import type { PolicyRule } from "../model/market-pack";
import {
  type EpochMs,
  localMinuteOfDay,
  localWeekday,
  MINUTE_MS,
  minutesOf,
  type TimeZone,
  zoneOffsetMs,
} from "../model/time";
import { DAYS_PER_WEEK, isMinuteInWindow, MINUTES_PER_DAY } from "../model/weekly-window";

type WindowRule = Extract<PolicyRule, { kind: "window" }>;

/** Zone offsets change at quarter hours at the finest (`zoneOffsetMs`). */
const OFFSET_SLOT_MS = 15 * MINUTE_MS;
/** An opening is at most a week away; two moves of the clocks in that week would be a record. */
const JUMPS_MAX = 16;

/** Whether an instant lies in one of the rule's windows, by the wall clock of the party's place. */
export function isInWindow(rule: WindowRule, zone: TimeZone, atMs: EpochMs): boolean {
  const weekday = localWeekday(zone, atMs);
  const minute = localMinuteOfDay(zone, atMs);
  return rule.windows.some((window) => isMinuteInWindow(window, weekday, minute));
}

/** Minutes on the wall clock until a window opens, from a minute that lies in none; null when none ever opens. */
function wallMinutesToOpening(rule: WindowRule, weekday: number, minute: number): number | null {
  let least: number | null = null;
  for (const window of rule.windows) {
    const from = minutesOf(window.from);
    for (const day of window.weekdays) {
      const days = (day - weekday + DAYS_PER_WEEK) % DAYS_PER_WEEK;
      const sameDay = days * MINUTES_PER_DAY + from - minute;
      const ahead = sameDay > 0 ? sameDay : sameDay + DAYS_PER_WEEK * MINUTES_PER_DAY;
      if (Number.isFinite(ahead) && (least === null || ahead < least)) least = ahead;
    }
  }
  return least;
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
 * Earliest instant at or after `atMs` in one of the rule's windows; null when none opens. Exact when the clocks are moved in
 * between: a window that would open in the skipped hour opens right after it, one in the repeated hour opens twice.
 */
export function nextInWindow(rule: WindowRule, zone: TimeZone, atMs: EpochMs): EpochMs | null {
  let candidateMs = atMs;
  for (let jump = 0; jump < JUMPS_MAX; jump += 1) {
    if (isInWindow(rule, zone, candidateMs)) return candidateMs;
    const minuteMs = Math.floor(candidateMs / MINUTE_MS) * MINUTE_MS;
    const wallMinutes = wallMinutesToOpening(rule, localWeekday(zone, minuteMs), localMinuteOfDay(zone, minuteMs));
    if (wallMinutes === null) return null;
    const openingMs = minuteMs + wallMinutes * MINUTE_MS;
    const moved = zoneOffsetMs(zone, openingMs) !== zoneOffsetMs(zone, minuteMs);
    candidateMs = moved ? offsetChangeMs(zone, minuteMs, openingMs) : openingMs;
  }
  return null;
}
