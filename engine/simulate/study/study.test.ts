import { describe, expect, it } from "vitest";
import { compileStrategy } from "../../compile/compile";
import { canonicalJson } from "../../model/json";
import { marketPack } from "../../packs";
import { synthesisePortfolio } from "../../portfolio/synthesise";
import { type DrawnStep, drawnStrategy, PAST_DUE } from "../../run/testing/drawn-strategy";
import type { SimulationInput } from "../input";
import type { SimulationResult } from "../result";
import { simulate } from "../simulate";
import { compareRuns } from "./compare";
import { FIGURES, figuresOf, figuresOver } from "./figures";
import { intervalOver } from "./interval";

const FROM = "2026-03-02";
const pack = marketPack("cn");
const SEEDS = [1, 2, 3, 4];
const { accounts, contactPoints } = synthesisePortfolio({ seed: 11, accounts: 300, dataDate: FROM });

const onTo = (next: string, ...handles: readonly string[]) =>
  Object.fromEntries(handles.map((handle) => [handle, next]));
const CALLED = ["promised", "spoke", "refused", "care", "wrong-party", "exhausted", "expired", "blocked"];
/** One message, and one call more or none: the same people come into both. */
const MESSAGE_THEN = (next: string, more: { readonly [id: string]: DrawnStep }) => ({
  start: { type: "start", data: { when: PAST_DUE }, to: { enter: "sms" } },
  sms: {
    type: "sms",
    data: { contentId: "sms.m1.soft", waitForDelivery: true },
    to: onTo(next, "delivered", "failed", "expired", "blocked"),
  },
  ...more,
  people: { type: "exit", data: { reason: "handed-to-people" }, to: {} },
});
const CALL = { type: "robot", data: { contentId: "robot.m1.standard" }, to: onTo("people", ...CALLED) };

function programOf(steps: { readonly [id: string]: DrawnStep }) {
  const compiled = compileStrategy(drawnStrategy(steps), pack);
  if (!compiled.ok) throw new Error(canonicalJson(compiled.error));
  return compiled.value;
}

function runs(steps: { readonly [id: string]: DrawnStep }): readonly SimulationResult[] {
  const frame: SimulationInput = {
    ...{ program: programOf(steps), pack, accounts, contactPoints, from: FROM, days: 30, locale: "zh-CN" },
    seed: 0,
  };
  return SEEDS.map((seed) => simulate({ ...frame, seed }));
}

const called = runs(MESSAGE_THEN("call", { call: CALL }));
const messaged = runs(MESSAGE_THEN("people", {}));

describe("an interval over seeds", () => {
  it("is Student's: 1, 2, 3, 4 have mean 2.5 and half-width 3.182 times their standard error", () => {
    const { mean, low, high, seeds } = intervalOver([1, 2, 3, 4]);
    expect([mean, seeds]).toEqual([2.5, 4]);
    const half = 3.182446305284263 * Math.sqrt(5 / 3 / 4);
    expect(low).toBeCloseTo(2.5 - half, 10);
    expect(high).toBeCloseTo(2.5 + half, 10);
  });

  it("says nothing of one run", () => {
    expect(intervalOver([7])).toEqual({ mean: 7, low: null, high: null, seeds: 1 });
  });
});

describe("the figures of a run", () => {
  const [result] = called;
  if (result === undefined) throw new Error("no run");
  const figures = figuresOf(result);

  it("agree with its sums", () => {
    expect(figures.recovered).toBe(result.recovered.minor);
    expect(figures.net).toBe(result.recovered.minor - result.cost.minor);
    const paid = Object.entries(result.moves).filter(([move]) => move.endsWith(">paid"));
    expect(figures.cureRate * result.enrolled).toBeCloseTo(paid.reduce((sum, [, count]) => sum + count, 0));
    expect(Object.values(result.moves).reduce((sum, count) => sum + count, 0)).toBe(result.enrolled);
    // Whoever left as cured has paid; others paid after they had been handed to people.
    expect(figures.cureRate * result.enrolled).toBeGreaterThanOrEqual(result.exits.cured ?? 0);
    expect(figures.cureRate).toBeGreaterThan(0);
    expect(figures.rollRate).toBeGreaterThan(0);
    expect(figures.contactsPerPerson).toBeGreaterThan(0);
  });

  it("are the same money by day, by step, by segment and by stage", () => {
    const sum = (of: readonly { readonly recoveredMinor: number; readonly costMinor: number }[]) =>
      of
        .map(({ recoveredMinor, costMinor }) => [recoveredMinor, costMinor])
        .reduce(([a = 0, b = 0], [c = 0, d = 0]) => [a + c, b + d], [0, 0]);
    const whole = [result.recovered.minor, result.cost.minor];
    const groups = (prefix: string) =>
      Object.entries(result.groups).flatMap(([key, group]) => (key.startsWith(prefix) ? [group] : []));
    expect(sum(result.perDay)).toEqual(whole);
    expect(sum(Object.values(result.nodes))).toEqual(whole);
    expect(sum(groups("segment:"))).toEqual(whole);
    expect(sum(groups("bucket:"))).toEqual(whole);
  });

  it("have an interval each over seeds, around their mean", () => {
    const over = figuresOver(called);
    for (const name of FIGURES) {
      const { mean, low, high, seeds } = over[name];
      expect(seeds).toBe(4);
      expect((low ?? 0) <= mean && mean <= (high ?? 0)).toBe(true);
    }
  });
});

describe("two versions side by side", () => {
  const pairs = called.flatMap((own, at) => {
    const against = messaged[at];
    return against === undefined ? [] : [{ own, against }];
  });
  const comparison = compareRuns(pairs);

  it("have the difference of their means, found seed by seed, and much more narrowly than apart", () => {
    const { own, against, difference } = comparison;
    for (const name of FIGURES) {
      expect(difference[name].mean).toBeCloseTo(own[name].mean - against[name].mean, 6);
    }
    expect(comparison.narrower).toBeGreaterThan(1.5);
  });

  it("say where the difference comes from, and the parts sum to the whole", () => {
    for (const list of [comparison.bySegment, comparison.byBucket, comparison.byStep]) {
      const sum = list.reduce((total, { net }) => total + net.mean, 0);
      expect(sum).toBeCloseTo(comparison.difference.net.mean, 4);
      const sizes = list.map(({ net }) => Math.abs(net.mean));
      expect([...sizes].sort((left, right) => right - left)).toEqual(sizes);
    }
  });

  it("do not differ at all from themselves", () => {
    const same = compareRuns(called.map((own) => ({ own, against: own })));
    for (const name of FIGURES) expect(same.difference[name]).toMatchObject({ mean: 0, low: 0, high: 0 });
  });
});
