import type { Comparison, Side } from "./compare";
import type { Effect } from "./difference";

/**
 * Asymptotic confidence sequences (Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas, arXiv 2103.06476v7): an interval that covers at
 * every look at once, so that a report may be read every day. `tuning` is the total number of units at which it is narrowest; it is
 * fixed before the start, because choosing it after a look would spend the guarantee.
 */
export const SEQUENTIAL_TUNING_DEFAULT = 5000;

export type SequentialOptions = { readonly alpha: number; readonly side: Side; readonly tuning: number };

/** rho of the mixture: makes the interval narrowest at `tuning` units. */
function mixtureScale(alpha: number, tuning: number): number {
  const spend = -2 * Math.log(alpha);
  return Math.sqrt((spend + Math.log(spend + 1)) / tuning);
}

/** Half of the interval as a multiple of the standard error, at `n` units in total: the sequential price of looking at any time. */
export function sequentialWidth(
  n: number,
  { alpha, tuning }: { readonly alpha: number; readonly tuning: number },
): number {
  const rho = mixtureScale(alpha, tuning);
  const scaled = n * rho * rho;
  return Math.sqrt(((2 * (scaled + 1)) / scaled) * Math.log(Math.sqrt(scaled + 1) / alpha));
}

/** A one-sided sequence: evidence grows as `growth` = ln(1 + root / 2 alpha), the half width is sqrt(scale * growth). Equation 134. */
function oneSided(n: number, { alpha, tuning }: SequentialOptions): { readonly scale: number; readonly root: number } {
  const scaled = n * mixtureScale(2 * alpha, tuning) ** 2;
  return { scale: (2 * (scaled + 1)) / scaled, root: Math.sqrt(scaled + 1) };
}

/** Interval and p value that hold however often and whenever one looks. */
export function sequentialTest(effect: Effect, options: SequentialOptions): Comparison {
  const { difference, error } = effect;
  const n = effect.control.n + effect.treatment.n;
  if (options.side === "both") {
    const half = sequentialWidth(n, options) * error;
    return { p: twoSidedP(difference / error, n, options), interval: [difference - half, difference + half] };
  }
  const { scale, root } = oneSided(n, options);
  const half = Math.sqrt(scale * Math.log(1 + root / (2 * options.alpha))) * error;
  // The mixture is that of the design's alpha: the p value is the alpha whose interval, drawn with it, just leaves zero out.
  const pOf = (z: number): number => (z <= 0 ? 1 : Math.min(1, root / (2 * Math.expm1((z * z) / scale))));
  const z = difference / error;
  return options.side === "greater"
    ? { p: pOf(z), interval: [difference - half, Number.POSITIVE_INFINITY] }
    : { p: pOf(-z), interval: [Number.NEGATIVE_INFINITY, difference + half] };
}

/** One over the e-value of the mixture martingale, at most 1. */
function twoSidedP(z: number, n: number, { alpha, tuning }: SequentialOptions): number {
  const scaled = n * mixtureScale(alpha, tuning) ** 2;
  const lnEvidence = (scaled * z * z) / (2 * (scaled + 1)) - 0.5 * Math.log(scaled + 1);
  return Math.min(1, Math.exp(-lnEvidence));
}
