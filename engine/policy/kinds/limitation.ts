import { z } from "zod";
import type { DebtStanding } from "../../model/policy";
import { dateToUtcMs } from "../../model/time";
import { dayNumberOf, latestDay } from "../days";
import { defineRuleKind, EXAMPLE_BASE, ruleSchema, severityOfUnknown, standingPart } from "./define";

/** R12: after so many years nobody may sue, or threaten to. */
const schema = ruleSchema("limitation", { years: z.int().min(1).max(30) });

/** The same day so many years later; 29 February becomes 1 March. */
function yearsAfter(day: string, years: number): number {
  const year = String(Number(day.slice(0, 4)) + years).padStart(4, "0");
  const date = `${year}${day.slice(4)}`;
  return dateToUtcMs(date) === null ? dayNumberOf(`${year}-03-01`) : dayNumberOf(date);
}

/** Last day of the claim: as the lender knows it, else reckoned from the latest event that began the years anew; null = unknown. */
function lastDay(debt: DebtStanding | undefined, years: number): number | null {
  if (debt?.limitationOn !== undefined) return dayNumberOf(debt.limitationOn);
  const begun = [debt?.dueOn, debt?.lastPaymentOn, debt?.acknowledgedOn].filter((day) => day !== undefined);
  return begun.length === 0 ? null : Math.max(...begun.map((day) => yearsAfter(day, years)));
}

export const limitationKind = defineRuleKind<z.output<typeof schema>>({
  kind: "limitation",
  row: "R12",
  title: { "zh-CN": "诉讼时效", en: "Limitation" },
  schema,
  needs: "debt",
  texts: {
    "policy.time-barred": {
      "zh-CN": "{rule}：已过 {years} 年诉讼时效",
      en: "{rule}: more than {years} years have passed",
    },
    "policy.limitation-unknown": {
      "zh-CN": "{rule}：不清楚时效从何时起算",
      en: "{rule}: it is not known from when the years count",
    },
  },
  link: (rule) => {
    const params = { years: rule.years };
    return [
      standingPart(rule.severity, ({ attempt: { debt, timeZones } }, atMs) => {
        const last = lastDay(debt, rule.years);
        return last !== null && latestDay(timeZones, atMs) > last ? [{ code: "policy.time-barred", params }] : [];
      }),
      standingPart(severityOfUnknown(rule), ({ attempt: { debt } }) =>
        lastDay(debt, rule.years) === null ? [{ code: "policy.limitation-unknown", params: {} }] : [],
      ),
    ];
  },
  example: {
    ...EXAMPLE_BASE,
    actions: ["lawsuit"],
    id: "example.limitation",
    title: { "zh-CN": "三年诉讼时效", en: "Three years" },
    kind: "limitation",
    years: 3,
  },
  allows: {
    nowMs: Date.UTC(2026, 2, 2, 2),
    attempt: { action: "lawsuit", debt: { dueOn: "2022-01-01", lastPaymentOn: "2023-03-02" } },
  },
  refuses: {
    nowMs: Date.UTC(2026, 2, 2, 2),
    attempt: { action: "lawsuit", debt: { dueOn: "2022-01-01", lastPaymentOn: "2023-03-01" } },
    code: "policy.time-barred",
  },
});
