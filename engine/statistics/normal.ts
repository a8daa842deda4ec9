import { gammaTails } from "./special";

/** Normal density at z. */
export function normalDensity(z: number): number {
  return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
}

/** P(Z > z), exact in the far tail (1e-9 relative down to 1e-300). erfc(x) = Q(1/2, x²). */
export function normalUpper(z: number): number {
  const tail = 0.5 * gammaTails(0.5, 0.5 * z * z).upper;
  return z >= 0 ? tail : 1 - tail;
}

/** P(Z <= z). */
export function normalCdf(z: number): number {
  return normalUpper(-z);
}

/** Complementary error function, 0..2. */
export function erfc(x: number): number {
  return 2 * normalUpper(x * Math.SQRT2);
}

/** Rational approximations of the quantile, relative error 1.2e-9 before the correction (P. J. Acklam 2003). */
const CENTRE_TOP = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239,
] as const;
const CENTRE_BOTTOM = [
  -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1,
] as const;
const TAIL_TOP = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
] as const;
const TAIL_BOTTOM = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1] as const;
const TAIL_BELOW = 0.02425;

const polynomial = (terms: readonly number[], x: number): number => terms.reduce((sum, term) => sum * x + term, 0);

/** z with P(Z <= z) = p, for p in [0, 1]: ±Infinity at the ends. One Halley step on the exact tail follows the approximation. */
export function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p <= 0) return p === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  const start = quantileNear(p);
  const miss = (normalCdf(start) - p) / normalDensity(start);
  return Number.isFinite(miss) ? start - miss / (1 + 0.5 * start * miss) : start;
}

function quantileNear(p: number): number {
  if (p < TAIL_BELOW) {
    const root = Math.sqrt(-2 * Math.log(p));
    return polynomial(TAIL_TOP, root) / polynomial(TAIL_BOTTOM, root);
  }
  const offset = p - 0.5;
  const square = offset * offset;
  return (polynomial(CENTRE_TOP, square) * offset) / polynomial(CENTRE_BOTTOM, square);
}
