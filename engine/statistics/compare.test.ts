import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { welchTest } from "./compare";
import type { Effect } from "./difference";
import { effectOf } from "./effect";
import { sampleRatioP, sampleRatioSpeaks } from "./health";
import { logRank } from "./log-rank";
import { adjustedInterval, adjustedP } from "./multiple";
import { daysFor, eventsForHazard, rateOutcome, smallestLift, unitsFor } from "./power";
import { fisherExact, isSparse, newcombeInterval, pooledZ, wilsonInterval } from "./proportions";
import { sequentialTest } from "./sequential";
import { stratifiedEffect } from "./strata";
import { kaplanMeier, lifeTable, logLogInterval, restrictedMean, restrictedMeanDifference, shareAt } from "./survival";

const DESIGN = { alpha: 0.05, power: 0.8, tuning: null };
const rates = (control: number, treatment: number, n = 1000) =>
  ({
    control: { shape: "proportion", n, successes: control },
    treatment: { shape: "proportion", n, successes: treatment },
  }) as const;

function effect(control: number, treatment: number, n?: number): Effect {
  const found = effectOf(rates(control, treatment, n), "absolute");
  if (typeof found === "string") throw new Error(found);
  return found;
}

describe("comparing two arms", () => {
  test("a p value below alpha and an interval that leaves zero out are the same answer", () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 980 }), fc.integer({ min: 20, max: 980 }), (control, treatment) => {
        const found = effect(control, treatment);
        for (const side of ["both", "greater", "less"] as const) {
          for (const { p, interval } of [
            welchTest(found, { alpha: 0.05, side }),
            sequentialTest(found, { alpha: 0.05, side, tuning: 2000 }),
          ]) {
            expect(p < 0.05).toBe(interval[0] > 0 || interval[1] < 0);
          }
        }
      }),
    );
  });

  test("looking at any time costs a wider interval than looking once", () => {
    const found = effect(200, 250);
    const once = welchTest(found, { alpha: 0.05, side: "both" });
    const always = sequentialTest(found, { alpha: 0.05, side: "both", tuning: 2000 });
    expect(always.interval[0]).toBeLessThan(once.interval[0]);
    expect(always.p).toBeGreaterThan(once.p);
  });

  test("nothing is said of arms without spread or of a control at zero", () => {
    expect(effectOf(rates(0, 0), "absolute")).toBe("no-spread");
    expect(effectOf(rates(0, 10), "relative")).toBe("control-is-zero");
  });

  test("corrected p values never fall below the raw ones, and Holm never below Benjamini–Hochberg", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 }), (ps) => {
        const holm = adjustedP(ps, "holm");
        adjustedP(ps, "benjamini-hochberg").forEach((p, index) => {
          expect(p).toBeGreaterThanOrEqual((ps[index] ?? 0) - 1e-15);
          expect(holm[index] ?? 0).toBeGreaterThanOrEqual(p - 1e-15);
        });
      }),
    );
    expect(adjustedInterval({ difference: 0.1, p: 1, alpha: 0.05 }, [0, 0.2])[0]).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe("counts too small for a normal approximation", () => {
  test("Fisher's tea taster", () => {
    // Agresti, Categorical Data Analysis: 3 of 4 against 1 of 4, two-sided p = 34/70.
    const tea = { control: { successes: 1, trials: 4 }, treatment: { successes: 3, trials: 4 } };
    expect(fisherExact(tea)).toBeCloseTo(34 / 70, 12);
    expect(isSparse(tea)).toBe(true);
    // scipy.stats.fisher_exact([[8, 2], [1, 5]]) of the SciPy manual.
    const whales = { control: { successes: 2, trials: 10 }, treatment: { successes: 5, trials: 6 } };
    expect(fisherExact(whales)).toBeCloseTo(0.03496503496503495, 12);
  });

  test("nobody of nobody says nothing, and two groups of nothing do not differ", () => {
    expect(wilsonInterval({ successes: 0, trials: 0 }, 0.05)).toEqual([0, 1]);
    expect(pooledZ({ control: { successes: 0, trials: 9 }, treatment: { successes: 0, trials: 9 } })).toBeNull();
    const [low, high] = newcombeInterval(
      { control: { successes: 0, trials: 9 }, treatment: { successes: 0, trials: 9 } },
      0.05,
    );
    expect([low < 0, high > 0]).toEqual([true, true]);
  });
});

describe("shares of the arms", () => {
  test("somebody in an arm that nobody is drawn into is a fault; an empty one is not", () => {
    const arms = [
      { units: 500, weight: 5000 },
      { units: 500, weight: 5000 },
    ];
    expect(sampleRatioP([...arms, { units: 1, weight: 0 }])).toBe(0);
    expect(sampleRatioP([...arms, { units: 0, weight: 0 }])).toBe(1);
    expect([sampleRatioP([]), sampleRatioSpeaks([{ units: 7 }, { units: 8 }])]).toEqual([1, false]);
  });
});

describe("strata", () => {
  test("one stratum is the plain difference, and strata that explain the spread take it away", () => {
    const plain = effect(200, 250);
    const one = stratifiedEffect([rates(200, 250)], "absolute");
    expect(one?.difference).toBeCloseTo(plain.difference, 12);
    expect(one?.error).toBeCloseTo(plain.error, 12);
    const two = stratifiedEffect([rates(20, 45, 500), rates(430, 455, 500)], "absolute");
    expect(two?.difference).toBeCloseTo(0.05, 12);
    expect(two?.error).toBeLessThan(effect(450, 500).error * 0.7);
    expect(stratifiedEffect([rates(1, 1, 1)], "absolute")).toBeNull();
  });
});

describe("how many and how long", () => {
  test("90/10 needs about 2.8 times the people of 50/50", () => {
    const half = unitsFor(rateOutcome(0.2), 0.1, { shares: { control: 0.5, treatment: 0.5 }, design: DESIGN }) ?? 0;
    const tenth = unitsFor(rateOutcome(0.2), 0.1, { shares: { control: 0.9, treatment: 0.1 }, design: DESIGN }) ?? 0;
    expect(tenth / half).toBeGreaterThan(2.5);
    expect(tenth / half).toBeLessThan(2.9);
  });

  test("what is planned for is just found: the smallest lift at the planned size is the lift planned for", () => {
    fc.assert(
      fc.property(
        fc.record({
          rate: fc.double({ min: 0.02, max: 0.8, noNaN: true }),
          lift: fc.double({ min: 0.02, max: 0.4, noNaN: true }),
          share: fc.double({ min: 0.1, max: 0.9, noNaN: true }),
          tuning: fc.constantFrom(null, 5000),
        }),
        ({ rate, lift, share, tuning }) => {
          const design = { ...DESIGN, tuning };
          const shares = { control: 1 - share, treatment: share };
          const units = unitsFor(rateOutcome(rate), lift, { shares, design });
          if (units === null) return;
          const sizes = { control: units * shares.control, treatment: units * shares.treatment };
          expect(smallestLift(rateOutcome(rate), sizes, design)).toBeCloseTo(lift, 3);
        },
      ),
    );
  });

  test("looking at any time costs people, and a plan runs whole weeks", () => {
    const shares = { control: 0.5, treatment: 0.5 };
    const once = unitsFor(rateOutcome(0.2), 0.1, { shares, design: DESIGN }) ?? 0;
    const always = unitsFor(rateOutcome(0.2), 0.1, { shares, design: { ...DESIGN, tuning: once } }) ?? 0;
    expect(always / once).toBeGreaterThan(1.3);
    expect(daysFor(1000, { unitsPerDay: 100, windowDays: 7, minimumDays: 7 })).toBe(21);
    expect(daysFor(1, { unitsPerDay: 100, windowDays: 0, minimumDays: 7 })).toBe(7);
    // Schoenfeld: (1.96 + 0.8416)² / (0.25 ln² 0.7) = 247.
    expect(Math.ceil(eventsForHazard(0.7, { shares, design: DESIGN }))).toBe(247);
  });
});

describe("time to cure", () => {
  const table = lifeTable([
    { time: 1, event: true },
    { time: 2, event: false },
    { time: 3, event: true },
    { time: 3, event: true },
    { time: 5, event: false },
  ]);

  test("the curve falls where it happens and its interval stays inside", () => {
    const curve = kaplanMeier(table);
    expect([0, 1, 2.5, 3, 9].map((time) => shareAt(curve, time))).toEqual([
      1,
      0.8,
      0.8,
      0.8 * (1 - 2 / 3),
      0.8 * (1 - 2 / 3),
    ]);
    for (const point of curve) {
      const [low, high] = logLogInterval(point, 0.05);
      expect([low >= 0, low <= point.share, high >= point.share, high <= 1]).toEqual([true, true, true, true]);
    }
  });

  test("a restricted mean is an area, and half its variance rule is Greenwood's", () => {
    const mean = restrictedMean(kaplanMeier(table), 5);
    // 1 day at 1, 2 days at 0.8, 2 days at 0.8/3.
    expect(mean.mean).toBeCloseTo(1 + 1.6 + 1.6 / 3, 12);
    // (1.6 + 1.6/3)² · 1/(5·4) + (1.6/3)² · 2/(3·1).
    expect(mean.error ** 2).toBeCloseTo((1.6 + 1.6 / 3) ** 2 / 20 + ((1.6 / 3) ** 2 * 2) / 3, 12);
    const same = restrictedMeanDifference({ control: mean, treatment: mean }, 0.05);
    expect([same.difference, same.interval[0]]).toEqual([0, -same.interval[1]]);
  });

  test("strata in opposite directions cancel, groups mixed up would not", () => {
    const fast = lifeTable(Array.from({ length: 20 }, (_, index) => ({ time: index + 1, event: true })));
    const slow = lifeTable(Array.from({ length: 20 }, (_, index) => ({ time: 2 * index + 10, event: true })));
    expect(logRank([[fast, slow]])?.p).toBeLessThan(0.001);
    expect(
      logRank([
        [fast, slow],
        [slow, fast],
      ])?.chiSquared,
    ).toBeCloseTo(0, 9);
    expect(logRank([[fast]])).toBeNull();
    expect(logRank([[lifeTable([{ time: 1, event: false }]), lifeTable([{ time: 2, event: false }])]])).toBeNull();
  });
});
