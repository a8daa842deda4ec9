import { type Effect, effectWith, type NoEffect, type Pair, plainEffect, type Scale } from "./difference";
import {
  type AdjustedRatioSample,
  covarianceOf,
  type Moments,
  type RatioSample,
  ratioMoments,
  type Sums,
  varianceOf,
} from "./sample";

/** Below this the ratio before explains nothing and is left out, as gbstats does. */
const ADJUSTMENT_MIN = 1e-8;

/** Weights of (numerator after, denominator after, numerator before, denominator before) in a linear form. */
type Form = readonly [number, number, number, number];

const columnsOf = ({ after, before }: AdjustedRatioSample): readonly [Sums, Sums, Sums, Sums] => [
  after.numerator,
  after.denominator,
  before.numerator,
  before.denominator,
];

/** Covariance of two of the four columns. */
function covarianceAt(sample: AdjustedRatioSample, row: number, column: number): number {
  const sums = columnsOf(sample);
  const [left, right] = [sums[row], sums[column]];
  if (left === undefined || right === undefined) return 0;
  if (row === column) return varianceOf(left, sample.n);
  return covarianceOf(productAt(sample, Math.min(row, column), Math.max(row, column)), [left.sum, right.sum], sample.n);
}

/** Sum of products of two different columns, the earlier one first. */
function productAt({ products }: AdjustedRatioSample, row: number, column: number): number {
  const ofNumeratorAfter = [0, products.afterAfter, products.numeratorNumerator, products.numeratorDenominator];
  const ofDenominatorAfter = [0, 0, products.denominatorNumerator, products.denominatorDenominator];
  const table = [ofNumeratorAfter, ofDenominatorAfter, [0, 0, 0, products.beforeBefore]];
  return table[row]?.[column] ?? 0;
}

function formCovariance(sample: AdjustedRatioSample, left: Form, right: Form): number {
  let sum = 0;
  for (let row = 0; row < 4; row += 1) {
    for (let column = 0; column < 4; column += 1) {
      const weight = (left[row] ?? 0) * (right[column] ?? 0);
      if (weight !== 0) sum += weight * covarianceAt(sample, row, column);
    }
  }
  return sum;
}

/** Linear parts of the ratio after and of the ratio before. */
function formsOf({ n, after, before }: AdjustedRatioSample): { readonly after: Form; readonly before: Form } {
  const [dAfter, dBefore] = [after.denominator.sum / n, before.denominator.sum / n];
  const [after1, before1] = [after.numerator.sum / n, before.numerator.sum / n];
  return {
    after: [1 / dAfter, -after1 / (dAfter * dAfter), 0, 0],
    before: [0, 0, 1 / dBefore, -before1 / (dBefore * dBefore)],
  };
}

const ratioAfter = ({ n, after, products }: AdjustedRatioSample): RatioSample => ({
  shape: "ratio",
  n,
  ...after,
  sumProducts: products.afterAfter,
});

/** A ratio cleared of what the same ratio said before exposure: delta method over the four sums (gbstats, MIT). */
export function adjustedRatioEffect(pair: Pair<AdjustedRatioSample>, scale: Scale): Effect | NoEffect {
  const arms = [pair.control, pair.treatment];
  if (arms.some(({ n, after }) => n === 0 || after.denominator.sum === 0)) return "control-is-zero";
  const theta = arms.some(({ before }) => before.denominator.sum === 0) ? 0 : adjustmentOfRatio(arms);
  if (Math.abs(theta) < ADJUSTMENT_MIN) return unadjusted(pair, scale);
  const moments = (sample: AdjustedRatioSample): Moments => {
    const forms = formsOf(sample);
    const form = combined(forms.after, forms.before, -theta);
    const raw = sample.after.numerator.sum / sample.after.denominator.sum;
    const before = sample.before.numerator.sum / sample.before.denominator.sum;
    return { n: sample.n, raw, mean: raw - theta * before, variance: formCovariance(sample, form, form) };
  };
  const control = moments(pair.control);
  const treatment = moments(pair.treatment);
  if (scale === "absolute") return plainEffect({ control, treatment }, scale);
  if (control.raw === 0) return "control-is-zero";
  const base = Math.abs(control.raw);
  const forms = formsOf(pair.control);
  const lifted = 1 + (treatment.mean - control.mean) / base;
  const ofControl = combined(scaled(forms.after, -lifted), forms.before, theta);
  const variance =
    (treatment.variance / treatment.n + formCovariance(pair.control, ofControl, ofControl) / control.n) / (base * base);
  return effectWith({ control, treatment }, scale, variance);
}

function unadjusted(pair: Pair<AdjustedRatioSample>, scale: Scale): Effect | NoEffect {
  const control = ratioMoments(ratioAfter(pair.control));
  const treatment = ratioMoments(ratioAfter(pair.treatment));
  return control === null || treatment === null ? "control-is-zero" : plainEffect({ control, treatment }, scale);
}

function adjustmentOfRatio(arms: readonly AdjustedRatioSample[]): number {
  let covariance = 0;
  let variance = 0;
  for (const arm of arms) {
    const forms = formsOf(arm);
    covariance += formCovariance(arm, forms.after, forms.before);
    variance += formCovariance(arm, forms.before, forms.before);
  }
  return variance <= 0 ? 0 : covariance / variance;
}

const scaled = (form: Form, by: number): Form => [form[0] * by, form[1] * by, form[2] * by, form[3] * by];

function combined(left: Form, right: Form, weight: number): Form {
  const [a, b, c, d] = scaled(right, weight);
  return [left[0] + a, left[1] + b, left[2] + c, left[3] + d];
}
