import { z } from "zod";
import type { AnyRule } from "../../model/market-pack";
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

/** R15: how many people make the contact, and what they must have. */
const schema = ruleSchema("people", {
  /** Fewer do not go; an unknown number is none. */
  minimum: z.int().min(2).max(10).optional(),
  trainedWithinDays: z.int().min(1).max(1000).optional(),
  recorded: z.literal(true).optional(),
});
type PeopleRule = z.output<typeof schema>;

function known(rule: PeopleRule, { attempt }: PolicyQuestion, atMs: number): readonly Objection[] {
  const { people = 0, trainedOn, recorded, timeZones } = attempt;
  const { minimum, trainedWithinDays } = rule;
  const found: Objection[] = [];
  if (minimum !== undefined && people < minimum) found.push({ code: "policy.people", params: { people, minimum } });
  if (trainedWithinDays !== undefined && trainedOn !== undefined) {
    const ago = latestDay(timeZones, atMs) - dayNumberOf(trainedOn);
    if (!(ago <= trainedWithinDays)) {
      found.push({ code: "policy.people-untrained", params: { days: trainedWithinDays } });
    }
  }
  if (rule.recorded === true && recorded === false) found.push({ code: "policy.people-unrecorded", params: {} });
  return found;
}

function unknown(rule: PeopleRule, { attempt }: PolicyQuestion): readonly Objection[] {
  const { trainedWithinDays } = rule;
  const found: Objection[] = [];
  if (trainedWithinDays !== undefined && attempt.trainedOn === undefined) {
    found.push({ code: "policy.people-untrained", params: { days: trainedWithinDays } });
  }
  if (rule.recorded === true && attempt.recorded === undefined) {
    found.push({ code: "policy.people-unrecorded", params: {} });
  }
  return found;
}

export const peopleKind = defineRuleKind<PeopleRule & AnyRule>({
  kind: "people",
  row: "R15",
  title: { "zh-CN": "人员要求", en: "People" },
  schema,
  texts: {
    "policy.people": {
      "zh-CN": "{rule}：只安排了 {people} 人，至少须 {minimum} 人",
      en: "{rule}: {people} would go, at least {minimum} must",
    },
    "policy.people-untrained": {
      "zh-CN": "{rule}：没有 {days} 天内的培训记录",
      en: "{rule}: no training within {days} days is on record",
    },
    "policy.people-unrecorded": {
      "zh-CN": "{rule}：须全程录音",
      en: "{rule}: the conversation must be recorded",
    },
  },
  link: (rule) => [
    standingPart(rule.severity, (asked, atMs) => known(rule, asked, atMs)),
    standingPart(severityOfUnknown(rule), (asked) => unknown(rule, asked)),
  ],
  example: {
    ...EXAMPLE_BASE,
    channels: ["visit"],
    id: "example.people",
    title: { "zh-CN": "外访两人以上，一年内受训", en: "Visits by two, trained within the year" },
    kind: "people",
    minimum: 2,
    trainedWithinDays: 365,
  },
  allows: { nowMs: Date.UTC(2026, 2, 2, 2), attempt: { channel: "visit", people: 2, trainedOn: "2025-06-01" } },
  refuses: {
    nowMs: Date.UTC(2026, 2, 2, 2),
    attempt: { channel: "visit", people: 1, trainedOn: "2025-06-01" },
    code: "policy.people",
  },
});
