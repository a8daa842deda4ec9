import type { FactType, FactValue } from "../model/facts";
import { addDays, isLocalDate, localDate } from "../model/time";
import type { Assignment, ValueOperator, ValueSpec } from "../model/value";
import { factIn, type RuleInput } from "./rule-input";

/** Longest text a variable holds. */
export const VARIABLE_TEXT_MAX = 1000;

/** A value as its variable's type takes it; null (unknown) when it does not fit: never something near it. */
export function valueOfType(type: FactType, value: FactValue): FactValue {
  switch (type) {
    case "integer":
    case "money":
      return wholeNumber(value);
    case "number":
    case "percent":
      return typeof value === "number" && Number.isFinite(value) ? value : null;
    case "date":
      return typeof value === "string" && isLocalDate(value) ? value : null;
    case "enum":
    case "text":
      return typeof value === "string" && value.length <= VARIABLE_TEXT_MAX ? value : null;
    case "boolean":
      return typeof value === "boolean" ? value : null;
    default:
      throw type satisfies never;
  }
}

/** Rounded half away from zero, as people round amounts; null beyond what a double keeps exactly. */
function wholeNumber(value: FactValue): number | null {
  if (typeof value !== "number" || !Number.isFinite(value)) return null;
  const rounded = Math.sign(value) * Math.round(Math.abs(value));
  // -0 would be written as 0 and compare as itself: keep one zero.
  return Number.isSafeInteger(rounded) ? rounded + 0 : null;
}

/** What a value is at this instant; null when something it is made from is unknown. */
export function valueIn(input: RuleInput, value: ValueSpec): FactValue {
  if ("literal" in value) return value.literal;
  if ("fact" in value) return factIn(input, value.fact);
  if ("todayPlusDays" in value) return addDays(localDate(input.timeZone, input.nowMs), value.todayPlusDays);
  const operands: number[] = [];
  for (const operand of value.of) {
    const known = valueIn(input, operand);
    if (typeof known !== "number" || !Number.isFinite(known)) return null;
    operands.push(known);
  }
  const result = operands.reduce((left, right) => OPERATIONS[value.operator](left, right));
  return Number.isFinite(result) ? result : null;
}

/** From left to right over the operands. A division by zero gives infinity, which is unknown. */
const OPERATIONS: { readonly [operator in ValueOperator]: (left: number, right: number) => number } = {
  add: (left, right) => left + right,
  subtract: (left, right) => left - right,
  multiply: (left, right) => left * right,
  divide: (left, right) => left / right,
  min: Math.min,
  max: Math.max,
};

/** Variables after assignments, made one after the other: a later one sees what an earlier one wrote. */
export function assigned(input: RuleInput, assignments: readonly Assignment[]): RuleInput["vars"] {
  if (assignments.length === 0) return input.vars;
  const vars: { [name: string]: FactValue } = { ...input.vars };
  for (const { variable, type, value } of assignments) {
    vars[variable] = valueOfType(type, valueIn({ ...input, vars }, value));
  }
  return vars;
}
