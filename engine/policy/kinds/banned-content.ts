import { z } from "zod";
import { defineRuleKind, EXAMPLE_BASE, lowerCase, ruleSchema, standingPart } from "./define";

/** R9: words that must not be said. The market's word lists are checked beside it (`engine/qa`), with their contexts. */
const schema = ruleSchema("banned-content", {
  phrases: z.array(z.string().min(1).max(120)).min(1).max(200),
});

export const bannedContentKind = defineRuleKind<z.output<typeof schema>>({
  kind: "banned-content",
  row: "R9",
  title: { "zh-CN": "禁止说的内容", en: "What must not be said" },
  schema,
  aboutWords: true,
  texts: {
    "policy.content-banned": {
      "zh-CN": "{rule}：文本含有禁止的内容（{phrase}）",
      en: "{rule}: the text says what must not be said ({phrase})",
    },
  },
  link: (rule) => {
    const phrases = rule.phrases.map((phrase) => ({ phrase, lower: phrase.toLowerCase() }));
    return [
      standingPart(rule.severity, ({ text }) => {
        if (text === undefined) return [];
        const lower = lowerCase(text);
        return phrases
          .filter((known) => lower.includes(known.lower))
          .map(({ phrase }) => ({ code: "policy.content-banned", params: { phrase } }));
      }),
    ];
  },
  example: {
    ...EXAMPLE_BASE,
    id: "example.banned",
    title: { "zh-CN": "不得冒充司法机关", en: "Never pose as a court" },
    kind: "banned-content",
    phrases: ["法院传票", "court summons"],
  },
  allows: { nowMs: Date.UTC(2026, 2, 2, 2), text: "Please call us back." },
  refuses: {
    nowMs: Date.UTC(2026, 2, 2, 2),
    text: "This is a Court Summons.",
    code: "policy.content-banned",
  },
});
