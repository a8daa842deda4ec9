import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileRuleSet } from "../../compile/rule-set";
import { type Facts, FieldSchema } from "../../model/facts";
import { linkRules, TRUE } from "../../run/predicate";
import { MONDAY_9_MS } from "../../run/testing/both-executors";
import { type Expression, parseCellTest } from "./expression";
import { sidesOf } from "./sides";

/** ZEN's answer to a test, by its own rules: true, false, or an error. Written from the language, not from `sides.ts`. */
type Zen = boolean | "error";
type ZenValue = number | string | boolean | null;

function zenValue(expression: Expression, column: ZenValue): ZenValue {
  if (expression.kind === "literal") return expression.value;
  if (expression.kind === "reference") return column;
  throw new Error(expression.kind);
}

function zen(test: Expression, column: ZenValue): Zen {
  switch (test.kind) {
    case "literal":
      return typeof test.value === "boolean" ? test.value : "error";
    case "not": {
      const inner = zen(test.of, column);
      return inner === "error" ? "error" : !inner;
    }
    case "and": {
      const left = zen(test.left, column);
      return left === true ? zen(test.right, column) : left;
    }
    case "or": {
      const left = zen(test.left, column);
      return left === false ? zen(test.right, column) : left;
    }
    case "call": {
      const [, part] = test.of;
      if (typeof column !== "string" || part?.kind !== "literal") return "error";
      const text = String(part.value);
      if (test.name === "contains") return column.includes(text);
      return test.name === "startsWith" ? column.startsWith(text) : column.endsWith(text);
    }
    case "compare": {
      const { operator, right } = test;
      const value = zenValue(test.left, column);
      if (right.kind === "interval") {
        if (typeof value !== "number") return "error";
        const [from, to] = [Number(zenValue(right.from, column)), Number(zenValue(right.to, column))];
        const inside =
          (right.fromInclusive ? value >= from : value > from) && (right.toInclusive ? value <= to : value < to);
        return operator === "in" ? inside : !inside;
      }
      if (right.kind === "list") {
        const listed = right.items.some((item) => zenValue(item, column) === value);
        return operator === "in" ? listed : !listed;
      }
      const bound = zenValue(right, column);
      if (operator === "==") return value === bound;
      if (operator === "!=") return value !== bound;
      if (typeof value !== "number" || typeof bound !== "number") return "error";
      if (operator === "<") return value < bound;
      if (operator === "<=") return value <= bound;
      return operator === ">" ? value > bound : value >= bound;
    }
    default:
      throw new Error(test.kind);
  }
}

const numberText = fc.constantFrom("0", "1", "2", "-1", "2.5");
const cellTexts = {
  number: fc.oneof(
    fc.tuple(fc.constantFrom("> ", ">= ", "< ", "<= ", "== ", "!= ", ""), numberText).map((parts) => parts.join("")),
    fc
      .tuple(fc.constantFrom("[", "("), numberText, numberText, fc.constantFrom("]", ")"))
      .map(([open, from, to, close]) => `${open}${from}..${to}${close}`),
    fc.array(numberText, { minLength: 1, maxLength: 3 }).map((items) => `[${items.join(", ")}]`),
    fc.array(numberText, { minLength: 1, maxLength: 3 }).map((items) => `not in [${items.join(", ")}]`),
    fc.constantFrom("null", "!= null", "[1, null]", "true"),
  ),
  text: fc.oneof(
    fc.constantFrom("'a'", '"ab"', "!= 'a'", "== null", "not in ['a', 'b']", "['a', null]", "!contains($, 'b')"),
    fc
      .tuple(fc.constantFrom("contains", "startsWith", "endsWith"), fc.constantFrom("a", "b", ".", ""))
      .map(([name, part]) => `${name}($, '${part}')`),
  ),
};

describe("every cell", () => {
  test.each([
    ["number", [null, -1, 0, 0.5, 1, 2, 2.5, 3]],
    ["text", [null, "", "a", "b", "ab", "ba", "a.b", "."]],
  ] as const)("about a %s holds exactly where ZEN says true", (type, values) => {
    const field = FieldSchema.parse({
      key: "custom.a",
      type,
      label: { en: "a" },
      origin: "column",
      usableInRules: true,
    });
    const joined = fc
      .array(fc.tuple(fc.constantFrom(", ", " or ", " and "), cellTexts[type]), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.map(([sign, part], index) => (index === 0 ? part : `${sign}${part}`)).join(""));
    fc.assert(
      fc.property(joined, (text) => {
        const cell = parseCellTest(text);
        const { yes } = sidesOf(cell, () => ({ fact: "custom.a", type }));
        const holds = typeof yes === "boolean" ? null : linkedRule(yes, field);
        for (const value of values) {
          const said = holds === null ? yes : holds({ "custom.a": value }) === TRUE;
          expect([text, value, said]).toEqual([text, value, zen(cell, value) === true]);
        }
      }),
      { numRuns: 500 },
    );
  });
});

function linkedRule(
  when: Exclude<ReturnType<typeof sidesOf>["yes"], boolean>,
  field: ReturnType<typeof FieldSchema.parse>,
) {
  const rules = [{ rule: "r", outcome: "x", when }];
  const { ruleSet, issues } = compileRuleSet(rules, { id: "t", nodeId: undefined, fields: { [field.key]: field } });
  expect(issues).toEqual([]);
  const [linked] = linkRules(ruleSet);
  if (linked === undefined) throw new Error("no rule");
  return (facts: Facts) => linked.holds({ facts, vars: {}, nowMs: MONDAY_9_MS, timeZone: "Asia/Shanghai" });
}
