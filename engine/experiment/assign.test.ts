import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { armAt, armOf, bucketOf, fnv1a32, WEIGHT_TOTAL } from "./assign";

const CHAMPION_90 = [
  { arm: "champion", weight: 9000 },
  { arm: "challenger", weight: 1000 },
];

describe("hash of an experiment", () => {
  test.each([
    // Reference vectors of FNV-1a 32 (lcn2/fnv test_fnv.c, public domain).
    ["", 0x811c9dc5],
    ["a", 0xe40c292c],
    ["cho", 0xef8580f3],
    ["chongo was", 0x4aeb9bd0],
  ])("FNV-1a of %j", (text, expected) => {
    expect(fnv1a32(text)).toBe(expected);
  });

  test.each([
    // growthbook/growthbook packages/sdk-js/test/cases.json, hash version 2 (MIT).
    ["foo", "def", 2019],
    ["()**(%$##$%#$#", '___)((*":&', 128],
    // npm @growthbook/growthbook 1.8.0 asked.
    ["pub-m1-robot-vs-human", "6222000529946408", 3880],
    ["pub-m1-robot-vs-human", "ACC0530505511", 6358],
    ["pub-phase-2", "cust-ahxt4c", 7461],
  ])("bucket of seed %j and unit %j is GrowthBook's", (seed, unit, expected) => {
    expect(bucketOf(seed, unit)).toBe(expected);
  });

  test("each phase draws with a seed of its own", () => {
    const unit = { experimentKey: "first-call", arms: CHAMPION_90 };
    const parties = Array.from({ length: 2000 }, (_, index) => `party_${index}`);
    const first = parties.map((partyId) => armOf({ ...unit, phase: 1, partyId }));
    const second = parties.map((partyId) => armOf({ ...unit, phase: 2, partyId }));
    expect(first).toEqual(parties.map((partyId) => armAt(bucketOf("first-call:1", partyId), CHAMPION_90)));
    expect(second).not.toEqual(first);
  });

  test("shares come out as the weights say", () => {
    const counts = new Map<string, number>();
    for (let index = 0; index < 20_000; index += 1) {
      const arm = armOf({ experimentKey: "first-call", phase: 1, arms: CHAMPION_90, partyId: `party_C${index}` });
      counts.set(arm, (counts.get(arm) ?? 0) + 1);
    }
    // 2,000 expected; five standard deviations of a binomial are about 212.
    expect(Math.abs((counts.get("challenger") ?? 0) - 2000)).toBeLessThan(212);
  });

  test("every bucket has exactly one arm, and a growing first arm takes nobody away from itself", () => {
    fc.assert(
      fc.property(fc.nat(WEIGHT_TOTAL - 1), fc.nat(WEIGHT_TOTAL), fc.nat(WEIGHT_TOTAL), (bucket, left, right) => {
        const [small, large] = [Math.min(left, right), Math.max(left, right)];
        const armsOf = (weight: number) => [
          { arm: "a", weight },
          { arm: "b", weight: WEIGHT_TOTAL - weight },
        ];
        if (armAt(bucket, armsOf(small)) === "a") expect(armAt(bucket, armsOf(large))).toBe("a");
        expect(armAt(bucket, armsOf(0))).toBe("b");
      }),
    );
  });

  test("weights that do not reach the whole are our bug, not somebody's arm", () => {
    expect(() => armAt(9999, [{ arm: "a", weight: 5000 }])).toThrow("experiment.weights");
  });
});
