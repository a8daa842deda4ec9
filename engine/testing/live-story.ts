import { compileStrategy } from "../compile/compile";
import type { MarketPack, RuleBase } from "../model/market-pack";
import type { PublishedVersion } from "../ports/program-store";
import { type DrawnStep, drawnStrategy, PAST_DUE } from "../run/testing/drawn-strategy";
import { SMALL_MARKET } from "../run/testing/small-market";

const RULE: Omit<RuleBase, "id" | "title"> = {
  severity: "block",
  channels: ["sms", "robot"],
  source: { kind: "house-policy", name: "House", counselCheck: false },
  effectiveFrom: "2026-01-01",
};

/** Calls from 08:00 to 20:00, three attempts and one conversation a person and day, consent and holds: strict enough to be felt. */
export const STRICT_MARKET: MarketPack = {
  ...SMALL_MARKET,
  contents: {
    ...SMALL_MARKET.contents,
    "robot.reminder": {
      id: "robot.reminder",
      channel: "robot",
      title: { en: "Reminder" },
      text: { "zh-CN": "您好{{customer_name}},我是智能语音助手,请尽快还款{{overdue_amount | money}}元。" },
      version: 1,
      stages: [],
      tone: "friendly",
    },
  },
  rulePacks: {
    "cn-default": {
      pack: "cn-default",
      version: "1",
      jurisdiction: "CN",
      title: { en: "Strict" },
      rules: [
        {
          ...RULE,
          id: "hours",
          title: { en: "Hours" },
          kind: "window",
          windows: [{ weekdays: [1, 2, 3, 4, 5, 6, 7], from: "08:00", to: "20:00" }],
          channels: ["sms", "robot"],
        },
        {
          ...RULE,
          id: "attempts",
          title: { en: "Attempts" },
          kind: "cap",
          metric: "attempted",
          per: "party",
          window: { kind: "calendar-day", days: 1 },
          limit: 3,
          channels: ["sms", "robot"],
        },
        {
          ...RULE,
          id: "talks",
          title: { en: "Talks" },
          kind: "cap",
          metric: "conversed",
          per: "party",
          window: { kind: "calendar-day", days: 1 },
          limit: 1,
          channels: ["sms", "robot"],
        },
        { ...RULE, id: "hold", title: { en: "Hold" }, kind: "hold", channels: ["sms", "robot"] },
        { ...RULE, id: "consent", title: { en: "Consent" }, kind: "consent", channels: ["sms", "robot"] },
      ],
    },
  },
};

const ROBOT: DrawnStep = {
  type: "robot",
  data: { contentId: "robot.reminder", giveUpHours: 48, maxAttempts: 3, gapMinutes: { NA: 60 } },
  to: {
    promised: "patience",
    spoke: "patience",
    refused: "people",
    care: "people",
    "wrong-party": "people",
    exhausted: "patience",
    expired: "people",
    blocked: "people",
  },
};

/** Call at once, up to three times; whoever answered gets three days, then it starts over; payment ends it (in any step). */
export function callingVersion(): PublishedVersion {
  const doc = drawnStrategy({
    start: { type: "start", data: { when: PAST_DUE }, to: { enter: "call" } },
    call: ROBOT,
    patience: {
      type: "wait",
      data: { mode: "event", events: ["payment.posted"], deadlineMinutes: 3 * 24 * 60 },
      to: { elapsed: "again", happened: "thanks" },
    },
    again: { ...ROBOT, to: { ...ROBOT.to, promised: "people", spoke: "people", exhausted: "people" } },
    thanks: { type: "exit", data: { reason: "completed" }, to: {} },
    people: { type: "exit", data: { reason: "handed-to-people" }, to: {} },
  });
  const compiled = compileStrategy(doc, STRICT_MARKET);
  if (!compiled.ok) throw new Error(`does not compile: ${JSON.stringify(compiled.error)}`);
  return { versionId: "ver_calling-1", strategyId: "strat_calling", program: compiled.value };
}
