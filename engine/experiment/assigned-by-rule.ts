import { type Issue, issue } from "../model/issue";
import type { ExperimentPlan } from "./plan";
import { columnsOf, type ExperimentRow } from "./sum-rows";

/** Below this many people of an arm two of them may lie apart by luck. */
const PEOPLE_MIN = 20;
/** So much of an arm may lie on the wrong side of a threshold: exceptions are made by hand. */
const STRAYS = 0.01;
/** A rule leaves no gap at its threshold; two treatments that merely cost different sums do. */
const GAP_MAX = 0.05;
/** The day of exposure is looked at like a column: an arm that only came later was not drawn. */
const EXPOSED_DAY = "exposed day";

/** The column that tells the arms apart, and where. */
export type AssignmentRule = {
  readonly column: string;
  readonly arm: string;
  readonly below: boolean;
  readonly threshold: number;
};

/**
 * Whether something known of people decides their arm: then the arms were different before anything was done, and no difference
 * between them is an effect, whatever the plan declares. A column tells them apart where hardly anybody of one arm lies among the
 * other. Columns the metrics read may be outcomes and so lie apart for a good reason; they speak only where the arms meet at a
 * threshold without a gap.
 */
export function assignmentRule(plan: ExperimentPlan, rows: readonly ExperimentRow[]): AssignmentRule | null {
  const [baseline, ...challengers] = plan.arms.map(({ arm }) => arm);
  const outcomes = new Set(plan.metrics.flatMap(columnsOf));
  const columns = Object.keys(rows[0]?.values ?? {});
  let closest: (AssignmentRule & { readonly gap: number }) | null = null;
  for (const column of [EXPOSED_DAY, ...columns]) {
    const valuesOf = (name: string | undefined): readonly number[] =>
      rows
        .filter(({ arm }) => arm === name)
        .map((row) => (column === EXPOSED_DAY ? row.exposedDay : (row.values[column] ?? null)))
        .filter((value) => value !== null)
        .sort((left, right) => left - right);
    const control = valuesOf(baseline);
    for (const arm of challengers) {
      const split = splitOf(control, valuesOf(arm));
      if (split === null || (outcomes.has(column) && split.gap > GAP_MAX)) continue;
      // Of several the one without a gap: others lie apart because of it.
      if (closest === null || split.gap < closest.gap) closest = { column, arm, ...split };
    }
  }
  return closest;
}

type Split = { readonly below: boolean; readonly threshold: number; readonly gap: number };

/** Where the second group lies wholly below or above the first, strays apart; both ascending. */
function splitOf(control: readonly number[], treatment: readonly number[]): Split | null {
  if (control.length < PEOPLE_MIN || treatment.length < PEOPLE_MIN) return null;
  const at = (values: readonly number[], share: number): number =>
    values[Math.round(share * (values.length - 1))] ?? Number.NaN;
  const isConstant = (values: readonly number[]): boolean => values[0] === values.at(-1);
  // A number that stands for the arm itself tells nothing of how people came there.
  if (isConstant(control) && isConstant(treatment)) return null;
  const below = at(treatment, 0.5) < at(control, 0.5);
  const [lower, upper] = below ? [treatment, control] : [control, treatment];
  const [end, start] = [at(lower, 1 - STRAYS), at(upper, STRAYS)];
  if (!(end < start)) return null;
  const width = at(upper, 1) - at(lower, 0);
  return { below, threshold: (end + start) / 2, gap: (start - end) / width };
}

/** The refusal of a report on people who were not drawn into their arms. */
export function notRandomIssue(plan: ExperimentPlan): Issue {
  return issue("experiment.not-random", { path: "assignment" }, { assignment: plan.assignment });
}

export function byRuleIssue({ column, arm, threshold, below }: AssignmentRule): Issue {
  const params = { column, arm, threshold: Number(threshold.toPrecision(6)) };
  return below ? issue("experiment.assigned-below", {}, params) : issue("experiment.assigned-above", {}, params);
}
