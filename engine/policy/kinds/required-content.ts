import { z } from "zod";
import { defineRuleKind, EXAMPLE_BASE, lowerCase, type PolicyQuestion, ruleSchema, standingPart } from "./define";

/** R8: what must be said. Each demand is met by any one of its phrases, in any language, whatever the case. */
const schema = ruleSchema("required-content", {
  demands: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z][a-z-]{1,40}$/),
        anyOf: z.array(z.string().min(1).max(120)).min(1).max(30),
      }),
    )
    .min(1)
    .max(20),
  /** Until somebody has been reached about this account, after it, or always. */
  when: z.enum(["first", "subsequent", "always"]),
});
type RequiredRule = z.output<typeof schema>;

/** Nobody has been reached yet, as far as anybody knows. */
function isFirst({ attempt, history }: PolicyQuestion): boolean {
  return !history.some(
    ({ connected, accountId }) => connected && (accountId === undefined || accountId === attempt.accountId),
  );
}

function isAsked({ when }: RequiredRule, asked: PolicyQuestion): boolean {
  return when === "always" || (when === "first") === isFirst(asked);
}

export const requiredContentKind = defineRuleKind<RequiredRule>({
  kind: "required-content",
  row: "R8",
  title: { "zh-CN": "必须说明的内容", en: "What must be said" },
  schema,
  aboutWords: true,
  texts: {
    "policy.content-missing": {
      "zh-CN": "{rule}：文本缺少必须说明的内容（{demand}），例如“{example}”",
      en: "{rule}: the text lacks what must be said ({demand}), for example “{example}”",
    },
    "demand.institution": { "zh-CN": "机构名称", en: "name of the institution" },
    "demand.ai-voice": { "zh-CN": "语音为人工智能", en: "that the voice is artificial" },
    "demand.recording": { "zh-CN": "通话录音", en: "that the call is recorded" },
    "demand.opt-out": { "zh-CN": "退订方式", en: "how to opt out" },
    "demand.debt-collector": { "zh-CN": "催收人身份", en: "that a debt collector speaks" },
    "demand.purpose": { "zh-CN": "信息用途", en: "what information will be used for" },
  },
  link: (rule) => {
    const demands = rule.demands.map(({ id, anyOf }) => ({
      id,
      anyOf: anyOf.map((phrase) => phrase.toLowerCase()),
      // What to write instead is said with the objection: the first phrase stands for the others.
      example: anyOf[0] ?? "",
    }));
    return [
      standingPart(rule.severity, (asked) => {
        if (asked.text === undefined || !isAsked(rule, asked)) return [];
        const text = lowerCase(asked.text);
        return demands
          .filter(({ anyOf }) => !anyOf.some((phrase) => text.includes(phrase)))
          .map(({ id, example }) => ({ code: "policy.content-missing", params: { demand: id, example } }));
      }),
    ];
  },
  example: {
    ...EXAMPLE_BASE,
    channels: ["robot"],
    id: "example.required",
    title: { "zh-CN": "机器人须说明身份", en: "A robot says that it is one" },
    kind: "required-content",
    demands: [{ id: "ai-voice", anyOf: ["智能语音", "automated"] }],
    when: "always",
  },
  allows: { nowMs: Date.UTC(2026, 2, 2, 2), text: "This is the Automated assistant of the bank." },
  refuses: { nowMs: Date.UTC(2026, 2, 2, 2), text: "This is Anna.", code: "policy.content-missing" },
});
