import { describe, expect, test } from "vitest";
import { definitionOf } from "../nodes";
import { marketPack } from "../packs";
import { qaTexts } from "../qa/texts";
import { issueText, lawTexts } from "./issue-text";
import { lintStrategy } from "./lint";
import { exitStep, startStep, step, strategy } from "./testing/sample";

const cn = marketPack("cn");
const house = cn.rulePacks["cn-default"];
if (house === undefined) throw new Error("cn-default is not shipped");

type Text = { readonly "zh-CN"?: string; readonly en?: string };

/** A strategy whose one contact sends this text of its own. */
function sending(channel: "sms" | "robot", text: Text, pack = cn) {
  const own = { id: "own.text", channel, title: { "zh-CN": "自写", en: "Own" }, text, version: 1, stages: [] };
  const ways = ["promised", "spoke", "refused", "care", "wrong-party", "exhausted", "expired", "blocked"];
  const robot = { ...definitionOf("robot")?.initial(), contentId: "own.text" };
  const data = channel === "sms" ? { contentId: "own.text", waitForDelivery: false, giveUpHours: 24 } : robot;
  const doc = strategy({
    nodes: [startStep(), step("ask", channel, data), exitStep("done")],
    edges: [
      ["start", "enter", "ask"],
      ...(channel === "sms" ? ["sent"] : ways).map((way) => ["ask", way, "done"] as const),
    ],
    contents: [{ ...own, tone: "friendly" }],
  });
  return lintStrategy(doc, pack).filter(({ code }) => /^(law|content)\.|legal/.test(code));
}

const told = (issues: ReturnType<typeof sending>): readonly string[] =>
  issues.map(({ severity, code, path, params }) => {
    const { law = "", word = "", language = "" } = params;
    return [severity, code, path, law, word, language].filter(String).join(" ");
  });

const AT = "nodes[1].data.contentId";

describe("a text the gate would refuse is refused where it is written", () => {
  test("a message that does not name the institution", () => {
    expect(told(sending("sms", { "zh-CN": "您好，请还款。" }))).toEqual([
      `error law.content-missing ${AT} cn.identify zh-CN`,
    ]);
    expect(told(sending("sms", { "zh-CN": "【示例机构】您好，请还款。" }))).toEqual([]);
  });

  test("a robot that does not say that it is one", () => {
    expect(told(sending("robot", { "zh-CN": "您好，我是示例机构的小李。" }))).toEqual([
      `error law.content-missing ${AT} cn.ai-voice zh-CN`,
    ]);
    expect(told(sending("robot", { "zh-CN": "您好，我是示例机构的智能语音助手。" }))).toEqual([]);
  });

  test("a text that poses as a court, by rule and by word list", () => {
    expect(told(sending("sms", { "zh-CN": "【示例机构】我们是法院，不还就起诉坐牢。" }))).toEqual([
      `error law.content-banned ${AT} cn.impersonation zh-CN`,
      `error law.word-banned ${AT} 不还就起诉 zh-CN`,
      `error law.word-banned ${AT} 坐牢 zh-CN`,
    ]);
  });

  test("what a value may still bring is not certain", () => {
    expect(told(sending("sms", { "zh-CN": "{{customer_name}}您好，请还款。" }))).toEqual([
      `warning law.content-missing ${AT} cn.identify zh-CN`,
    ]);
  });

  test("a language nobody is written to in is a warning", () => {
    expect(told(sending("sms", { "zh-CN": "【示例机构】请还款。", en: "Please pay." }))).toEqual([
      `warning law.content-missing ${AT} cn.identify en`,
    ]);
  });

  test("a value between two halves does not make a word of them", () => {
    expect(told(sending("sms", { "zh-CN": "【示例机构】坐{{customer_name}}牢。" }))).toEqual([]);
  });

  test("a rule that only warns, or that debtors can agree away, blocks nothing", () => {
    const softened = (change: object) => ({
      ...cn,
      rulePacks: {
        "cn-default": { ...house, rules: house.rules.map((r) => (r.id === "cn.identify" ? { ...r, ...change } : r)) },
      },
    });
    for (const change of [{ severity: "warn" }, { relaxedBy: "debtor-consent" }, { appliesTo: { actors: ["agency"] } }])
      expect(told(sending("sms", { "zh-CN": "请还款。" }, softened(change)))).toEqual([
        `warning law.content-missing ${AT} cn.identify zh-CN`,
      ]);
    expect(told(sending("sms", { "zh-CN": "请还款。" }, softened({ effectiveTo: "2027-01-01" })))).toEqual([]);
  });
});

describe("a step that can never be allowed", () => {
  const barred = {
    ...{ id: "acme.no-texts", kind: "party", title: { en: "No texts" }, severity: "block", channels: ["sms"] },
    ...{ roles: ["guarantor"], source: house.rules[0]?.source, effectiveFrom: "2026-01-01" },
  };
  const packWith = (rule: object) => ({
    ...cn,
    rulePacks: { "cn-default": { ...house, rules: [...house.rules, rule as (typeof house.rules)[number]] } },
  });

  test("since its channel is barred", () => {
    expect(told(sending("sms", { "zh-CN": "【示例机构】请还款。" }, packWith(barred)))).toEqual([
      "error law.never-allowed nodes[1].data acme.no-texts",
    ]);
    expect(told(sending("robot", { "zh-CN": "我是智能语音助手。" }, packWith(barred)))).toEqual([]);
  });
});

test("an issue says the rule with its source, and what to write instead, in both languages", () => {
  const [found] = sending("sms", { "zh-CN": "请还款。" });
  if (found === undefined) throw new Error("nothing was found");
  const extra = [lawTexts(cn), qaTexts];
  expect(issueText(found, "zh-CN", extra)).toBe(
    "“短信须写明机构名称”（中国银行业协会《金融机构个人消费类贷款催收工作指引（试行）》2026-01-30）：通过“短信”发出的文本须说明“机构名称”，中文文本没有说明。例如可加上“【”。",
  );
  expect(issueText(found, "en", extra)).toMatch(
    /^“A text message names the institution” \(.*\) wants this text over “SMS” to say: name of the institution; the Chinese text does not\. Add for example “【”\.$/,
  );
});
