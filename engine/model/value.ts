import { z } from "zod";
import type { FactType, FactValue } from "./facts";

/** Arithmetic a value may be reckoned with. An operand that is unknown makes the result unknown. */
export const VALUE_OPERATORS = ["add", "subtract", "multiply", "divide", "min", "max"] as const;
export type ValueOperator = (typeof VALUE_OPERATORS)[number];

/**
 * Where a value comes from: written down, a fact (`var.<name>` is a strategy variable), reckoned, or a date so many days from
 * today in the strategy's zone. Money is minor units; a result that must be whole is rounded half away from zero.
 */
export type ValueSpec =
  | { readonly literal: FactValue }
  | { readonly fact: string }
  | { readonly operator: ValueOperator; readonly of: readonly ValueSpec[] }
  | { readonly todayPlusDays: number };

/** Deepest nesting of one value. */
export const VALUE_DEPTH_MAX = 4;
const OPERANDS_MAX = 8;
const TEXT_MAX = 200;
const DAYS_MAX = 3660;

const LiteralSchema = z.union([z.number(), z.string().max(TEXT_MAX), z.boolean(), z.null()]);

/** Shape only; types and depth are checked by the linter, which can say where. */
export const ValueSpecSchema: z.ZodType<ValueSpec> = z.lazy(() =>
  z.union([
    z.strictObject({ literal: LiteralSchema }),
    z.strictObject({ fact: z.string().regex(/^[a-z][a-z0-9_]{0,47}(\.[A-Za-z0-9_-]{1,48})?$/) }),
    z.strictObject({
      operator: z.enum(VALUE_OPERATORS),
      of: z.array(ValueSpecSchema).min(1).max(OPERANDS_MAX),
    }),
    z.strictObject({ todayPlusDays: z.int().min(-DAYS_MAX).max(DAYS_MAX) }),
  ]),
);

/** A value on its way into a strategy variable; what does not fit the variable's type becomes unknown, never something near it. */
export type Assignment = {
  readonly variable: string;
  readonly type: FactType;
  readonly value: ValueSpec;
};

/** Facts a value is made from, in the order they stand in it. */
export function factsOfValue(value: ValueSpec): readonly string[] {
  if ("fact" in value) return [value.fact];
  return "operator" in value ? value.of.flatMap(factsOfValue) : [];
}
