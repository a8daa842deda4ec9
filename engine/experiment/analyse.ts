import type { Issue } from "../model/issue";
import type { Money } from "../model/money";
import { err, ok, type Result } from "../model/result";
import { adjustedInterval, adjustedP } from "../statistics/multiple";
import { assignmentRule, byRuleIssue, notRandomIssue } from "./assigned-by-rule";
import { checkHealth } from "./check-health";
import { figureOf, findingOf, isHarmed, stateOf } from "./compare-metric";
import { timeFigureOf, timeFindingOf } from "./compare-time";
import type { ExperimentData } from "./data";
import { type ExperimentPlan, isRandomised, type MetricPlan } from "./plan";
import type { ArmFigure, ExperimentReport, Finding, MetricReport, Unreadable } from "./report";
import { type ExperimentRow, sumRows } from "./sum-rows";
import { overallVerdict, verdictOf } from "./verdict";

/**
 * A report from one row per person: refused where the arms were not drawn (`experiment.not-random`), or where a column decides who is
 * in which (`experiment.assigned-below`, `-above`). `lastDay` is the last day the data speak of.
 */
export function analyseRows(
  plan: ExperimentPlan,
  rows: readonly ExperimentRow[],
  lastDay: number,
): Result<ExperimentReport, readonly Issue[]> {
  const rule = assignmentRule(plan, rows);
  if (rule !== null) return err([byRuleIssue(rule)]);
  return analyseExperiment(plan, sumRows(rows, plan, lastDay));
}

/**
 * A report from sums: health first, then every metric against the baseline, then what to do. Pure: the same sums give the same
 * report. A red check hides every comparison, because a fault in the draw looks just like an effect. Refused with
 * `experiment.not-random` where the plan does not declare that chance assigned people.
 */
export function analyseExperiment(
  plan: ExperimentPlan,
  data: ExperimentData,
): Result<ExperimentReport, readonly Issue[]> {
  if (!isRandomised(plan.assignment)) return err([notRandomIssue(plan)]);
  const health = checkHealth(plan, data);
  const hidden = health.some(({ state }) => state === "alarm");
  const [baseline, ...challengers] = plan.arms.map(({ arm }) => arm);
  const frame = { plan, data, baseline: baseline ?? "", challengers };
  const raw = plan.metrics.map((metric) => metricReport(frame, metric, hidden));
  const metrics = hidden ? raw : corrected(plan, raw);
  const harmed = (arm: string): readonly string[] =>
    plan.metrics.flatMap((metric) =>
      metric.role === "guardrail" && metric.kind !== "time" && isHarmed({ ...frame, metric, arm }) ? [metric.key] : [],
    );
  const arms = challengers.map((arm) =>
    verdictOf({ plan, data, health, metrics, arm, harmed: hidden ? [] : harmed(arm) }),
  );
  return ok({
    experiment: plan.key,
    method: plan.method,
    days: data.days,
    people: plan.arms.map(({ arm, weight }) => ({ arm, weight, ...peopleIn(data, arm) })),
    verdict: overallVerdict(arms, metrics),
    arms,
    health,
    metrics,
  });
}

function peopleIn({ people }: ExperimentData, arm: string): { readonly assigned: number; readonly exposed: number } {
  const ofArm = people.filter((each) => each.arm === arm);
  return {
    assigned: ofArm.reduce((sum, each) => sum + each.assigned, 0),
    exposed: ofArm.reduce((sum, each) => sum + each.exposed, 0),
  };
}

type Frame = {
  readonly plan: ExperimentPlan;
  readonly data: ExperimentData;
  readonly baseline: string;
  readonly challengers: readonly string[];
};

function metricReport(frame: Frame, metric: MetricPlan, hidden: boolean): MetricReport {
  const figure = (arm: string): ArmFigure | null =>
    metric.kind === "time" ? timeFigureOf({ ...frame, metric }, arm) : figureOf({ ...frame, metric }, arm);
  const baseline = figure(frame.baseline);
  const arms = frame.challengers.map((arm) => {
    const found =
      metric.kind === "time" ? timeFindingOf({ ...frame, metric, arm }) : findingOf({ ...frame, metric, arm });
    const finding = typeof found === "string" ? found : uncorrected(found);
    return { arm, figure: figure(arm), finding: hidden ? null : finding };
  });
  return { metric, baseline, arms };
}

function uncorrected(found: Omit<Finding, "corrected" | "yearly">): Finding {
  return { ...found, corrected: { p: found.p, interval: found.interval }, yearly: null };
}

const isFinding = (found: Finding | Unreadable | null): found is Finding => found !== null && typeof found !== "string";

/** Goals times challengers are one family; guardrails and secondary metrics stand by themselves. Then money over a year. */
function corrected(plan: ExperimentPlan, metrics: readonly MetricReport[]): readonly MetricReport[] {
  const goals = metrics.filter(({ metric }) => metric.role === "goal");
  const family = goals.flatMap(({ arms }) => arms.flatMap(({ finding }) => (isFinding(finding) ? [finding] : [])));
  const ps = family.map(({ p }) => p ?? 1);
  const isCorrected = family.length > 1 && plan.method !== "bayesian" && plan.correction !== "none";
  const adjusted = isCorrected ? adjustedP(ps, plan.correction) : ps;
  const correct = (finding: Finding): Finding => {
    const p = adjusted[family.indexOf(finding)];
    if (!isCorrected || p === undefined || finding.p === null) return finding;
    return { ...finding, corrected: { p, interval: widened(plan, finding, p) } };
  };
  return metrics.map(({ metric, baseline, arms }) => ({
    metric,
    baseline,
    arms: arms.map((arm) => {
      if (!isFinding(arm.finding)) return arm;
      const finding = correct(arm.finding);
      const state = stateOf(metric, plan, { ...finding, p: finding.corrected.p });
      return { ...arm, finding: { ...finding, state, yearly: yearlyOf({ plan, metric, baseline }, finding) } };
    }),
  }));
}

/** A corrected p of 1 would say "anything": the interval then keeps its own width, the state is open either way. */
function widened(plan: ExperimentPlan, { lift, interval }: Finding, p: number): readonly [number, number] {
  return p < 1 ? adjustedInterval({ difference: lift, p, alpha: plan.alpha }, interval) : interval;
}

const MINOR_PER_UNIT = 100;

/** The lift as money a year, had everybody been treated so. Only of a mean that is money, and where the plan says for how many. */
function yearlyOf(
  { plan, metric, baseline }: { readonly plan: ExperimentPlan } & Pick<MetricReport, "metric" | "baseline">,
  finding: Finding,
): Finding["yearly"] {
  if (metric.kind !== "mean" || metric.currency === undefined || baseline === null || !plan.peoplePerYear) return null;
  const { currency } = metric;
  const people = plan.peoplePerYear;
  const money = (lift: number): Money => ({
    minor: Math.round(lift * Math.abs(baseline.mean) * people * MINOR_PER_UNIT),
    currency,
  });
  const [low, high] = finding.corrected.interval;
  const isBounded = Number.isFinite(low) && Number.isFinite(high);
  return { amount: money(finding.lift), interval: isBounded ? [money(low), money(high)] : null };
}
