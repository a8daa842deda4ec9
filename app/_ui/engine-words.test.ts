import { describe, expect, it } from "vitest";
import { readStrategyText } from "#engine/graph/read";
import { DECISION_CODES } from "#engine/model/execution";
import { LOCALES } from "#engine/model/locale";
import { marketPack, shippedStrategies } from "#engine/packs/index";
import {
  type DecisionToSay,
  decisionSentence,
  factWords,
  outcomeText,
  policyReasonText,
  ruleNameIn,
  stepNameIn,
  taskText,
  wordsIn,
} from "./engine-words";

const pack = marketPack("cn");
const read = readStrategyText(shippedStrategies("cn")[0]?.text ?? "");
const doc = read.ok ? read.value : null;
const words = (locale: (typeof LOCALES)[number]) => ({
  locale,
  pack,
  events: { "payment.posted": "EVENT" },
  unknown: "UNKNOWN",
});
const decision = (change: Partial<DecisionToSay>): DecisionToSay => ({
  code: "entered",
  detail: null,
  handle: null,
  nodeId: "start",
  doc,
  channel: null,
  ...change,
});

describe("the history of an account", () => {
  it.each(LOCALES)("has a sentence for every kind of decision, with nothing left to fill in (%s)", (locale) => {
    for (const code of DECISION_CODES) {
      const sentence = decisionSentence(decision({ code, detail: "x" }), words(locale));
      expect(sentence, code).not.toMatch(/[{}]/);
      expect(sentence.length, code).toBeGreaterThan(3);
    }
  });

  it("says which rule put a contact off, by its title", () => {
    const rule = Object.values(pack.rulePacks)[0]?.rules.find((known) => known.kind === "window");
    const title = rule?.title.en ?? "";
    const sentence = decisionSentence(decision({ code: "deferred", detail: rule?.id ?? "" }), words("en"));
    expect(title).not.toBe("");
    expect(sentence).toContain(title);
  });

  it("says what happened and what an answer means in the reader's language", () => {
    expect(decisionSentence(decision({ code: "happened", detail: "payment.posted" }), words("en"))).toContain("EVENT");
    expect(outcomeText("review", null, "en")).toMatch(/person/);
    expect(outcomeText("PTP", "robot", "zh-CN")).toMatch(/承诺/);
    expect(outcomeText("no-such-code", "sms", "en")).toBe("no-such-code");
  });

  it("names what was set, and says when there was nothing to set", () => {
    if (doc === null) throw new Error("the shipped strategy cannot be read");
    const rounds = { name: "rounds", type: "integer" as const, label: { en: "Rounds so far" }, initial: 0 };
    const counted = { ...doc, settings: { ...doc.settings, variables: [rounds] } };
    const within = wordsIn(counted, words("en"));
    expect(decisionSentence(decision({ code: "set", detail: "rounds,stage" }), within)).toBe(
      "Sets Rounds so far, Stage in the strategy.",
    );
    expect(decisionSentence(decision({ code: "set", detail: "" }), within)).toBe("Nothing to set; goes on.");
    expect(factWords("var.rounds", 2, within)).toEqual({ label: "Rounds so far", value: "2" });
  });

  it("calls a rule as the author did, and nothing else", () => {
    if (doc === null) throw new Error("the shipped strategy cannot be read");
    const rules = [
      { id: "r1", name: { en: "Nearly paid" }, when: null },
      { id: "r2", when: null },
    ];
    const branch = { id: "b", type: "branch", version: 1, data: { rules } };
    const drawn = { ...doc, nodes: [...doc.nodes, branch] };
    expect(ruleNameIn(drawn, { nodeId: "b", rule: "r1" }, "zh-CN")).toBe("Nearly paid");
    expect(ruleNameIn(drawn, { nodeId: "b", rule: "r2" }, "en")).toBeNull();
    expect(ruleNameIn(drawn, { nodeId: "b/inner", rule: "r1" }, "en")).toBeNull();
  });

  it("says what people, systems and the ledger decided", () => {
    expect(outcomeText("changes-requested", null, "en")).toBe("changes asked for");
    expect(outcomeText("timeout", null, "zh-CN")).toMatch(/超时/);
    expect(taskText("placement", "zh-CN")).toBe("委外");
    expect(decisionSentence(decision({ code: "promise-closed", detail: "broken" }), words("zh-CN"))).toContain("跳票");
    expect(decisionSentence(decision({ code: "hold-placed", detail: "dispute" }), words("en"))).not.toContain("{");
    expect(decisionSentence(decision({ code: "hold-placed", detail: "dispute" }), words("zh-CN"))).toMatch(/争议/);
  });

  it("says a part of a step by the step's name", () => {
    if (doc === null) throw new Error("the shipped strategy cannot be read");
    const { node } = doc.entry;
    expect(stepNameIn(doc, `${node}/part`, "en")).toBe(stepNameIn(doc, node, "en"));
  });

  it("never shows a reason as a bare code when a room has words for it", () => {
    const reason = { rule: "floor.contact-point", code: "policy.no-contact-point", params: { channel: "sms" } };
    expect(policyReasonText(reason, words("en"))).toBe("There is no contact point for SMS");
    const refused = { rule: "dispatch", code: "dispatch.provider-refused", params: { answer: "E7" } };
    expect(policyReasonText(refused, words("en"))).toContain("E7");
  });

  it("says that nobody knows a fact instead of showing nothing", () => {
    expect(factWords("risk_score", null, words("en")).value).toBe("UNKNOWN");
    expect(factWords("overdue_amount", 123_456, words("en")).value).toBe("1,234.56");
  });

  it("keeps to the id of a step that is not in the document any more", () => {
    if (doc === null) throw new Error("the shipped strategy cannot be read");
    expect(stepNameIn(doc, "gone", "en")).toBe("gone");
    expect(stepNameIn(doc, doc.entry.node, "zh-CN")).not.toBe(doc.entry.node);
  });
});
