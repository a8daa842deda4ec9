import { z } from "zod";
import type { Condition } from "../model/condition";
import { type Issue, issue } from "../model/issue";
import { DAY_MS, HOUR_MS } from "../model/time";
import type { ValueSpec } from "../model/value";
import type { CompoundStep, FormField, NodeContext } from "./define";
import { GIVE_UP_HOURS_MAX, GIVE_UP_HOURS_MIN, GiveUpHoursSchema } from "./fragments";
import { DESK_FORM, deskOf, deskShape } from "./fragments-desk";
import { deskIssues, EXPIRED, OTHER, taskStep, UNKNOWN } from "./fragments-work";

/** An offer that stands for longer than a quarter is no offer. */
const OFFER_DAYS_MAX = 90;
export const OFFER_DAYS_DEFAULT = 7;
export const APPROVAL_HOURS_DEFAULT = 24;
/** Largest amount an author may name: ten billion yuan in fen, far within what is kept exactly. */
export const AMOUNT_MAX = 1_000_000_000_000;
export const AmountSchema = z.int().min(0).max(AMOUNT_MAX);
export const ShareSchema = z.number().min(0).max(1);

/** What every offer to a debtor has: who makes it, how long it stands, and who may approve what the step may not agree alone. */
export const offerShape = {
  ...deskShape,
  /** By when it should be made. */
  dueHours: GiveUpHoursSchema,
  /** Days it stands; then it lapses. */
  offerDays: z.int().min(1).max(OFFER_DAYS_MAX),
  /** Empty = not chosen yet. */
  approvalQueue: deskShape.queue,
  approvalHours: GiveUpHoursSchema,
};
export type OfferData = {
  readonly queue: string;
  readonly priority: number;
  readonly dueHours: number;
  readonly offerDays: number;
  readonly approvalQueue: string;
  readonly approvalHours: number;
};

const HOURS = { widget: "integer", minimum: GIVE_UP_HOURS_MIN, maximum: GIVE_UP_HOURS_MAX } as const;

export const OFFER_FORM: readonly FormField[] = [
  ...DESK_FORM,
  { path: "dueHours", ...HOURS },
  { path: "offerDays", widget: "integer", minimum: 1, maximum: OFFER_DAYS_MAX },
  { path: "approvalQueue", widget: "text", maximum: 64 },
  { path: "approvalHours", ...HOURS },
];

export function offerIssues(data: OfferData, context: NodeContext): readonly Issue[] {
  const due = { ms: data.dueHours * HOUR_MS, path: "dueHours" };
  const giveUp = { ms: data.offerDays * DAY_MS, path: "offerDays" };
  return [
    ...deskIssues(data, { due, giveUp }, context),
    ...(data.approvalQueue.trim() === "" ? [issue("work.queue-missing", { path: "approvalQueue" })] : []),
  ];
}

type Details = { readonly [name: string]: ValueSpec };
export const NOT_APPROVED = "not-approved";
export const OFFER_PART = "offer";
export const APPROVAL_PART = "approval";

/** The part that asks for what the step may not agree alone: the offer is made only when it was approved. */
export function approvalPart(data: OfferData, details: Details): CompoundStep["parts"][string] {
  const { approvalQueue, priority, approvalHours } = data;
  const refused = { handle: NOT_APPROVED };
  return {
    spec: taskStep({
      task: "approval",
      desk: deskOf({ queue: approvalQueue, priority }, approvalHours * HOUR_MS),
      details,
      deadlineMs: approvalHours * HOUR_MS,
      other: OTHER,
    }),
    ways: {
      approved: { part: OFFER_PART },
      rejected: refused,
      "changes-requested": refused,
      [OTHER]: refused,
      [EXPIRED]: { handle: EXPIRED },
    },
  };
}

/** The part that asks whether the step may agree alone what it is about to offer. */
export function authorityPart(within: Condition, context: NodeContext): CompoundStep["parts"][string] {
  const ruleSet = context.addRuleSet([{ rule: "within", outcome: "within", when: within }]);
  return {
    spec: { kind: "decide", ruleSet, otherwise: "above", unknown: UNKNOWN },
    ways: { within: { part: OFFER_PART }, above: { part: APPROVAL_PART }, [UNKNOWN]: { handle: UNKNOWN } },
  };
}

type Offered = {
  readonly data: OfferData;
  readonly details: Details;
  readonly other: string;
  readonly blocked?: string;
};

/** The offer itself, waited for until it lapses. */
export function offerStep(task: "plan" | "settlement", { data, details, other, blocked }: Offered) {
  return taskStep({
    task,
    desk: deskOf(data, data.dueHours * HOUR_MS),
    details: { ...details, answer_by: { todayPlusDays: data.offerDays } },
    deadlineMs: data.offerDays * DAY_MS,
    other,
    ...(blocked === undefined ? {} : { blocked }),
  });
}
