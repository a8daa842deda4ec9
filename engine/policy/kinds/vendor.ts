import { z } from "zod";
import type { AgencyStanding } from "../../model/policy";
import { dayNumberOf, latestDay } from "../days";
import {
  defineRuleKind,
  EXAMPLE_BASE,
  type Objection,
  type PolicyQuestion,
  ruleSchema,
  severityOfUnknown,
  standingPart,
} from "./define";

const DEMANDS = ["licensed", "whitelisted", "no-violation", "contract-valid"] as const;

/** R13: what an agency must be to be given a debt, and to contact anybody about it. Silent where no agency is concerned. */
const schema = ruleSchema("vendor", {
  require: z.array(z.enum(DEMANDS)).min(1),
  evaluatedWithinDays: z.int().min(1).max(1000).optional(),
  trainedWithinDays: z.int().min(1).max(1000).optional(),
});
type VendorRule = z.output<typeof schema>;
type Standing = "met" | "failed" | "unknown";

function standingOf(value: boolean | undefined, wanted: boolean): Standing {
  if (value === undefined) return "unknown";
  return value === wanted ? "met" : "failed";
}

function within(day: string | undefined, today: number, days: number): Standing {
  if (day === undefined) return "unknown";
  return today - dayNumberOf(day) <= days ? "met" : "failed";
}

function demandsOf(rule: VendorRule, agency: AgencyStanding, today: number): readonly (readonly [string, Standing])[] {
  const { evaluatedWithinDays, trainedWithinDays } = rule;
  const found: (readonly [string, Standing])[] = rule.require.map((demand) => {
    if (demand === "licensed") return [demand, standingOf(agency.licensed, true)];
    if (demand === "whitelisted") return [demand, standingOf(agency.whitelisted, true)];
    if (demand === "no-violation") return [demand, standingOf(agency.violation, false)];
    if (agency.contractUntil === undefined) return [demand, "unknown"];
    return [demand, today <= dayNumberOf(agency.contractUntil) ? "met" : "failed"];
  });
  if (evaluatedWithinDays !== undefined) {
    found.push(["evaluated", within(agency.evaluatedOn, today, evaluatedWithinDays)]);
  }
  if (trainedWithinDays !== undefined) found.push(["trained", within(agency.trainedOn, today, trainedWithinDays)]);
  return found;
}

function objections(
  rule: VendorRule,
  { attempt }: PolicyQuestion,
  { atMs, wanted }: { readonly atMs: number; readonly wanted: Standing },
): readonly Objection[] {
  const concerned = attempt.agency !== undefined || attempt.action === "placement" || attempt.actor === "agency";
  if (!concerned) return [];
  return demandsOf(rule, attempt.agency ?? {}, latestDay(attempt.timeZones, atMs))
    .filter(([, standing]) => standing === wanted)
    .map(([demand]) => ({ code: `policy.vendor-${wanted}`, params: { demand } }));
}

export const vendorKind = defineRuleKind<VendorRule>({
  kind: "vendor",
  row: "R13",
  title: { "zh-CN": "合作机构资格", en: "Eligibility of agencies" },
  schema,
  texts: {
    "policy.vendor-failed": {
      "zh-CN": "{rule}：该机构不满足“{demand}”",
      en: "{rule}: the agency does not meet “{demand}”",
    },
    "policy.vendor-unknown": {
      "zh-CN": "{rule}：不清楚该机构是否满足“{demand}”",
      en: "{rule}: it is not known whether the agency meets “{demand}”",
    },
    "demand.licensed": { "zh-CN": "持有牌照", en: "licensed" },
    "demand.whitelisted": { "zh-CN": "在公示名单内", en: "on the published list" },
    "demand.no-violation": { "zh-CN": "无违规记录", en: "no violation on record" },
    "demand.contract-valid": { "zh-CN": "合同有效", en: "contract in force" },
    "demand.evaluated": { "zh-CN": "按期评估", en: "evaluated in time" },
    "demand.trained": { "zh-CN": "按期培训", en: "trained in time" },
  },
  link: (rule) => [
    standingPart(rule.severity, (asked, atMs) => objections(rule, asked, { atMs, wanted: "failed" })),
    standingPart(severityOfUnknown(rule), (asked, atMs) => objections(rule, asked, { atMs, wanted: "unknown" })),
  ],
  example: {
    ...EXAMPLE_BASE,
    actions: ["contact", "placement"],
    id: "example.vendor",
    title: { "zh-CN": "机构须在名单内且每年评估", en: "Agencies on the list, evaluated every year" },
    kind: "vendor",
    require: ["whitelisted", "no-violation"],
    evaluatedWithinDays: 365,
  },
  allows: {
    nowMs: Date.UTC(2026, 2, 2, 2),
    attempt: { action: "placement", agency: { whitelisted: true, violation: false, evaluatedOn: "2025-09-01" } },
  },
  refuses: {
    nowMs: Date.UTC(2026, 2, 2, 2),
    attempt: { action: "placement", agency: { whitelisted: true, violation: true, evaluatedOn: "2025-09-01" } },
    code: "policy.vendor-failed",
  },
});
