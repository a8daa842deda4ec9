import fc from "fast-check";
import { Engine } from "json-rules-engine";
import { describe, expect, test } from "vitest";
import { compileRuleSet } from "../compile/rule-set";
import { truthOf } from "../condition/testing/kleene";
import type { Condition } from "../model/condition";
import type { Facts } from "../model/facts";
import type { RuleSet } from "../model/program";
import { linkRules } from "./predicate";
import { askRules } from "./reference-rules";
import type { RuleInput } from "./rule-input";
import { conditionArbitrary, factsArbitrary } from "./testing/random-strategy";
import { SMALL_MARKET } from "./testing/small-market";

const TODAY = "2026-03-02";
const WORLD = { fields: SMALL_MARKET.fields, today: TODAY };

/** Facts as rules are asked over them, on the second of March in Shanghai. */
function over(facts: Facts): RuleInput {
  return { facts, vars: {}, nowMs: Date.parse(`${TODAY}T09:00:00+08:00`), timeZone: "Asia/Shanghai" };
}

function ruleSetOf(conditions: readonly Condition[]): RuleSet {
  const rules = conditions.map((when, index) => ({ rule: `rule-${index}`, outcome: `out-${index}`, when }));
  const { ruleSet, issues } = compileRuleSet(rules, { id: "test", nodeId: "test", fields: SMALL_MARKET.fields });
  expect(issues).toEqual([]);
  return ruleSet;
}

const IN_WORDS = new Map([
  [-1, "fails"],
  [0, "unknown"],
  [1, "holds"],
]);

describe("rules over facts that may be unknown", () => {
  test("json-rules-engine and the linked predicates both answer as Kleene's logic does", async () => {
    const several = fc.array(conditionArbitrary, { minLength: 1, maxLength: 4 });
    const answers = new Set<string>();
    await fc.assert(
      fc.asyncProperty(several, factsArbitrary, async (conditions, facts) => {
        const ruleSet = ruleSetOf(conditions);
        const expected = conditions.map((condition) => IN_WORDS.get(truthOf(condition, facts, WORLD)));
        const verdicts = await askRules(ruleSet, over(facts));
        expect(verdicts.map(({ truth }) => truth)).toEqual(expected);
        const linked = linkRules(ruleSet).map(({ holds }) => ["fails", "holds", "unknown"][holds(over(facts))]);
        expect(linked).toEqual(expected);
        for (const { truth } of verdicts) answers.add(truth);
      }),
      { numRuns: 600, seed: 20_261_124 },
    );
    expect([...answers].sort()).toEqual(["fails", "holds", "unknown"]);
  });

  test("one true operand decides any, one false operand decides all, whatever is unknown beside it", async () => {
    const known = { fact: "dpd", operator: "greaterThan", value: 30 } as const;
    const unknown = { fact: "score", operator: "greaterThan", value: 1 } as const;
    const ruleSet = ruleSetOf([
      { any: [unknown, known] },
      { all: [unknown, { not: known }] },
      { all: [unknown, known] },
      { any: [unknown, { not: known }] },
      { not: unknown },
    ]);
    const truths = (await askRules(ruleSet, over({ dpd: 45 }))).map(({ truth }) => truth);
    expect(truths).toEqual(["holds", "fails", "unknown", "unknown", "unknown"]);
  });

  test("what every object inherits is no fact", async () => {
    const ruleSet = ruleSetOf([{ fact: "constructor", operator: "notEqual", value: "a" }]);
    expect((await askRules(ruleSet, over({}))).map(({ truth }) => truth)).toEqual(["unknown"]);
    expect(linkRules(ruleSet).map(({ holds }) => holds(over({})))).toEqual([2]);
  });

  test("a typed fact that holds dirt is unknown, where stock json-rules-engine says no or even yes", async () => {
    const ruleSet = ruleSetOf([{ fact: "dpd", operator: "greaterThan", value: 30 }]);
    const dirty: Facts = { dpd: "45" };
    expect((await askRules(ruleSet, over(dirty))).map(({ truth }) => truth)).toEqual(["unknown"]);
    // The stock answer, which `45 > 30` by coercion; it is why facts are read by their type first.
    const { events } = await new Engine(JSON.parse(JSON.stringify(ruleSet.rules))).run(dirty);
    expect(events.map((event) => event.type)).toEqual(["holds"]);
  });
});

describe("many evaluations at once", () => {
  const BOUNDS = 12;
  const ruleSet = ruleSetOf(
    Array.from({ length: BOUNDS }, (_, index) => ({ fact: "dpd", operator: "greaterThan", value: index }) as const),
  );

  /** 200 runs, each begun a little later than the one before, so that some begin exactly when others end. */
  function staggered<TResult>(run: (dpd: number) => Promise<TResult>): Promise<readonly TResult[]> {
    return Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        for (let turn = 0; turn < index; turn += 1) await Promise.resolve();
        return run(index % BOUNDS);
      }),
    );
  }

  test("200 concurrent runs all get every rule", async () => {
    const all = await staggered((dpd) => askRules(ruleSet, over({ dpd })));
    all.forEach((verdicts, index) => {
      expect(verdicts.map(({ truth }) => truth)).toEqual(
        Array.from({ length: BOUNDS }, (_, bound) => (index % BOUNDS > bound ? "holds" : "fails")),
      );
    });
  });

  test("a shared engine would lose some: the reason why each run has its own", async () => {
    const shared = new Engine(JSON.parse(JSON.stringify(ruleSet.rules)));
    const all = await staggered(async (dpd) => (await shared.run({ dpd })).events.length);
    expect(all.filter((events) => events < BOUNDS).length).toBeGreaterThan(0);
  });
});
