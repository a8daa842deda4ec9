import { describe, expect, test } from "vitest";
import type { Condition } from "../model/condition";
import { conditionSentence } from "./condition-sentence";
import { samplePack } from "./testing/sample";

function read(condition: Condition): readonly [zh: string, en: string] {
  return [
    conditionSentence(condition, samplePack.fields, "zh-CN"),
    conditionSentence(condition, samplePack.fields, "en"),
  ];
}

const dpd = (operator: "greaterThanInclusive" | "lessThanInclusive", value: number): Condition => ({
  fact: "dpd",
  operator,
  value,
});
const m2: Condition = { fact: "bucket", operator: "equal", value: "M2" };
const high: Condition = { fact: "total_outstanding", operator: "greaterThanInclusive", value: 5_000_000 };

describe("a condition read back", () => {
  test.each<[Condition, string, string]>([
    [{ all: [m2, high] }, "逾期阶段为 M2 且 余额 ≥ 5 万", "Stage is M2 and Balance ≥ 50,000"],
    [
      { all: [dpd("greaterThanInclusive", 1), dpd("lessThanInclusive", 30)] },
      "逾期天数 1 至 30 天",
      "Days past due 1 to 30",
    ],
    [
      { all: [dpd("greaterThanInclusive", -7), dpd("lessThanInclusive", 0), m2] },
      "逾期天数 -7 至 0 天 且 逾期阶段为 M2",
      "Days past due -7 to 0 and Stage is M2",
    ],
    [
      { any: [{ all: [m2, high] }, dpd("greaterThanInclusive", 1)] },
      "（逾期阶段为 M2 且 余额 ≥ 5 万） 或 逾期天数 ≥ 1 天",
      "(Stage is M2 and Balance ≥ 50,000) or Days past due ≥ 1",
    ],
    [{ all: [{ any: [m2] }, high] }, "逾期阶段为 M2 且 余额 ≥ 5 万", "Stage is M2 and Balance ≥ 50,000"],
    [
      { all: [dpd("greaterThanInclusive", 1), { fact: "risk_score", operator: "lessThanInclusive", value: 600 }] },
      "逾期天数 ≥ 1 天 且 风险评分 ≤ 600",
      "Days past due ≥ 1 and Risk score ≤ 600",
    ],
    [{ not: m2 }, "并非（逾期阶段为 M2）", "not (Stage is M2)"],
    [
      { fact: "account_status", operator: "in", value: ["closed", "sold"] },
      "账户状态为 已销户 或 已转让",
      "Account status is closed or sold",
    ],
    [
      { fact: "account_status", operator: "notIn", value: ["closed", "sold"] },
      "账户状态不为 已销户、已转让",
      "Account status is not closed or sold",
    ],
    [{ fact: "product_type", operator: "contains", value: "卡" }, "产品包含“卡”", "Product contains “卡”"],
    [
      { not: { fact: "product_type", operator: "startsWith", value: "auto" } },
      "并非（产品以“auto”开头）",
      "not (Product starts with “auto”)",
    ],
    [{ fact: "product_type", operator: "matches", value: "^c" }, "产品符合“^c”", "Product matches “^c”"],
    [
      { fact: "due_date", operator: "withinLastDays", value: 7 },
      "应还日在最近 7 天内",
      "Due date within the last 7 days",
    ],
    [{ fact: "due_date", operator: "withinNextDays", value: 0 }, "应还日为今天", "Due date is today"],
    [
      { fact: "due_date", operator: "beforeLastDays", value: 30 },
      "应还日早于 30 天前",
      "Due date more than 30 days ago",
    ],
    [{ fact: "due_date", operator: "isKnown", value: false }, "应还日缺失", "Due date is unknown"],
    [
      { fact: "conversations.7d", operator: "lessThan", value: 3 },
      "近 7 天有效通话次数 < 3 次",
      "Conversations in the last 7 days < 3 times",
    ],
    [{ fact: "vip_flag", operator: "equal", value: true }, "VIP 客户：是", "VIP: yes"],
    [{ fact: "vip_flag", operator: "notEqual", value: true }, "VIP 客户：否", "VIP: no"],
    [{ fact: "annual_rate", operator: "greaterThan", value: 0.24 }, "年化利率 > 24%", "Annual rate > 24%"],
    [{ fact: "annual_rate", operator: "lessThan", value: 0.145 }, "年化利率 < 14.5%", "Annual rate < 14.5%"],
    [{ fact: "due_date", operator: "lessThan", value: "2026-01-31" }, "应还日 < 2026-01-31", "Due date < 2026-01-31"],
    [{ fact: "product_type", operator: "notEqual", value: "card" }, "产品不为 card", "Product is not card"],
    [
      { fact: "dpd", operator: "in", value: [1, 2, 3, 4, 5, 6] },
      "逾期天数为 1 天 或 2 天 或 3 天 或 4 天 或 5 天 等 6 项",
      "Days past due is 1 or 2 or 3 or 4 or 5 … (6)",
    ],
    [{ fact: "mood", operator: "greaterThan", value: 3 }, "mood > 3", "mood > 3"],
  ])("%j", (condition, zh, en) => {
    expect(read(condition)).toEqual([zh, en]);
  });

  test.each([
    [100, "1 元", "1"],
    [123_456, "1,234.56 元", "1,234.56"],
    [1_000_000, "1 万", "10,000"],
    [1_250_000, "1.25 万", "12,500"],
    [1_234_567, "12,345.67 元", "12,345.67"],
    [12_000_000_000, "1.2 亿", "120,000,000"],
    [-5_000_000, "-5 万", "-50,000"],
    [0, "0 元", "0"],
  ])("%d fen as an amount", (value, zh, en) => {
    const condition: Condition = { fact: "total_outstanding", operator: "equal", value };
    expect(read(condition)).toEqual([`余额 = ${zh}`, `Balance = ${en}`]);
  });

  test("ends at the depth a condition may have", () => {
    let deep: Condition = m2;
    for (let depth = 0; depth < 5000; depth += 1) deep = { not: deep };
    expect(conditionSentence(deep, samplePack.fields, "en")).toContain("…");
  });
});
