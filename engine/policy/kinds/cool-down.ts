import { z } from "zod";
import { CHANNELS } from "../../model/content";
import { type ContactRecord, LASTING_OUTCOMES } from "../../model/policy";
import { localDayNumber, startOfDay } from "../../model/time";
import { COUNTED_PER, concerns, METRICS, reaches } from "../counts";
import { nextInEveryZone } from "../days";
import { defineRuleKind, EXAMPLE_BASE, NEVER, type PolicyQuestion, ruleSchema } from "./define";

/** R3: after this, nothing for so many days. */
const members = ruleSchema("cool-down", {
  after: z.union([
    z.strictObject({ reached: z.enum(METRICS) }),
    /** Result codes of the channel. */
    z.strictObject({ outcomes: z.array(z.string().max(8)).min(1).max(20) }),
  ]),
  per: z.enum(COUNTED_PER),
  /** Calendar days at the party's place, the day of the event being the first; `for-ever` never ends. */
  days: z.union([z.int().min(1).max(60), z.literal("for-ever")]),
  /** Channels on which the event begins it, where they are others than those it speaks of. */
  begunBy: z.array(z.enum(CHANNELS)).min(1).optional(),
});
const LASTING: ReadonlySet<string> = new Set(LASTING_OUTCOMES);
/** The gate is shown results for ever only where they last; whatever else it forgets after some weeks. */
const schema = members.refine(
  ({ days, after }) =>
    days !== "for-ever" || ("outcomes" in after && after.outcomes.every((code) => LASTING.has(code))),
  { error: "for-ever", path: ["after"] },
);
type CoolDownRule = z.output<typeof schema>;

function begins({ after }: CoolDownRule, record: ContactRecord): boolean {
  if ("reached" in after) return reaches(after.reached, record);
  return typeof record.outcome === "string" && after.outcomes.includes(record.outcome);
}

function latestEvent(rule: CoolDownRule, { attempt, history }: PolicyQuestion): number {
  const counted = { per: rule.per, channels: rule.begunBy ?? rule.channels ?? CHANNELS };
  let latestMs = Number.NEGATIVE_INFINITY;
  for (const record of history) {
    if (record.atMs > latestMs && concerns(counted, attempt, record) && begins(rule, record)) latestMs = record.atMs;
  }
  return latestMs;
}

export const coolDownKind = defineRuleKind<CoolDownRule>({
  kind: "cool-down",
  row: "R3",
  title: { "zh-CN": "冷静期", en: "Cool-down" },
  schema,
  texts: {
    "policy.cool-down": {
      "zh-CN": "{rule}：{days} 天冷静期未满；最早可在 {until} 联系",
      en: "{rule}: the {days} days of peace are not over; the earliest time is {until}",
    },
    "policy.cool-down-for-ever": {
      "zh-CN": "{rule}：此后不再联系",
      en: "{rule}: there is no contact any more",
    },
  },
  link: (rule) => {
    const { days } = rule;
    const forEver = days === "for-ever";
    return [
      {
        severity: rule.severity,
        standing: forEver,
        next: (asked, atMs) => {
          const eventMs = latestEvent(rule, asked);
          if (eventMs === Number.NEGATIVE_INFINITY) return atMs;
          if (days === "for-ever") return NEVER;
          return nextInEveryZone(asked.attempt.timeZones, atMs, (zone, fromMs) =>
            Math.max(fromMs, startOfDay(zone, localDayNumber(zone, eventMs) + days)),
          );
        },
        objections: () => [
          forEver ? { code: "policy.cool-down-for-ever", params: {} } : { code: "policy.cool-down", params: { days } },
        ],
      },
    ];
  },
  example: {
    ...EXAMPLE_BASE,
    channels: ["robot", "agent"],
    id: "example.cool-down",
    title: { "zh-CN": "通话后 7 天内不再致电", en: "No call within 7 days after a conversation" },
    kind: "cool-down",
    after: { reached: "conversed" },
    per: "account",
    days: 7,
  },
  allows: {
    nowMs: Date.UTC(2026, 2, 9, 2),
    history: [
      {
        atMs: Date.UTC(2026, 2, 2, 2),
        channel: "agent",
        contactPointId: "cp_1",
        connected: true,
        conversed: true,
        visit: null,
      },
    ],
  },
  refuses: {
    nowMs: Date.UTC(2026, 2, 8, 2),
    history: [
      {
        atMs: Date.UTC(2026, 2, 2, 2),
        channel: "agent",
        contactPointId: "cp_1",
        connected: true,
        conversed: true,
        visit: null,
      },
    ],
    code: "policy.cool-down",
  },
});
