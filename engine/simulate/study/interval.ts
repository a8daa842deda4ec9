import { studentQuantile } from "../../statistics/distributions";

/** A figure over several seeds: its mean, and where the mean of ever more seeds would lie with 95 % confidence. */
export type Interval = {
  readonly mean: number;
  /** Null with one seed: one run says nothing of how far another would be away. */
  readonly low: number | null;
  readonly high: number | null;
  readonly seeds: number;
};

/** Upper end of the middle 95 %. */
const UPPER = 0.975;

/** The 95 % interval of the mean of independent runs, by Student's t. */
export function intervalOver(values: readonly number[]): Interval {
  const seeds = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, seeds);
  if (seeds < 2) return { mean, low: null, high: null, seeds };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (seeds - 1);
  const half = studentQuantile(UPPER, seeds - 1) * Math.sqrt(variance / seeds);
  return { mean, low: mean - half, high: mean + half, seeds };
}
