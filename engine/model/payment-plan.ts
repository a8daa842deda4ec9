import { z } from "zod";
import type { FactValue } from "./facts";
import type { TASK_OUTCOMES, TaskKind } from "./program";
import { addDays, daysBetween, type EpochMs, instantAt, type LocalDate, monthDays, type TimeZone } from "./time";

/** Longest plan, in instalments: the personalised instalments of credit cards end at 60 (domain.md 4.1, T7). */
export const PLAN_INSTALMENTS_MAX = 60;
/** An instalment counts as missed when it is still open so many days after its date (domain.md 4.1, T5). */
export const PLAN_GRACE_DAYS = 3;
/** So many instalments missed at once break a plan (domain.md 4.1, T7). */
export const PLAN_MISSED_MAX = 2;

/** A plan is looked at anew when the working day begins, in the strategy's zone. */
const REVIEW_MINUTE_OF_DAY = 9 * 60;

/** An agreed payment plan: equal monthly instalments in minor units; the first on `firstDue`, the others on its day of the month. */
export type PlanTerms = {
  readonly instalments: number;
  readonly instalmentMinor: number;
  readonly firstDue: LocalDate;
};

/** An account's latest plan with what has been paid since it was agreed, reversals taken off. */
export type PlanStanding = PlanTerms & { readonly paidMinor: number };

export type PlanStatus = "active" | "completed" | "broken";

/** Names under which the answer to a plan's offer brings its terms along. */
export const PLAN_VALUES = {
  instalments: "instalments",
  instalmentMinor: "instalment_minor",
  firstDue: "first_due",
} as const;

const PlanTermsSchema = z.object({
  instalments: z.int().min(1).max(PLAN_INSTALMENTS_MAX),
  instalmentMinor: z.int().positive(),
  firstDue: z.iso.date(),
});

function planIn(values: { readonly [name: string]: FactValue } | undefined): PlanTerms | null {
  const named = Object.entries(PLAN_VALUES).map(([member, name]) => [member, values?.[name]] as const);
  const terms = PlanTermsSchema.safeParse(Object.fromEntries(named));
  return terms.success ? terms.data : null;
}

/** The plan agreed by the end of a piece of work, or null: other work, another end, or terms nobody can tell. */
export function planAgreed(end: {
  readonly task: TaskKind;
  readonly outcome: string;
  readonly values?: { readonly [name: string]: FactValue };
}): PlanTerms | null {
  return end.task === "plan" && end.outcome === AGREED ? planIn(end.values) : null;
}

const AGREED: (typeof TASK_OUTCOMES)["plan"][number] = "accepted";

/** Date of an instalment, from 0. A day the month does not have is its last. */
export function instalmentDue({ firstDue }: Pick<PlanTerms, "firstDue">, index: number): LocalDate {
  const months = Number(firstDue.slice(0, 4)) * 12 + Number(firstDue.slice(5, 7)) - 1 + index;
  const [year, month] = [Math.floor(months / 12), (months % 12) + 1];
  const day = Math.min(Number(firstDue.slice(8, 10)), monthDays(year, month));
  return [String(year).padStart(4, "0"), String(month).padStart(2, "0"), String(day).padStart(2, "0")].join("-");
}

/** Days on which a plan is looked at anew, because an instalment that is still open has become a missed one. */
function planReviewDates(terms: PlanTerms): readonly LocalDate[] {
  return Array.from({ length: terms.instalments }, (_, index) =>
    addDays(instalmentDue(terms, index), PLAN_GRACE_DAYS + 1),
  );
}

/** Instants at which a strategy that watches a plan is told to look again, after `afterMs`. */
export function planReviewInstants(
  terms: PlanTerms,
  { timeZone, afterMs }: { readonly timeZone: TimeZone; readonly afterMs: EpochMs },
): readonly EpochMs[] {
  return planReviewDates(terms)
    .map((date) => instantAt(timeZone, date, REVIEW_MINUTE_OF_DAY))
    .filter((atMs) => atMs > afterMs);
}

/** How a plan stands on a date, by the ledger alone: paying what was missed makes it whole again. */
export function planStandingOn(
  plan: PlanStanding,
  today: LocalDate,
): { readonly status: PlanStatus; readonly missed: number; readonly endDate: LocalDate } {
  const endDate = instalmentDue(plan, plan.instalments - 1);
  if (plan.paidMinor >= plan.instalments * plan.instalmentMinor) return { status: "completed", missed: 0, endDate };
  const overdue = planReviewDates(plan).filter((date) => daysBetween(date, today) >= 0).length;
  const missed = Math.max(0, overdue - Math.floor(plan.paidMinor / plan.instalmentMinor));
  const ended = overdue === plan.instalments;
  return { status: missed >= PLAN_MISSED_MAX || ended ? "broken" : "active", missed, endDate };
}
