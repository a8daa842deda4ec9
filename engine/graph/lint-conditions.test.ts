import { describe, expect, test } from "vitest";
import { CONDITION_DEPTH_MAX, CONDITION_LEAVES_MAX } from "../model/condition";
import { lintStrategy } from "./lint";
import { exitStep, samplePack, startStep, strategy } from "./testing/sample";

describe("conditions", () => {
  function conditionProblems(when: unknown): readonly string[] {
    return lintStrategy(strategy({ nodes: [startStep(when), exitStep("done")] }), samplePack).map(
      ({ code, path }) => `${code} ${path.replace("nodes[0].data.when", "") || "."}`,
    );
  }

  test.each([
    ["a fact nobody knows", { fact: "mood", operator: "equal", value: 1 }, "condition.fact-unknown .fact"],
    ["an inherited name", { fact: "constructor", operator: "equal", value: 1 }, "condition.fact-unknown .fact"],
    ["a debtor's name", { fact: "customer_name", operator: "equal", value: "x" }, "condition.fact-not-usable .fact"],
    [
      "order on a choice",
      { fact: "bucket", operator: "greaterThan", value: "M1" },
      "condition.operator-invalid .operator",
    ],
    [
      "order on a text",
      { fact: "product_type", operator: "lessThan", value: "a" },
      "condition.operator-invalid .operator",
    ],
    [
      "a list of yes and no",
      { fact: "vip_flag", operator: "in", value: [true, false] },
      "condition.operator-invalid .operator",
    ],
    ["a number in quotes", { fact: "dpd", operator: "equal", value: "30" }, "condition.value-type .value"],
    ["half a day", { fact: "dpd", operator: "equal", value: 1.5 }, "condition.value-type .value"],
    [
      "a third of a fen",
      { fact: "total_outstanding", operator: "equal", value: 100.3 },
      "condition.money-not-whole .value",
    ],
    ["money in words", { fact: "total_outstanding", operator: "equal", value: "5万" }, "condition.value-type .value"],
    ["February 30th", { fact: "due_date", operator: "lessThan", value: "2026-02-30" }, "condition.date-invalid .value"],
    ["a date as a number", { fact: "due_date", operator: "lessThan", value: 20260101 }, "condition.value-type .value"],
    ["a stage that is none", { fact: "bucket", operator: "equal", value: "M9" }, "condition.value-not-listed .value"],
    [
      "one wrong value in a list",
      { fact: "bucket", operator: "in", value: ["M1", "M9"] },
      "condition.value-not-listed .value[1]",
    ],
    ["one value where a list belongs", { fact: "dpd", operator: "in", value: 3 }, "condition.list-expected .value"],
    [
      "a list where one value belongs",
      { fact: "dpd", operator: "equal", value: [3] },
      "condition.single-expected .value",
    ],
    ["an impossible number", { fact: "dpd", operator: "lessThan", value: -400 }, "condition.value-below .value"],
    [
      "a mistake inside groups",
      { all: [{ any: [{ not: { fact: "mood", operator: "equal", value: 1 } }] }] },
      "condition.fact-unknown .all[0].any[0].not.fact",
    ],
  ])("with %s are refused", (_, when, expected) => {
    expect(conditionProblems(when)).toEqual([expected]);
  });

  test.each([
    { fact: "dpd", operator: "in", value: [1, 2] },
    { fact: "total_outstanding", operator: "greaterThanInclusive", value: 5_000_000 },
    { fact: "annual_rate", operator: "lessThan", value: 0.24 },
    { fact: "due_date", operator: "greaterThan", value: "2024-02-29" },
    { fact: "vip_flag", operator: "notEqual", value: false },
    { fact: "product_type", operator: "notIn", value: ["card"] },
  ])("that make sense pass: $fact $operator $value", (when) => {
    expect(conditionProblems(when)).toEqual([]);
  });

  test("are bounded in depth and in leaves", () => {
    const leaf = { fact: "dpd", operator: "equal", value: 1 };
    const nested = (depth: number): unknown => (depth === 1 ? leaf : { not: nested(depth - 1) });
    expect(conditionProblems(nested(CONDITION_DEPTH_MAX))).toEqual([]);
    expect(conditionProblems(nested(CONDITION_DEPTH_MAX + 1)).map((found) => found.split(" ")[0])).toEqual([
      "condition.too-deep",
    ]);
    const many = (count: number): unknown => ({ any: [{ all: Array(count - 1).fill(leaf) }, leaf] });
    expect(conditionProblems(many(CONDITION_LEAVES_MAX))).toEqual([]);
    expect(conditionProblems(many(CONDITION_LEAVES_MAX + 1))).toEqual(["condition.too-many ."]);
  });
});
