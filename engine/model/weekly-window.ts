import { minutesOf } from "./time";

export const MINUTES_PER_DAY = 1440;
export const DAYS_PER_WEEK = 7;

/** Hours of the week, on the wall clock: `from` and `to` are `HH:mm`, weekdays 1 = Monday … 7 = Sunday. */
export type WeeklyWindow = { readonly weekdays: readonly number[]; readonly from: string; readonly to: string };

function dayBefore(weekday: number): number {
  return weekday === 1 ? DAYS_PER_WEEK : weekday - 1;
}

/** `from` belongs to the window, `to` does not; `to` at or before `from` means the next day (22:00-06:00, 08:00-00:00, 00:00-00:00). */
export function isMinuteInWindow(window: WeeklyWindow, weekday: number, minute: number): boolean {
  const from = minutesOf(window.from);
  const to = minutesOf(window.to);
  if (from < to) return window.weekdays.includes(weekday) && minute >= from && minute < to;
  if (minute >= from && window.weekdays.includes(weekday)) return true;
  return minute < to && window.weekdays.includes(dayBefore(weekday));
}

/** Whether any minute of the week lies in a window of every rule. Wall clocks of all zones have the same week. */
export function shareAMinute(rules: readonly (readonly WeeklyWindow[])[]): boolean {
  for (let weekday = 1; weekday <= DAYS_PER_WEEK; weekday += 1) {
    for (let minute = 0; minute < MINUTES_PER_DAY; minute += 1) {
      if (rules.every((windows) => windows.some((window) => isMinuteInWindow(window, weekday, minute)))) return true;
    }
  }
  return false;
}
