import { GrowthBook } from "@growthbook/growthbook";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Allocation,
  allocationSeed,
  armRanges,
  equalWeights,
  growthBookExperiment,
  holdOutFilter,
  layerConflicts,
  layerFilter,
  placeOf,
} from "./allocation";
import { armOf, WEIGHT_TOTAL } from "./assign";
import { armInBlock, blockOf } from "./blocks";

const CHAMPION_90 = [
  { arm: "champion", weight: 9000 },
  { arm: "challenger", weight: 1000 },
];
const share = fc.integer({ min: 0, max: WEIGHT_TOTAL });
const drawnArms = fc.array(fc.integer({ min: 0, max: WEIGHT_TOTAL }), { minLength: 1, maxLength: 4 }).map((cuts) => {
  const edges = [0, ...cuts.sort((left, right) => left - right), WEIGHT_TOTAL];
  return edges.slice(1).map((edge, index) => ({ arm: `arm-${index}`, weight: edge - (edges[index] ?? 0) }));
});
const drawnAllocation: fc.Arbitrary<Allocation> = fc.record({
  seed: fc.string({ minLength: 1, maxLength: 12, unit: "grapheme" }),
  arms: drawnArms,
  coverage: share,
  filters: fc.array(
    fc.record({
      seed: fc.string({ minLength: 1, maxLength: 8 }),
      ranges: fc.array(
        fc.tuple(share, share).map(([from, to]) => ({ from: Math.min(from, to), to: Math.max(from, to) })),
        { minLength: 1, maxLength: 3 },
      ),
    }),
    { maxLength: 2 },
  ),
});
const unit = fc.oneof(fc.uuid(), fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" }));
const people = (count: number) => Array.from({ length: count }, (_, index) => `party_${index}`);
const plain = (key: string, coverage = WEIGHT_TOTAL): Allocation => ({
  seed: allocationSeed(key, 1),
  arms: CHAMPION_90,
  coverage,
  filters: [],
});

describe("who is in which arm", () => {
  test("GrowthBook's SDK says the same of ten thousand drawn experiments", () => {
    fc.assert(
      fc.property(drawnAllocation, unit, (allocation, id) => {
        const place = placeOf(allocation, id);
        const theirs = new GrowthBook({ attributes: { id } }).run(growthBookExperiment("drawn", allocation));
        expect(theirs.inExperiment).toBe(place.in);
        if (place.in) expect([theirs.key, theirs.bucket]).toEqual([place.arm, place.bucket / WEIGHT_TOTAL]);
      }),
      { numRuns: 10_000 },
    );
  });

  test("a split step and an allocation that covers everybody agree", () => {
    for (const partyId of people(500)) {
      const drawn = armOf({ experimentKey: "first-call", phase: 1, arms: CHAMPION_90, partyId });
      expect(placeOf(plain("first-call"), partyId)).toMatchObject({ in: true, arm: drawn });
    }
  });

  test("raising coverage moves nobody and takes nobody out; none is nobody", () => {
    fc.assert(
      fc.property(drawnAllocation, fc.tuple(share, share), unit, (allocation, [one, other], id) => {
        const small = placeOf({ ...allocation, coverage: Math.min(one, other) }, id);
        const large = placeOf({ ...allocation, coverage: Math.max(one, other) }, id);
        if (small.in) expect(large).toEqual(small);
        expect(placeOf({ ...allocation, coverage: 0 }, id).in).toBe(false);
      }),
    );
  });

  test("an arm takes the buckets GrowthBook's inequality gives it, also where coverage cuts a bucket in two", () => {
    // n < start + coverage * weight with n = bucket / 10,000, multiplied out so that nothing is rounded.
    fc.assert(
      fc.property(drawnArms, share, share, (arms, coverage, bucket) => {
        let start = 0;
        for (const [index, range] of armRanges(arms, coverage).entries()) {
          const weight = arms[index]?.weight ?? 0;
          const isIn = start <= bucket && (bucket - start) * WEIGHT_TOTAL < weight * coverage;
          expect(range.from <= bucket && bucket < range.to).toBe(isIn);
          start += weight;
        }
      }),
    );
    expect(
      armRanges(
        [
          { arm: "a", weight: 3333 },
          { arm: "b", weight: 6667 },
        ],
        5000,
      )[0],
    ).toEqual({ from: 0, to: 1667 });
  });

  test("experiments of one layer never share a person; their quarter's hold-out is in none", () => {
    const places = [
      { experiment: "robot", layer: "M1", range: { from: 0, to: 4000 } },
      { experiment: "letter", layer: "M1", range: { from: 4000, to: WEIGHT_TOTAL } },
    ];
    expect(layerConflicts(places)).toEqual([]);
    const wide = { experiment: "hours", layer: "M1", range: { from: 3999, to: 4001 } };
    expect(layerConflicts([...places, wide])).toEqual([
      ["robot", "hours"],
      ["letter", "hours"],
    ]);
    const holdOut = holdOutFilter("2026-Q1");
    const inBoth = people(4000).filter((id) =>
      places.every((place) => placeOf({ ...plain(place.experiment), filters: [layerFilter(place)] }, id).in),
    );
    expect(inBoth).toEqual([]);
    const heldOut = people(4000).filter((id) => !placeOf({ ...plain("robot"), filters: [holdOut] }, id).in);
    // 5 % of 4,000 = 200, standard deviation 14.
    expect(Math.abs(heldOut.length - 200)).toBeLessThan(60);
    const alsoHeldOut = heldOut.filter((id) => !placeOf({ ...plain("letter"), filters: [holdOut] }, id).in);
    expect(alsoHeldOut).toEqual(heldOut);
  });

  test("two experiments draw independently of each other", () => {
    const half = equalWeights(2).map((weight, index) => ({ arm: String(index), weight }));
    const counts = [0, 0, 0, 0];
    for (const id of people(20_000)) {
      const [one, other] = ["robot", "letter"].map((key) => placeOf({ ...plain(key), arms: half }, id));
      const cell = (one?.in && one.arm === "1" ? 2 : 0) + (other?.in && other.arm === "1" ? 1 : 0);
      counts[cell] = (counts[cell] ?? 0) + 1;
    }
    const distance = counts.reduce((sum, count) => sum + (count - 5000) ** 2 / 5000, 0);
    // Chi-squared with three degrees of freedom passes 16.27 once in a thousand.
    expect(distance).toBeLessThan(16.27);
  });
});

describe("permuted blocks", () => {
  test("every full block of a stratum has exactly the planned shares, in an order of its own", () => {
    const block = blockOf(CHAMPION_90);
    if (!block.ok) throw new Error(block.error);
    expect(block.value).toHaveLength(10);
    const armsIn = (stratum: string, number: number) =>
      block.value.map((_, index) =>
        armInBlock(block.value, { seed: "robot:1", stratum, ordinal: number * 10 + index }),
      );
    const places = new Set<number>();
    for (let number = 0; number < 200; number += 1) {
      const arms = armsIn("M1", number);
      expect([...arms].sort()).toEqual([...block.value].sort());
      places.add(arms.indexOf("challenger"));
    }
    expect(places.size).toBe(10);
    expect(armsIn("M1", 3)).toEqual(armsIn("M1", 3));
    expect(Array.from({ length: 20 }, (_, number) => armsIn("M2", number))).not.toEqual(
      Array.from({ length: 20 }, (_, number) => armsIn("M1", number)),
    );
  });

  test("weights that need a longer block than anybody fills are refused", () => {
    expect(
      blockOf([
        { arm: "a", weight: 3334 },
        { arm: "b", weight: 6666 },
      ]),
    ).toEqual({ ok: false, error: "block-too-long" });
  });
});
