/** A figure over several seeds: its mean, and where the mean of ever more seeds would lie with 95 % confidence. */
export type Interval = {
  readonly mean: number;
  /** Null with one seed: one run says nothing of how far another would be away. */
  readonly low: number | null;
  readonly high: number | null;
  readonly seeds: number;
};

/** Two-sided 95 % quantiles of Student's t by degrees of freedom 1..30 (any statistical table); later ones by Cornish-Fisher. */
const T_95 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
] as const;
const Z_95 = 1.959964;

/** The 95 % interval of the mean of independent runs, by Student's t. */
export function intervalOver(values: readonly number[]): Interval {
  const seeds = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, seeds);
  if (seeds < 2) return { mean, low: null, high: null, seeds };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (seeds - 1);
  const half = tQuantile(seeds - 1) * Math.sqrt(variance / seeds);
  return { mean, low: mean - half, high: mean + half, seeds };
}

function tQuantile(degrees: number): number {
  return T_95[degrees - 1] ?? Z_95 + (Z_95 ** 3 + Z_95) / (4 * degrees);
}
