import type { Condition } from "../../model/condition";
import type { FactValue } from "../../model/facts";
import { type Dimension, dayText, factValue, isPartOfText, type Region } from "./regions";

/** Regions of one fact, by position, that a box spans; null = all of them. */
export type Span = readonly number[] | null;

/** A part of the space of facts, as a condition people can read and as one point within it. */
export type Example = {
  readonly when: Condition | null;
  /** Facts of one account that lies in it; a date that depends on today is left out. Null is unknown. */
  readonly facts: { readonly [fact: string]: FactValue };
};

/** The box that spans the given regions, dimension by dimension. */
export function exampleOf(dimensions: readonly Dimension[], spans: readonly Span[]): Example {
  const parts: Condition[] = [];
  const facts: { [fact: string]: FactValue } = {};
  dimensions.forEach((dimension, index) => {
    const span = spans[index] ?? null;
    if (span === null) return;
    const regions = span.flatMap((at) => dimension.regions[at] ?? []);
    const condition = spanCondition(dimension, regions);
    if (condition !== null) parts.push(condition);
    const value = factValue(dimension, firstKnown(regions)?.value ?? null);
    if (value !== undefined) facts[dimension.fact] = value;
  });
  const [only] = parts;
  return { when: parts.length > 1 ? { all: parts } : (only ?? null), facts };
}

function firstKnown(regions: readonly Region[]): Region | undefined {
  return regions.find(({ kind }) => kind !== "unknown") ?? regions[0];
}

/**
 * What the regions have in common. Where known values are among them, "unknown" is left out: a smaller box is as good an example.
 * Null = any value at all.
 */
function spanCondition(dimension: Dimension, regions: readonly Region[]): Condition | null {
  const { fact } = dimension;
  const known = regions.filter(({ kind }) => kind !== "unknown");
  if (known.length === 0) return { fact, operator: "isKnown", value: false };
  if (known.length === dimension.regions.length - 1) {
    return regions.length === dimension.regions.length ? null : { fact, operator: "isKnown", value: true };
  }
  const stretches = known.filter((region) => region.kind === "stretch");
  return stretches.length > 0 ? stretchesCondition(dimension, stretches) : valuesCondition(dimension, known);
}

function valuesCondition(dimension: Dimension, known: readonly Region[]): Condition {
  const { fact } = dimension;
  const listed = (regions: readonly Region[]) =>
    regions.flatMap((region) => (region.kind === "value" ? [region.value] : []));
  if (!known.some(({ kind }) => kind === "other")) return oneOf(fact, listed(known), "in");
  // A value that only stands for a part of a text is kept out by that question already.
  const named = dimension.leaves.filter((leaf) => !isPartOfText(leaf)).flatMap(({ value }) => value);
  const excluded = listed(dimension.regions).filter((value) => !listed(known).includes(value) && named.includes(value));
  const noParts = dimension.leaves.filter(isPartOfText).map((leaf): Condition => {
    return leaf.operator === "notContains" ? leaf : { not: leaf };
  });
  const parts = [...(excluded.length === 0 ? [] : [oneOf(fact, excluded, "notIn")]), ...noParts];
  const [only = { fact, operator: "isKnown", value: true } as const] = parts;
  return parts.length > 1 ? { all: parts } : only;
}

function oneOf(fact: string, values: readonly (string | number | boolean)[], operator: "in" | "notIn"): Condition {
  const [only] = values;
  if (values.length === 1 && only !== undefined) {
    return { fact, operator: operator === "in" ? "equal" : "notEqual", value: only };
  }
  return { fact, operator, value: values };
}

type Stretch = Extract<Region, { readonly kind: "stretch" }>;

/** Neighbouring stretches joined into as few as possible. */
function stretchesCondition(dimension: Dimension, stretches: readonly Stretch[]): Condition {
  const order = dimension.regions.filter((region) => region.kind === "stretch");
  const runs: Stretch[][] = [];
  let before = -2;
  for (const stretch of stretches) {
    const at = order.indexOf(stretch);
    if (at === before + 1) runs.at(-1)?.push(stretch);
    else runs.push([stretch]);
    before = at;
  }
  const conditions = runs.map((run) => runCondition(dimension, run, order));
  const [only] = conditions;
  return conditions.length === 1 && only !== undefined ? only : { any: conditions };
}

function runCondition(dimension: Dimension, run: readonly Stretch[], order: readonly Stretch[]): Condition {
  const first = run[0];
  const last = run.at(-1);
  const { fact } = dimension;
  if (first === undefined || last === undefined) return { fact, operator: "isKnown", value: true };
  if (dimension.relative)
    return daysCondition(fact, first === order[0] ? null : first.value, last === order.at(-1) ? null : last);
  const text = (value: number) => (dimension.field.type === "date" ? dayText(value) : value);
  if (first.low !== null && first.low === last.high) return { fact, operator: "equal", value: text(first.low) };
  const parts: Condition[] = [];
  // The first and the last stretch reach as far as the field does.
  if (first.low !== null && first !== order[0]) {
    const operator = first.low === first.high ? "greaterThanInclusive" : "greaterThan";
    parts.push({ fact, operator, value: text(first.low) });
  }
  if (last.high !== null && last !== order.at(-1)) {
    parts.push({ fact, operator: last.low === last.high ? "lessThanInclusive" : "lessThan", value: text(last.high) });
  }
  const [only = { fact, operator: "isKnown", value: true } as const] = parts;
  return parts.length > 1 ? { all: parts } : only;
}

/** Days since a date from the first to the last, in the questions conditions have. Stretches of days are whole days. */
function daysCondition(fact: string, from: number | null, last: Stretch | null): Condition {
  const to = last === null ? null : last.low === last.high ? last.value : (last.high ?? 0) - 1;
  const ask = (operator: "withinLastDays" | "beforeLastDays" | "withinNextDays" | "afterNextDays", value: number) =>
    ({ fact, operator, value }) as const;
  if (from === 0 && to !== null && to >= 0) return ask("withinLastDays", to);
  if (to === 0 && from !== null && from <= 0) return ask("withinNextDays", -from);
  const parts: Condition[] = [];
  if (from !== null) parts.push(from > 0 ? ask("beforeLastDays", from - 1) : { not: ask("afterNextDays", -from) });
  if (to !== null) parts.push(to < 0 ? ask("afterNextDays", -to - 1) : { not: ask("beforeLastDays", to) });
  const [only = { fact, operator: "isKnown", value: true } as const] = parts;
  return parts.length > 1 ? { all: parts } : only;
}
