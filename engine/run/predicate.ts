import { dateNumber, ruleValue } from "../compile/rule-value";
import { isRelativeDate } from "../condition/operators";
import { matcherOf } from "../condition/pattern";
import { type Condition, type ConditionLeaf, isLeaf, KNOWN_OPERATOR } from "../model/condition";
import type { FactValue } from "../model/facts";
import { InvariantError } from "../model/invariant";
import type { RuleFactType, RuleSet } from "../model/program";
import { variableOfFact } from "../model/variable";
import { daysSince, type RuleInput } from "./rule-input";

/** Kleene's three values. Numbers, because they are compared once per leaf of every simulated decision. */
export const FALSE = 0;
export const TRUE = 1;
export const UNKNOWN = 2;
export type Truth = typeof FALSE | typeof TRUE | typeof UNKNOWN;

export type Predicate = (input: RuleInput) => Truth;

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

export function linkCondition(condition: Condition, types: Types): Predicate {
  if (isLeaf(condition)) return linkLeaf(condition, types[condition.fact] ?? "text");
  if ("not" in condition) {
    const inner = linkCondition(condition.not, types);
    return (input) => {
      const truth = inner(input);
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
  return (input) => {
    let truth: Truth = undecided;
    for (const operand of operands) {
      const value = operand(input);
      if (value === decisive) return decisive;
      if (value === UNKNOWN) truth = UNKNOWN;
    }
    return truth;
  };
}

/** How a leaf finds its fact. Variables and facts are told apart while linking, not while running. */
type Look = (input: RuleInput) => FactValue | undefined;

/*
 * The checks of type below also keep out what a fact name inherits from Object.prototype (`constructor`): those are functions,
 * and no rule type is.
 */
function lookUp(fact: string): Look {
  const variable = variableOfFact(fact);
  return variable === null ? ({ facts }) => facts[fact] : ({ vars }) => vars[variable];
}

function linkLeaf(leaf: ConditionLeaf, type: RuleFactType): Predicate {
  const look = lookUp(leaf.fact);
  if (leaf.operator === KNOWN_OPERATOR) return linkKnown(look, type, leaf.value === true);
  if (isRelativeDate(leaf.operator)) return linkRelativeDate(look, leaf);
  const test = linkTest(leaf, type);
  switch (type) {
    case "number":
      return (input) => {
        const value = look(input);
        return typeof value === "number" && Number.isFinite(value) ? test(value) : UNKNOWN;
      };
    case "text":
      return (input) => {
        const value = look(input);
        return typeof value === "string" ? test(value) : UNKNOWN;
      };
    case "boolean":
      return (input) => {
        const value = look(input);
        return typeof value === "boolean" ? test(value) : UNKNOWN;
      };
    case "date":
      return (input) => {
        const value = look(input);
        const packed = typeof value === "string" ? dateNumber(value) : null;
        return packed === null ? UNKNOWN : test(packed);
      };
    default:
      throw type satisfies never;
  }
}

function linkKnown(look: Look, type: RuleFactType, wanted: boolean): Predicate {
  return (input) => {
    const known = ruleValue(type, look(input)) !== null;
    return known === wanted ? TRUE : FALSE;
  };
}

function linkRelativeDate(look: Look, { operator, value }: ConditionLeaf): Predicate {
  const limit = Number(value);
  const holds: (days: number) => boolean =
    operator === "withinLastDays"
      ? (days) => days >= 0 && days <= limit
      : operator === "beforeLastDays"
        ? (days) => days > limit
        : operator === "withinNextDays"
          ? (days) => days <= 0 && -days <= limit
          : (days) => -days > limit;
  return (input) => {
    const date = look(input);
    const days = typeof date === "string" ? daysSince(date, input) : null;
    if (days === null) return UNKNOWN;
    return holds(days) ? TRUE : FALSE;
  };
}

type Scalar = number | string | boolean;

function linkTest(leaf: ConditionLeaf, type: RuleFactType): (value: Scalar) => Truth {
  if (typeof leaf.value === "object") {
    const listed = new Set(leaf.value.map((value) => ruleValue(type, value)));
    const whenListed = leaf.operator === "in" ? TRUE : FALSE;
    const whenNot = leaf.operator === "in" ? FALSE : TRUE;
    return (value) => (listed.has(value) ? whenListed : whenNot);
  }
  const inText = linkTextTest(leaf);
  if (inText !== null) return (value) => (inText(String(value)) ? TRUE : FALSE);
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
      throw new InvariantError("program.operator", { fact: leaf.fact, operator: leaf.operator });
  }
}

function linkTextTest({ fact, operator, value }: ConditionLeaf): ((text: string) => boolean) | null {
  const part = String(value);
  switch (operator) {
    case "contains":
      return (text) => text.includes(part);
    case "notContains":
      return (text) => !text.includes(part);
    case "startsWith":
      return (text) => text.startsWith(part);
    case "matches": {
      const matches = matcherOf(part);
      if (matches === null) throw new InvariantError("program.pattern", { fact });
      return matches;
    }
    default:
      return null;
  }
}
