import { normalCdf, normalQuantile } from "./normal";
import { sequentialWidth } from "./sequential";

/** What is known of the control beforehand: mean and variance of one unit, in the metric's unit. `mean` is not 0. */
export type Outcome = { readonly mean: number; readonly variance: number };

/** A share of units, 0 < rate < 1. */
export const rateOutcome = (rate: number): Outcome => ({ mean: rate, variance: rate * (1 - rate) });

/**
 * Amount per unit where most pay nothing: v / m² = (1 - share) / share + cv² / share, with `cv` the deviation over the mean among
 * those who pay. This is why amounts need so many more people than rates.
 */
export function amountOutcome(payers: { readonly share: number; readonly mean: number; readonly cv: number }): Outcome {
  const mean = payers.share * payers.mean;
  return { mean, variance: ((1 - payers.share + payers.cv ** 2) / payers.share) * mean * mean };
}

/** Chance of a false positive, chance of finding what is there, and whether one may look at any time (`tuning`) or once (`null`). */
export type Design = { readonly alpha: number; readonly power: number; readonly tuning: number | null };
export type ArmSizes = { readonly control: number; readonly treatment: number };

/** Standard error of the relative lift: v / m² (1/n_T + (1 + lift)² / n_C). */
function liftError({ mean, variance }: Outcome, lift: number, { control, treatment }: ArmSizes): number {
  return Math.sqrt((variance / mean ** 2) * (1 / treatment + (1 + lift) ** 2 / control));
}

/** Factor on the standard error for looking at any time, at the total size of the two arms; 1 for one look. */
function inflation({ control, treatment }: ArmSizes, { alpha, tuning }: Omit<Design, "power">): number {
  if (tuning === null) return 1;
  return sequentialWidth(control + treatment, { alpha, tuning }) / normalQuantile(1 - alpha / 2);
}

/** Chance that a two-sided test finds a relative `lift` (0.1 = ten per cent). Normal approximation. */
export function powerOf(
  outcome: Outcome,
  lift: number,
  run: { readonly sizes: ArmSizes; readonly design: Omit<Design, "power"> },
): number {
  return powerAt(lift / (liftError(outcome, lift, run.sizes) * inflation(run.sizes, run.design)), run.design.alpha);
}

/** Power of a two-sided z test whose estimate lies `effect` standard errors from zero. */
export function powerAt(effect: number, alpha: number): number {
  const z = normalQuantile(1 - alpha / 2);
  return normalCdf(effect - z) + normalCdf(-effect - z);
}

/** z_{1-alpha/2} + z_power. */
const reach = ({ alpha, power }: Omit<Design, "tuning">): number =>
  normalQuantile(1 - alpha / 2) + normalQuantile(power);

/** Smallest relative lift found with the design's power; `null` where the arms are too small for any. */
export function smallestLift(outcome: Outcome, sizes: ArmSizes, design: Design): number | null {
  const spread = (reach(design) * inflation(sizes, design)) ** 2 * (outcome.variance / outcome.mean ** 2);
  const [ofControl, ofTreatment] = [spread / sizes.control, spread / sizes.treatment];
  const lead = 1 - ofControl;
  if (lead <= 0) return null;
  return (ofControl + Math.sqrt(ofControl ** 2 + lead * (ofControl + ofTreatment))) / lead;
}

/** Shares of all units that the two arms get; each > 0, together at most 1 (other arms and people outside take the rest). */
export type Shares = { readonly control: number; readonly treatment: number };

/** No plan is made for more people than this: it is everybody. */
const UNITS_MAX = 1e10;

/**
 * Units needed over all arms to find a relative lift: N = z² v / (m² lift²) (1/w_T + (1 + lift)²/w_C); with a sequential design the
 * smallest N whose own inflation is paid. `null` above ten thousand million.
 */
export function unitsFor(
  outcome: Outcome,
  lift: number,
  run: { readonly shares: Shares; readonly design: Design },
): number | null {
  const { shares, design } = run;
  const sizesAt = (units: number): ArmSizes => ({
    control: units * shares.control,
    treatment: units * shares.treatment,
  });
  const z = reach(design);
  const enough = (units: number): boolean => {
    const sizes = sizesAt(units);
    return Math.abs(lift) >= z * inflation(sizes, design) * liftError(outcome, lift, sizes);
  };
  const once = (z * liftError(outcome, lift, shares)) ** 2 / lift ** 2;
  if (design.tuning === null) return once <= UNITS_MAX ? once : null;
  let low = once;
  let high = 2 * once;
  while (!enough(high)) {
    if (high > UNITS_MAX) return null;
    low = high;
    high *= 2;
  }
  // One unit is the last digit anybody can act on.
  while (high - low > 0.5) {
    const middle = 0.5 * (low + high);
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** How much longer an experiment in flight must run: factor s so that (1 + s) times the units reach the design's power; 0 = enough now. */
export function unitsStillNeeded(error: number, lift: number, { alpha, power }: Omit<Design, "tuning">): number {
  return Math.max(0, ((reach({ alpha, power }) * error) / lift) ** 2 - 1);
}

/** Days to enrol `units`, then to let the last of them mature, in whole weeks so that every weekday counts alike. */
export function daysFor(
  units: number,
  flow: { readonly unitsPerDay: number; readonly windowDays: number; readonly minimumDays: number },
): number {
  const days = Math.ceil(units / flow.unitsPerDay) + flow.windowDays;
  return Math.ceil(Math.max(days, flow.minimumDays) / 7) * 7;
}

/** Events over both arms to find a hazard ratio by log-rank (Schoenfeld 1981). `shares` are of the two arms and sum to 1. */
export function eventsForHazard(
  ratio: number,
  { shares, design }: { readonly shares: Shares; readonly design: Omit<Design, "tuning"> },
): number {
  return reach(design) ** 2 / (shares.control * shares.treatment * Math.log(ratio) ** 2);
}

/** Power of two proportions with n1 and n2 units, two-sided, unpooled variance. */
export function powerOfRates(
  rates: readonly [number, number],
  sizes: readonly [number, number],
  alpha: number,
): number {
  const error = Math.sqrt((rates[0] * (1 - rates[0])) / sizes[0] + (rates[1] * (1 - rates[1])) / sizes[1]);
  return powerAt(Math.abs(rates[1] - rates[0]) / error, alpha);
}
