import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { issue } from "../model/issue";
import { LOCALES } from "../model/locale";
import { definitionOf, nodeDefinitions } from "../nodes";
import { factTexts, graphIssueTexts, issueText } from "./issue-text";
import { lintStrategy } from "./lint";
import { handleText, stepSummary } from "./step-text";
import { exitStep, samplePack, startStep, step, strategy } from "./testing/sample";
import { durationText, graphWords } from "./words";

const NODES = join(import.meta.dirname, "..", "nodes");
const MODEL = join(import.meta.dirname, "..", "model");
const CONDITION = join(import.meta.dirname, "..", "condition");
const IMPORT = join(import.meta.dirname, "import");
const CONTACT = join(import.meta.dirname, "..", "contact");
const PREFIXES = /"((?:graph|json|shape|strategy|condition|text|value|variable|work|law)\.[a-z-]+)"/g;
const NOT_ISSUES = /^strategy\.(read|edit|publish)$/;
const PLACEHOLDER = /\{\w+\}/g;

function sourcesIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => readFileSync(join(folder, name), "utf8"));
}

describe("texts of issues", () => {
  const codes = [import.meta.dirname, IMPORT, NODES, MODEL, CONDITION, CONTACT]
    .flatMap(sourcesIn)
    .flatMap((source) => [...source.matchAll(PREFIXES)].map((match) => match[1] ?? ""))
    .filter((code) => !NOT_ISSUES.test(code));

  test.each(LOCALES)("exist in %s for every code this room can give, and for no other", (locale) => {
    expect(Object.keys(graphIssueTexts[locale]).sort()).toEqual([...new Set(codes)].sort());
  });

  test("name the same values in both languages", () => {
    for (const [code, zh] of Object.entries(graphIssueTexts["zh-CN"])) {
      const en = graphIssueTexts.en[code] ?? "";
      expect([...(en.match(PLACEHOLDER) ?? [])].sort(), code).toEqual([...(zh.match(PLACEHOLDER) ?? [])].sort());
    }
    expect(Object.keys(graphWords.en).sort()).toEqual(Object.keys(graphWords["zh-CN"]).sort());
  });

  test("put operators, types and ways on into words", () => {
    const found = issue("condition.operator-invalid", {}, { fact: "bucket", operator: "greaterThan", type: "enum" });
    expect(issueText(found, "zh-CN")).toBe("“bucket”是选项，不能用“大于”比较。");
    expect(issueText(found, "en")).toBe("“bucket” is a choice; it cannot be compared by “more than”.");
    const dangling = issue("graph.dangling-handle", {}, { handle: "expired", stepType: "sms" });
    expect(issueText(dangling, "zh-CN")).toBe("出口“超时无回执”还没有接到下一步。");
    const rule = issue("graph.dangling-handle", {}, { handle: "late", stepType: "branch" });
    expect(issueText(rule, "en")).toBe("“late” does not lead anywhere yet.");
  });

  test("come from the step types, from other rooms, or show the bare code", () => {
    expect(issueText(issue("split.weights-sum", {}, { sum: 9000, expected: 10_000 }), "zh-CN")).toContain("9000");
    const extra = [{ "zh-CN": { "intake.ragged": "第 {row} 行" }, en: { "intake.ragged": "Row {row}" } }];
    expect(issueText(issue("intake.ragged", {}, { row: 3 }), "en", extra)).toBe("Row 3");
    const unusable = issue("condition.fact-not-usable", {}, { fact: "customer_name" });
    expect(issueText(unusable, "zh-CN", [factTexts(samplePack.fields)])).toContain("“姓名”");
    expect(issueText(issue("no.such-code", {}, { a: 1 }), "en")).toBe('no.such-code {"a":1}');
    expect(issueText(issue("constructor"), "en")).toBe("constructor");
  });

  test("say of which accounts they speak, in the reader's words", () => {
    const { bucket, total_outstanding } = samplePack.fields;
    const fields = [bucket, total_outstanding].filter((field) => field !== undefined);
    const when = {
      all: [
        { fact: "bucket", operator: "equal", value: "M2" },
        { fact: "total_outstanding", operator: "greaterThanInclusive", value: 5_000_000 },
      ],
    } as const;
    const gap = { ...issue("table.gap"), example: { when, facts: { bucket: "M2" }, fields } };
    expect(issueText(gap, "zh-CN")).toBe("逾期阶段为 M2 且 余额 ≥ 5 万：没有规则。");
    expect(issueText(gap, "en")).toBe("Stage is M2 and Balance ≥ 50,000: no row.");
    expect(issueText({ ...gap, example: { ...gap.example, when: null } }, "en")).toBe("any account: no row.");
  });

  test("leave no place unfilled for whatever lint finds", () => {
    const nodes = [
      startStep({
        all: [
          { fact: "mood", operator: "equal", value: 1 },
          { fact: "dpd", operator: "equal", value: "x" },
        ],
      }),
      { id: "letter", type: "fax", version: 1, data: {} },
      ...nodeDefinitions
        .filter(({ group }) => group !== "entry")
        .map(({ type, initial }, index) => step(`n${index}`, type, { ...initial() })),
      exitStep("done"),
    ];
    const edges = [
      ["start", "enter", "letter"],
      ["ghost", "x", "gone"],
      ["n0", "nowhere", "start"],
    ] as const;
    const issues = lintStrategy(
      strategy({ nodes, edges, settings: { rulePack: "x", timeZone: "x", exits: [] } }),
      samplePack,
    );
    expect(issues.length).toBeGreaterThan(20);
    for (const found of issues) {
      for (const locale of LOCALES) expect(issueText(found, locale)).not.toMatch(/\{\w+\}|^\S+\.\S+( \{|$)/);
    }
  });
});

describe("what a card says", () => {
  const words = (locale: "zh-CN" | "en") => ({ locale, fields: samplePack.fields, contents: samplePack.contents });

  test.each<[string, { readonly [name: string]: unknown }, string, string]>([
    [
      "start",
      { when: { fact: "dpd", operator: "greaterThanInclusive", value: 1 } },
      "逾期天数 ≥ 1 天",
      "Days past due ≥ 1",
    ],
    [
      "sms",
      { contentId: "sms.reminder", waitForDelivery: true },
      "发送《还款提醒》，等回执 24 小时",
      "Send “sms.reminder”, wait 24 h for delivery",
    ],
    ["robot", { contentId: "robot.reminder" }, "《还款提醒话术》，最多拨 3 次", "“robot.reminder”, up to 3 calls"],
    [
      "wait",
      { mode: "duration", durationMinutes: 4320, at: "10:00" },
      "等待 3 天，至 10:00",
      "Wait 3 days, until 10:00",
    ],
    [
      "wait",
      { mode: "event", events: ["payment.posted", "reply.received"], deadlineMinutes: 60 },
      "等还款入账 或 客户回复，最长 1 小时",
      "Wait for a payment or a reply, at most 1 hour",
    ],
    [
      "exit",
      { reason: "handed-to-people", label: "转 A 组, 加急" },
      "转人工：转 A 组, 加急",
      "Handed to collectors: 转 A 组, 加急",
    ],
  ])("%s %j", (...[type, data, zh, en]) => {
    const made = strategy({ nodes: [{ ...(step("start", type, data) as object) }] });
    const [node] = made.nodes;
    if (node === undefined) throw new Error("one step");
    expect([stepSummary(node, words("zh-CN")), stepSummary(node, words("en"))]).toEqual([zh, en]);
  });

  test("has no sentence for a type nobody knows", () => {
    expect(stepSummary({ id: "x", type: "fax", version: 1, data: {} }, words("en"))).toBeNull();
  });

  test("names ways on by the author's name, the condition, or the type's word", () => {
    const branch = definitionOf("branch");
    if (branch === undefined) throw new Error("registered");
    const when = { fact: "dpd", operator: "greaterThan", value: 10 } as const;
    const data = {
      rules: [
        { id: "late", name: { "zh-CN": "晚期", en: "Late" }, when },
        { id: "rule-2", when },
        { id: "rule-3", when: null },
      ],
    };
    const said = (locale: "zh-CN" | "en") =>
      branch.handles(data).map((handle) => handleText(branch, handle, words(locale)));
    expect(said("zh-CN")).toEqual(["晚期", "逾期天数 > 10 天", "rule-3", "其他", "未知"]);
    expect(said("en")).toEqual(["Late", "Days past due > 10", "rule-3", "Otherwise", "Unknown"]);
  });
});

test.each([
  [1, "1 分钟", "1 minute"],
  [60, "1 小时", "1 hour"],
  [1440, "1 天", "1 day"],
  [4350, "3 天 30 分钟", "3 days 30 minutes"],
  [0, "0 分钟", "0 minutes"],
])("%d minutes in words", (minutes, zh, en) => {
  expect([durationText(minutes, "zh-CN"), durationText(minutes, "en")]).toEqual([zh, en]);
});
