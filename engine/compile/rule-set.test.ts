import { Engine } from "json-rules-engine";
import { describe, expect, test } from "vitest";
import type { Condition } from "../model/condition";
import { SMALL_MARKET } from "../run/testing/small-market";
import { compileRuleSet } from "./rule-set";

function compiled(when: Condition) {
  const source = { id: "branch", nodeId: "branch", fields: SMALL_MARKET.fields };
  return compileRuleSet([{ rule: "rule-1", outcome: "late", when }], source);
}

describe("compiling rules", () => {
  test("each rule becomes one that fires when true and one that fires when false", () => {
    const { ruleSet, issues } = compiled({
      not: {
        all: [
          { fact: "dpd", operator: "greaterThan", value: 30 },
          { not: { fact: "stage", operator: "in", value: ["M1", "M2"] } },
        ],
      },
    });
    expect(issues).toEqual([]);
    expect(ruleSet.facts).toEqual(["dpd", "stage"]);
    expect(ruleSet.types).toEqual({ dpd: "number", stage: "text" });
    const knownDpd = { fact: "dpd", operator: "notEqual", value: null };
    const knownStage = { fact: "stage", operator: "notEqual", value: null };
    expect(ruleSet.rules).toEqual([
      {
        conditions: {
          any: [
            { all: [knownDpd, { fact: "dpd", operator: "lessThanInclusive", value: 30 }] },
            { all: [knownStage, { fact: "stage", operator: "in", value: ["M1", "M2"] }] },
          ],
        },
        event: { type: "holds", params: { rule: "rule-1" } },
      },
      {
        conditions: {
          all: [
            { all: [knownDpd, { fact: "dpd", operator: "greaterThan", value: 30 }] },
            { all: [knownStage, { fact: "stage", operator: "notIn", value: ["M1", "M2"] }] },
          ],
        },
        event: { type: "fails", params: { rule: "rule-1" } },
      },
    ]);
  });

  test("dates stand as yyyymmdd in the compiled rules and as written in the authored ones", () => {
    const when: Condition = { fact: "due_date", operator: "lessThan", value: "2026-03-02" };
    const { ruleSet } = compiled(when);
    expect(ruleSet.order[0]?.when).toEqual(when);
    expect(JSON.stringify(ruleSet.rules)).toContain('"value":20260302');
    expect(JSON.stringify(ruleSet.rules)).not.toContain("2026-03-02");
  });

  test("a stock json-rules-engine loads the rules and answers them, dates included", async () => {
    const { ruleSet } = compiled({ fact: "due_date", operator: "lessThan", value: "2026-03-02" });
    const ask = async (due_date: number | null) => {
      const engine = new Engine(JSON.parse(JSON.stringify(ruleSet.rules)));
      return (await engine.run({ due_date })).events.map((event) => event.type);
    };
    expect(await ask(20_260_301)).toEqual(["holds"]);
    expect(await ask(20_260_302)).toEqual(["fails"]);
    expect(await ask(null)).toEqual([]);
  });

  test.each([
    ["compile.unknown-fact", { fact: "shoe_size", operator: "equal", value: 1 }],
    ["compile.operator", { fact: "region", operator: "lessThan", value: "x" }],
    ["compile.value", { fact: "dpd", operator: "equal", value: "30" }],
    ["compile.value", { fact: "dpd", operator: "in", value: 30 }],
    ["compile.value", { fact: "dpd", operator: "equal", value: [30] }],
    ["compile.value", { fact: "due_date", operator: "equal", value: "2026-02-30" }],
  ] as const)("refuses what json-rules-engine would answer wrongly: %s", (code, when) => {
    const { ruleSet, issues } = compiled(when);
    expect(issues.map((found) => [found.code, found.nodeId])).toEqual([[code, "branch"]]);
    expect(ruleSet.rules).toEqual([]);
  });

  test("a rule may ask for the arm of an experiment", () => {
    const { ruleSet, issues } = compiled({ fact: "arm.first-call", operator: "equal", value: "champion" });
    expect([issues, ruleSet.types]).toEqual([[], { "arm.first-call": "text" }]);
  });
});
