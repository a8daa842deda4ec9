import { z } from "zod";

/** Operators json-rules-engine has itself. */
export const STOCK_OPERATORS = [
  "equal",
  "notEqual",
  "lessThan",
  "lessThanInclusive",
  "greaterThan",
  "greaterThanInclusive",
  "in",
  "notIn",
] as const;
export type StockOperator = (typeof STOCK_OPERATORS)[number];

/** Questions about a text. `matches` takes an RE2 pattern: linear time, no look-around and no back-references. */
export const TEXT_OPERATORS = ["contains", "notContains", "startsWith", "matches"] as const;
/**
 * A date against today in the strategy's zone; the value is a number of days. `withinLastDays` 7 holds from seven days ago
 * until today, `beforeLastDays` 7 for anything earlier; `withinNextDays` 7 from today until in seven days, `afterNextDays` 7
 * for anything later.
 */
export const RELATIVE_DATE_OPERATORS = ["withinLastDays", "beforeLastDays", "withinNextDays", "afterNextDays"] as const;
export type RelativeDateOperator = (typeof RELATIVE_DATE_OPERATORS)[number];
/** Whether a fact is known at all (`value` true) or not (false): the one question that is never unknown itself. */
export const KNOWN_OPERATOR = "isKnown";

/** Operators a condition may use. Those that are not stock are compiled to stock ones over derived facts (ADR 0008). */
export const OPERATORS = [...STOCK_OPERATORS, ...TEXT_OPERATORS, ...RELATIVE_DATE_OPERATORS, KNOWN_OPERATOR] as const;
export type Operator = (typeof OPERATORS)[number];

export type ConditionScalar = number | string | boolean;

/** A question about one fact. */
export type ConditionLeaf = {
  readonly fact: string;
  readonly operator: Operator;
  readonly value: ConditionScalar | readonly ConditionScalar[];
};

/** A condition in the form json-rules-engine reads, any / all / not nested. Three-valued in meaning (semantics.md). */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | ConditionLeaf;

/** Deepest nesting of one condition. */
export const CONDITION_DEPTH_MAX = 12;
/** Most leaves in one condition. */
export const CONDITION_LEAVES_MAX = 400;
/** Farthest a date may be asked about, in days from today. */
export const RELATIVE_DAYS_MAX = 3660;
const LIST_VALUES_MAX = 500;
const TEXT_VALUE_MAX = 200;

const ScalarSchema = z.union([z.number(), z.string().max(TEXT_VALUE_MAX), z.boolean()]);

export const ConditionLeafSchema = z.strictObject({
  fact: z.string().regex(/^[a-z][a-z0-9_]{0,47}(\.[A-Za-z0-9_-]{1,48})?$/),
  operator: z.enum(OPERATORS),
  value: z.union([ScalarSchema, z.array(ScalarSchema).min(1).max(LIST_VALUES_MAX)]),
});

/** Shape only; depth and leaf bounds and operator types are checked by the linter, which can say where. */
export const ConditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(ConditionSchema).min(1).max(CONDITION_LEAVES_MAX) }),
    z.strictObject({ any: z.array(ConditionSchema).min(1).max(CONDITION_LEAVES_MAX) }),
    z.strictObject({ not: ConditionSchema }),
    ConditionLeafSchema,
  ]),
);

export function isLeaf(condition: Condition): condition is ConditionLeaf {
  return "fact" in condition;
}

/** The conditions directly inside one; empty for a leaf. */
export function childrenOf(condition: Condition): readonly Condition[] {
  if ("all" in condition) return condition.all;
  if ("any" in condition) return condition.any;
  if ("not" in condition) return [condition.not];
  return [];
}
