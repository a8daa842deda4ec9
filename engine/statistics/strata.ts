import type { Scale } from "./difference";
import { type MeanSample, type Moments, meanMoments, type ProportionSample, proportionMoments } from "./sample";

export type Stratum = {
  readonly control: MeanSample | ProportionSample;
  readonly treatment: MeanSample | ProportionSample;
};

export type StratifiedEffect = { readonly difference: number; readonly error: number; readonly strata: number };

const momentsOf = (sample: MeanSample | ProportionSample): Moments =>
  sample.shape === "mean" ? meanMoments(sample) : proportionMoments(sample);

/**
 * Difference of two arms weighted by the size of each stratum (post-stratification): what the strata explain is no longer noise.
 * Weights are the strata's shares of all units, and are themselves drawn: the multinomial term says so. Relative by the delta method.
 * `null` where a stratum lacks an arm, or the control's mean is 0 on the relative scale. (Miratrix, Sekhon & Yu 2013; gbstats, MIT.)
 */
export function stratifiedEffect(strata: readonly Stratum[], scale: Scale): StratifiedEffect | null {
  const parts = strata.map(({ control, treatment }) => ({
    control: momentsOf(control),
    treatment: momentsOf(treatment),
  }));
  if (parts.length === 0 || parts.some(({ control, treatment }) => control.n < 2 || treatment.n < 2)) return null;
  const units = parts.reduce((sum, { control, treatment }) => sum + control.n + treatment.n, 0);
  const rows = parts.map(({ control, treatment }) => ({
    weight: (control.n + treatment.n) / units,
    base: control.mean,
    gap: treatment.mean - control.mean,
    ofControl: control.variance / control.n,
    ofTreatment: treatment.variance / treatment.n,
  }));
  const mean = (value: (row: (typeof rows)[number]) => number): number =>
    rows.reduce((sum, row) => sum + row.weight * value(row), 0);
  const base = mean((row) => row.base);
  const gap = mean((row) => row.gap);
  // Of the linear form a * base + b * gap: what is drawn within strata, and the shares of the strata.
  const varianceOfForm = (a: number, b: number): number => {
    const within = mean((row) => row.weight * ((a - b) ** 2 * row.ofControl + b * b * row.ofTreatment));
    const between = mean((row) => (a * row.base + b * row.gap) ** 2) - (a * base + b * gap) ** 2;
    return within + Math.max(0, between) / units;
  };
  if (scale === "absolute") return finished(gap, varianceOfForm(0, 1), rows.length);
  if (base === 0) return null;
  return finished(gap / Math.abs(base), varianceOfForm(-gap / (base * base), 1 / base), rows.length);
}

function finished(difference: number, variance: number, strata: number): StratifiedEffect | null {
  return variance > 0 ? { difference, error: Math.sqrt(variance), strata } : null;
}
