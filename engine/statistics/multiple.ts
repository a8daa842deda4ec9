import { normalQuantile } from "./normal";

/** How p values of one family are corrected: Holm keeps the chance of any false positive, Benjamini–Hochberg their expected share. */
export const CORRECTIONS = ["holm", "benjamini-hochberg", "none"] as const;
export type Correction = (typeof CORRECTIONS)[number];

/** Corrected p values in the order given, at most 1 (Holm 1979; Benjamini & Hochberg 1995). */
export function adjustedP(ps: readonly number[], correction: Correction): readonly number[] {
  if (correction === "none") return ps;
  const ranked = ps.map((p, index) => ({ p, index })).sort((left, right) => left.p - right.p);
  const adjusted = new Array<number>(ps.length).fill(1);
  if (correction === "holm") {
    let floor = 0;
    ranked.forEach(({ p, index }, rank) => {
      floor = Math.max(floor, Math.min(1, p * (ps.length - rank)));
      adjusted[index] = floor;
    });
    return adjusted;
  }
  let ceiling = 1;
  for (let rank = ranked.length - 1; rank >= 0; rank -= 1) {
    const found = ranked[rank];
    if (found === undefined) continue;
    ceiling = Math.min(ceiling, (found.p * ps.length) / (rank + 1));
    adjusted[found.index] = ceiling;
  }
  return adjusted;
}

/**
 * Interval that agrees with a corrected p value: its error is the one at which the difference would just have that p. Never narrower
 * than `interval`. A corrected p of 1 says nothing any more: the ends are infinite. (GrowthBook, MIT.)
 */
export function adjustedInterval(
  { difference, p, alpha }: { readonly difference: number; readonly p: number; readonly alpha: number },
  interval: readonly [number, number],
): readonly [number, number] {
  const z = -normalQuantile(Math.min(1, p) / 2);
  if (!(z > 0)) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const half = normalQuantile(1 - alpha / 2) * (Math.abs(difference) / z);
  return [Math.min(interval[0], difference - half), Math.max(interval[1], difference + half)];
}
