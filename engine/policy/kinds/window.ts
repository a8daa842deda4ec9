import { z } from "zod";
import { type EpochMs, isLocalTime, type TimeZone } from "../../model/time";
import { holidaysOf, nextInEveryZone } from "../days";
import { hoursOf, nextInHours, WINDOW_DAYS } from "../windows";
import { defineRuleKind, EXAMPLE_BASE, ruleSchema } from "./define";

const TimeSchema = z.string().refine(isLocalTime, { error: "time" });

/** R1: hours of the week, on the wall clock of the party's place; with several possible places, hours open in all of them. */
const schema = ruleSchema("window", {
  windows: z
    .array(
      z.strictObject({
        weekdays: z.array(z.int().min(1).max(7)).min(1).max(7),
        from: TimeSchema,
        to: TimeSchema,
        /** `not-holidays` and `holidays` go by the market's calendar; a day it does not know must be open either way. */
        on: z.enum(WINDOW_DAYS).optional(),
      }),
    )
    .min(1)
    .max(50),
});

export const windowKind = defineRuleKind<z.output<typeof schema>>({
  kind: "window",
  row: "R1",
  title: { "zh-CN": "联系时段", en: "Hours of contact" },
  schema,
  texts: {
    "policy.window": {
      "zh-CN": "{rule}：当地时间 {at} 不在允许时段内；最早可在 {until} 联系",
      en: "{rule}: {at} local time is outside the allowed hours; the earliest time is {until}",
    },
  },
  link: (rule, { calendar }) => {
    const hours = hoursOf(rule.windows, holidaysOf(calendar));
    const nextBy = (zone: TimeZone, fromMs: EpochMs): EpochMs => nextInHours(hours, zone, fromMs);
    return [
      {
        severity: rule.severity,
        standing: false,
        next: ({ attempt }, atMs) => nextInEveryZone(attempt.timeZones, atMs, nextBy),
        objections: () => [{ code: "policy.window", params: {} }],
      },
    ];
  },
  example: {
    ...EXAMPLE_BASE,
    channels: ["robot", "agent"],
    id: "example.window",
    title: { "zh-CN": "工作日 8 点到 20 点，节假日不联系", en: "Working days from 8 to 20, no holidays" },
    kind: "window",
    windows: [{ weekdays: [1, 2, 3, 4, 5], from: "08:00", to: "20:00", on: "not-holidays" }],
  },
  allows: { nowMs: Date.UTC(2026, 2, 2, 2) },
  refuses: { nowMs: Date.UTC(2026, 2, 2, 13), code: "policy.window" },
});
