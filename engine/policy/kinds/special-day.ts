import { z } from "zod";
import type { ContactAttempt } from "../../model/policy";
import { SPECIAL_EVENTS } from "../../model/policy";
import { localDayNumber, startOfDay } from "../../model/time";
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

function isSpecial(rule: SpecialDayRule, day: number, { holidayOf, specialDays = [] }: Sources): boolean {
  const { daysBefore = 0, daysAfter = 0 } = rule;
  if (rule.holidays === true) {
    for (let near = day - daysAfter; near <= day + daysBefore; near += 1) {
      if (holidayOf(near) !== "ordinary") return true;
    }
  }
  return specialDays.some(
    ({ event, from, until }) =>
      rule.events?.includes(event) === true &&
      day >= dayNumberOf(from) - daysBefore &&
      day < dayNumberOf(until) + daysAfter,
  );
}

type Sources = { readonly holidayOf: HolidayOf; readonly specialDays?: SpecialDays };

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
    return [
      {
        severity: rule.severity,
        standing: false,
        next: ({ attempt: { timeZones, specialDays } }, atMs) =>
          nextInEveryZone(timeZones, atMs, (zone, fromMs) => {
            const today = localDayNumber(zone, fromMs);
            const sources = { holidayOf, ...(specialDays === undefined ? {} : { specialDays }) };
            for (let ahead = 0; ahead <= LOOK_AHEAD_DAYS; ahead += 1) {
              if (isSpecial(rule, today + ahead, sources)) continue;
              return ahead === 0 ? fromMs : startOfDay(zone, today + ahead);
            }
            return NEVER;
          }),
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
