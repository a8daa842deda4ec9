import { describe, expect, it } from "vitest";
import type { StrategyDoc } from "../../model/strategy";
import { nodeDefinitions } from "../../nodes";
import { exitStep, samplePack, startStep, step, strategy } from "../testing/sample";
import { diffStrategies } from "./diff";
import { dataShape } from "./shapes";
import { textParts } from "./text-parts";

const CALL = {
  contentId: "robot.reminder",
  maxAttempts: 3,
  maxPerDay: 2,
  numbers: "first",
  gapMinutes: { BUSY: 60, NA: 120 },
  giveUpHours: 24,
};
const late = (days: number) => ({ fact: "dpd", operator: "greaterThan", value: days });
const rule = (id: string, days: number, name?: string) => ({
  id,
  when: late(days),
  ...(name === undefined ? {} : { name: { "zh-CN": name, en: name } }),
});
const TABLE = {
  hitPolicy: "first",
  table: {
    inputs: [{ id: "balance", fact: "total_outstanding" }],
    outputs: [{ id: "way", kind: "handle" }],
    ways: [
      { id: "people", name: { "zh-CN": "人工", en: "People" } },
      { id: "robot", name: { "zh-CN": "机器人", en: "Robot" } },
    ],
    rows: [
      {
        id: "r1",
        cells: { balance: { operator: "greaterThanInclusive", value: 5_000_000 } },
        outputs: { way: { way: "people" } },
      },
      { id: "r2", cells: {}, outputs: { way: { way: "robot" } } },
    ],
  },
};

type Told = { readonly [path: string]: string };

function inChinese(before: StrategyDoc, after: StrategyDoc): readonly string[] {
  return diffStrategies(before, after, samplePack).changes.map(({ words }) => words["zh-CN"].sentence);
}

function inEnglish(before: StrategyDoc, after: StrategyDoc): readonly string[] {
  return diffStrategies(before, after, samplePack).changes.map(({ words }) => words.en.sentence);
}

function withRules(rules: readonly unknown[]): StrategyDoc {
  return strategy({ nodes: [startStep(), step("fork", "branch", { rules }), exitStep("done")] });
}

function withTable(change: (table: typeof TABLE) => unknown): StrategyDoc {
  return strategy({
    nodes: [startStep(), step("grid", "table", change(structuredClone(TABLE)) as Told), exitStep("done")],
  });
}

describe("what changed between two strategies", () => {
  it("says a field of a step in the words of its form", () => {
    const call = (more: object): StrategyDoc =>
      strategy({ nodes: [startStep(), step("call", "robot", { ...CALL, ...more }), exitStep("done")] });
    const [before, after] = [call({}), call({ gapMinutes: { BUSY: 60, NA: 4320 }, maxPerDay: 1 })];
    expect(inChinese(before, after)).toEqual([
      "机器人外呼 的每日最多拨打次数：2 → 1",
      "机器人外呼 的重拨间隔 · 无人接听：2 小时 → 3 天",
    ]);
    expect(inEnglish(before, after)[0]).toBe("Robot call: Calls a day at most 2 → 1");
  });

  it("knows rules by their ids: changed, added, removed, and moved ones are each what they are", () => {
    const before = withRules([rule("a", 30, "晚"), rule("b", 10), rule("c", 3)]);
    const after = withRules([rule("d", 60), rule("b", 10), rule("a", 35, "晚")]);
    const { changes } = diffStrategies(before, after, samplePack);
    expect(changes.map(({ kind, path }) => [kind, path.join(".")])).toEqual([
      ["removed", "rules.c"],
      ["added", "rules.d"],
      ["changed", "rules.a.when"],
      ["moved", "rules.b"],
    ]);
    expect(changes.map(({ words }) => words["zh-CN"].sentence)).toEqual([
      "条件分流 删除规则“逾期天数 > 3 天”：逾期天数 > 3 天",
      "条件分流 增加规则“逾期天数 > 60 天”：逾期天数 > 60 天",
      "条件分流 的规则“晚” · 条件：逾期天数 > 30 天 → 逾期天数 > 35 天",
      "条件分流 的规则“逾期天数 > 10 天”：从第 2 位移到第 2 位",
    ]);
  });

  it("names cell and row of a table, amounts as people say them", () => {
    const before = withTable((table) => table);
    const after = withTable((data) => {
      const { table } = data;
      const [first, second] = table.rows;
      const raised = { ...first, cells: { balance: { operator: "greaterThanInclusive", value: 8_000_000 } } };
      const added = { id: "r3", cells: {}, outputs: { way: { way: "people" } }, note: "兜底" };
      return {
        ...data,
        table: { ...table, rows: [raised, { ...second, outputs: { way: { way: "people" } } }, added] },
      };
    });
    expect(inChinese(before, after)).toEqual([
      "决策表 的第 1 行 · 余额：余额 ≥ 5 万 → 余额 ≥ 8 万",
      "决策表 的第 2 行 · 出口：机器人 → 人工",
      "决策表 增加第 3 行：不限 · 出口 = 人工",
    ]);
    expect(inEnglish(before, after)[1]).toContain("Robot → People");
  });

  it("tells where a way on leads now, and steps that came and went, without the lines that went with them", () => {
    const sms = step("text", "sms", { contentId: "sms.reminder", waitForDelivery: false });
    const before = strategy({
      nodes: [startStep(), sms, exitStep("done")],
      edges: [
        ["start", "enter", "text"],
        ["text", "sent", "done"],
      ],
    });
    const after = strategy({ nodes: [startStep(), exitStep("done")], edges: [["start", "enter", "done"]] });
    expect(inChinese(before, after)).toEqual([
      "入催 的“入策”去向：短信 → 退出策略",
      "删除步骤“短信”：发送《还款提醒》，不等回执",
    ]);
    expect(inChinese(after, before)).toEqual([
      "入催 的“入策”去向：退出策略 → 短信",
      "新增步骤“短信”：发送《还款提醒》，不等回执",
      "短信 的“已发出”去向：（空） → 退出策略",
    ]);
  });

  it("shows names, notes and tests, and says that they change nothing the engine does", () => {
    const before = strategy({});
    const after = strategy({
      nodes: [startStep(), { ...(exitStep("done") as object), name: { "zh-CN": "完成" }, note: "说明" }],
      tests: [
        { id: "t", name: { "zh-CN": "样例" }, startAt: "2026-03-02T09:00:00+08:00", facts: {}, events: [], expect: {} },
      ],
    });
    const diff = diffStrategies(before, after, samplePack);
    expect(diff.logic).toBe(false);
    expect(diff.changes.map(({ logic, subject }) => [subject.kind, logic])).toEqual([
      ["step", false],
      ["step", false],
      ["test", false],
    ]);
  });

  it("takes settings, variables and texts apart by what they are called", () => {
    const variable = { name: "tries", type: "integer", label: { "zh-CN": "次数", en: "Tries" }, initial: 0 };
    const text = (words: string) => ({
      id: "own.a",
      channel: "sms",
      title: { "zh-CN": "催告" },
      text: { "zh-CN": words },
    });
    const before = strategy({ settings: { variables: [variable] }, contents: [text("请在今天还款")] });
    const after = strategy({
      settings: { variables: [{ ...variable, initial: 1 }], horizonDays: 90 },
      contents: [text("请在明天还款")],
    });
    expect(inChinese(before, after)).toEqual([
      "策略设置 的最长期限（天）：400 → 90",
      "策略设置 的变量 · 变量“次数” · 初始值：0 → 1",
      "内容“催告” 的正文 · 中文：请在今天还款 → 请在明天还款",
    ]);
  });

  it("has a name in both languages for every member of every step type's examples", () => {
    for (const definition of nodeDefinitions) {
      const shape = dataShape(definition, { before: undefined, after: undefined });
      const named = shape.kind === "members" ? Object.keys(shape.members) : [];
      for (const data of [definition.initial(), ...definition.examples]) {
        expect(named, definition.type).toEqual(expect.arrayContaining(Object.keys(data)));
      }
    }
  });
});

describe("two texts as one", () => {
  it("marks the words that went and came, signs of Chinese one by one", () => {
    expect(textParts("请在今天还款 500 元", "请在明天还款 800 元")).toEqual([
      { kind: "same", text: "请在" },
      { kind: "removed", text: "今" },
      { kind: "added", text: "明" },
      { kind: "same", text: "天还款 " },
      { kind: "removed", text: "500" },
      { kind: "added", text: "800" },
      { kind: "same", text: " 元" },
    ]);
  });

  it("gives back both texts, whatever they are", () => {
    for (const [before, after] of [
      ["", "a b"],
      ["a  b 中文", ""],
      ["Dear {{name}}, please pay.", "Dear {{name}}: pay, please."],
      ["x".repeat(3), "😀 x".repeat(400)],
      ["字".repeat(3000), "字"],
    ] as const) {
      const parts = textParts(before, after);
      const side = (not: string) => parts.flatMap(({ kind, text }) => (kind === not ? [] : [text])).join("");
      expect([side("added"), side("removed")]).toEqual([before, after]);
    }
  });
});
