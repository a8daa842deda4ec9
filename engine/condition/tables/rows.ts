import type { Condition } from "../../model/condition";
import type { FieldCatalogue } from "../../model/facts";
import { boundsBy, type Dimension, dimensionOf, leavesOf } from "./regions";
import { factsOf } from "./row-condition";
import { FALSE, TRUE, type Truth, truthAt, UNKNOWN } from "./truth";

/** What a row asks of one dimension, region by region; null = nothing. */
type PerRegion = Uint8Array | null;
export type Row = {
  readonly index: number;
  readonly perDimension: readonly PerRegion[];
  /** Conditions over several facts, with the dimensions they need; they can be told at the last of those. */
  readonly mixed: readonly { readonly condition: Condition; readonly needs: readonly number[] }[];
  /** The last dimension the row asks about; -1 = none. */
  readonly last: number;
};

/** The questions of one row. */
export type Asked = readonly Condition[];

/** The facts of the table, the ones most rows ask about first: they part the rows soonest. Null = one cannot be divided. */
export function dimensionsOf(conditions: readonly Asked[], fields: FieldCatalogue): readonly Dimension[] | null {
  const byFact = new Map<string, { rows: number; leaves: ReturnType<typeof leavesOf>[number][] }>();
  for (const asked of conditions) {
    const seen = new Set<string>();
    for (const leaf of asked.flatMap(leavesOf)) {
      const entry = byFact.get(leaf.fact) ?? { rows: 0, leaves: [] };
      byFact.set(leaf.fact, entry);
      entry.leaves.push(leaf);
      if (!seen.has(leaf.fact)) entry.rows += 1;
      seen.add(leaf.fact);
    }
  }
  const order = [...byFact].sort(([, left], [, right]) => right.rows - left.rows);
  const dimensions = order.map(([fact, { leaves }]) => dimensionOf(fact, leaves, fields));
  const known = dimensions.filter((dimension) => dimension !== null);
  const mixed = known.some((dimension) => dimension.relative && !dimension.exact);
  return known.length < dimensions.length || mixed ? null : known;
}

/**
 * Rows by regions, or null when there are more questions and regions than `looksMax` times. Tables ask the same few questions
 * again and again: each is asked of the regions once.
 */
export function rowsOf(
  asked: readonly { readonly index: number; readonly conditions: Asked }[],
  dimensions: readonly Dimension[],
  { fields, looksMax }: { readonly fields: FieldCatalogue; readonly looksMax: number },
): readonly Row[] | null {
  const boundOf = boundsBy(fields);
  const positions = new Map(dimensions.map(({ fact }, at) => [fact, at]));
  const patterns = new Map<string, Uint8Array>();
  let looksLeft = looksMax;
  const patternOf = (condition: Condition, { regions }: Dimension): Uint8Array => {
    const text = JSON.stringify(condition);
    const known = patterns.get(text);
    if (known !== undefined) return known;
    looksLeft -= regions.length;
    const pattern =
      looksLeft < 0
        ? new Uint8Array(0)
        : Uint8Array.from(regions, ({ value }) => truthAt(condition, () => value, boundOf));
    patterns.set(text, pattern);
    return pattern;
  };
  const rows = asked.map(({ index, conditions }): Row => {
    const perDimension: PerRegion[] = dimensions.map(() => null);
    const mixed: { condition: Condition; needs: number[] }[] = [];
    for (const condition of conditions) {
      const needs = factsOf(condition).map((fact) => positions.get(fact) ?? -1);
      const [at = -1] = needs;
      const dimension = needs.length === 1 ? dimensions[at] : undefined;
      if (dimension === undefined) mixed.push({ condition, needs });
      else perDimension[at] = joined(perDimension[at] ?? null, patternOf(condition, dimension));
    }
    const asking = perDimension.map((asks, at) => (asks === null ? -1 : at));
    return { index, perDimension, mixed, last: Math.max(-1, ...asking, ...mixed.flatMap(({ needs }) => needs)) };
  });
  return looksLeft < 0 ? null : rows;
}

function joined(before: PerRegion, pattern: Uint8Array): Uint8Array {
  if (before === null) return pattern;
  return pattern.map((truth, region) => both(toTruth(before[region] ?? TRUE), toTruth(truth)));
}

export function toTruth(value: number): Truth {
  return value === FALSE ? FALSE : value === TRUE ? TRUE : UNKNOWN;
}

/** Both must hold. */
export function both(left: Truth, right: Truth): Truth {
  if (left === FALSE || right === FALSE) return FALSE;
  return left === UNKNOWN || right === UNKNOWN ? UNKNOWN : TRUE;
}

/** Whether its questions leave it anywhere to hold; one over several facts is taken to do so. */
export function holdsSomewhere({ perDimension, mixed }: Row): boolean {
  return mixed.length > 0 || perDimension.every((asks) => asks === null || asks.includes(TRUE));
}
