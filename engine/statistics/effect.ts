import { adjustedRatioEffect } from "./adjusted-ratio";
import { type Effect, effectWith, type NoEffect, type Pair, plainEffect, type Scale } from "./difference";
import {
  type AdjustedMeanSample,
  addAdjustedMeans,
  covarianceOf,
  type MeanSample,
  type Moments,
  meanMoments,
  type ProportionSample,
  proportionMoments,
  type RatioSample,
  ratioMoments,
  type Sample,
  varianceOf,
} from "./sample";

/**
 * Difference of two arms and its standard error.
 * Absolute: Δ = m_T - m_C, var = s²_T/n_T + s²_C/n_C. Relative, by the delta method:
 * Δ = (m_T - m_C)/|m_C|, var = s²_T/(n_T m_C²) + s²_C m_T²/(n_C m_C⁴); m_C is the unadjusted mean. The formulas are those of
 * GrowthBook's gbstats (MIT), which the vectors come from.
 */
export function effectOf(pair: Pair, scale: Scale): Effect | NoEffect {
  switch (pair.control.shape) {
    case "proportion":
      return plainEffect(both(pair as Pair<ProportionSample>, proportionMoments), scale);
    case "mean":
      return plainEffect(both(pair as Pair<MeanSample>, meanMoments), scale);
    case "ratio": {
      const { control, treatment } = both(pair as Pair<RatioSample>, ratioMoments);
      return control === null || treatment === null ? "control-is-zero" : plainEffect({ control, treatment }, scale);
    }
    case "adjusted-mean":
      return adjustedMeanEffect(pair as Pair<AdjustedMeanSample>, scale);
    case "adjusted-ratio":
      return adjustedRatioEffect(pair as Pair<Extract<Sample, { shape: "adjusted-ratio" }>>, scale);
  }
}

function both<TSample, TOut>(
  { control, treatment }: { readonly control: TSample; readonly treatment: TSample },
  make: (sample: TSample) => TOut,
): { readonly control: TOut; readonly treatment: TOut } {
  return { control: make(control), treatment: make(treatment) };
}

/** How much of the value before is taken off: cov(after, before) / var(before) over both arms together; 0 where either does not vary. */
export function adjustmentOf({ control, treatment }: Pair<AdjustedMeanSample>): number {
  const all = addAdjustedMeans(control, treatment);
  const before = varianceOf(all.before, all.n);
  if (before <= 0 || varianceOf(all.after, all.n) <= 0) return 0;
  return covarianceOf(all.sumProducts, [all.after.sum, all.before.sum], all.n) / before;
}

function adjustedMeanEffect(pair: Pair<AdjustedMeanSample>, scale: Scale): Effect | NoEffect {
  const theta = adjustmentOf(pair);
  const moments = ({ n, after, before, sumProducts }: AdjustedMeanSample): Moments => {
    const covariance = covarianceOf(sumProducts, [after.sum, before.sum], n);
    const spread = varianceOf(after, n) + theta * theta * varianceOf(before, n) - 2 * theta * covariance;
    return { n, raw: after.sum / n, mean: (after.sum - theta * before.sum) / n, variance: spread };
  };
  const arms = both(pair, moments);
  if (scale === "absolute" || theta === 0) return plainEffect(arms, scale);
  const { control, treatment } = arms;
  if (control.raw === 0) return "control-is-zero";
  const { n, after, before, sumProducts } = pair.control;
  const lift = treatment.raw / control.raw;
  const spreadOfControl =
    varianceOf(after, n) * lift * lift -
    2 * theta * covarianceOf(sumProducts, [after.sum, before.sum], n) * lift +
    theta * theta * varianceOf(before, n);
  const variance = (treatment.variance / treatment.n + spreadOfControl / n) / (control.raw * control.raw);
  return effectWith(arms, scale, variance);
}
