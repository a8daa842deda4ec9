import { describe, expect, test } from "vitest";
import { draw } from "../model/draw";
import { type Side, welchTest } from "../statistics/compare";
import type { Effect } from "../statistics/difference";
import { effectOf } from "../statistics/effect";
import { SAMPLE_RATIO_ALARM, sampleRatioP } from "../statistics/health";
import { normalQuantile } from "../statistics/normal";
import type { MeanSample } from "../statistics/sample";
import { sequentialTest } from "../statistics/sequential";
import { placeOf } from "./allocation";

/**
 * What the numbers do over and over where there is nothing to find: DUECOURSE_LONG_STATISTICS=1 runs 2,000 experiments (docs/guide/
 * experiments), otherwise a small round with bounds as wide as its own luck. Bounds of the long round are those of
 * experiments.md B; of the small one four standard deviations around them.
 */
const IS_LONG = process.env.DUECOURSE_LONG_STATISTICS === "1";
const RUNS = IS_LONG ? 2000 : 150;
const PEOPLE = IS_LONG ? 20_000 : 3000;
const LOOKS = 50;
const ALPHA = 0.05;
const BOTH: Side = "both";

/** Share of runs +- what luck alone moves it by. */
const luck = (share: number): number => (IS_LONG ? 0 : 4 * Math.sqrt((share * (1 - share)) / RUNS));

/** One in twenty pays, a lognormal amount with cv about 1.3: the heavy zeros of recovered amounts. */
function amountOf(run: number, person: number): number {
  const unit = String(person);
  if (draw(run, unit, "pays") >= 0.05) return 0;
  return Math.exp(5 + normalQuantile(draw(run, unit, "amount")));
}

type Growing = { n: number; sum: number; sumSquares: number };
const nobody = (): Growing => ({ n: 0, sum: 0, sumSquares: 0 });
const sampleOf = (sums: Growing): MeanSample => ({ shape: "mean", ...sums });

/** An A/A experiment: effects at each look, and the arms' sizes at the end. */
function runOf(run: number): { readonly looks: readonly Effect[]; readonly sizes: readonly [number, number] } {
  const arms = { a: nobody(), b: nobody() };
  const allocation = {
    seed: `behaviour:${run}`,
    arms: [
      { arm: "a", weight: 5000 },
      { arm: "b", weight: 5000 },
    ],
    coverage: 10_000,
    filters: [],
  };
  const looks: Effect[] = [];
  for (let person = 0; person < PEOPLE; person += 1) {
    const place = placeOf(allocation, `party_${person}`);
    const arm = place.in && place.arm === "a" ? arms.a : arms.b;
    const value = amountOf(run, person);
    arm.n += 1;
    arm.sum += value;
    arm.sumSquares += value * value;
    if ((person + 1) % (PEOPLE / LOOKS) !== 0) continue;
    const effect = effectOf({ control: sampleOf(arms.a), treatment: sampleOf(arms.b) }, "absolute");
    if (typeof effect !== "string") looks.push(effect);
  }
  return { looks, sizes: [arms.a.n, arms.b.n] };
}

describe(`experiments in which both arms are the same (${RUNS} of ${PEOPLE} people)`, () => {
  const found = { fixed: 0, sequential: 0, peeked: 0, covered: 0, alarms: 0, ps: [] as number[] };

  test("false positives, coverage and alarms are what they say they are", () => {
    for (let run = 0; run < RUNS; run += 1) {
      const { looks, sizes } = runOf(run + 1);
      const last = looks.at(-1);
      if (last === undefined) throw new Error("no look");
      const once = welchTest(last, { alpha: ALPHA, side: BOTH });
      found.ps.push(once.p);
      if (once.p < ALPHA) found.fixed += 1;
      if (once.interval[0] <= 0 && once.interval[1] >= 0) found.covered += 1;
      const options = { alpha: ALPHA, side: BOTH, tuning: PEOPLE };
      if (looks.some((effect) => sequentialTest(effect, options).p < ALPHA)) found.sequential += 1;
      if (looks.some((effect) => welchTest(effect, { alpha: ALPHA, side: BOTH }).p < ALPHA)) found.peeked += 1;
      if (sampleRatioP(sizes.map((units) => ({ units, weight: 5000 }))) < SAMPLE_RATIO_ALARM) found.alarms += 1;
    }
    const share = (count: number): number => count / RUNS;
    const figures = Object.entries(found).flatMap(([name, count]) =>
      typeof count === "number" ? [`${name} ${(100 * share(count)).toFixed(2)} %`] : [],
    );
    const distance = uniformDistance(found.ps);
    process.stdout.write(
      `${RUNS} runs of ${PEOPLE}: ${figures.join(", ")}, distance of p from uniform ${distance.toFixed(4)}\n`,
    );
    expect(Math.abs(share(found.fixed) - 0.05)).toBeLessThanOrEqual(0.01 + luck(0.05));
    expect(Math.abs(share(found.covered) - 0.95)).toBeLessThanOrEqual(0.01 + luck(0.05));
    expect(share(found.sequential)).toBeLessThanOrEqual(0.05 + luck(0.05));
    expect(share(found.alarms)).toBeLessThanOrEqual(0.002 + luck(0.001));
    // Looking every day with a test for one look is what the sequential one is there for.
    expect(share(found.peeked)).toBeGreaterThan(0.15);
    // Kolmogorov and Smirnov, one in a thousand: 1.95 / sqrt(n).
    expect(distance).toBeLessThan(1.95 / Math.sqrt(RUNS));
  }, 3_600_000);
});

/** Largest distance of an empirical distribution from the uniform one. */
function uniformDistance(values: readonly number[]): number {
  return [...values]
    .sort((left, right) => left - right)
    .reduce(
      (most, value, index) => Math.max(most, value - index / values.length, (index + 1) / values.length - value),
      0,
    );
}
