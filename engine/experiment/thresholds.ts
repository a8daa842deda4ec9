import { type Discontinuity, discontinuityAt } from "../statistics/discontinuity";

/** A person whose treatment was decided by a number: no chance was in it. */
export type RuledRow = {
  readonly arm: string;
  readonly x: number;
  readonly y: number;
  readonly others: { readonly [column: string]: number | null };
};

/** The number at which people pass from one arm to the next. */
export type Threshold = { readonly lower: string; readonly upper: string; readonly at: number };

const ARMS_MAX = 50;

/**
 * Where the arms follow from the number alone: their ranges lie side by side. `null` where two ranges overlap, so that something else
 * decided too. The threshold between the last of one arm and the first of the next is the roundest number there.
 */
export function thresholdsOf(rows: readonly RuledRow[]): readonly Threshold[] | null {
  const ranges = new Map<string, { low: number; high: number }>();
  for (const { arm, x } of rows) {
    const known = ranges.get(arm);
    if (known === undefined) ranges.set(arm, { low: x, high: x });
    else {
      known.low = Math.min(known.low, x);
      known.high = Math.max(known.high, x);
    }
  }
  if (ranges.size < 2 || ranges.size > ARMS_MAX) return null;
  const ordered = [...ranges].sort(([, left], [, right]) => left.low - right.low);
  const found: Threshold[] = [];
  for (const [index, [upper, range]] of ordered.entries()) {
    const before = ordered[index - 1];
    if (before === undefined) continue;
    if (before[1].high >= range.low) return null;
    found.push({ lower: before[0], upper, at: roundestBetween(before[1].high, range.low) });
  }
  return found;
}

/** The number with the fewest digits in [low, high). */
function roundestBetween(low: number, high: number): number {
  for (let exponent = 12; exponent >= -6; exponent -= 1) {
    const unit = 10 ** exponent;
    const candidate = Math.ceil(low / unit) * unit;
    if (candidate < high) return Number(candidate.toPrecision(12));
  }
  return low;
}

export type ThresholdEstimate = {
  readonly threshold: Threshold;
  /** `null` where too few people stand near it. */
  readonly estimate: Discontinuity | null;
  /** The same with half the bandwidth: far apart, and a curve is mistaken for a jump. */
  readonly halved: Discontinuity | null;
  /** Jumps in what the treatment cannot have changed (age): small p, and the sides were different. */
  readonly others: readonly { readonly column: string; readonly p: number }[];
};

/** What can be said where chance assigned nobody: the jump of the outcome at each threshold. Bandwidth: to the nearer next threshold, or given. */
export function estimatesAt(
  rows: readonly RuledRow[],
  thresholds: readonly Threshold[],
  { alpha, bandwidth }: { readonly alpha: number; readonly bandwidth: number | null },
): readonly ThresholdEstimate[] {
  const columns = Object.keys(rows[0]?.others ?? {});
  return thresholds.map((threshold) => {
    const place = { threshold: threshold.at, bandwidth: bandwidth ?? bandwidthAt(thresholds, threshold, rows) };
    const halved = { ...place, bandwidth: place.bandwidth / 2 };
    return {
      threshold,
      estimate: discontinuityAt(rows, place, alpha),
      halved: discontinuityAt(rows, halved, alpha),
      others: columns.flatMap((column) => {
        const points = rows.flatMap(({ x, others }) => {
          const y = others[column] ?? null;
          return y === null ? [] : [{ x, y }];
        });
        const found = discontinuityAt(points, place, alpha);
        return found === null ? [] : [{ column, p: found.p }];
      }),
    };
  });
}

/** As wide as no other threshold comes into it; with a single one, half of what the data span. */
function bandwidthAt(thresholds: readonly Threshold[], { at }: Threshold, rows: readonly RuledRow[]): number {
  const gaps = thresholds.filter((other) => other.at !== at).map((other) => Math.abs(other.at - at));
  if (gaps.length > 0) return Math.min(...gaps);
  const [low, high] = rows.reduce(([least, most], { x }) => [Math.min(least, x), Math.max(most, x)] as const, [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ] as const);
  return (high - low) / 2;
}
