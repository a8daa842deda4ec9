import { chiSquaredUpper } from "./distributions";
import type { LifeRow } from "./survival";

/** `gehan` weighs early events more (by those at risk); `log-rank` weighs all alike and is best where hazards are proportional. */
export type RankWeight = "log-rank" | "gehan";

export type LogRank = { readonly chiSquared: number; readonly degrees: number; readonly p: number };

/** Observed less expected events per group, and their covariance, both without the last group. */
type Score = { readonly gap: readonly number[]; readonly covariance: readonly (readonly number[])[] };

/**
 * Whether it happens equally fast in all groups (Mantel 1966; k groups by the quadratic form of Kalbfleisch & Prentice). Each
 * stratum is one list of groups in the same order: comparisons are made inside strata and summed. `null` where nothing can be said:
 * fewer than two groups, or no event at a time when two are at risk.
 */
export function logRank(
  strata: readonly (readonly (readonly LifeRow[])[])[],
  weight: RankWeight = "log-rank",
): LogRank | null {
  const groups = strata[0]?.length ?? 0;
  const degrees = groups - 1;
  if (degrees < 1) return null;
  const scores = strata.map((stratum) => scoreOf(stratum, weight));
  const gap = indices(degrees).map((row) => scores.reduce((sum, score) => sum + (score.gap[row] ?? 0), 0));
  const covariance = indices(degrees).map((row) =>
    indices(degrees).map((column) => scores.reduce((sum, score) => sum + (score.covariance[row]?.[column] ?? 0), 0)),
  );
  const solved = solve(covariance, gap);
  if (solved === null) return null;
  const chiSquared = solved.reduce((sum, value, index) => sum + value * (gap[index] ?? 0), 0);
  return { chiSquared, degrees, p: chiSquaredUpper(chiSquared, degrees) };
}

const indices = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

function scoreOf(groups: readonly (readonly LifeRow[])[], weight: RankWeight): Score {
  const degrees = groups.length - 1;
  const gap = indices(degrees).map(() => 0);
  const covariance = indices(degrees).map(() => indices(degrees).map(() => 0));
  const atRisk = groups.map((rows) => rows.reduce((sum, { events, censored }) => sum + events + censored, 0));
  const cursors = groups.map(() => 0);
  for (const time of timesOf(groups)) {
    const rows = groups.map((table, group) => {
      const row = table[cursors[group] ?? 0];
      return row?.time === time ? row : { time, events: 0, censored: 0 };
    });
    addMoment({ gap, covariance }, { atRisk, events: rows.map(({ events }) => events), weight });
    rows.forEach(({ events, censored }, group) => {
      if (events + censored === 0) return;
      atRisk[group] = (atRisk[group] ?? 0) - events - censored;
      cursors[group] = (cursors[group] ?? 0) + 1;
    });
  }
  return { gap, covariance };
}

function timesOf(groups: readonly (readonly LifeRow[])[]): readonly number[] {
  return [...new Set(groups.flatMap((rows) => rows.map(({ time }) => time)))].sort((left, right) => left - right);
}

type Moment = { readonly atRisk: readonly number[]; readonly events: readonly number[]; readonly weight: RankWeight };

/** Observed less expected at one time with the covariance of the multivariate hypergeometric distribution. */
function addMoment(into: { gap: number[]; covariance: number[][] }, { atRisk, events, weight }: Moment): void {
  const risk = atRisk.reduce((sum, n) => sum + n, 0);
  const died = events.reduce((sum, n) => sum + n, 0);
  if (died === 0) return;
  const scale = weight === "gehan" ? risk : 1;
  const spread = risk > 1 ? (died * (risk - died)) / (risk - 1) : 0;
  into.gap.forEach((_, row) => {
    const share = (atRisk[row] ?? 0) / risk;
    into.gap[row] = (into.gap[row] ?? 0) + scale * ((events[row] ?? 0) - died * share);
    const line = into.covariance[row];
    line?.forEach((_, column) => {
      const other = (atRisk[column] ?? 0) / risk;
      line[column] = (line[column] ?? 0) + scale * scale * spread * share * ((row === column ? 1 : 0) - other);
    });
  });
}

/** Pivots below this share of the largest entry mean that groups never stood side by side. */
const PIVOT_MIN = 1e-12;

/** x with A x = b by elimination with row exchange; `null` for a singular A. Sizes here are arms less one. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): readonly number[] | null {
  const rows = matrix.map((row, index) => [...row, right[index] ?? 0]);
  const largest = Math.max(...matrix.flat().map(Math.abs));
  for (let pivot = 0; pivot < rows.length; pivot += 1) {
    const best = indices(rows.length)
      .slice(pivot)
      .reduce((top, row) => (Math.abs(rows[row]?.[pivot] ?? 0) > Math.abs(rows[top]?.[pivot] ?? 0) ? row : top), pivot);
    const line = rows[best];
    const swapped = rows[pivot];
    if (line === undefined || swapped === undefined || !(Math.abs(line[pivot] ?? 0) > largest * PIVOT_MIN)) return null;
    rows[best] = swapped;
    rows[pivot] = line;
    rows.forEach((row, index) => {
      if (index === pivot) return;
      const factor = (row[pivot] ?? 0) / (line[pivot] ?? 1);
      for (let column = pivot; column < row.length; column += 1)
        row[column] = (row[column] ?? 0) - factor * (line[column] ?? 0);
    });
  }
  return rows.map((row, index) => (row[rows.length] ?? 0) / (row[index] ?? 1));
}
