import { z } from "zod";
import { CHANNELS } from "../../model/content";
import { MINUTE_MS } from "../../model/time";
import { COUNTED_PER, concerns } from "../counts";
import { defineRuleKind, EXAMPLE_BASE, ruleSchema } from "./define";

/** Longest gap in minutes: thirty days; whatever is longer is a cool-down. */
const GAP_MINUTES_MAX = 30 * 24 * 60;

/** R4: minutes between two contacts. */
const schema = ruleSchema("minimum-gap", {
  per: z.enum(COUNTED_PER),
  minutes: z.int().min(1).max(GAP_MINUTES_MAX),
});

export const minimumGapKind = defineRuleKind<z.output<typeof schema>>({
  kind: "minimum-gap",
  row: "R4",
  title: { "zh-CN": "最短间隔", en: "Minimum gap" },
  schema,
  texts: {
    "policy.minimum-gap": {
      "zh-CN": "{rule}：距上次联系不足 {minutes} 分钟；最早可在 {until} 联系",
      en: "{rule}: less than {minutes} minutes since the last contact; the earliest time is {until}",
    },
  },
  link: (rule) => {
    const counted = { per: rule.per, channels: rule.channels ?? CHANNELS };
    const params = { minutes: rule.minutes };
    return [
      {
        severity: rule.severity,
        standing: false,
        next: ({ attempt, history }, atMs) => {
          let latestMs = Number.NEGATIVE_INFINITY;
          for (const record of history) {
            if (record.atMs > latestMs && concerns(counted, attempt, record)) latestMs = record.atMs;
          }
          return Math.max(atMs, latestMs + rule.minutes * MINUTE_MS);
        },
        objections: () => [{ code: "policy.minimum-gap", params }],
      },
    ];
  },
  example: {
    ...EXAMPLE_BASE,
    channels: ["robot", "agent"],
    id: "example.gap",
    title: { "zh-CN": "两次拨打间隔 60 分钟", en: "An hour between two calls" },
    kind: "minimum-gap",
    per: "contact-point",
    minutes: 60,
  },
  allows: {
    nowMs: Date.UTC(2026, 2, 2, 2),
    history: [
      {
        atMs: Date.UTC(2026, 2, 2, 1),
        channel: "agent",
        contactPointId: "cp_1",
        connected: false,
        conversed: false,
        visit: null,
      },
    ],
  },
  refuses: {
    nowMs: Date.UTC(2026, 2, 2, 2),
    history: [
      {
        atMs: Date.UTC(2026, 2, 2, 1, 1),
        channel: "agent",
        contactPointId: "cp_1",
        connected: false,
        conversed: false,
        visit: null,
      },
    ],
    code: "policy.minimum-gap",
  },
});
