import { bayesianComparison, type Comparison, welchTest } from "../statistics/compare";
import type { Effect, NoEffect, Pair } from "../statistics/difference";
import { effectOf } from "../statistics/effect";
import { normalQuantile } from "../statistics/normal";
import { fisherExact, isSparse, wilsonInterval } from "../statistics/proportions";
import { addSamples, meanMoments, type ProportionSample, proportionMoments, ratioMoments } from "../statistics/sample";
import { sequentialTest, sequentialWidth } from "../statistics/sequential";
import { type Stratum, stratifiedEffect } from "../statistics/strata";
import type { ExperimentData, MetricSample } from "./data";
import type { ExperimentPlan, MetricPlan } from "./plan";
import type { ArmFigure, Finding } from "./report";

type ScalarMetric = Exclude<MetricPlan, { kind: "time" }>;
type Sides = { readonly control: MetricSample; readonly treatment: MetricSample };

/** One challenger against the baseline by the plan's method; corrections over several come after (`correct.ts`). */
export type Question = {
  readonly plan: ExperimentPlan;
  readonly data: ExperimentData;
  readonly metric: ScalarMetric;
  readonly baseline: string;
  readonly arm: string;
};

/** Samples of an arm per stratum. */
function samplesOf(
  { data, metric }: Pick<Question, "data" | "metric">,
  arm: string,
  which: "sample" | "uncapped",
): ReadonlyMap<string, MetricSample> {
  const found = new Map<string, MetricSample>();
  for (const sums of data.metrics) {
    if (sums.metric !== metric.key || sums.arm !== arm || sums.kind !== "sample") continue;
    const sample = which === "sample" ? sums.sample : sums.uncapped;
    if (sample !== null && sample.n > 0) found.set(sums.stratum, sample);
  }
  return found;
}

function whole(samples: ReadonlyMap<string, MetricSample>): MetricSample | null {
  const [first, ...rest] = samples.values();
  return first === undefined ? null : rest.reduce(addSamples, first);
}

/** An arm's own figure with its interval at the plan's alpha: Wilson for shares, normal for the rest; capped where the plan caps. */
export function figureOf(question: Pick<Question, "plan" | "data" | "metric">, arm: string): ArmFigure | null {
  const sample = whole(samplesOf(question, arm, "sample"));
  if (sample === null) return null;
  const { alpha } = question.plan;
  if (sample.shape === "proportion") {
    const count = { successes: sample.successes, trials: sample.n };
    return { arm, n: sample.n, mean: proportionMoments(sample).mean, interval: wilsonInterval(count, alpha) };
  }
  const moments =
    sample.shape === "ratio"
      ? ratioMoments(sample)
      : meanMoments(sample.shape === "mean" ? sample : { n: sample.n, ...sample.after });
  if (moments === null) return null;
  const half = normalQuantile(1 - alpha / 2) * Math.sqrt(Math.max(0, moments.variance) / moments.n);
  return { arm, n: sample.n, mean: moments.mean, interval: [moments.mean - half, moments.mean + half] };
}

/** The relative effect, stratified where every stratum has both arms; with the samples it came from. */
function effectIn(
  question: Question,
  which: "sample" | "uncapped",
): { readonly effect: Effect; readonly stratified: boolean; readonly sides: Sides } | NoEffect | "no-data" {
  const [controls, treatments] = [question.baseline, question.arm].map((arm) => samplesOf(question, arm, which));
  const control = whole(controls ?? new Map());
  const treatment = whole(treatments ?? new Map());
  if (control === null || treatment === null) return "no-data";
  const sides = { control, treatment };
  const effect = effectOf(sides as Pair, "relative");
  if (typeof effect === "string") return effect;
  const strata = strataOf(controls ?? new Map(), treatments ?? new Map());
  const stratified = strata.length < 2 ? null : stratifiedEffect(strata, "relative");
  if (stratified === null) return { effect, stratified: false, sides };
  return { effect: { ...effect, difference: stratified.difference, error: stratified.error }, stratified: true, sides };
}

/** Strata that can be weighted: all of them in both arms, and of a shape whose strata can be compared. Empty otherwise. */
function strataOf(
  controls: ReadonlyMap<string, MetricSample>,
  treatments: ReadonlyMap<string, MetricSample>,
): readonly Stratum[] {
  const names = new Set([...controls.keys(), ...treatments.keys()]);
  const found: Stratum[] = [];
  for (const name of names) {
    const [control, treatment] = [controls.get(name), treatments.get(name)];
    if (control?.shape !== "mean" && control?.shape !== "proportion") return [];
    if (treatment?.shape !== "mean" && treatment?.shape !== "proportion") return [];
    found.push({ control, treatment });
  }
  return found;
}

/** Finding before correction, without money. A finding of one goal at `alpha`, two-sided. */
export function findingOf(question: Question): Omit<Finding, "corrected" | "yearly"> | NoEffect | "no-data" {
  const found = effectIn(question, "sample");
  if (typeof found === "string") return found;
  const { plan, metric } = question;
  const { effect, stratified, sides } = found;
  const uncapped = effectIn(question, "uncapped");
  const answered = compared(plan, metric, found);
  return {
    lift: answered.lift,
    scale: "relative",
    interval: answered.interval,
    p: answered.p,
    chanceToWin: answered.chanceToWin,
    notes: [
      ...(stratified ? (["stratified"] as const) : []),
      ...(sides.control.shape === "adjusted-mean" ? (["adjusted"] as const) : []),
      ...("cap" in metric && metric.cap !== undefined ? (["capped"] as const) : []),
      ...(answered.exact ? (["exact"] as const) : []),
    ],
    uncappedLift: typeof uncapped === "string" ? null : uncapped.effect.difference,
    state: stateOf(metric, plan, answered),
    error: answered.error ?? effect.error,
  };
}

type Answered = {
  readonly lift: number;
  readonly interval: readonly [number, number];
  readonly p: number | null;
  readonly chanceToWin: number | null;
  readonly exact: boolean;
  readonly error: number | null;
};

function compared(
  plan: ExperimentPlan,
  metric: ScalarMetric,
  { effect, stratified, sides }: { readonly effect: Effect; readonly stratified: boolean; readonly sides: Sides },
): Answered {
  const { alpha, tuning } = plan;
  if (plan.method === "bayesian") {
    const prior = plan.priorDeviation === undefined ? null : { mean: 0, variance: plan.priorDeviation ** 2 };
    const posterior = bayesianComparison(effect, { alpha, prior, better: metric.better });
    const { mean, interval, chanceToWin, deviation } = posterior;
    return { lift: mean, interval, p: null, chanceToWin, exact: false, error: deviation };
  }
  const lift = effect.difference;
  if (plan.method === "sequential") {
    const { p, interval } = sequentialTest(effect, { alpha, side: "both", tuning });
    const n = effect.control.n + effect.treatment.n;
    const widened = (effect.error * sequentialWidth(n, { alpha, tuning })) / normalQuantile(1 - alpha / 2);
    return { lift, interval, p, chanceToWin: null, exact: false, error: widened };
  }
  const welch: Comparison = welchTest(effect, { alpha, side: "both" });
  const exactP = stratified ? null : sparseP(sides);
  return {
    lift,
    interval: welch.interval,
    p: exactP ?? welch.p,
    chanceToWin: null,
    exact: exactP !== null,
    error: null,
  };
}

/** Fisher's p where a cell of the table is below five. */
function sparseP({ control, treatment }: Sides): number | null {
  if (control.shape !== "proportion" || treatment.shape !== "proportion") return null;
  const count = ({ successes, n }: ProportionSample) => ({ successes, trials: n });
  const pair = { control: count(control), treatment: count(treatment) };
  return isSparse(pair) ? fisherExact(pair) : null;
}

/** Better, worse or open: by p and direction, or by the chance to win. */
export function stateOf(
  { better }: Pick<MetricPlan, "better">,
  { alpha }: Pick<ExperimentPlan, "alpha">,
  { lift, p, chanceToWin }: { readonly lift: number; readonly p: number | null; readonly chanceToWin: number | null },
): Finding["state"] {
  if (chanceToWin !== null) {
    if (chanceToWin > 1 - alpha / 2) return "better";
    return chanceToWin < alpha / 2 ? "worse" : "open";
  }
  if (p === null || p >= alpha || lift === 0) return "open";
  return lift > 0 === (better === "higher") ? "better" : "worse";
}

/**
 * Whether a guardrail is harmed beyond its margin: one-sided at the plan's alpha, by the plan's method (a Bayesian plan asks
 * sequentially: guardrails are looked at every day).
 */
export function isHarmed(question: Question): boolean {
  const found = effectIn(question, "sample");
  const { plan, metric } = question;
  if (typeof found === "string") return isNewHarm(question);
  const side = metric.better === "lower" ? ("greater" as const) : ("less" as const);
  const options = { alpha: plan.alpha, side };
  const { interval } =
    plan.method === "fixed"
      ? welchTest(found.effect, options)
      : sequentialTest(found.effect, { ...options, tuning: plan.tuning });
  return side === "greater" ? interval[0] > metric.margin : interval[1] < -metric.margin;
}

/** Where the baseline never had it, no ratio can be formed: an exact test asks whether the arm has it now. */
function isNewHarm({ plan, data, metric, baseline, arm }: Question): boolean {
  const control = whole(samplesOf({ data, metric }, baseline, "sample"));
  const treatment = whole(samplesOf({ data, metric }, arm, "sample"));
  if (control?.shape !== "proportion" || treatment?.shape !== "proportion") return false;
  const [before, now] = [control.successes / control.n, treatment.successes / treatment.n];
  if (metric.better === "lower" ? now <= before : now >= before) return false;
  const count = ({ successes, n }: ProportionSample) => ({ successes, trials: n });
  return fisherExact({ control: count(control), treatment: count(treatment) }) < plan.alpha;
}
