import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { armRanges, type BucketRange, equalWeights } from "./allocation";
import { bucketOf, fnv1a32, WEIGHT_TOTAL } from "./assign";

/** Buckets held to GrowthBook's own cases and to its SDK's answers: test/vectors/experiments/README.md says whose. */

// biome-ignore lint/suspicious/noExplicitAny: cases of many shapes
type Json = any;
type Case = {
  readonly id: string;
  readonly fn: string;
  readonly input: Json;
  readonly expected: Json;
  readonly tags?: string[];
};
const read = (file: string): readonly Case[] =>
  JSON.parse(readFileSync(`test/vectors/experiments/${file}`, "utf8")).cases;
const growthBook = read("bucketing.growthbook.json");
const sdk = read("bucketing.sdk-oracle.json");

/** Not held to, and why. */
const LEFT_OUT: { readonly [what: string]: string } = {
  feature: "Feature flags of an SDK; strategies have steps instead.",
  stickyBucket: "Documents in a browser by bucket version; here they are rows by phase (sticky.test.ts).",
  "dev-override": "Overrides of a developer's browser.",
  "needs-condition-engine": "Conditions of an experiment are those of a strategy's entry.",
};
const isLeftOut = ({ fn, tags }: Case): boolean => [fn, ...(tags ?? [])].some((name) => LEFT_OUT[name] !== undefined);

/** Hash version 1 is read here to check the rest by more cases; nothing is ever assigned with it, it is biased. */
const LEGACY_BUCKETS = 1000;
const bucket = (version: number, seed: string, unit: string): number =>
  version === 2 ? bucketOf(seed, unit) : (fnv1a32(unit + seed) % LEGACY_BUCKETS) * (WEIGHT_TOTAL / LEGACY_BUCKETS);

/** Shares of GrowthBook in our parts: below 0.333… is below bucket 3334. A hair against binary fractions. */
const parts = (share: number): number => Math.max(0, Math.ceil(share * WEIGHT_TOTAL - 1e-6));
const rangesOf = (ranges: readonly (readonly [number, number])[]): readonly BucketRange[] =>
  ranges.map(([from, to]) => ({ from: parts(from), to: parts(to) }));
const holds = (at: number, { from, to }: BucketRange): boolean => from <= at && at < to;

/** Weights as GrowthBook reads them: equal where they are missing, too few or do not sum to one. */
function weightsOf(count: number, weights: readonly number[] | undefined | null): readonly number[] {
  const sum = weights?.reduce((total, weight) => total + weight, 0) ?? 0;
  if (weights?.length !== count || sum < 0.99 || sum > 1.01) return equalWeights(count);
  return weights.map((weight) => Math.round(weight * WEIGHT_TOTAL));
}

function rangesIn({ variations, weights, coverage = 1, ranges }: Json): readonly BucketRange[] {
  if (ranges) return rangesOf(ranges);
  const shares = weightsOf(variations.length, weights);
  const covered = Math.round(Math.min(1, Math.max(0, coverage)) * WEIGHT_TOTAL);
  return armRanges(
    shares.map((weight, index) => ({ arm: String(index), weight })),
    covered,
  );
}

/** Variation of an SDK's experiment, or -1 where the unit is not in it. */
function run(attributes: Json, experiment: Json): { readonly variation: number; readonly at: number } {
  const { key, seed = key, hashVersion = 1, hashAttribute = "id", filters, namespace } = experiment;
  const unit = String(attributes?.[hashAttribute] ?? "");
  const out = { variation: -1, at: 0 };
  if (unit === "") return out;
  for (const filter of filters ?? []) {
    const there = bucket(filter.hashVersion ?? 2, filter.seed, unit);
    if (!rangesOf(filter.ranges).some((range) => holds(there, range))) return out;
  }
  if (!filters && namespace) {
    const [name, from, to] = namespace;
    if (!holds(bucket(1, `__${name}`, unit), { from: parts(from), to: parts(to) })) return out;
  }
  const at = bucket(hashVersion, seed, unit);
  const variation = rangesIn(experiment).findIndex((range) => holds(at, range));
  if (variation >= 0 && experiment.force !== undefined) {
    return { variation: experiment.force < 0 ? -1 : experiment.force, at };
  }
  return { variation, at };
}

describe("GrowthBook's cases", () => {
  test("are all read", () => {
    expect([growthBook.length, sdk.length, read("fnv1a32.json").length]).toEqual([85, 259, 52]);
    expect(growthBook.filter(isLeftOut).length).toBe(13 + 6 + 2 + 2);
  });

  test("FNV-1a 32", () => {
    for (const { input, expected } of read("fnv1a32.json")) expect(fnv1a32(String(input))).toBe(expected);
  });

  test("hashes", () => {
    for (const { input, expected } of growthBook.filter(({ fn }) => fn === "hash")) {
      if (input.version !== 1 && input.version !== 2) expect(expected).toBeNull();
      else expect(bucket(input.version, input.seed, input.value) / WEIGHT_TOTAL).toBeCloseTo(expected, 12);
    }
  });

  test("ranges of arms", () => {
    for (const { input, expected } of growthBook.filter(({ fn }) => fn === "getBucketRange")) {
      const { numVariations, ...rest } = input;
      expect(rangesIn({ variations: new Array(numVariations).fill(0), ...rest })).toEqual(rangesOf(expected));
    }
  });

  test("equal weights, as parts allow", () => {
    for (const { input, expected } of growthBook.filter(({ fn }) => fn === "getEqualWeights")) {
      const weights = input.n <= 0 ? [] : equalWeights(input.n);
      expect(weights.map((weight) => weight / WEIGHT_TOTAL)).toHaveLength(expected.length);
      weights.forEach((weight, index) => {
        expect(Math.abs(weight / WEIGHT_TOTAL - expected[index])).toBeLessThan(1 / WEIGHT_TOTAL);
      });
      if (weights.length > 0) expect(weights.reduce((sum, weight) => sum + weight, 0)).toBe(WEIGHT_TOTAL);
    }
  });

  test("the arm of a bucket, and namespaces", () => {
    for (const { input, expected } of growthBook.filter(({ fn }) => fn === "chooseVariation")) {
      expect(rangesOf(input.ranges).findIndex((range) => holds(input.n * WEIGHT_TOTAL, range))).toBe(expected);
    }
    for (const { input, expected } of growthBook.filter(({ fn }) => fn === "inNamespace")) {
      const [name, from, to] = input.namespace;
      expect(holds(bucket(1, `__${name}`, input.value), { from: parts(from), to: parts(to) })).toBe(expected);
    }
  });

  test("whole experiments", () => {
    const cases = growthBook.filter((found) => found.fn === "run" && !isLeftOut(found));
    const wrong = cases.filter(({ input, expected }) => {
      const { variation } = run(input.context.attributes, input.experiment);
      if (variation < 0) return expected.inExperiment;
      return (
        !expected.inExperiment ||
        JSON.stringify(input.experiment.variations[variation]) !== JSON.stringify(expected.value)
      );
    });
    expect(cases.length).toBe(32);
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });
});

describe("answers of GrowthBook's SDK", () => {
  test("weights, coverage, seeds, filters, namespaces, ranges, and ids outside ASCII", () => {
    const wrong = sdk
      .filter(({ fn }) => fn === "run")
      .filter(({ input, expected }) => {
        const { variation, at } = run(input.attributes, input.experiment);
        if (variation < 0) return expected.inExperiment;
        return variation !== expected.variationId || at / WEIGHT_TOTAL !== expected.bucket;
      });
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });

  test("counts over twenty thousand people", () => {
    for (const { input, expected } of sdk.filter(({ fn }) => fn === "runCounts")) {
      const counts: { [arm: string]: number } = {};
      for (let index = 0; index < 20_000; index += 1) {
        const { variation } = run({ id: `ACC${String(index).padStart(10, "0")}` }, input.experiment);
        const arm = variation < 0 ? "out" : String(variation);
        counts[arm] = (counts[arm] ?? 0) + 1;
      }
      expect(counts).toEqual(expected);
    }
  });
});
