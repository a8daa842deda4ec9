import { type Condition, type ConditionLeaf, isLeaf, KNOWN_OPERATOR } from "../../model/condition";
import { isRelativeDate } from "../operators";
import { matcherOf } from "../pattern";

/** Kleene's three values, as numbers because a table is asked about many points. */
export const FALSE = 0;
export const TRUE = 1;
export const UNKNOWN = 2;
export type Truth = typeof FALSE | typeof TRUE | typeof UNKNOWN;

/**
 * A value of a fact as regions hold it: numbers, texts, yes and no as they are, a date as its day number, or, where a fact is only
 * asked about by days from today, as those days (positive in the past). Null is unknown.
 */
export type PointValue = number | string | boolean | null;

/** The bound of a leaf in the terms of `PointValue`; undefined when the value does not fit the fact. */
export type BoundOf = (leaf: ConditionLeaf, value: number | string | boolean) => PointValue | undefined;

/** Whether a leaf holds for a value of its fact. */
export function leafTruth(leaf: ConditionLeaf, value: PointValue, boundOf: BoundOf): Truth {
  if (leaf.operator === KNOWN_OPERATOR) return (value !== null) === (leaf.value === true) ? TRUE : FALSE;
  if (value === null) return UNKNOWN;
  return leafHolds(leaf, value, boundOf) ? TRUE : FALSE;
}

function leafHolds(leaf: ConditionLeaf, value: number | string | boolean, boundOf: BoundOf): boolean {
  const { operator } = leaf;
  if (isRelativeDate(operator)) return daysHold(operator, Number(value), Number(leaf.value));
  if (typeof leaf.value === "object") {
    const listed = leaf.value.some((item) => boundOf(leaf, item) === value);
    return (operator === "in") === listed;
  }
  const bound = boundOf(leaf, leaf.value);
  switch (operator) {
    case "equal":
      return value === bound;
    case "notEqual":
      return value !== bound;
    case "contains":
      return String(value).includes(String(bound));
    case "notContains":
      return !String(value).includes(String(bound));
    case "startsWith":
      return String(value).startsWith(String(bound));
    case "matches":
      return matcherOf(String(bound))?.(String(value)) ?? false;
    default:
      return typeof bound === typeof value && ordered(operator, value, bound ?? value);
  }
}

function ordered(
  operator: ConditionLeaf["operator"],
  value: number | string | boolean,
  bound: number | string | boolean,
) {
  if (operator === "lessThan") return value < bound;
  if (operator === "lessThanInclusive") return value <= bound;
  if (operator === "greaterThan") return value > bound;
  return operator === "greaterThanInclusive" && value >= bound;
}

function daysHold(operator: ConditionLeaf["operator"], days: number, limit: number): boolean {
  if (operator === "withinLastDays") return days >= 0 && days <= limit;
  if (operator === "beforeLastDays") return days > limit;
  if (operator === "withinNextDays") return days <= 0 && -days <= limit;
  return -days > limit;
}

/** Whether a condition holds at a point; `valueAt` answers null for what is unknown. */
export function truthAt(condition: Condition, valueAt: (fact: string) => PointValue, boundOf: BoundOf): Truth {
  if (isLeaf(condition)) return leafTruth(condition, valueAt(condition.fact), boundOf);
  if ("not" in condition) return negated(truthAt(condition.not, valueAt, boundOf));
  const [decisive, children] =
    "all" in condition ? ([FALSE, condition.all] as const) : ([TRUE, condition.any] as const);
  let truth: Truth = decisive === TRUE ? FALSE : TRUE;
  for (const child of children) {
    const inner = truthAt(child, valueAt, boundOf);
    if (inner === decisive) return decisive;
    if (inner === UNKNOWN) truth = UNKNOWN;
  }
  return truth;
}

function negated(truth: Truth): Truth {
  if (truth === UNKNOWN) return UNKNOWN;
  return truth === TRUE ? FALSE : TRUE;
}
