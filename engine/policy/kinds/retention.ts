import { z } from "zod";
import { type KeptRecord, RECORD_CLASSES } from "../../model/policy";
import { dateToUtcMs, type EpochMs, startOfDay } from "../../model/time";
import { dayNumberOf, nextInEveryZone } from "../days";
import { defineRuleKind, EXAMPLE_BASE, NEVER, ruleSchema } from "./define";

/** R14: records of these classes are kept so long before they may be deleted. */
const schema = ruleSchema("retention", {
  classes: z
    .array(
      z.strictObject({
        record: z.enum(RECORD_CLASSES),
        years: z.int().min(1).max(30).optional(),
        /** From the day it was made, or from the last collection activity on the debt. */
        from: z.enum(["created", "last-activity"]).optional(),
        untilSettled: z.literal(true).optional(),
      }),
    )
    .min(1)
    .max(20),
});
type RetentionRule = z.output<typeof schema>;

/** First day on which it may go; NEVER while nobody knows. */
function freeDay(rule: RetentionRule, record: KeptRecord): number {
  let latest = Number.NEGATIVE_INFINITY;
  for (const kept of rule.classes) {
    if (kept.record !== record.class) continue;
    if (kept.untilSettled === true && record.settled !== true) return NEVER;
    if (kept.years === undefined) continue;
    const from = kept.from === "last-activity" ? record.lastActivityOn : record.createdOn;
    if (from === undefined) return NEVER;
    const year = String(Number(from.slice(0, 4)) + kept.years).padStart(4, "0");
    const date = `${year}${from.slice(4)}`;
    latest = Math.max(latest, dayNumberOf(dateToUtcMs(date) === null ? `${year}-03-01` : date) + 1);
  }
  return latest;
}

export const retentionKind = defineRuleKind<RetentionRule>({
  kind: "retention",
  row: "R14",
  title: { "zh-CN": "记录留存", en: "Retention of records" },
  schema,
  texts: {
    "policy.retention": {
      "zh-CN": "{rule}：记录（{record}）尚须留存；最早可在 {until} 删除",
      en: "{rule}: the record ({record}) must still be kept; it may go at {until} at the earliest",
    },
    "record.call-recording": { "zh-CN": "通话录音", en: "call recording" },
    "record.collection-record": { "zh-CN": "催收过程记录", en: "record of collection" },
    "record.card-recording": { "zh-CN": "信用卡催收录音", en: "recording about a credit card" },
    "record.oral-plan-recording": { "zh-CN": "口头分期协议录音", en: "recording of a plan agreed by word of mouth" },
    "record.impact-assessment": { "zh-CN": "个人信息保护影响评估", en: "impact assessment" },
    "record.unknown": { "zh-CN": "未说明", en: "not said which" },
  },
  link: (rule) => [
    {
      severity: rule.severity,
      standing: false,
      next: ({ attempt: { record, timeZones } }, atMs): EpochMs => {
        if (record === undefined) return NEVER;
        const day = freeDay(rule, record);
        if (day === Number.NEGATIVE_INFINITY) return atMs;
        if (day === NEVER) return NEVER;
        return nextInEveryZone(timeZones, atMs, (zone, fromMs) => Math.max(fromMs, startOfDay(zone, day)));
      },
      objections: ({ attempt: { record } }) => [
        { code: "policy.retention", params: { record: record?.class ?? "unknown" } },
      ],
    },
  ],
  example: {
    severity: "block",
    source: EXAMPLE_BASE.source,
    effectiveFrom: EXAMPLE_BASE.effectiveFrom,
    actions: ["record-deletion"],
    id: "example.retention",
    title: { "zh-CN": "录音留存两年", en: "Recordings are kept for two years" },
    kind: "retention",
    classes: [{ record: "call-recording", years: 2 }],
  },
  allows: {
    nowMs: Date.UTC(2026, 2, 2, 2),
    attempt: { action: "record-deletion", record: { class: "call-recording", createdOn: "2024-03-01" } },
  },
  refuses: {
    nowMs: Date.UTC(2026, 2, 2, 2),
    attempt: { action: "record-deletion", record: { class: "call-recording", createdOn: "2024-03-02" } },
    code: "policy.retention",
  },
});
