import {
  KNOWN_OPERATOR,
  type Operator,
  RELATIVE_DATE_OPERATORS,
  type RelativeDateOperator,
  STOCK_OPERATORS,
  TEXT_OPERATORS,
} from "../model/condition";
import type { FactType } from "../model/facts";

const SAME_OR_NOT: readonly Operator[] = ["equal", "notEqual"];
const ONE_OF: readonly Operator[] = [...SAME_OR_NOT, "in", "notIn"];
/** Values with an order take every stock operator. */
const ORDERED: readonly Operator[] = STOCK_OPERATORS;

const OPERATORS_OF_TYPE: { readonly [type in FactType]: readonly Operator[] } = {
  integer: [...ORDERED, KNOWN_OPERATOR],
  number: [...ORDERED, KNOWN_OPERATOR],
  money: [...ORDERED, KNOWN_OPERATOR],
  percent: [...ORDERED, KNOWN_OPERATOR],
  date: [...ORDERED, ...RELATIVE_DATE_OPERATORS, KNOWN_OPERATOR],
  enum: [...ONE_OF, KNOWN_OPERATOR],
  text: [...ONE_OF, ...TEXT_OPERATORS, KNOWN_OPERATOR],
  boolean: [...SAME_OR_NOT, KNOWN_OPERATOR],
};

/** Operators that make sense for a fact of a type; text has no order, and "is one of" is idle for yes and no. */
export function operatorsFor(type: FactType): readonly Operator[] {
  return OPERATORS_OF_TYPE[type];
}

/** Whether an operator asks for a list of values rather than one. */
export function takesList(operator: Operator): boolean {
  return operator === "in" || operator === "notIn";
}

/** Whether an operator's value is a number of days from today. */
export function isRelativeDate(operator: Operator): operator is RelativeDateOperator {
  return RELATIVE_DATE_OPERATORS.some((known) => known === operator);
}
