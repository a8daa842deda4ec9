import type { AdjustedMeanSample, MeanSample, ProportionSample, RatioSample } from "../statistics/sample";
import type { LifeRow } from "../statistics/survival";

/** Everything a report needs, already summed: what rows give by `sumRows`, and a database by `GROUP BY arm, stratum`. */
export type ExperimentData = {
  /** Days from the first exposure to the last day of the data. */
  readonly days: number;
  /** Persons per arm and stratum: assigned, and of those who reached the step where the arms differ. */
  readonly people: readonly ArmPeople[];
  /** Persons seen in more than one arm; they are in no other figure. */
  readonly inSeveralArms: number;
  readonly metrics: readonly MetricSums[];
  readonly balance: readonly BalanceSums[];
};

export type ArmPeople = {
  readonly arm: string;
  readonly stratum: string;
  readonly assigned: number;
  readonly exposed: number;
};

export type MetricSample = ProportionSample | MeanSample | RatioSample | AdjustedMeanSample;

/** One metric in one arm and stratum over persons who have matured. */
export type MetricSums = {
  readonly metric: string;
  readonly arm: string;
  readonly stratum: string;
  /** Matured, but the value is missing. */
  readonly missing: number;
} & (
  | { readonly kind: "sample"; readonly sample: MetricSample; readonly uncapped: MetricSample | null }
  | { readonly kind: "life-table"; readonly table: readonly LifeRow[] }
);

/** A value from before exposure. */
export type BalanceSums = { readonly column: string; readonly arm: string; readonly sample: MeanSample };
