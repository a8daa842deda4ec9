import type { FactValue } from "../model/facts";
import type { CollectOutput } from "../model/program";
import { valueOfType } from "./values";

/** One value out of what the rows that hold contribute; null when a contribution is unknown or there is nothing to take. */
export function aggregated({ aggregate, type }: CollectOutput, values: readonly FactValue[]): FactValue {
  if (aggregate === "count") return valueOfType(type, values.length);
  if (values.some((value) => value === null)) return null;
  switch (aggregate) {
    case "first":
      return valueOfType(type, values[0] ?? null);
    case "join":
      return valueOfType(type, [...new Set(values.map(String))].join(","));
    case "sum":
      return valueOfType(type, numbersOf(values)?.reduce((sum, value) => sum + value, 0) ?? null);
    case "min":
    case "max":
      return valueOfType(type, extreme(aggregate, numbersOf(values)));
    default:
      throw aggregate satisfies never;
  }
}

function numbersOf(values: readonly FactValue[]): readonly number[] | null {
  return values.every((value) => typeof value === "number") ? values : null;
}

function extreme(which: "min" | "max", numbers: readonly number[] | null): number | null {
  if (numbers === null || numbers.length === 0) return null;
  return numbers.reduce((left, right) => Math[which](left, right));
}
