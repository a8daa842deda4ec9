import { InvariantError } from "../model/invariant";
import { normalQuantile } from "./normal";

/**
 * One moment of a life table: of those still under observation just before `time`, `events` had it happen and `censored` left
 * without it (window over, debt sold, death, end of data). Times ascending, each once. This is what one `GROUP BY day` gives.
 */
export type LifeRow = { readonly time: number; readonly events: number; readonly censored: number };

/** A life table of single observations; ties are normal, days are whole. */
export function lifeTable(
  observations: Iterable<{ readonly time: number; readonly event: boolean }>,
): readonly LifeRow[] {
  const rows = new Map<number, { events: number; censored: number }>();
  for (const { time, event } of observations) {
    const row = rows.get(time) ?? { events: 0, censored: 0 };
    if (event) row.events += 1;
    else row.censored += 1;
    rows.set(time, row);
  }
  return [...rows].map(([time, row]) => ({ time, ...row })).sort((left, right) => left.time - right.time);
}

/** The curve just after `time`. `error` is Greenwood's standard error of `share`; NaN where nobody is left. */
export type SurvivalPoint = {
  readonly time: number;
  readonly atRisk: number;
  readonly events: number;
  /** Share to whom it has not happened. */
  readonly share: number;
  readonly error: number;
};

/** Kaplan–Meier product-limit curve, one point per moment with an event or a departure. */
export function kaplanMeier(table: readonly LifeRow[]): readonly SurvivalPoint[] {
  let atRisk = table.reduce((sum, { events, censored }) => sum + events + censored, 0);
  let share = 1;
  let greenwood = 0;
  let before = Number.NEGATIVE_INFINITY;
  return table.map(({ time, events, censored }) => {
    if (time <= before) throw new InvariantError("statistics.life-table-order", { time });
    before = time;
    share *= 1 - events / atRisk;
    greenwood += events / (atRisk * (atRisk - events));
    const point = { time, atRisk, events, share, error: share * Math.sqrt(greenwood) };
    atRisk -= events + censored;
    return point;
  });
}

/** The share at a time: 1 before the first moment. */
export function shareAt(curve: readonly SurvivalPoint[], time: number): number {
  return curve.findLast((point) => point.time <= time)?.share ?? 1;
}

/** First time at which at most half are left; `null` where more than half still are. */
export function medianTime(curve: readonly SurvivalPoint[]): number | null {
  return curve.find(({ share }) => share <= 0.5)?.time ?? null;
}

/** Interval of the share from log(-log S), which stays inside [0, 1] (Kalbfleisch & Prentice). */
export function logLogInterval({ share, error }: SurvivalPoint, alpha: number): readonly [number, number] {
  if (share <= 0 || share >= 1 || !(error > 0)) return [share, share];
  const ln = Math.log(share);
  const half = (normalQuantile(1 - alpha / 2) * error) / Math.abs(share * ln);
  return [Math.exp(ln * Math.exp(half)), Math.exp(ln * Math.exp(-half))];
}

/** Mean time up to `horizon` (area under the curve) in the unit of the times, with its standard error. */
export type RestrictedMean = { readonly mean: number; readonly error: number; readonly horizon: number };

/** Restricted mean survival time: ∫₀^horizon S, var = Σ A_i² d_i / (n_i (n_i - d_i)), A_i the area from t_i on (Greenwood's form). */
export function restrictedMean(curve: readonly SurvivalPoint[], horizon: number): RestrictedMean {
  const within = curve.filter(({ time }) => time < horizon);
  let area = 0;
  let variance = 0;
  for (let index = within.length - 1; index >= 0; index -= 1) {
    const point = within[index];
    if (point === undefined) continue;
    const until = within[index + 1]?.time ?? horizon;
    area += point.share * (until - point.time);
    const left = point.atRisk - point.events;
    // Where the last ones at risk all had it, nothing lies beyond and the term is 0.
    if (left > 0) variance += (area * area * point.events) / (point.atRisk * left);
  }
  const first = within[0]?.time ?? horizon;
  return { mean: area + first, error: Math.sqrt(variance), horizon };
}

/** Difference of two restricted means, treatment - control: how many days sooner (negative) or later. Two-sided interval. */
export function restrictedMeanDifference(
  { control, treatment }: { readonly control: RestrictedMean; readonly treatment: RestrictedMean },
  alpha: number,
): { readonly difference: number; readonly error: number; readonly interval: readonly [number, number] } {
  if (control.horizon !== treatment.horizon)
    throw new InvariantError("statistics.horizons", { horizon: control.horizon });
  const difference = treatment.mean - control.mean;
  const error = Math.hypot(control.error, treatment.error);
  const half = normalQuantile(1 - alpha / 2) * error;
  return { difference, error, interval: [difference - half, difference + half] };
}
