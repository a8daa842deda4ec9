import { type ConditionLeaf, type ConditionScalar, KNOWN_OPERATOR } from "../../model/condition";
import type { FactType, FactValue } from "../../model/facts";
import { daysBetween, isLocalDate, type LocalDate } from "../../model/time";
import { isRelativeDate } from "../operators";
import { matcherOf } from "../pattern";

/** What a question may come out as (semantics.md, three-valued). */
export type Truth = "true" | "false" | "unknown";

const SCALAR_TYPE = {
  integer: "number",
  number: "number",
  money: "number",
  percent: "number",
  date: "string",
  enum: "string",
  text: "string",
  boolean: "boolean",
} as const satisfies { readonly [type in FactType]: "number" | "string" | "boolean" };

/** Whether a value is known as a fact of the type; what is not is unknown to every question. */
export function isKnownAs(type: FactType, value: FactValue): value is ConditionScalar {
  if (typeof value !== SCALAR_TYPE[type]) return false;
  if (typeof value === "number") return Number.isFinite(value);
  return type !== "date" || isLocalDate(String(value));
}

/** The answer to one question over a value of its fact. `today` is the date that relative questions count from. */
export function leafTruth(
  leaf: ConditionLeaf,
  over: { readonly type: FactType; readonly value: FactValue; readonly today: LocalDate },
): Truth {
  const { type, value, today } = over;
  const known = isKnownAs(type, value);
  if (leaf.operator === KNOWN_OPERATOR) return known === leaf.value ? "true" : "false";
  if (!known) return "unknown";
  const holds = isRelativeDate(leaf.operator)
    ? daysAnswer(leaf, daysBetween(String(value), today))
    : scalarAnswer(leaf, value);
  return holds ? "true" : "false";
}

/** A question about the days since a date: positive for the past, negative for a day to come. */
export function daysAnswer({ operator, value }: ConditionLeaf, daysSince: number): boolean {
  const limit = Number(value);
  switch (operator) {
    case "withinLastDays":
      return daysSince >= 0 && daysSince <= limit;
    case "beforeLastDays":
      return daysSince > limit;
    case "withinNextDays":
      return daysSince <= 0 && -daysSince <= limit;
    default:
      return -daysSince > limit;
  }
}

/** A question about the value itself. Dates are compared as texts, which order as they do. */
export function scalarAnswer({ operator, value: asked }: ConditionLeaf, value: ConditionScalar): boolean {
  if (typeof asked === "object") return asked.includes(value) === (operator === "in");
  switch (operator) {
    case "equal":
      return value === asked;
    case "notEqual":
      return value !== asked;
    case "lessThan":
      return value < asked;
    case "lessThanInclusive":
      return value <= asked;
    case "greaterThan":
      return value > asked;
    case "greaterThanInclusive":
      return value >= asked;
    case "contains":
      return String(value).includes(String(asked));
    case "notContains":
      return !String(value).includes(String(asked));
    case "startsWith":
      return String(value).startsWith(String(asked));
    case "matches":
      return matcherOf(String(asked))?.(String(value)) ?? false;
    default:
      // Relative dates and "is known" are answered elsewhere; a single value where a list belongs is refused by the linter.
      return false;
  }
}
