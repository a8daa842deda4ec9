import type { Effect } from "./difference";
import { studentQuantile, studentUpper } from "./distributions";
import { normalCdf, normalDensity, normalQuantile, normalUpper } from "./normal";

/** Which differences count against "no difference": both ways, only up, only down. */
export type Side = "both" | "greater" | "less";

/** `interval` covers the true difference with 1 - alpha; an open end is ±Infinity. */
export type Comparison = { readonly p: number; readonly interval: readonly [number, number] };

/** Welch–Satterthwaite degrees of freedom. */
export function degreesOfFreedom({ control, treatment }: Effect): number {
  const c = control.variance / control.n;
  const t = treatment.variance / treatment.n;
  return (c + t) ** 2 / ((c * c) / (control.n - 1) + (t * t) / (treatment.n - 1));
}

/** Welch's t test: for one look at the end. `alpha` in (0, 1). */
export function welchTest(
  effect: Effect,
  { alpha, side }: { readonly alpha: number; readonly side: Side },
): Comparison {
  const df = degreesOfFreedom(effect);
  const t = effect.difference / effect.error;
  const { difference, error } = effect;
  if (side === "both") {
    const half = studentQuantile(1 - alpha / 2, df) * error;
    return { p: 2 * studentUpper(Math.abs(t), df), interval: [difference - half, difference + half] };
  }
  const half = studentQuantile(1 - alpha, df) * error;
  return side === "greater"
    ? { p: studentUpper(t, df), interval: [difference - half, Number.POSITIVE_INFINITY] }
    : { p: studentUpper(-t, df), interval: [Number.NEGATIVE_INFINITY, difference + half] };
}

/** What one believes of the lift before looking: a normal distribution, relative to the control's mean. */
export type Prior = { readonly mean: number; readonly variance: number };

export type Posterior = {
  readonly mean: number;
  readonly deviation: number;
  readonly interval: readonly [number, number];
  /** Probability that the treatment is the better one, in the direction that is better. */
  readonly chanceToWin: number;
  /** Expected loss: of staying with the control, of taking the treatment; in the scale of the effect, higher is better. */
  readonly risk: readonly [number, number];
};

/**
 * Normal posterior of the difference. Without a prior the data speak alone. A prior is on the relative scale and is carried over to
 * an absolute effect by the control's mean.
 */
export function bayesianComparison(
  effect: Effect,
  {
    alpha,
    prior,
    better,
  }: { readonly alpha: number; readonly prior: Prior | null; readonly better: "higher" | "lower" },
): Posterior {
  const unit = effect.scale === "absolute" ? Math.abs(effect.control.raw) : 1;
  const dataWeight = 1 / effect.error ** 2;
  const priorWeight = prior === null ? 0 : 1 / (prior.variance * unit * unit);
  const weight = dataWeight + priorWeight;
  const mean = (effect.difference * dataWeight + (prior?.mean ?? 0) * unit * priorWeight) / weight;
  const deviation = Math.sqrt(1 / weight);
  const half = normalQuantile(1 - alpha / 2) * deviation;
  return {
    mean,
    deviation,
    interval: [mean - half, mean + half],
    chanceToWin: better === "higher" ? normalUpper(-mean / deviation) : normalUpper(mean / deviation),
    risk: expectedLoss(mean, deviation),
  };
}

/** Closed form of E[max(Δ, 0)] and E[max(-Δ, 0)] for a normal Δ. */
export function expectedLoss(mean: number, deviation: number): readonly [number, number] {
  const z = mean / deviation;
  // Beyond this the density is 0 in double precision and the product with a tail would be lost.
  if (Math.abs(z) > 37) return [Math.max(mean, 0), Math.max(-mean, 0)];
  const centre = deviation * normalDensity(z);
  return [centre + mean * normalCdf(z), centre - mean * normalUpper(z)];
}
