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

/** A row by regions. */
export function rowOf(
  { asked, index }: { readonly asked: Asked; readonly index: number },
  dimensions: readonly Dimension[],
  fields: FieldCatalogue,
): Row {
  const boundOf = boundsBy(fields);
  const perDimension: PerRegion[] = dimensions.map(() => null);
  const mixed: { condition: Condition; needs: number[] }[] = [];
  for (const condition of asked) {
    const facts = factsOf(condition);
    const needs = facts.map((fact) => dimensions.findIndex((dimension) => dimension.fact === fact));
    const [at] = needs;
    const dimension = at === undefined ? undefined : dimensions[at];
    if (needs.length !== 1 || at === undefined || dimension === undefined) {
      mixed.push({ condition, needs });
      continue;
    }
    const truths = dimension.regions.map(({ value }) => truthAt(condition, () => value, boundOf));
    const before = perDimension[at];
    perDimension[at] = Uint8Array.from(truths, (truth, region) => both(toTruth(before?.[region] ?? TRUE), truth));
  }
  const last = Math.max(
    -1,
    ...perDimension.map((asks, at) => (asks === null ? -1 : at)),
    ...mixed.flatMap(({ needs }) => needs),
  );
  return { index, perDimension, mixed, last };
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
