import { bucketOf, WEIGHT_TOTAL } from "./assign";

/**
 * Who is in an experiment and in which arm: a pure function of seed and person, shaped as GrowthBook's SDKs read it, so that other
 * systems can ask the same question and get the same answer. All shares are parts of 10,000; one bucket of the hash is one part.
 */

/** Half-open: from <= bucket < to, 0..10,000. */
export type BucketRange = { readonly from: number; readonly to: number };

/** Only those whose bucket under the filter's own seed lies in one of its ranges: layers and hold-outs are filters. */
export type AllocationFilter = { readonly seed: string; readonly ranges: readonly BucketRange[] };

export type ArmWeight = { readonly arm: string; readonly weight: number };

export type Allocation = {
  /** `<experiment>:<phase>`: a new phase is a new draw. */
  readonly seed: string;
  /** 2 or more; weights sum to 10,000. The first is the baseline. */
  readonly arms: readonly ArmWeight[];
  /** Share of people the experiment takes at all, in parts of 10,000. */
  readonly coverage: number;
  readonly filters: readonly AllocationFilter[];
};

/** In with an arm, or out and why: the person's bucket was outside a filter, or beyond what the experiment covers. */
export type Place =
  | { readonly in: true; readonly arm: string; readonly bucket: number }
  | { readonly in: false; readonly why: "filter"; readonly seed: string }
  | { readonly in: false; readonly why: "coverage" };

export function allocationSeed(experimentKey: string, phase: number): string {
  return `${experimentKey}:${phase}`;
}

const within = (bucket: number, { from, to }: BucketRange): boolean => from <= bucket && bucket < to;

/**
 * The buckets of each arm. An arm keeps the start of its full range and gives up the end when the experiment covers less, so that
 * raising coverage takes nobody from one arm to another.
 */
export function armRanges(arms: readonly ArmWeight[], coverage: number): readonly BucketRange[] {
  let from = 0;
  return arms.map(({ weight }) => {
    // A bucket is whole: below 12.3 is below 13. The product is one of integers, so nothing is lost before the ceiling.
    const range = { from, to: from + Math.ceil((weight * coverage) / WEIGHT_TOTAL) };
    from += weight;
    return range;
  });
}

/** Where a person stands. `unit` is the party's id, not empty. */
export function placeOf(allocation: Allocation, unit: string): Place {
  for (const { seed, ranges } of allocation.filters) {
    const bucket = bucketOf(seed, unit);
    if (!ranges.some((range) => within(bucket, range))) return { in: false, why: "filter", seed };
  }
  const bucket = bucketOf(allocation.seed, unit);
  const index = armRanges(allocation.arms, allocation.coverage).findIndex((range) => within(bucket, range));
  const arm = allocation.arms[index]?.arm;
  return arm === undefined ? { in: false, why: "coverage" } : { in: true, arm, bucket };
}

/** Weights of `count` arms as equal as parts of 10,000 can be; the first ones get what is left over. */
export function equalWeights(count: number): readonly number[] {
  const rest = WEIGHT_TOTAL % count;
  return Array.from({ length: count }, (_, index) => Math.floor(WEIGHT_TOTAL / count) + (index < rest ? 1 : 0));
}

/** Share of everybody who is left out of all experiments of a quarter and gets the champion (GrowthBook's default). */
export const HOLD_OUT_DEFAULT = 500;

/** Keeps the quarter's hold-out (`2026-Q1`) out of an experiment: the same people for every experiment of that quarter. */
export function holdOutFilter(quarter: string, share: number = HOLD_OUT_DEFAULT): AllocationFilter {
  return { seed: `global-holdout:${quarter}`, ranges: [{ from: share, to: WEIGHT_TOTAL }] };
}

/** A place in a layer: experiments with disjoint ranges of one layer never share a person. */
export type LayerPlace = { readonly experiment: string; readonly layer: string; readonly range: BucketRange };

export function layerFilter({ layer, range }: LayerPlace): AllocationFilter {
  return { seed: `layer:${layer}`, ranges: [range] };
}

/** Pairs of experiments that claim the same people of one layer. */
export function layerConflicts(places: readonly LayerPlace[]): readonly (readonly [string, string])[] {
  return places.flatMap((left, index) =>
    places
      .slice(index + 1)
      .filter(
        (right) => left.layer === right.layer && left.range.from < right.range.to && right.range.from < left.range.to,
      )
      .map((right) => [left.experiment, right.experiment] as const),
  );
}

/** An allocation as GrowthBook's SDKs of any language evaluate it: explicit ranges, hash version 2. */
export type GrowthBookExperiment = {
  readonly key: string;
  readonly seed: string;
  readonly hashVersion: 2;
  readonly hashAttribute: "id";
  readonly variations: [string, string, ...string[]];
  readonly ranges: [number, number][];
  readonly filters: { seed: string; hashVersion: 2; attribute: "id"; ranges: [number, number][] }[];
  readonly meta: { key: string }[];
};

/** `key` is what that SDK reports the experiment under. */
export function growthBookExperiment(key: string, { seed, arms, coverage, filters }: Allocation): GrowthBookExperiment {
  const share = ({ from, to }: BucketRange): [number, number] => [from / WEIGHT_TOTAL, to / WEIGHT_TOTAL];
  return {
    key,
    seed,
    hashVersion: 2,
    hashAttribute: "id",
    variations: arms.map(({ arm }) => arm) as [string, string, ...string[]],
    ranges: armRanges(arms, coverage).map(share),
    filters: filters.map((filter) => ({
      seed: filter.seed,
      hashVersion: 2,
      attribute: "id",
      ranges: filter.ranges.map(share),
    })),
    meta: arms.map(({ arm }) => ({ key: arm })),
  };
}
