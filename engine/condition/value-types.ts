import type { FactType } from "../model/facts";
import type { ValueOperator, ValueSpec } from "../model/value";

const NUMERIC: readonly FactType[] = ["integer", "number", "money", "percent"];

export function isNumeric(type: FactType): boolean {
  return NUMERIC.includes(type);
}

/** The type a literal is written in: the one that is asked for, else what it looks like. */
export function literalType(value: ValueSpec, types: readonly FactType[] | undefined): FactType {
  const literal = "literal" in value ? value.literal : null;
  const shaped: FactType =
    typeof literal === "number"
      ? "number"
      : typeof literal === "boolean"
        ? "boolean"
        : isDate(literal)
          ? "date"
          : "text";
  if (types === undefined) return shaped;
  const fitting =
    types.find((type) => type === shaped) ?? types.find((type) => isNumeric(type) === (shaped === "number"));
  return fitting ?? types[0] ?? "text";
}

function isDate(literal: unknown): boolean {
  return typeof literal === "string" && /^\d{4}-\d{2}-\d{2}$/.test(literal);
}

/**
 * Types an operand may have when the result is of `types`: a sum and a smallest are made of such values, a product and a quotient
 * of one such value and of plain numbers. An amount is never multiplied by an amount.
 */
export function operandTypes(
  operator: ValueOperator,
  index: number,
  types: readonly FactType[] | undefined,
): readonly FactType[] {
  const numeric = types?.filter(isNumeric) ?? NUMERIC;
  const plain = operator === "multiply" || operator === "divide";
  if (plain && index > 0) return ["number", "percent", "integer"];
  return numeric.length === 0 ? NUMERIC : numeric;
}
