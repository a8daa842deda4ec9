import { unitsStillNeeded } from "../statistics/power";
import { maturedOf } from "./check-health";
import type { ExperimentData } from "./data";
import type { ExperimentPlan } from "./plan";
import type { Finding, HealthCheck, MetricReport, Reason, Unreadable, Verdict, VerdictCode } from "./report";

/** So small a p decides even before the planned number of people (GrowthBook's "super-significant"). */
const DECISIVE_P = 0.001;

export type Case = {
  readonly plan: ExperimentPlan;
  readonly data: ExperimentData;
  readonly health: readonly HealthCheck[];
  readonly metrics: readonly MetricReport[];
  readonly arm: string;
  /** Guardrails harmed beyond their margin. */
  readonly harmed: readonly string[];
};

type Goal = { readonly key: string; readonly finding: Finding | Unreadable | null };

/**
 * What to do about one challenger, and why, in this order: nobody yet; unhealthy, which hides the winner; a guardrail harmed; goals.
 * Goals decide once every one of them may: always with a sequential plan, else when the target lift would have been found or p is
 * below 0.001; never before the minimum of days. All goals won = ship, lost and none won = roll back, both = review.
 */
export function verdictOf(given: Case): Verdict {
  const nobody = nobodyYet(given);
  if (nobody !== null) return verdict(given, "no-data", [nobody]);
  const alarms = [...foreignArms(given), ...given.health.filter(({ state }) => state === "alarm").map(alarmReason)];
  if (alarms.length > 0) return verdict(given, "unhealthy", alarms);
  if (given.harmed.length > 0) {
    return verdict(
      given,
      "roll-back",
      given.harmed.map((metric) => ({ code: "experiment.guardrail-harmed", params: { metric, arm: given.arm } })),
    );
  }
  return decideByGoals(given);
}

function verdict({ arm }: Case, code: VerdictCode, reasons: readonly Reason[]): Verdict {
  return { code, arm, days: null, reasons };
}

function nobodyYet({ plan, data }: Case): Reason | null {
  const without = plan.arms.find(
    ({ arm, weight }) => weight > 0 && !data.people.some((people) => people.arm === arm && people.exposed > 0),
  );
  if (without !== undefined) return { code: "experiment.nobody-yet", params: { arm: without.arm } };
  const goal = plan.metrics.find(
    ({ role, key }) =>
      role === "goal" && plan.arms.some(({ arm, weight }) => weight > 0 && maturedOf(data, key, arm) === 0),
  );
  if (goal === undefined) return null;
  return { code: "experiment.nobody-matured", params: { metric: goal.key, days: goal.windowDays } };
}

function foreignArms({ plan, data }: Case): readonly Reason[] {
  const known = new Set(plan.arms.map(({ arm }) => arm));
  const foreign = new Set(data.people.map(({ arm }) => arm).filter((arm) => !known.has(arm)));
  return [...foreign].map((arm) => ({ code: "experiment.arm-without-plan", params: { arm } }));
}

function alarmReason({ check, about, p, share }: HealthCheck): Reason {
  const params = { about, p: p === null ? "" : p.toExponential(1), percent: share === null ? "" : percent(share) };
  switch (check) {
    case "sample-ratio":
      return { code: "experiment.sample-ratio", params };
    case "sample-ratio-exposed":
      return { code: "experiment.sample-ratio-exposed", params };
    case "sample-ratio-metric":
      return { code: "experiment.sample-ratio-metric", params };
    case "balance":
      return { code: "experiment.unbalanced", params };
    case "in-several-arms":
    case "maturity":
      return { code: "experiment.in-several-arms", params };
  }
}

const percent = (share: number): number => Math.round(share * 1000) / 10;

function decideByGoals(given: Case): Verdict {
  const { plan, data, arm } = given;
  const goals: readonly Goal[] = given.metrics
    .filter(({ metric }) => metric.role === "goal")
    .map(({ metric, arms }) => ({ key: metric.key, finding: arms.find((each) => each.arm === arm)?.finding ?? null }));
  const won = goals.filter((goal) => stateIn(goal) === "better");
  const lost = goals.filter((goal) => stateIn(goal) === "worse");
  const open = goals.filter((goal) => stateIn(goal) === "open");
  const said: readonly Reason[] = [
    ...won.map(({ key }) => goalReason("experiment.goal-won", key)),
    ...lost.map(({ key }) => goalReason("experiment.goal-lost", key)),
    ...open.map(({ key }) => goalReason("experiment.goal-open", key)),
  ];
  if (data.days < plan.minimumDays) {
    const early: Reason = { code: "experiment.too-early", params: { days: data.days, minimum: plan.minimumDays } };
    return { code: "days-left", arm, days: plan.minimumDays - data.days, reasons: [early, ...said] };
  }
  if (won.length > 0 && lost.length > 0) {
    return verdict(given, "review", [{ code: "experiment.goals-disagree", params: {} }, ...said]);
  }
  const needed = Math.max(...goals.map((goal) => unitsFactor(given, goal)));
  const mayDecide = [...won, ...lost].every((goal) => isDecisive(plan, goal, needed));
  if (mayDecide && won.length === goals.length) return verdict(given, "ship", said);
  if (mayDecide && lost.length > 0) return verdict(given, "roll-back", said);
  if (needed > 0) {
    const few: Reason = { code: "experiment.too-few", params: { percent: percent(plan.targetLift) } };
    return {
      code: "days-left",
      arm,
      days: Math.ceil(Math.min(DAYS_MAX, needed * Math.max(1, data.days))),
      reasons: [few, ...said],
    };
  }
  const none: Reason = { code: "experiment.no-lift-found", params: { percent: percent(plan.targetLift) } };
  return verdict(given, "review", won.length > 0 ? said : [none, ...said]);
}

/** A forecast beyond this says only "very long". */
const DAYS_MAX = 3650;

const stateIn = ({ finding }: Goal): Finding["state"] =>
  finding === null || typeof finding === "string" ? "open" : finding.state;

const goalReason = (
  code: "experiment.goal-won" | "experiment.goal-lost" | "experiment.goal-open",
  metric: string,
): Reason => ({
  code,
  params: { metric },
});

function isDecisive({ method, alpha }: ExperimentPlan, { finding }: Goal, needed: number): boolean {
  if (finding === null || typeof finding === "string") return false;
  if (method === "sequential" || needed <= 0) return true;
  const { chanceToWin } = finding;
  if (chanceToWin !== null) return Math.min(chanceToWin, 1 - chanceToWin) < Math.min(DECISIVE_P, alpha / 2);
  return (finding.corrected.p ?? 1) < DECISIVE_P;
}

/** How many times the people so far are still needed to find the target lift; 0 = enough. Days are no share of a mean: 0. */
function unitsFactor({ plan }: Case, { finding }: Goal): number {
  if (finding === null || typeof finding === "string" || finding.scale === "days") return 0;
  return unitsStillNeeded(finding.error, plan.targetLift, plan);
}

/** What the experiment as a whole is worth saying: the best challenger to ship, else the worst news. */
export function overallVerdict(arms: readonly Verdict[], metrics: readonly MetricReport[]): Verdict {
  const ships = arms.filter(({ code }) => code === "ship");
  const goal = metrics.find(({ metric }) => metric.role === "goal");
  const liftOf = ({ arm }: Verdict): number => {
    const finding = goal?.arms.find((each) => each.arm === arm)?.finding;
    if (finding === undefined || finding === null || typeof finding === "string") return 0;
    return goal?.metric.better === "lower" ? -finding.lift : finding.lift;
  };
  const [first, ...rest] = ships.length > 0 ? ships : arms;
  if (first === undefined) return { code: "no-data", arm: null, days: null, reasons: [] };
  if (ships.length > 0) return rest.reduce((best, each) => (liftOf(each) > liftOf(best) ? each : best), first);
  const rank: readonly VerdictCode[] = ["no-data", "unhealthy", "review", "days-left", "roll-back", "ship"];
  return rest.reduce((most, each) => (rank.indexOf(each.code) < rank.indexOf(most.code) ? each : most), first);
}
