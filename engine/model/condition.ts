import { z } from "zod";

/** Operators a condition may use; the names are json-rules-engine's own. */
export const OPERATORS = [
  "equal",
  "notEqual",
  "lessThan",
  "lessThanInclusive",
  "greaterThan",
  "greaterThanInclusive",
  "in",
  "notIn",
] as const;
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
const LIST_VALUES_MAX = 500;

const ScalarSchema = z.union([z.number(), z.string().max(200), z.boolean()]);

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
