import { z } from "zod";
import type { ContactAttempt } from "../../model/policy";
import { SPECIAL_EVENTS } from "../../model/policy";
import { type EpochMs, localDayNumber, startOfDay, type TimeZone } from "../../model/time";
import { dayNumberOf, type HolidayOf, holidaysOf, nextInEveryZone } from "../days";
import { defineRuleKind, EXAMPLE_BASE, NEVER, ruleSchema } from "./define";

/** Days looked ahead for one that is free: longer than any contact may be put off. */
const LOOK_AHEAD_DAYS = 17;

/** R16: days on which people are left in peace. A day the calendar does not know may be a holiday, so it is one here. */
const schema = ruleSchema("special-day", {
  holidays: z.boolean().optional(),
  events: z.array(z.enum(SPECIAL_EVENTS)).min(1).optional(),
  /** Days before and after which are left free as well. */
  daysBefore: z.int().min(0).max(10).optional(),
  daysAfter: z.int().min(0).max(30).optional(),
});
type SpecialDayRule = z.output<typeof schema>;

type SpecialDays = ContactAttempt["specialDays"];

/** Whether a day, or one near enough, is a holiday or may be one. */
function isNearHoliday({ daysBefore = 0, daysAfter = 0 }: SpecialDayRule, day: number, holidayOf: HolidayOf): boolean {
  for (let near = day - daysAfter; near <= day + daysBefore; near += 1) if (holidayOf(near) !== "ordinary") return true;
  return false;
}

function isOwnDay(rule: SpecialDayRule, day: number, specialDays: SpecialDays): boolean {
  const { daysBefore = 0, daysAfter = 0, events } = rule;
  if (specialDays === undefined || events === undefined) return false;
  return specialDays.some(
    ({ event, from, until }) =>
      events.includes(event) && day >= dayNumberOf(from) - daysBefore && day < dayNumberOf(until) + daysAfter,
  );
}

/** First instant at or after `fromMs` on a day that is free, by the clock of a zone. */
type NextFree = (zone: TimeZone, fromMs: EpochMs) => EpochMs;

function nextFree(rule: SpecialDayRule, holidayOf: HolidayOf, specialDays: SpecialDays): NextFree {
  return (zone, fromMs) => {
    const today = localDayNumber(zone, fromMs);
    for (let ahead = 0; ahead <= LOOK_AHEAD_DAYS; ahead += 1) {
      const day = today + ahead;
      if (rule.holidays === true && isNearHoliday(rule, day, holidayOf)) continue;
      if (!isOwnDay(rule, day, specialDays)) return ahead === 0 ? fromMs : startOfDay(zone, day);
    }
    return NEVER;
  };
}

export const specialDayKind = defineRuleKind<SpecialDayRule>({
  kind: "special-day",
  row: "R16",
  title: { "zh-CN": "特殊日期", en: "Special days" },
  schema,
  texts: {
    "policy.special-day": {
      "zh-CN": "{rule}：{at} 属于不打扰的日期；最早可在 {until} 联系",
      en: "{rule}: {at} is a day on which people are left in peace; the earliest time is {until}",
    },
  },
  link: (rule, { calendar }) => {
    const holidayOf = holidaysOf(calendar);
    // Most people have no days of their own.
    const nextForAll = nextFree(rule, holidayOf, undefined);
    return [
      {
        severity: rule.severity,
        standing: false,
        next: ({ attempt: { timeZones, specialDays } }, atMs) => {
          const next = specialDays === undefined ? nextForAll : nextFree(rule, holidayOf, specialDays);
          return nextInEveryZone(timeZones, atMs, next);
        },
        objections: () => [{ code: "policy.special-day", params: {} }],
      },
    ];
  },
  example: {
    ...EXAMPLE_BASE,
    id: "example.special-day",
    title: { "zh-CN": "节假日与丧事期间不联系", en: "No contact on holidays or in bereavement" },
    kind: "special-day",
    holidays: true,
    events: ["bereavement"],
    daysAfter: 1,
  },
  allows: { nowMs: Date.UTC(2026, 2, 2, 2) },
  refuses: {
    nowMs: Date.UTC(2026, 2, 2, 2),
    attempt: { specialDays: [{ event: "bereavement", from: "2026-03-01", until: "2026-03-02" }] },
    code: "policy.special-day",
  },
});
