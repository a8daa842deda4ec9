import { logRank } from "../statistics/log-rank";
import { normalQuantile } from "../statistics/normal";
import {
  kaplanMeier,
  type LifeRow,
  type RestrictedMean,
  restrictedMean,
  restrictedMeanDifference,
} from "../statistics/survival";
import { stateOf } from "./compare-metric";
import type { ExperimentData } from "./data";
import type { ExperimentPlan, MetricPlan } from "./plan";
import type { ArmFigure, Finding } from "./report";

type TimeMetric = Extract<MetricPlan, { kind: "time" }>;
export type TimeQuestion = {
  readonly plan: ExperimentPlan;
  readonly data: ExperimentData;
  readonly metric: TimeMetric;
  readonly baseline: string;
  readonly arm: string;
};

function tablesOf(
  { data, metric }: Pick<TimeQuestion, "data" | "metric">,
  arm: string,
): ReadonlyMap<string, readonly LifeRow[]> {
  const found = new Map<string, readonly LifeRow[]>();
  for (const sums of data.metrics) {
    if (sums.kind === "life-table" && sums.metric === metric.key && sums.arm === arm)
      found.set(sums.stratum, sums.table);
  }
  return found;
}

/** Life tables of several strata as one. */
function together(tables: ReadonlyMap<string, readonly LifeRow[]>): readonly LifeRow[] {
  const rows = new Map<number, LifeRow>();
  for (const { time, events, censored } of [...tables.values()].flat()) {
    const known = rows.get(time) ?? { time, events: 0, censored: 0 };
    rows.set(time, { time, events: known.events + events, censored: known.censored + censored });
  }
  return [...rows.values()].sort((left, right) => left.time - right.time);
}

const personsIn = (table: readonly LifeRow[]): number =>
  table.reduce((sum, { events, censored }) => sum + events + censored, 0);

function meanOf(
  question: Pick<TimeQuestion, "data" | "metric">,
  arm: string,
): { readonly n: number; readonly mean: RestrictedMean } | null {
  const table = together(tablesOf(question, arm));
  const n = personsIn(table);
  return n === 0 ? null : { n, mean: restrictedMean(kaplanMeier(table), question.metric.windowDays) };
}

/** Mean days within the window until it happened, or the window was over. */
export function timeFigureOf(question: Pick<TimeQuestion, "plan" | "data" | "metric">, arm: string): ArmFigure | null {
  const found = meanOf(question, arm);
  if (found === null) return null;
  const { mean, error } = found.mean;
  const half = normalQuantile(1 - question.plan.alpha / 2) * error;
  return { arm, n: found.n, mean, interval: [mean - half, mean + half] };
}

/** Log-rank inside strata for p, difference of restricted means in days for the size. For one look. */
export function timeFindingOf(question: TimeQuestion): Omit<Finding, "corrected" | "yearly"> | "no-data" | "no-spread" {
  const { plan, metric, baseline, arm } = question;
  const [control, treatment] = [meanOf(question, baseline), meanOf(question, arm)];
  if (control === null || treatment === null) return "no-data";
  const [controls, treatments] = [tablesOf(question, baseline), tablesOf(question, arm)];
  const strata = [...new Set([...controls.keys(), ...treatments.keys()])];
  const ranked = logRank(strata.map((stratum) => [controls.get(stratum) ?? [], treatments.get(stratum) ?? []]));
  if (ranked === null) return "no-spread";
  const { difference, error, interval } = restrictedMeanDifference(
    { control: control.mean, treatment: treatment.mean },
    plan.alpha,
  );
  const answered = { lift: difference, p: ranked.p, chanceToWin: null };
  return {
    ...answered,
    scale: "days",
    interval,
    notes: strata.length > 1 ? ["stratified"] : [],
    uncappedLift: null,
    state: stateOf(metric, plan, answered),
    error,
  };
}
