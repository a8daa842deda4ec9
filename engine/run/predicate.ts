import { dateNumber, ruleValue } from "../compile/rule-value";
import { type Condition, type ConditionLeaf, isLeaf } from "../model/condition";
import type { Facts } from "../model/facts";
import type { RuleFactType, RuleSet } from "../model/program";

/** Kleene's three values. Numbers, because they are compared once per leaf of every simulated decision. */
export const FALSE = 0;
export const TRUE = 1;
export const UNKNOWN = 2;
export type Truth = typeof FALSE | typeof TRUE | typeof UNKNOWN;

export type Predicate = (facts: Facts) => Truth;

/** A rule of a set, ready to ask. */
export type LinkedRule = { readonly rule: string; readonly outcome: string; readonly holds: Predicate };

/**
 * The authored conditions of a rule set as synchronous predicates. Written from `order`, not from the compiled `rules`, so that
 * agreement with json-rules-engine proves both the doubling of the rules and this evaluation.
 */
export function linkRules(ruleSet: RuleSet): readonly LinkedRule[] {
  return ruleSet.order.map(({ rule, outcome, when }) => ({ rule, outcome, holds: linkCondition(when, ruleSet.types) }));
}

type Types = { readonly [fact: string]: RuleFactType };

function linkCondition(condition: Condition, types: Types): Predicate {
  if (isLeaf(condition)) return linkLeaf(condition, types[condition.fact] ?? "text");
  if ("not" in condition) {
    const inner = linkCondition(condition.not, types);
    return (facts) => {
      const truth = inner(facts);
      return truth === UNKNOWN ? UNKNOWN : truth === TRUE ? FALSE : TRUE;
    };
  }
  return "all" in condition
    ? decidedBy(
        FALSE,
        condition.all.map((inner) => linkCondition(inner, types)),
      )
    : decidedBy(
        TRUE,
        condition.any.map((inner) => linkCondition(inner, types)),
      );
}

/** `all` is decided by one false operand, `any` by one true one; otherwise one unknown operand makes it unknown. */
function decidedBy(decisive: typeof FALSE | typeof TRUE, operands: readonly Predicate[]): Predicate {
  const undecided = decisive === TRUE ? FALSE : TRUE;
  return (facts) => {
    let truth: Truth = undecided;
    for (const operand of operands) {
      const value = operand(facts);
      if (value === decisive) return decisive;
      if (value === UNKNOWN) truth = UNKNOWN;
    }
    return truth;
  };
}

/*
 * The checks of type below also keep out what a fact name inherits from Object.prototype (`constructor`): those are functions,
 * and no rule type is.
 */
function linkLeaf(leaf: ConditionLeaf, type: RuleFactType): Predicate {
  const { fact } = leaf;
  const test = linkTest(leaf, type);
  switch (type) {
    case "number":
      return (facts) => {
        const value = facts[fact];
        return typeof value === "number" && Number.isFinite(value) ? test(value) : UNKNOWN;
      };
    case "text":
      return (facts) => {
        const value = facts[fact];
        return typeof value === "string" ? test(value) : UNKNOWN;
      };
    case "boolean":
      return (facts) => {
        const value = facts[fact];
        return typeof value === "boolean" ? test(value) : UNKNOWN;
      };
    case "date":
      return (facts) => {
        const value = facts[fact];
        const packed = typeof value === "string" ? dateNumber(value) : null;
        return packed === null ? UNKNOWN : test(packed);
      };
    default:
      throw type satisfies never;
  }
}

type Scalar = number | string | boolean;

function linkTest(leaf: ConditionLeaf, type: RuleFactType): (value: Scalar) => Truth {
  if (typeof leaf.value === "object") {
    const listed = new Set(leaf.value.map((value) => ruleValue(type, value)));
    const whenListed = leaf.operator === "in" ? TRUE : FALSE;
    const whenNot = leaf.operator === "in" ? FALSE : TRUE;
    return (value) => (listed.has(value) ? whenListed : whenNot);
  }
  const bound = ruleValue(type, leaf.value) ?? leaf.value;
  switch (leaf.operator) {
    case "equal":
      return (value) => (value === bound ? TRUE : FALSE);
    case "notEqual":
      return (value) => (value === bound ? FALSE : TRUE);
    case "lessThan":
      return (value) => (value < bound ? TRUE : FALSE);
    case "lessThanInclusive":
      return (value) => (value <= bound ? TRUE : FALSE);
    case "greaterThan":
      return (value) => (value > bound ? TRUE : FALSE);
    case "greaterThanInclusive":
      return (value) => (value >= bound ? TRUE : FALSE);
    case "in":
    case "notIn":
      // A single value where a list belongs is refused by the compiler (`compile.value`).
      return () => UNKNOWN;
    default:
      throw leaf.operator satisfies never;
  }
}
