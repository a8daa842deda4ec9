import { describe, expect, it } from "vitest";
import { PRESETS, presetOf } from "./presets";
import { type AssumptionSet, markOf, readAssumptions } from "./set";

const base = presetOf("base");
const written: AssumptionSet = JSON.parse(JSON.stringify(base));

function problemsOf(change: (set: AssumptionSet) => object): readonly string[] {
  const read = readAssumptions({ ...written, ...change(structuredClone(written)) });
  return read.ok ? [] : read.error.map(({ params }) => `${params.at} ${params.problem}`);
}

describe("a set of assumptions", () => {
  it.each(PRESETS)("%s is whole, says that it is assumed, and survives being written down", (preset) => {
    const set = presetOf(preset);
    expect(set).toMatchObject({ key: preset, label: "assumption" });
    expect(set.note["zh-CN"] && set.note.en).toBeTruthy();
    const again = readAssumptions(JSON.parse(JSON.stringify(set)));
    expect(again).toEqual({ ok: true, value: set });
    expect(markOf(set).hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it("low expects less than base and high more, of everything that brings money", () => {
    const [low, high] = [presetOf("low"), presetOf("high")];
    base.repayment.bands.forEach(({ lambdaInf }, band) => {
      expect(low.repayment.bands[band]?.lambdaInf).toBeLessThan(lambdaInf);
      expect(high.repayment.bands[band]?.lambdaInf).toBeGreaterThan(lambdaInf);
    });
    base.segments.forEach(({ gain, complaint }, index) => {
      expect(low.segments[index]?.gain).toBeLessThan(gain);
      expect(high.segments[index]?.gain).toBeGreaterThan(gain);
      expect(low.segments[index]?.complaint).toBeGreaterThan(complaint);
    });
    expect(low.desk.tasks.legal.bands[0]?.pays).toBeLessThan(base.desk.tasks.legal.bands[0]?.pays ?? 0);
  });

  it("with another number has another hash", () => {
    const { repayment } = base;
    expect(markOf({ ...base, repayment: { ...repayment, kappa: 0.36 } }).hash).not.toBe(markOf(base).hash);
  });

  it.each([
    ["explosive", ({ repayment }: AssumptionSet) => ({ repayment: { ...repayment, delta11: 0.4 } }), "repayment.kappa"],
    [
      "mix-sum",
      ({ segments }: AssumptionSet) => ({
        segments: segments.map((own, at) => (at === 0 ? { ...own, mix: own.mix.map(() => 0.9) } : own)),
      }),
      "segments.0.mix.0",
    ],
    [
      "band-count",
      ({ segments }: AssumptionSet) => ({
        segments: segments.map((own, at) => (at === 1 ? { ...own, mix: own.mix.slice(1) } : own)),
      }),
      "segments.1.mix",
    ],
    [
      "band-order",
      ({ repayment }: AssumptionSet) => ({ repayment: { ...repayment, bands: [...repayment.bands].reverse() } }),
      "repayment.bands.0.upToDpd",
    ],
    ["too_big", ({ repayment }: AssumptionSet) => ({ repayment: { ...repayment, kappa: 900 } }), "repayment.kappa"],
    ["unrecognized_keys", () => ({ lambda: 3 }), ""],
  ])("is refused when it is %s, and says where", (problem, change, at) => {
    expect(problemsOf(change)).toContain(`${at} ${problem}`);
  });

  it("is refused when it is no set at all", () => {
    expect(readAssumptions(null)).toMatchObject({ ok: false, error: [{ code: "simulation.assumptions" }] });
  });
});
