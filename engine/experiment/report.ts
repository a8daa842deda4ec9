import type { IssueParams } from "../model/issue";
import type { Money } from "../model/money";
import type { MetricPlan } from "./plan";

/** What is said of an experiment: numbers and codes. Sentences are made of the codes where it is read (`texts/`). */
export type Reason = { readonly code: ReasonCode; readonly params: IssueParams };

export const REASON_CODES = [
  "experiment.nobody-yet",
  "experiment.nobody-matured",
  "experiment.arm-without-plan",
  "experiment.sample-ratio",
  "experiment.sample-ratio-exposed",
  "experiment.sample-ratio-metric",
  "experiment.in-several-arms",
  "experiment.unbalanced",
  "experiment.guardrail-harmed",
  "experiment.goal-won",
  "experiment.goal-lost",
  "experiment.goal-open",
  "experiment.too-early",
  "experiment.too-few",
  "experiment.no-lift-found",
  "experiment.goals-disagree",
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

/** `silent`: too few people for the check to say anything. `p` where the check is a test. */
export type HealthCheck = {
  readonly check:
    | "sample-ratio"
    | "sample-ratio-exposed"
    | "sample-ratio-metric"
    | "in-several-arms"
    | "balance"
    | "maturity";
  readonly state: "fine" | "alarm" | "silent";
  /** The metric or column it is about, or empty. */
  readonly about: string;
  readonly p: number | null;
  /** Share of people it counts: in several arms, matured. */
  readonly share: number | null;
};

/** One arm's own figure. `mean` is a share, an amount per person, a ratio, or days. */
export type ArmFigure = {
  readonly arm: string;
  readonly n: number;
  readonly mean: number;
  readonly interval: readonly [number, number] | null;
};

export type Unreadable = "no-data" | "no-spread" | "control-is-zero";

/** What a comparison found, in the better direction or not. `null` p and chance where the method has none. */
export type Finding = {
  /** Relative to the baseline's mean; days for a time. */
  readonly lift: number;
  readonly scale: "relative" | "days";
  readonly interval: readonly [number, number];
  readonly p: number | null;
  readonly chanceToWin: number | null;
  /** After correction for several goals and challengers; as above where nothing is corrected. */
  readonly corrected: { readonly p: number | null; readonly interval: readonly [number, number] };
  /** How it was reckoned beside the plan's method. */
  readonly notes: readonly ("stratified" | "adjusted" | "capped" | "exact")[];
  /** Lift without the cap, where there is one. */
  readonly uncappedLift: number | null;
  readonly state: "better" | "worse" | "open";
  /** Standard error of the lift, as the method widens it; for what is still needed. */
  readonly error: number;
  /** Money a year if everybody were treated so, with the ends of the corrected interval. */
  readonly yearly: { readonly amount: Money; readonly interval: readonly [Money, Money] | null } | null;
};

export type MetricReport = {
  readonly metric: MetricPlan;
  readonly baseline: ArmFigure | null;
  /** Null finding: the comparison is hidden by an unhealthy experiment. */
  readonly arms: readonly {
    readonly figure: ArmFigure | null;
    readonly arm: string;
    readonly finding: Finding | Unreadable | null;
  }[];
};

export type VerdictCode = "no-data" | "unhealthy" | "roll-back" | "ship" | "review" | "days-left";
export type Verdict = {
  readonly code: VerdictCode;
  /** The challenger it speaks of; `null` for the experiment as a whole. */
  readonly arm: string | null;
  /** Days until enough people were seen, at the pace so far; only with `days-left`. */
  readonly days: number | null;
  readonly reasons: readonly Reason[];
};

export type ExperimentReport = {
  readonly experiment: string;
  readonly method: "sequential" | "fixed" | "bayesian";
  readonly days: number;
  readonly people: readonly {
    readonly arm: string;
    readonly weight: number;
    readonly assigned: number;
    readonly exposed: number;
  }[];
  readonly verdict: Verdict;
  readonly arms: readonly Verdict[];
  readonly health: readonly HealthCheck[];
  readonly metrics: readonly MetricReport[];
};
