import type { FactValue } from "../model/facts";
import { instalmentDue, PLAN_INSTALMENTS_MAX, PLAN_VALUES } from "../model/payment-plan";
import type { TaskKind } from "../model/program";
import {
  addDays,
  DAY_MS,
  type EpochMs,
  HOUR_MS,
  instantAt,
  isLocalDate,
  type LocalDate,
  localDate,
  MINUTE_MS,
  minutesOf,
  type TimeZone,
} from "../model/time";
import {
  assumptionsOf,
  type DeskModel,
  deskAssumptions,
  pickWeighted,
  type TaskAssumptions,
  withinSpan,
} from "./assumptions";

/** A piece of work as a simulated desk is given it. */
export type SimulatedTask = {
  readonly task: TaskKind;
  readonly dpd: number;
  /** Still overdue, minor units. */
  readonly overdueMinor: number;
  /** What the strategy told those who do the work. */
  readonly details: { readonly [name: string]: FactValue };
  readonly nowMs: EpochMs;
  /** The request expires then. */
  readonly notAfterMs: EpochMs;
  readonly timeZone: TimeZone;
  /** Draws in [0, 1) by kind; the caller binds seed, party and ordinal (design D13). */
  readonly draw: (kind: string) => number;
  /** Absent = the shipped assumptions. */
  readonly model?: DeskModel | undefined;
};

/** Money the work brings; the smaller of it and what is still overdue counts. */
export type DeskPayment = { readonly atMs: EpochMs; readonly amountMinor: number };

export type TaskAnswer = {
  readonly outcome: string;
  readonly atMs: EpochMs;
  readonly values: { readonly [name: string]: FactValue };
  readonly costMinor: number;
  readonly payments: readonly DeskPayment[];
};

/** Details of a task that a simulated desk heeds, by name: what the strategy allows or asks for. */
const DETAILS = {
  planMinor: "amount",
  instalmentsMost: "max_instalments",
  instalmentLeastMinor: "min_instalment",
  firstDueBy: "first_due_by",
  termDays: "term_days",
  commissionShare: "commission_share",
  settlementMinor: "settlement_minor",
} as const;

/**
 * How a simulated desk ends a piece of work, from the labelled assumptions: the same draws give the same end. Null = nobody ever
 * takes it up, and it is left to its deadline.
 */
export function answerTask(task: SimulatedTask): TaskAnswer | null {
  const assumed = assumptionsOf(task.task, task.dpd, task.model);
  if (task.draw(`${task.task}.untouched`) < assumed.untouched) return null;
  const outcome = pickWeighted(assumed.outcomes, task.draw(`${task.task}.outcome`));
  const hours = withinSpan(assumed.hours, task.draw(`${task.task}.hours`));
  const plain = {
    outcome,
    atMs: task.nowMs + Math.max(MINUTE_MS, hours * HOUR_MS),
    values: {},
    costMinor: assumed.costMinor,
    payments: [],
  };
  return ENDS[task.task]?.(task, plain, assumed) ?? plain;
}

type End = (task: SimulatedTask, plain: TaskAnswer, assumed: TaskAssumptions) => TaskAnswer;

/** What some kinds of work bring along besides their outcome. */
const ENDS: { readonly [kind in TaskKind]?: End } = {
  plan: agreePlan,
  settlement: agreeSettlement,
  placement: workPlacement,
  legal: workLegal,
};

function agreePlan(task: SimulatedTask, plain: TaskAnswer, assumed: TaskAssumptions): TaskAnswer {
  if (plain.outcome !== "accepted" || task.overdueMinor <= 0) return plain;
  const wanted = withinSpan(assumed.instalments ?? { least: 3, most: 12 }, task.draw("plan.instalments"));
  const most = detailOf(task, DETAILS.instalmentsMost) ?? PLAN_INSTALMENTS_MAX;
  // Simulated people never pay more than is overdue, so a plan over more could never be completed.
  const planMinor = Math.min(detailOf(task, DETAILS.planMinor) ?? task.overdueMinor, task.overdueMinor);
  const room = planMinor / (detailOf(task, DETAILS.instalmentLeastMinor) ?? 1);
  const instalments = Math.max(1, Math.floor(Math.min(wanted, most, room, PLAN_INSTALMENTS_MAX)));
  // Rounded down: a debtor who pays every instalment has completed the plan, and never owes more by it than before.
  const instalmentMinor = Math.max(1, Math.floor(planMinor / instalments));
  const firstDue = firstDueOf(task, plain.atMs, assumed);
  const terms = { instalments, instalmentMinor, firstDue };
  const payments: DeskPayment[] = [];
  for (let index = 0; index < instalments; index += 1) {
    if (task.draw(`plan.pays:${index}`) >= assumed.pays) continue;
    const atMs = payingInstant(task, { date: instalmentDue(terms, index), kind: `plan:${index}`, afterMs: plain.atMs });
    payments.push({ atMs, amountMinor: instalmentMinor });
  }
  const values = {
    [PLAN_VALUES.instalments]: instalments,
    [PLAN_VALUES.instalmentMinor]: instalmentMinor,
    [PLAN_VALUES.firstDue]: firstDue,
  };
  return { ...plain, values, payments };
}

function agreeSettlement(task: SimulatedTask, plain: TaskAnswer, assumed: TaskAssumptions): TaskAnswer {
  if (plain.outcome !== "accepted" || task.overdueMinor <= 0) return plain;
  const settlementMinor = Math.round(detailOf(task, DETAILS.settlementMinor) ?? task.overdueMinor);
  const due = firstDueOf(task, plain.atMs, assumed);
  const pays = settlementMinor > 0 && task.draw("settlement.pays") < assumed.pays;
  const atMs = payingInstant(task, { date: due, kind: "settlement", afterMs: plain.atMs });
  return {
    ...plain,
    values: { settlement_minor: settlementMinor, due_date: due },
    payments: pays ? [{ atMs, amountMinor: settlementMinor }] : [],
  };
}

/** An agency works a term: money comes in or not, and at its end the account comes back. A refusal comes at once. */
function workPlacement(task: SimulatedTask, plain: TaskAnswer, assumed: TaskAssumptions): TaskAnswer {
  if (plain.outcome === "refused") return plain;
  const days = detailOf(task, DETAILS.termDays) ?? assumed.termDays ?? 90;
  // The account is handed back before the step itself gives up on it.
  const atMs = Math.min(task.nowMs + days * DAY_MS, Math.max(task.nowMs + MINUTE_MS, task.notAfterMs - HOUR_MS));
  const payments = paidWithin(task, { untilMs: atMs, pays: assumed.pays, fullShare: assumed.fullShare ?? 1 });
  const recoveredMinor = payments.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const commission = detailOf(task, DETAILS.commissionShare) ?? assumed.commissionShare ?? 0;
  const costMinor = plain.costMinor + Math.round(commission * recoveredMinor);
  return { ...plain, atMs, costMinor, values: { recovered_minor: recoveredMinor }, payments };
}

const PAYING_ENDS: ReadonlySet<string> = new Set(["settled", "judgment", "enforced"]);

function workLegal(task: SimulatedTask, plain: TaskAnswer, assumed: TaskAssumptions): TaskAnswer {
  if (!PAYING_ENDS.has(plain.outcome)) return plain;
  const fullShare = assumed.fullShare ?? 1;
  return { ...plain, payments: paidWithin(task, { untilMs: plain.atMs, pays: assumed.pays, fullShare }) };
}

type Stretch = { readonly untilMs: EpochMs; readonly pays: number; readonly fullShare: number };

/** At most one payment within a stretch of work, all that is overdue or a part of it. */
function paidWithin(task: SimulatedTask, { untilMs, pays, fullShare }: Stretch): readonly DeskPayment[] {
  const kind = task.task;
  if (task.overdueMinor <= 0 || task.draw(`${kind}.pays`) >= pays) return [];
  const share = task.draw(`${kind}.full`) < fullShare ? 1 : 0.1 + 0.5 * task.draw(`${kind}.part`);
  const dueMs = task.nowMs + task.draw(`${kind}.when`) * (untilMs - task.nowMs);
  const date = localDate(task.timeZone, dueMs);
  const atMs = Math.min(untilMs, payingInstant(task, { date, kind, afterMs: task.nowMs }));
  return [{ atMs, amountMinor: Math.max(1, Math.round(share * task.overdueMinor)) }];
}

function firstDueOf(task: SimulatedTask, agreedAtMs: EpochMs, { firstDueDays }: TaskAssumptions): LocalDate {
  const days = withinSpan(firstDueDays ?? { least: 5, most: 20 }, task.draw(`${task.task}.first-due`));
  const due = addDays(localDate(task.timeZone, agreedAtMs), days);
  const latest = task.details[DETAILS.firstDueBy];
  return typeof latest === "string" && isLocalDate(latest) && latest < due ? latest : due;
}

/** An instant of a day within paying hours, after the cause of the payment. */
function payingInstant(
  { timeZone, draw, model = deskAssumptions }: SimulatedTask,
  { date, kind, afterMs }: { readonly date: LocalDate; readonly kind: string; readonly afterMs: EpochMs },
): EpochMs {
  const { payingHours } = model;
  const from = minutesOf(payingHours.from);
  const minute = from + Math.floor(draw(`${kind}:minute`) * (minutesOf(payingHours.to) - from));
  return Math.max(instantAt(timeZone, date, minute), afterMs + MINUTE_MS);
}

/** A detail that is a positive number, or null. */
function detailOf({ details }: SimulatedTask, name: string): number | null {
  const value = Object.hasOwn(details, name) ? details[name] : null;
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : null;
}
