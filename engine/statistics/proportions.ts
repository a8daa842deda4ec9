import { lnChoose } from "./distributions";
import { normalQuantile, normalUpper } from "./normal";

/** Successes out of trials; 0 <= successes <= trials. */
export type Count = { readonly successes: number; readonly trials: number };
export type CountPair = { readonly control: Count; readonly treatment: Count };

/** Two proportions with a pooled variance, two-sided. `null` where neither group varies. */
export function pooledZ({ control, treatment }: CountPair): { readonly z: number; readonly p: number } | null {
  const pooled = (control.successes + treatment.successes) / (control.trials + treatment.trials);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / control.trials + 1 / treatment.trials));
  if (!(error > 0)) return null;
  const z = (treatment.successes / treatment.trials - control.successes / control.trials) / error;
  return { z, p: 2 * normalUpper(Math.abs(z)) };
}

/** Interval of one proportion that stays inside [0, 1] (E. B. Wilson 1927). */
export function wilsonInterval({ successes, trials }: Count, alpha: number): readonly [number, number] {
  if (trials === 0) return [0, 1];
  const z = normalQuantile(1 - alpha / 2);
  const share = successes / trials;
  const scale = 1 + (z * z) / trials;
  const centre = (share + (z * z) / (2 * trials)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/** Interval of the difference treatment - control from the two Wilson intervals (R. G. Newcombe 1998, method 10). */
export function newcombeInterval({ control, treatment }: CountPair, alpha: number): readonly [number, number] {
  const [c, t] = [control.successes / control.trials, treatment.successes / treatment.trials];
  const [cLow, cHigh] = wilsonInterval(control, alpha);
  const [tLow, tHigh] = wilsonInterval(treatment, alpha);
  return [t - c - Math.hypot(t - tLow, cHigh - c), t - c + Math.hypot(tHigh - t, c - cLow)];
}

/** Tables as probable as the one seen, up to rounding, count as extreme as it (as R's `fisher.test` does). */
const AS_PROBABLE = 1 + 1e-7;

/** Fisher's exact test, two-sided: for tables with a cell below five. Time is linear in the smaller margin. */
export function fisherExact({ control, treatment }: CountPair): number {
  const successes = control.successes + treatment.successes;
  const lnAll = lnChoose(control.trials + treatment.trials, successes);
  const probability = (inTreatment: number): number =>
    Math.exp(lnChoose(treatment.trials, inTreatment) + lnChoose(control.trials, successes - inTreatment) - lnAll);
  const seen = probability(treatment.successes) * AS_PROBABLE;
  let p = 0;
  const most = Math.min(successes, treatment.trials);
  for (let count = Math.max(0, successes - control.trials); count <= most; count += 1) {
    const each = probability(count);
    if (each <= seen) p += each;
  }
  return Math.min(1, p);
}

/** Below this many in a cell of the table normal approximations are not trusted. */
const CELL_MIN = 5;

export function isSparse({ control, treatment }: CountPair): boolean {
  return [control, treatment].some(({ successes, trials }) => successes < CELL_MIN || trials - successes < CELL_MIN);
}
