import { InvariantError } from "../model/invariant";

/**
 * The functions every tail probability here rests on, in double precision. Relative error at most 1e-9 also far out in the tails
 * (`special.test.ts` holds them to published numbers): the JavaScript libraries measured beforehand lose the tails or large
 * degrees of freedom.
 */

/** Continued fractions need about the square root of their largest parameter: enough for 1e8 degrees of freedom. */
const STEPS_MAX = 50_000;
const PRECISION = 1e-15;
/** Smallest divisor of Lentz's method: keeps a zero from ending the fraction. */
const TINY = 1e-300;
const LN_SQRT_TWO_PI = 0.9189385332046727;

/** Lanczos approximation, g = 7 with nine terms (P. Godfrey 2001). */
const LANCZOS_G = 7;
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;

/** ln Γ(x) for x > 0; absolute error about 1e-14. */
export function lnGamma(x: number): number {
  const [first, ...rest] = LANCZOS;
  const shifted = x - 1;
  const base = shifted + LANCZOS_G + 0.5;
  const series = rest.reduce((sum, term, index) => sum + term / (shifted + index + 1), first as number);
  return LN_SQRT_TWO_PI + (shifted + 0.5) * Math.log(base) - base + Math.log(series);
}

/** From here on the series of the Stirling error is exact to the last digit. */
const STIRLING_SERIES_FROM = 16;

/** ln Γ(z + 1) less Stirling's formula: (z + 1/2) ln z - z + ln sqrt(2 pi). For z > 0. Loader 2000, Abramowitz & Stegun 6.1.41. */
function stirlingError(z: number): number {
  if (z < STIRLING_SERIES_FROM) return lnGamma(z + 1) - (z + 0.5) * Math.log(z) + z - LN_SQRT_TWO_PI;
  const square = z * z;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / z;
}

/** x ln(x / np) + np - x without cancellation where x is near np (Loader 2000, "bd0"). */
function deviance(x: number, np: number): number {
  const gap = x - np;
  if (Math.abs(gap) >= 0.1 * (x + np)) return x * Math.log(x / np) + np - x;
  const ratio = gap / (x + np);
  let sum = gap * ratio;
  let term = 2 * x * ratio;
  for (let index = 1; index < STEPS_MAX; index += 1) {
    term *= ratio * ratio;
    const next = sum + term / (2 * index + 1);
    if (next === sum) return next;
    sum = next;
  }
  return sum;
}

/** Both tails of a distribution function, each computed where it is small: `lower + upper = 1`. */
export type Tails = { readonly lower: number; readonly upper: number };

const tailsOf = (tail: number, isLower: boolean): Tails =>
  isLower ? { lower: tail, upper: 1 - tail } : { lower: 1 - tail, upper: tail };

/** What is beside the continued fraction of a tail of the beta distribution: x^a y^b / B(a, b). */
function betaPrefactor(a: number, b: number, { x, y }: { readonly x: number; readonly y: number }): number {
  const n = a + b;
  const exponent = stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, n * x) - deviance(b, n * y);
  return Math.exp(exponent) * Math.sqrt((a * b) / (2 * Math.PI * n));
}

/**
 * Regularised incomplete beta function at x with y = 1 - x given apart, so that neither loses digits: I_x(a, b) and 1 - I_x(a, b).
 * a, b > 0; x, y in [0, 1]. Continued fraction by Lentz's method (DLMF 8.17.22).
 */
export function betaTails(a: number, b: number, at: { readonly x: number; readonly y: number }): Tails {
  if (at.x <= 0) return { lower: 0, upper: 1 };
  if (at.y <= 0) return { lower: 1, upper: 0 };
  const front = betaPrefactor(a, b, at);
  return at.x < (a + 1) / (a + b + 2)
    ? tailsOf((front * betaFraction(a, b, at.x)) / a, true)
    : tailsOf((front * betaFraction(b, a, at.y)) / b, false);
}

function betaFraction(a: number, b: number, x: number): number {
  let c = 1;
  let d = 1 / atLeastTiny(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < STEPS_MAX; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / atLeastTiny(1 + even * d);
    c = atLeastTiny(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / atLeastTiny(1 + odd * d);
    c = atLeastTiny(1 + odd / c);
    const step = d * c;
    fraction *= step;
    if (Math.abs(step - 1) < PRECISION) return fraction;
  }
  throw new InvariantError("statistics.beta-steps", { a, b, x });
}

const atLeastTiny = (value: number): number => (Math.abs(value) < TINY ? TINY : value);

/** Regularised incomplete gamma function: P(a, x) and Q(a, x) for a > 0, x >= 0. Series below a + 1, continued fraction above (DLMF 8.7.1, 8.9.2). */
export function gammaTails(a: number, x: number): Tails {
  if (x <= 0) return { lower: 0, upper: 1 };
  const front = Math.exp(-stirlingError(a) - deviance(a, x)) / Math.sqrt(2 * Math.PI * a);
  return x < a + 1 ? tailsOf(front * gammaSeries(a, x), true) : tailsOf(front * a * gammaFraction(a, x), false);
}

function gammaSeries(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let index = 1; index < STEPS_MAX; index += 1) {
    term *= x / (a + index);
    sum += term;
    if (term < sum * PRECISION) return sum;
  }
  throw new InvariantError("statistics.gamma-steps", { a, x });
}

function gammaFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let fraction = d;
  for (let index = 1; index < STEPS_MAX; index += 1) {
    const numerator = -index * (index - a);
    b += 2;
    d = 1 / atLeastTiny(numerator * d + b);
    c = atLeastTiny(b + numerator / c);
    const step = d * c;
    fraction *= step;
    if (Math.abs(step - 1) < PRECISION) return fraction;
  }
  throw new InvariantError("statistics.gamma-steps", { a, x });
}
