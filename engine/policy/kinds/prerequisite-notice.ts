import { z } from "zod";
import type { NoticeRecord } from "../../model/policy";
import { type EpochMs, localDayNumber, startOfDay, type TimeZone } from "../../model/time";
import { type HolidayOf, holidaysOf, nextInEveryZone, surelyWorked } from "../days";
import { defineRuleKind, EXAMPLE_BASE, type PolicyQuestion, ruleSchema, standingPart } from "./define";

/** Days counted on for the working days of a wait: more than any rule waits, with a holiday in between. */
const WORKING_DAYS_SEARCH_MAX = 200;

/** R10: nothing of this without that notice, sent long enough before and not returned. */
const schema = ruleSchema("prerequisite-notice", {
  notice: z.string().min(1).max(60),
  /** Whole days after the day it was sent; the action may follow on the day after them. */
  waitDays: z.int().min(0).max(60),
  dayKind: z.enum(["calendar", "working"]),
  /** It may still be sent within so many days after the first contact, and until then nothing is missing. */
  graceDays: z.int().min(0).max(30).optional(),
});
type NoticeRule = z.output<typeof schema>;

/** Latest notice that arrived as far as anybody knows; null = none. */
function sentMs(rule: NoticeRule, notices: readonly NoticeRecord[] | undefined): EpochMs | null {
  let latestMs: EpochMs | null = null;
  for (const { notice, sentMs: atMs, returned } of notices ?? []) {
    if (notice !== rule.notice || returned) continue;
    if (latestMs === null || atMs > latestMs) latestMs = atMs;
  }
  return latestMs;
}

/** Without a first contact there is nothing to be late for; without a grace it must have been sent. */
function isMissing(rule: NoticeRule, { attempt, history, notices }: PolicyQuestion, atMs: EpochMs): boolean {
  if (sentMs(rule, notices) !== null) return false;
  if (rule.graceDays === undefined) return true;
  const { graceDays } = rule;
  const first = history.reduce((firstMs, { atMs: madeMs }) => Math.min(firstMs, madeMs), Number.POSITIVE_INFINITY);
  if (first === Number.POSITIVE_INFINITY) return false;
  return attempt.timeZones.some((zone) => localDayNumber(zone, atMs) > localDayNumber(zone, first) + graceDays);
}

function firstDayAfter(rule: NoticeRule, sentDay: number, holidayOf: HolidayOf): number {
  if (rule.dayKind === "calendar") return sentDay + rule.waitDays + 1;
  let left = rule.waitDays;
  for (let day = sentDay + 1; day < sentDay + WORKING_DAYS_SEARCH_MAX; day += 1) {
    if (left === 0) return day;
    if (surelyWorked(day, holidayOf)) left -= 1;
  }
  return Number.POSITIVE_INFINITY;
}

export const prerequisiteNoticeKind = defineRuleKind<NoticeRule>({
  kind: "prerequisite-notice",
  row: "R10",
  title: { "zh-CN": "前置通知", en: "Notice beforehand" },
  schema,
  needs: "notices",
  texts: {
    "policy.notice-missing": {
      "zh-CN": "{rule}：没有已送出的通知（{notice}）",
      en: "{rule}: the notice ({notice}) has not been sent, or came back",
    },
    "policy.notice-wait": {
      "zh-CN": "{rule}：通知（{notice}）送出后的等待期未满；最早可在 {until}",
      en: "{rule}: the notice ({notice}) was sent too short a time ago; the earliest time is {until}",
    },
  },
  link: (rule, { calendar }) => {
    const holidayOf = holidaysOf(calendar);
    const params = { notice: rule.notice };
    const freeMs = (atSentMs: EpochMs) => (zone: TimeZone, fromMs: EpochMs) => {
      if (rule.waitDays === 0) return fromMs;
      const day = firstDayAfter(rule, localDayNumber(zone, atSentMs), holidayOf);
      return Math.max(fromMs, Number.isFinite(day) ? startOfDay(zone, day) : day);
    };
    return [
      standingPart(rule.severity, (asked, atMs) =>
        isMissing(rule, asked, atMs) ? [{ code: "policy.notice-missing", params }] : [],
      ),
      {
        severity: rule.severity,
        standing: false,
        next: ({ attempt, notices }, atMs) => {
          const latestMs = sentMs(rule, notices);
          return latestMs === null ? atMs : nextInEveryZone(attempt.timeZones, atMs, freeMs(latestMs));
        },
        objections: () => [{ code: "policy.notice-wait", params }],
      },
    ];
  },
  example: {
    ...EXAMPLE_BASE,
    actions: ["lawsuit"],
    id: "example.notice",
    title: { "zh-CN": "起诉前 14 天送达催告", en: "A default notice 14 days before suing" },
    kind: "prerequisite-notice",
    notice: "default",
    waitDays: 14,
    dayKind: "calendar",
  },
  allows: {
    nowMs: Date.UTC(2026, 2, 17, 2),
    attempt: { action: "lawsuit" },
    notices: [{ notice: "default", sentMs: Date.UTC(2026, 2, 2, 2), returned: false }],
  },
  refuses: {
    nowMs: Date.UTC(2026, 2, 16, 2),
    attempt: { action: "lawsuit" },
    notices: [{ notice: "default", sentMs: Date.UTC(2026, 2, 2, 2), returned: false }],
    code: "policy.notice-wait",
  },
});
