import { welchTest } from "../statistics/compare";
import { effectOf } from "../statistics/effect";
import { BALANCE_ALARM, SAMPLE_RATIO_ALARM, sampleRatioP, sampleRatioSpeaks } from "../statistics/health";
import type { ExperimentData } from "./data";
import type { ExperimentPlan } from "./plan";
import type { HealthCheck } from "./report";

/** Persons seen in two arms: more than this share, and at least so many, and something assigns twice (GrowthBook's). */
const SEVERAL_ARMS_SHARE = 0.01;
const SEVERAL_ARMS_MIN = 10;

/** Whether the arms can be compared at all. An alarm hides every comparison: a fault in the draw looks like an effect. */
export function checkHealth(plan: ExperimentPlan, data: ExperimentData): readonly HealthCheck[] {
  const countOf = (count: (people: ExperimentData["people"][number]) => number) => (arm: string) =>
    data.people.filter((people) => people.arm === arm).reduce((sum, people) => sum + count(people), 0);
  const assignedTo = countOf(({ assigned }) => assigned);
  const isForeign = data.people.some(({ arm }) => !plan.arms.some((planned) => planned.arm === arm));
  return [
    isForeign ? FOREIGN : ratioCheck("sample-ratio", plan, assignedTo),
    // Who reaches the step where the arms differ must not depend on the arm.
    ratioCheck(
      "sample-ratio-exposed",
      plan,
      countOf(({ exposed }) => exposed),
    ),
    severalArms(data),
    ...plan.metrics.map(({ key }) => ({
      ...ratioCheck("sample-ratio-metric", plan, (arm) => maturedOf(data, key, arm)),
      about: key,
    })),
    ...plan.balance.flatMap((column) => balanceChecks(plan, data, column)),
    ...plan.metrics.map(({ key }) => maturity(plan, data, key)),
  ];
}

/** People in an arm nobody planned were put there by something else than the draw. */
const FOREIGN: HealthCheck = { check: "sample-ratio", state: "alarm", about: "", p: 0, share: null };

/** Matured persons with a value. */
export function maturedOf(data: ExperimentData, metric: string, arm: string): number {
  return data.metrics
    .filter((sums) => sums.metric === metric && sums.arm === arm)
    .reduce((total, sums) => total + personsIn(sums), 0);
}

function personsIn(sums: ExperimentData["metrics"][number]): number {
  if (sums.kind === "sample") return sums.sample.n;
  return sums.table.reduce((total, { events, censored }) => total + events + censored, 0);
}

function ratioCheck(
  check: "sample-ratio" | "sample-ratio-exposed" | "sample-ratio-metric",
  plan: ExperimentPlan,
  unitsOf: (arm: string) => number,
): HealthCheck {
  const arms = plan.arms.map(({ arm, weight }) => ({ units: unitsOf(arm), weight }));
  const p = sampleRatioP(arms);
  const state = !sampleRatioSpeaks(arms) ? "silent" : p < SAMPLE_RATIO_ALARM ? "alarm" : "fine";
  return { check, state, about: "", p, share: null };
}

function severalArms({ people, inSeveralArms }: ExperimentData): HealthCheck {
  const all = people.reduce((sum, { assigned }) => sum + assigned, inSeveralArms);
  const share = all === 0 ? 0 : inSeveralArms / all;
  const alarm = share >= SEVERAL_ARMS_SHARE && inSeveralArms >= SEVERAL_ARMS_MIN;
  return { check: "in-several-arms", state: alarm ? "alarm" : "fine", about: "", p: null, share };
}

/** Each challenger against the baseline on a value from before exposure. */
function balanceChecks(plan: ExperimentPlan, { balance }: ExperimentData, column: string): readonly HealthCheck[] {
  const [baseline, ...challengers] = plan.arms;
  const of = (arm: string | undefined) =>
    balance.find((sums) => sums.column === column && sums.arm === arm)?.sample ?? null;
  const control = of(baseline?.arm);
  return challengers.map(({ arm }) => {
    const treatment = of(arm);
    const effect = control === null || treatment === null ? "no-data" : effectOf({ control, treatment }, "absolute");
    if (typeof effect === "string") return { check: "balance", state: "silent", about: column, p: null, share: null };
    const { p } = welchTest(effect, { alpha: BALANCE_ALARM, side: "both" });
    return { check: "balance", state: p < BALANCE_ALARM ? "alarm" : "fine", about: column, p, share: null };
  });
}

function maturity(plan: ExperimentPlan, data: ExperimentData, metric: string): HealthCheck {
  const exposed = data.people.reduce((sum, people) => sum + people.exposed, 0);
  const matured = plan.arms.reduce((sum, { arm }) => sum + maturedOf(data, metric, arm), 0);
  const share = exposed === 0 ? 0 : matured / exposed;
  return { check: "maturity", state: matured === 0 ? "silent" : "fine", about: metric, p: null, share };
}
