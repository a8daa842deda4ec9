import { binomialCdf, studentQuantile, studentUpper } from "./distributions";

/** A person by what decides the treatment (`x`) and what came of it (`y`). */
export type Point = { readonly x: number; readonly y: number };

/** Fewer people on a side within the bandwidth, and no line is drawn through them. */
const SIDE_MIN = 10;
/** Part of the bandwidth in which people are counted on both sides. */
const NEAR = 0.2;

export type Discontinuity = {
  readonly threshold: number;
  readonly bandwidth: number;
  /** People within the bandwidth on each side. */
  readonly below: number;
  readonly above: number;
  /** Value just above less value just below, in the unit of `y`. */
  readonly jump: number;
  readonly error: number;
  readonly interval: readonly [number, number];
  readonly p: number;
  /** p of "as many just below as just above": small where people were moved over the threshold. 1 without anybody near. */
  readonly sortingP: number;
};

/**
 * Sharp regression discontinuity at a threshold, x <= threshold being below: a line on each side by least squares with triangular
 * weights inside the bandwidth, the jump between their ends, HC3 standard errors, Student interval at 1 - alpha without correction for
 * the curve inside the bandwidth: read it beside the one at half the bandwidth (Imbens & Lemieux 2008; MacKinnon & White 1985).
 * `null` with fewer than ten people on a side, or all of them at one x.
 */
export function discontinuityAt(
  points: readonly Point[],
  { threshold, bandwidth }: { readonly threshold: number; readonly bandwidth: number },
  alpha: number,
): Discontinuity | null {
  const near = points.filter(({ x }) => Math.abs(x - threshold) < bandwidth);
  const [low, high] = [near.filter(({ x }) => x <= threshold), near.filter(({ x }) => x > threshold)];
  const [left, right] = [low, high].map((side) => endOfLine(side, threshold, bandwidth));
  if (!left || !right) return null;
  const jump = right.value - left.value;
  const error = Math.sqrt(left.variance + right.variance);
  if (!(error > 0)) return null;
  const df = near.length - 4;
  const half = studentQuantile(1 - alpha / 2, df) * error;
  return {
    threshold,
    bandwidth,
    below: low.length,
    above: high.length,
    jump,
    error,
    interval: [jump - half, jump + half],
    p: 2 * studentUpper(Math.abs(jump / error), df),
    sortingP: sortingP(near, threshold, bandwidth),
  };
}

/** The line's value at the threshold and its HC3 variance. */
function endOfLine(
  side: readonly Point[],
  threshold: number,
  bandwidth: number,
): { readonly value: number; readonly variance: number } | null {
  if (side.length < SIDE_MIN) return null;
  const rows = side.map(({ x, y }) => ({ x: x - threshold, y, w: 1 - Math.abs(x - threshold) / bandwidth }));
  const sum = (value: (row: (typeof rows)[number]) => number): number =>
    rows.reduce((total, row) => total + value(row), 0);
  const [s0, s1, s2] = [sum(({ w }) => w), sum(({ w, x }) => w * x), sum(({ w, x }) => w * x * x)];
  const determinant = s0 * s2 - s1 * s1;
  if (!(determinant > 1e-12 * s0 * s2)) return null;
  const [t0, t1] = [sum(({ w, y }) => w * y), sum(({ w, x, y }) => w * x * y)];
  const value = (s2 * t0 - s1 * t1) / determinant;
  const slope = (s0 * t1 - s1 * t0) / determinant;
  const variance = sum(({ x, y, w }) => {
    const pull = (w * (s2 - s1 * x)) / determinant;
    const leverage = (w * (s2 - 2 * s1 * x + s0 * x * x)) / determinant;
    return (pull * (y - value - slope * x)) ** 2 / (1 - leverage) ** 2;
  });
  return { value, variance };
}

function sortingP(near: readonly Point[], threshold: number, bandwidth: number): number {
  const closest = near.filter(({ x }) => Math.abs(x - threshold) < NEAR * bandwidth);
  const below = closest.filter(({ x }) => x <= threshold).length;
  const fewer = Math.min(below, closest.length - below);
  return closest.length === 0 ? 1 : Math.min(1, 2 * binomialCdf(fewer, closest.length, 0.5));
}
