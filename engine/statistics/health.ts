import { chiSquaredUpper } from "./distributions";

/** Alarm level of the sample-ratio check: GrowthBook's and Fabijan et al. 2019's, so that an alarm means a fault and not a bad day. */
export const SAMPLE_RATIO_ALARM = 0.001;
/** Below this many units per arm the check says nothing. */
const UNITS_PER_ARM_MIN = 8;

/**
 * p value of "the arms have the shares they were given" (chi-squared). Units in an arm of weight 0 make it 0: nobody should be there.
 * Arms of weight 0 without units are left out. 1 where there is nobody yet.
 */
export function sampleRatioP(arms: readonly { readonly units: number; readonly weight: number }[]): number {
  if (arms.some(({ units, weight }) => weight <= 0 && units > 0)) return 0;
  const drawn = arms.filter(({ weight }) => weight > 0);
  const units = drawn.reduce((sum, arm) => sum + arm.units, 0);
  const weights = drawn.reduce((sum, arm) => sum + arm.weight, 0);
  if (units === 0 || drawn.length < 2) return 1;
  const distance = drawn.reduce((sum, arm) => {
    const expected = (arm.weight / weights) * units;
    return sum + (arm.units - expected) ** 2 / expected;
  }, 0);
  return chiSquaredUpper(distance, drawn.length - 1);
}

/** Whether there are enough units for the check to speak. */
export function sampleRatioSpeaks(arms: readonly { readonly units: number }[]): boolean {
  return arms.reduce((sum, { units }) => sum + units, 0) >= arms.length * UNITS_PER_ARM_MIN;
}

/** Alarm level for a value from before exposure that differs between arms (GrowthBook's). */
export const BALANCE_ALARM = 0.001;
