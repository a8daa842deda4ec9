import { normalQuantile } from "./normal";
import { betaTails, gammaTails, lnGamma } from "./special";

/** P(T > t) of Student's t with `df` > 0 degrees of freedom (a fraction is fine: Welch). */
export function studentUpper(t: number, df: number): number {
  const square = t * t;
  const tail = 0.5 * betaTails(0.5 * df, 0.5, { x: df / (df + square), y: square / (df + square) }).lower;
  return t >= 0 ? tail : 1 - tail;
}

/** P(T <= t). */
export function studentCdf(t: number, df: number): number {
  return studentUpper(-t, df);
}

/** ln of the density of Student's t. */
function studentLnDensity(t: number, df: number): number {
  const scale = lnGamma(0.5 * (df + 1)) - lnGamma(0.5 * df) - 0.5 * Math.log(df * Math.PI);
  return scale - 0.5 * (df + 1) * Math.log1p((t * t) / df);
}

/** Newton on the log of the tail roughly doubles its digits a step; bisection takes over where it leaves the bracket. */
const QUANTILE_STEPS_MAX = 200;

/** t with P(T <= t) = p, for p in (0, 1) and df > 0. */
export function studentQuantile(p: number, df: number): number {
  if (p < 0.5) return -quantileAbove(p, df);
  return p === 0.5 ? 0 : quantileAbove(1 - p, df);
}

/** t > 0 with P(T > t) = tail, tail < 1/2. */
function quantileAbove(tail: number, df: number): number {
  let low = 0;
  let high = Math.max(1, -normalQuantile(tail));
  while (studentUpper(high, df) > tail && high < 1e300) {
    low = high;
    high *= 2;
  }
  let t = 0.5 * (low + high);
  for (let step = 0; step < QUANTILE_STEPS_MAX; step += 1) {
    const found = studentUpper(t, df);
    if (found > tail) low = t;
    else high = t;
    const slope = Math.exp(studentLnDensity(t, df)) / found;
    const newton = t + Math.log(found / tail) / slope;
    const next = newton > low && newton < high ? newton : 0.5 * (low + high);
    if (Math.abs(next - t) <= 1e-15 * t) return next;
    t = next;
  }
  return t;
}

/** P(X > x) of chi-squared with `df` > 0 degrees of freedom. */
export function chiSquaredUpper(x: number, df: number): number {
  return gammaTails(0.5 * df, 0.5 * x).upper;
}

/** P(X <= successes) of a binomial of `trials` at `probability`; successes 0..trials. */
export function binomialCdf(successes: number, trials: number, probability: number): number {
  if (successes >= trials) return 1;
  if (successes < 0) return 0;
  return betaTails(trials - successes, successes + 1, { x: 1 - probability, y: probability }).lower;
}

/** ln of n choose k. */
export function lnChoose(n: number, k: number): number {
  return lnGamma(n + 1) - lnGamma(k + 1) - lnGamma(n - k + 1);
}
