import { describe, expect, it } from "vitest";
import { LOCALES } from "../../model/locale";
import { marketPack, shippedStrategies } from "../../packs";
import { readStrategyText } from "../read";
import { exitStep, samplePack, startStep, step, strategy } from "../testing/sample";
import { ruleBook } from "./rule-book";

describe("the rule book", () => {
  const doc = strategy({
    nodes: [
      startStep(),
      step("fork", "branch", {
        rules: [
          {
            id: "late",
            name: { "zh-CN": "晚", en: "Late" },
            when: { fact: "dpd", operator: "greaterThan", value: 30 },
          },
        ],
      }),
      step("text", "sms", { contentId: "sms.reminder", waitForDelivery: false }),
      exitStep("done"),
    ],
    edges: [
      ["start", "enter", "fork"],
      ["fork", "late", "text"],
      ["fork", "otherwise", "done"],
      ["text", "sent", "done"],
    ],
  });

  it("writes every step out in the order accounts come to them, with its ways on", () => {
    const [whole] = ruleBook(doc, samplePack, "zh-CN").chapters;
    expect(whole?.steps.map(({ id }) => id)).toEqual(["start", "fork", "text", "done"]);
    const fork = whole?.steps[1];
    expect(fork?.lines).toEqual([{ label: "规则“晚”", text: "逾期天数 > 30 天" }]);
    expect(fork?.ways).toEqual([
      { label: "晚", text: "短信" },
      { label: "其他", text: "退出策略" },
      { label: "未知", text: "" },
    ]);
    expect(whole?.steps[2]?.lines).toContainEqual({ label: "短信内容", text: "还款提醒" });
  });

  it("says what holds for the whole strategy", () => {
    const { settings, title } = ruleBook(doc, samplePack, "en");
    expect(title).toBe("Sample");
    expect(settings).toContainEqual({ label: "longest time in the strategy (days)", text: "400" });
    expect(settings.map(({ text }) => text)).toContain("Account status is paid");
  });

  it("has a word for everything the shipped strategies lay down, in both languages", () => {
    const pack = marketPack("cn");
    for (const { text } of shippedStrategies("cn")) {
      const read = readStrategyText(text);
      if (!read.ok) throw new Error("a shipped strategy was not read");
      for (const locale of LOCALES) {
        for (const { steps } of ruleBook(read.value, pack, locale).chapters) {
          expect(steps.length).toBeGreaterThan(0);
          for (const { lines, ways } of steps) {
            for (const line of [...lines, ...ways])
              expect(`${line.label}${line.text}`).not.toMatch(/undefined|\[object|\{"/);
          }
        }
      }
    }
  });
});
