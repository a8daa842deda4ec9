import { z } from "zod";
import { CHANNELS } from "../../model/content";
import { PARTY_ROLES } from "../../model/market-pack";
import { COUNTED_PER, METRICS, nextUnderCap, usedUp } from "../counts";
import { defineRuleKind, EXAMPLE_BASE, ruleSchema } from "./define";

/** Contacts older than this are not shown to the gate, so no window may be longer. */
const WINDOW_DAYS_MAX = 60;

/** R2: at most so many, counted apart as attempts, connections or conversations. */
const schema = ruleSchema("cap", {
  metric: z.enum(METRICS),
  per: z.enum(COUNTED_PER),
  window: z.union([
    z.strictObject({
      kind: z.enum(["calendar-day", "rolling-days"]),
      days: z.int().min(1).max(WINDOW_DAYS_MAX),
    }),
    z.strictObject({ kind: z.enum(["calendar-week", "calendar-month"]) }),
  ]),
  limit: z.int().min(1),
  /** Channels that use it up, where they are more than those it speaks of. */
  counts: z.array(z.enum(CHANNELS)).min(1).optional(),
  /** Result codes that do not count: the call did not reach the number that was dialled. */
  uncounted: z.array(z.string().max(8)).min(1).optional(),
  /** Counts contacts with these alone. */
  countsRoles: z.array(z.enum(PARTY_ROLES)).min(1).optional(),
});

export const capKind = defineRuleKind<z.output<typeof schema>>({
  kind: "cap",
  row: "R2",
  title: { "zh-CN": "次数上限", en: "Cap on contacts" },
  schema,
  texts: {
    "policy.cap-attempted": {
      "zh-CN": "{rule}：{days} 天内已联系 {used} 次，上限 {limit} 次；最早可在 {until} 联系",
      en: "{rule}: contacted {used} times within {days} day(s), the limit is {limit}; the earliest time is {until}",
    },
    "policy.cap-connected": {
      "zh-CN": "{rule}：{days} 天内已接通 {used} 次，上限 {limit} 次；最早可在 {until} 联系",
      en: "{rule}: connected {used} times within {days} day(s), the limit is {limit}; the earliest time is {until}",
    },
    "policy.cap-conversed": {
      "zh-CN": "{rule}：{days} 天内已有效通话 {used} 次，上限 {limit} 次；最早可在 {until} 联系",
      en: "{rule}: {used} conversations within {days} day(s), the limit is {limit}; the earliest time is {until}",
    },
  },
  link: (rule) => {
    const cap = { ...rule, channels: rule.counts ?? rule.channels ?? CHANNELS, roles: rule.countsRoles };
    const days = "days" in rule.window ? rule.window.days : rule.window.kind === "calendar-week" ? 7 : 31;
    const code = `policy.cap-${rule.metric}`;
    return [
      {
        severity: rule.severity,
        standing: false,
        next: (asked, atMs) => nextUnderCap(cap, asked, atMs),
        objections: (asked, atMs) => [{ code, params: { used: usedUp(cap, asked, atMs), limit: rule.limit, days } }],
      },
    ];
  },
  example: {
    ...EXAMPLE_BASE,
    channels: ["robot", "agent"],
    id: "example.cap",
    title: { "zh-CN": "每人每日通话不超过 1 次", en: "At most one conversation per person and day" },
    kind: "cap",
    metric: "conversed",
    per: "party",
    window: { kind: "calendar-day", days: 1 },
    limit: 1,
  },
  allows: {
    nowMs: Date.UTC(2026, 2, 2, 2),
    history: [
      {
        atMs: Date.UTC(2026, 2, 2, 1),
        channel: "agent",
        contactPointId: "cp_1",
        connected: true,
        conversed: false,
        visit: null,
      },
    ],
  },
  refuses: {
    nowMs: Date.UTC(2026, 2, 2, 2),
    history: [
      {
        atMs: Date.UTC(2026, 2, 2, 1),
        channel: "agent",
        contactPointId: null,
        connected: true,
        conversed: true,
        visit: null,
        by: "agency",
      },
    ],
    code: "policy.cap-conversed",
  },
});
