import type { RulePack } from "../model/market-pack";
import { addDays, DAY_MS, dateToUtcMs, type LocalDate } from "../model/time";
import { DAYS_PER_WEEK, MINUTES_PER_DAY } from "../model/weekly-window";
import { holidaysOf } from "./days";
import { windowKind } from "./kinds/window";
import { type Hours, hoursOf } from "./windows";

/** Minutes of a day: `from` belongs to the span, `to` does not. */
export type MinuteSpan = { readonly from: number; readonly to: number };

export type ContactDay = {
  readonly date: LocalDate;
  readonly holiday: "holiday" | "ordinary" | "unknown";
  /** Hours no rule forbids on any channel. */
  readonly allowed: readonly MinuteSpan[];
  /** Of those, hours no rule advises against. */
  readonly advised: readonly MinuteSpan[];
};

/**
 * The hours of seven days, on the wall clock of the person's place, as the rules about hours leave them whatever the channel. Rules for
 * some people or places alone are left out, since nobody stands at the step yet. Empty when the date is none.
 */
export function contactWeek({ rules, calendar }: RulePack, from: LocalDate): readonly ContactDay[] {
  const firstMs = dateToUtcMs(from);
  if (firstMs === null) return [];
  const holidayOf = holidaysOf(calendar);
  const hours = rules.flatMap((rule) => {
    if (rule.kind !== windowKind.kind || rule.appliesTo !== undefined) return [];
    return [{ severity: rule.severity, hours: hoursOf(windowKind.schema.parse(rule).windows, holidayOf) }];
  });
  const forbidding = hours.flatMap((rule) => (rule.severity === "block" ? [rule.hours] : []));
  const all = hours.map((rule) => rule.hours);
  return Array.from({ length: DAYS_PER_WEEK }, (_, ahead) => {
    const day = firstMs / DAY_MS + ahead;
    const open = (rulesHeard: readonly Hours[]) =>
      spansOf((minute) => rulesHeard.every(({ isOpen }) => isOpen(day, minute)));
    return { date: addDays(from, ahead), holiday: holidayOf(day), allowed: open(forbidding), advised: open(all) };
  });
}

function spansOf(isOpen: (minute: number) => boolean): readonly MinuteSpan[] {
  const spans: MinuteSpan[] = [];
  let from: number | null = null;
  for (let minute = 0; minute <= MINUTES_PER_DAY; minute += 1) {
    const open = minute < MINUTES_PER_DAY && isOpen(minute);
    if (open) from ??= minute;
    else if (from !== null) {
      spans.push({ from, to: minute });
      from = null;
    }
  }
  return spans;
}
