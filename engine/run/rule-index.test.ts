import fc from "fast-check";
import { expect, test } from "vitest";
import { compileRuleSet } from "../compile/rule-set";
import type { Condition } from "../model/condition";
import { FieldSchema } from "../model/facts";
import { FALSE, linkRules } from "./predicate";
import { candidatesOf, INDEX_RULES_MIN } from "./rule-index";
import { MONDAY_9_MS } from "./testing/both-executors";

const field = (key: string, type: string) =>
  FieldSchema.parse({ key, type, label: { en: key }, origin: "column", usableInRules: true });
const FIELDS = { city: field("city", "text"), day: field("day", "date"), dpd: field("dpd", "integer") };

const cityArb = fc.constantFrom("A", "B", "C", "D");
const leafArb: fc.Arbitrary<Condition> = fc.oneof(
  cityArb.map((value) => ({ fact: "city", operator: "equal" as const, value })),
  fc.subarray(["A", "B", "C"], { minLength: 1 }).map((value) => ({ fact: "city", operator: "in" as const, value })),
  cityArb.map((value) => ({ fact: "city", operator: "notEqual" as const, value })),
  fc.constantFrom("2026-03-01", "2026-03-02").map((value) => ({ fact: "day", operator: "equal" as const, value })),
  fc.integer({ min: 0, max: 3 }).map((value) => ({ fact: "dpd", operator: "greaterThan" as const, value })),
  fc.constant({ fact: "city", operator: "isKnown" as const, value: true }),
);
const conditionArb: fc.Arbitrary<Condition> = fc.oneof(
  leafArb,
  fc.array(leafArb, { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
  fc.array(leafArb, { minLength: 1, maxLength: 2 }).map((any) => ({ any })),
  leafArb.map((not) => ({ not })),
);

const FACTS = fc.record({
  city: fc.constantFrom("A", "B", "C", "E", null, 7),
  day: fc.constantFrom("2026-03-01", "2026-03-02", "2026-03-05", "soon", null),
  dpd: fc.constantFrom(0, 2, 5, null, "many"),
});

function linked(conditions: readonly Condition[]) {
  const rules = conditions.map((when, at) => ({ rule: `r${at}`, outcome: "x", when }));
  const { ruleSet } = compileRuleSet(rules, { id: "t", nodeId: undefined, fields: FIELDS });
  return { ruleSet, rules: linkRules(ruleSet) };
}

test("a rule that is left out fails, whatever is known and whatever is not; those that are asked keep their order", () => {
  fc.assert(
    fc.property(fc.array(conditionArb, { minLength: INDEX_RULES_MIN, maxLength: 60 }), FACTS, (conditions, facts) => {
      const { ruleSet, rules } = linked(conditions);
      const input = { facts, vars: {}, nowMs: MONDAY_9_MS, timeZone: "Asia/Shanghai" };
      const asked = candidatesOf(ruleSet, rules)(input);
      for (const rule of rules) if (!asked.includes(rule)) expect(rule.holds(input)).toBe(FALSE);
      expect(rules.filter((rule) => asked.includes(rule))).toEqual(asked);
    }),
    { numRuns: 300 },
  );
});

test("of a large table only the rows for the account's own value are asked", () => {
  const conditions = Array.from(
    { length: 1000 },
    (_, at): Condition => ({
      all: [
        { fact: "dpd", operator: "greaterThan", value: at },
        { all: [{ fact: "city", operator: "equal", value: `c${at % 100}` }] },
      ],
    }),
  );
  const { ruleSet, rules } = linked([...conditions, { fact: "dpd", operator: "isKnown", value: true }]);
  const candidates = candidatesOf(ruleSet, rules);
  const askedFor = (city: string | null) =>
    candidates({ facts: { city }, vars: {}, nowMs: MONDAY_9_MS, timeZone: "Asia/Shanghai" }).length;
  expect([askedFor("c7"), askedFor("elsewhere"), askedFor(null)]).toEqual([11, 1, 1001]);
});
