import { draw } from "../../model/draw";
import { normalQuantile } from "../../statistics/normal";
import { placeOf } from "../allocation";
import { type ExperimentPlan, ExperimentPlanSchema } from "../plan";
import type { ExperimentRow } from "../sum-rows";

/** A drawn portfolio with a known truth, for tests of what a report says of it. */

const SIGMA = 1;

export type Truth = {
  readonly people: number;
  /** Share that pays at all, in the champion. */
  readonly payers: number;
  /** Relative lift of that share in the challenger. */
  readonly lift: number;
  readonly days: number;
};

/** Most pay nothing, payers' amounts are lognormal, and who paid before pays more easily again. */
export function drawnRows(plan: ExperimentPlan, truth: Truth, seed: number): readonly ExperimentRow[] {
  const allocation = { seed: `${plan.key}:${seed}`, arms: plan.arms, coverage: 10_000, filters: [] };
  return Array.from({ length: truth.people }, (_, index) => {
    const unit = `party_${index}`;
    const place = placeOf(allocation, unit);
    const arm = place.in ? place.arm : "";
    const chance = truth.payers * (arm === plan.arms[0]?.arm ? 1 : 1 + truth.lift);
    const luck = (kind: string): number => draw(seed, unit, kind);
    const pays = luck("pays") < chance ? 1 : 0;
    const before = Math.exp(4 + SIGMA * normalQuantile(luck("before")));
    const amount = pays * Math.sqrt(before) * Math.exp(3 + SIGMA * normalQuantile(luck("amount")));
    return {
      unit,
      arm,
      stratum: luck("stage") < 0.6 ? "M1" : "M2",
      exposedDay: Math.floor(luck("day") * truth.days),
      values: { paid: pays, amount, before, due: 1000 + before, complained: luck("complains") < 0.01 ? 1 : 0 },
    };
  });
}

export const drawnPlan = (change: object = {}): ExperimentPlan =>
  ExperimentPlanSchema.parse({
    key: "robot-first",
    assignment: "hash-v2",
    arms: [
      { arm: "champion", weight: 5000 },
      { arm: "challenger", weight: 5000 },
    ],
    metrics: [{ key: "cured", role: "goal", kind: "proportion", column: "paid", better: "higher", windowDays: 0 }],
    ...change,
  });
