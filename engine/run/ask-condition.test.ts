import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileRuleSet } from "../compile/rule-set";
import type { Condition } from "../model/condition";
import { FieldSchema } from "../model/facts";
import { askCondition } from "./ask-condition";
import { askRules } from "./reference-rules";
import { MONDAY_9_MS } from "./testing/both-executors";

const field = (key: string, type: string) =>
  FieldSchema.parse({ key, type, label: { en: key }, origin: "column", usableInRules: true });
const FIELDS = { city: field("city", "text"), due: field("due", "date"), dpd: field("dpd", "integer") };

const leafArb: fc.Arbitrary<Condition> = fc.oneof(
  fc.constantFrom("A", "B").map((value) => ({ fact: "city", operator: "notEqual" as const, value })),
  fc.constantFrom(3, 30).map((value) => ({ fact: "dpd", operator: "lessThanInclusive" as const, value })),
  fc.constantFrom(0, 7).map((value) => ({ fact: "due", operator: "withinLastDays" as const, value })),
  fc.constantFrom("city", "dpd").map((fact) => ({ fact, operator: "isKnown" as const, value: true })),
);
const { condition: conditionArb } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    leafArb,
    fc.array(tie("condition"), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
    fc.array(tie("condition"), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
    tie("condition").map((not) => ({ not })),
  ),
}));
const factsArb = fc.record({
  city: fc.constantFrom("A", "B", null, 7),
  due: fc.constantFrom("2026-03-01", "2026-01-05", "2026-04-01", "soon", null),
  dpd: fc.constantFrom(0, 5, 45, null, "many"),
});

describe("a condition asked outside a strategy", () => {
  it("is answered as the reference rules answer it, unknown ones included", async () => {
    await fc.assert(
      fc.asyncProperty(conditionArb, factsArb, async (when, facts) => {
        const asked = askCondition(when, FIELDS);
        if (!asked.ok) throw new Error(JSON.stringify(asked.error));
        const input = { facts, vars: {}, nowMs: MONDAY_9_MS, timeZone: "Asia/Shanghai" };
        const rule = { rule: "r", outcome: "x", when };
        const { ruleSet } = compileRuleSet([rule], { id: "t", nodeId: undefined, fields: FIELDS });
        const [verdict] = await askRules(ruleSet, input);
        expect(asked.value.truthOf(input)).toBe(verdict?.truth);
      }),
      { numRuns: 150 },
    );
  });

  it("names the counters it needs, each once", () => {
    const often: Condition = {
      any: [
        { fact: "conversations.7d", operator: "greaterThan", value: 3 },
        { not: { fact: "conversations.7d", operator: "equal", value: 0 } },
        { fact: "payments.90d", operator: "equal", value: 0 },
      ],
    };
    expect(askCondition(often, FIELDS)).toMatchObject({
      ok: true,
      value: {
        counters: [
          { metric: "conversations", days: 7 },
          { metric: "payments", days: 90 },
        ],
      },
    });
  });

  it("is refused with the place of what is wrong", () => {
    const wrong: Condition = {
      all: [{ fact: "dpd", operator: "equal", value: 1 }, { not: { fact: "dpd", operator: "equal", value: "x" } }],
    };
    expect(askCondition(wrong, FIELDS)).toMatchObject({
      ok: false,
      error: [{ code: "condition.value-type", path: ".all[1].not.value" }],
    });
  });
});
