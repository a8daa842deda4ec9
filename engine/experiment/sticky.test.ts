import { describe, expect, test } from "vitest";
import { LOCALES } from "../model/locale";
import { holdOutFilter, layerFilter, placeOf } from "./allocation";
import { CHANGE_CODES, changeOf, type RunningExperiment, stickyPlace } from "./sticky";
import { experimentTexts } from "./texts";

const RUNNING: RunningExperiment = {
  key: "robot-first",
  allocation: {
    arms: [
      { arm: "champion", weight: 9000 },
      { arm: "challenger", weight: 1000 },
    ],
    coverage: 5000,
    filters: [holdOutFilter("2026-Q1")],
  },
  audience: ["stage = M1"],
  strata: ["risk"],
  goals: ["cure-30"],
};
const withAllocation = (change: Partial<RunningExperiment["allocation"]>): RunningExperiment => ({
  ...RUNNING,
  allocation: { ...RUNNING.allocation, ...change },
});
const layer = layerFilter({ experiment: "robot-first", layer: "M1", range: { from: 0, to: 5000 } });

describe("changing an experiment that runs", () => {
  test.each([
    ["nothing", RUNNING, "none", []],
    ["more coverage", withAllocation({ coverage: 10_000 }), "in-place", ["experiment.change-coverage-raised"]],
    ["no coverage", withAllocation({ coverage: 0 }), "new-phase", ["experiment.change-coverage-lowered"]],
    ["a condition less", { ...RUNNING, audience: [] }, "in-place", ["experiment.change-audience-widened"]],
    [
      "another condition",
      { ...RUNNING, audience: ["stage = M2"] },
      "new-phase",
      ["experiment.change-audience-narrowed"],
    ],
    ["out of the hold-out", withAllocation({ filters: [] }), "in-place", ["experiment.change-filter-left"]],
    ["into a layer", withAllocation({ filters: [layer] }), "new-phase", ["experiment.change-filter-added"]],
    [
      "other shares",
      withAllocation({ arms: RUNNING.allocation.arms.map(({ arm }) => ({ arm, weight: 5000 })) }),
      "new-phase",
      ["experiment.change-weights"],
    ],
    [
      "the arms in another order",
      withAllocation({ arms: [...RUNNING.allocation.arms].reverse() }),
      "new-phase",
      ["experiment.change-arms"],
    ],
    ["other strata", { ...RUNNING, strata: [] }, "new-phase", ["experiment.change-strata"]],
    ["another goal", { ...RUNNING, goals: ["recovered-30"] }, "in-place", ["experiment.change-goals"]],
    ["another key", { ...RUNNING, key: "letter-first" }, "new-experiment", ["experiment.change-key"]],
    [
      "more coverage and another goal",
      { ...withAllocation({ coverage: 6000 }), goals: [] },
      "in-place",
      ["experiment.change-coverage-raised", "experiment.change-goals"],
    ],
  ] as const)("%s", (_name, after, ...expected) => {
    const change = changeOf(RUNNING, after);
    expect([change.kind, change.reasons.map(({ code }) => code)]).toEqual(expected);
  });

  test("every reason has its sentence", () => {
    for (const locale of LOCALES) {
      expect(CHANGE_CODES.filter((code) => !experimentTexts[locale][code])).toEqual([]);
    }
  });
});

describe("a person who was assigned", () => {
  const allocation = { ...RUNNING.allocation, seed: "robot-first:2" };
  const row = { phase: 2, arm: "challenger", bucket: 9500 };

  test("stays in the arm when coverage falls to nothing", () => {
    const covered = { ...allocation, coverage: 0, filters: [layer] };
    expect(stickyPlace({ allocation: covered, phase: 2 }, { unit: "party_1", row })).toEqual({
      in: true,
      arm: "challenger",
      bucket: 9500,
    });
    expect(stickyPlace({ allocation: covered, phase: 2 }, { unit: "party_1", row: null }).in).toBe(false);
  });

  test("is drawn again in a new phase, and when the arm is gone", () => {
    for (const other of [
      { ...row, phase: 1 },
      { ...row, arm: "retired" },
    ]) {
      for (const unit of ["party_1", "party_2", "party_3"]) {
        expect(stickyPlace({ allocation, phase: 2 }, { unit, row: other })).toEqual(placeOf(allocation, unit));
      }
    }
  });

  test("has one row per experiment: two experiments do not disturb each other's", () => {
    const other = { ...allocation, seed: "letter-first:2", coverage: 10_000, filters: [] };
    const first = stickyPlace({ allocation: other, phase: 2 }, { unit: "party_7", row: null });
    stickyPlace({ allocation, phase: 2 }, { unit: "party_7", row });
    expect(stickyPlace({ allocation: other, phase: 2 }, { unit: "party_7", row: null })).toEqual(first);
  });
});
