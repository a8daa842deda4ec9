/** How a few very large payments are kept from deciding: everything above the percentile of unit totals, over all arms, counts as it. */
export type CapRule = {
  /** 0.5..1, exclusive of 1. */
  readonly percentile: number;
  /** Leave units that paid nothing out of the percentile: with 95 % zeros the 95th percentile of all is 0. */
  readonly ignoreZeros: boolean;
};

/** The cap of the values, linear between order statistics (R type 7, `percentile_cont`). `null` where there is no value. */
export function capOf(values: readonly number[], { percentile, ignoreZeros }: CapRule): number | null {
  const sorted = (ignoreZeros ? values.filter((value) => value !== 0) : [...values]).sort((a, b) => a - b);
  const last = sorted.at(-1);
  if (last === undefined) return null;
  const place = percentile * (sorted.length - 1);
  const low = sorted[Math.floor(place)] ?? last;
  const high = sorted[Math.floor(place) + 1] ?? low;
  return low + (place - Math.floor(place)) * (high - low);
}
