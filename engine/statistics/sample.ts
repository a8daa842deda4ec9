import { InvariantError } from "../model/invariant";

/**
 * Sufficient statistics of one arm: all that any test here needs, and what one `GROUP BY` gives. Sums are over units of analysis
 * (persons), zeros included, in the metric's own unit. Adding two samples of one shape is the sample of both groups together.
 */
export type Sums = { readonly sum: number; readonly sumSquares: number };

export type ProportionSample = { readonly shape: "proportion"; readonly n: number; readonly successes: number };
export type MeanSample = { readonly shape: "mean"; readonly n: number } & Sums;
/** Sum of a numerator over sum of a denominator, both per unit: recovered over due, cost over recovered. */
export type RatioSample = {
  readonly shape: "ratio";
  readonly n: number;
  readonly numerator: Sums;
  readonly denominator: Sums;
  readonly sumProducts: number;
};
/** A mean with the same units' value from before exposure, which explains part of its spread (CUPED, Deng et al. 2013). */
export type AdjustedMeanSample = {
  readonly shape: "adjusted-mean";
  readonly n: number;
  readonly after: Sums;
  readonly before: Sums;
  readonly sumProducts: number;
};
/** A ratio with the same ratio from before exposure. Products are sums over units of the two named columns. */
export type AdjustedRatioSample = {
  readonly shape: "adjusted-ratio";
  readonly n: number;
  readonly after: { readonly numerator: Sums; readonly denominator: Sums };
  readonly before: { readonly numerator: Sums; readonly denominator: Sums };
  readonly products: {
    readonly afterAfter: number;
    readonly beforeBefore: number;
    readonly numeratorNumerator: number;
    readonly denominatorDenominator: number;
    /** Numerator after × denominator before. */
    readonly numeratorDenominator: number;
    /** Denominator after × numerator before. */
    readonly denominatorNumerator: number;
  };
};
export type Sample = ProportionSample | MeanSample | RatioSample | AdjustedMeanSample | AdjustedRatioSample;

/** Unbiased variance from sums: (Σx² - (Σx)²/n) / (n - 1); 0 for fewer than two units. Negative only where the sums cannot be true. */
export function varianceOf({ sum, sumSquares }: Sums, n: number): number {
  return n <= 1 ? 0 : (sumSquares - (sum * sum) / n) / (n - 1);
}

/** Unbiased covariance from Σxy, Σx and Σy. */
export function covarianceOf(sumProducts: number, sums: readonly [number, number], n: number): number {
  return n <= 1 ? 0 : (sumProducts - (sums[0] * sums[1]) / n) / (n - 1);
}

/** A mean of one arm as the tests see it: `variance` is of one unit, not of the mean. `raw` is the mean before any adjustment. */
export type Moments = { readonly n: number; readonly mean: number; readonly raw: number; readonly variance: number };

export function proportionMoments({ n, successes }: ProportionSample): Moments {
  const mean = n === 0 ? 0 : successes / n;
  return { n, mean, raw: mean, variance: mean * (1 - mean) };
}

export function meanMoments({ n, sum, sumSquares }: Omit<MeanSample, "shape">): Moments {
  const mean = n === 0 ? 0 : sum / n;
  return { n, mean, raw: mean, variance: varianceOf({ sum, sumSquares }, n) };
}

/** Ratio of sums with the variance of its linear part (delta method: Deng, Knoblich & Lu 2018). `null` where nothing is divided by. */
export function ratioMoments({ n, numerator, denominator, sumProducts }: RatioSample): Moments | null {
  if (n === 0 || denominator.sum === 0) return null;
  const mean = numerator.sum / denominator.sum;
  const perUnit = denominator.sum / n;
  const spread =
    varianceOf(numerator, n) -
    2 * mean * covarianceOf(sumProducts, [numerator.sum, denominator.sum], n) +
    mean * mean * varianceOf(denominator, n);
  return { n, mean, raw: mean, variance: spread / (perUnit * perUnit) };
}

const plus = (left: Sums, right: Sums): Sums => ({
  sum: left.sum + right.sum,
  sumSquares: left.sumSquares + right.sumSquares,
});

export function addAdjustedMeans(left: AdjustedMeanSample, right: AdjustedMeanSample): AdjustedMeanSample {
  return {
    shape: "adjusted-mean",
    n: left.n + right.n,
    after: plus(left.after, right.after),
    before: plus(left.before, right.before),
    sumProducts: left.sumProducts + right.sumProducts,
  };
}

type Summable = Exclude<Sample, AdjustedRatioSample>;

/** Both groups together. They must be of one shape: anything else is our bug. */
export function addSamples<TSample extends Summable>(left: TSample, right: TSample): TSample;
export function addSamples(left: Summable, right: Summable): Summable {
  const n = left.n + right.n;
  if (left.shape === "proportion" && right.shape === "proportion") {
    return { shape: "proportion", n, successes: left.successes + right.successes };
  }
  if (left.shape === "mean" && right.shape === "mean") return { shape: "mean", n, ...plus(left, right) };
  if (left.shape === "adjusted-mean" && right.shape === "adjusted-mean") return addAdjustedMeans(left, right);
  if (left.shape === "ratio" && right.shape === "ratio") {
    return {
      shape: "ratio",
      n,
      numerator: plus(left.numerator, right.numerator),
      denominator: plus(left.denominator, right.denominator),
      sumProducts: left.sumProducts + right.sumProducts,
    };
  }
  throw new InvariantError("statistics.shapes", { left: left.shape, right: right.shape });
}
