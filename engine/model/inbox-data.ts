import { z } from "zod";
import { CHANNELS } from "./content";
import { AUTHOR_EXIT_REASONS } from "./exit-reason";
import { HOLD_KINDS } from "./policy";
import { TASK_KINDS } from "./program";
import { PromiseTermsSchema } from "./promise";

/** What an entry of the inbox may hold, by event type. Everything that comes in is read by this before anyone acts on it. */
const ReasonsSchema = z.array(z.string().max(120)).max(50);
const AmountSchema = z.object({ amountMinor: z.int().positive() });
/** Most values one answer may bring along, and the longest text among them; a step takes the few it names. */
const ANSWER_VALUES_MAX = 50;
const ANSWER_TEXT_MAX = 1000;
/** Neither NUL nor half a character: the database has no place for them. */
const isStorable = (text: string): boolean => !text.includes("\u0000") && !/\p{Surrogate}/u.test(text);
/** What an answer brings along: scalars by name. */
export const AnswerValuesSchema = z
  .record(
    z.string().regex(/^[a-z][a-z0-9_]{0,39}$/),
    z.union([z.number(), z.string().max(ANSWER_TEXT_MAX).refine(isStorable), z.boolean(), z.null()]),
  )
  .refine((values) => Object.keys(values).length <= ANSWER_VALUES_MAX);
const OutcomeSchema = z.string().min(1).max(60);
/** Which visit of a step an answer belongs to. */
const VisitShape = { stepSeq: z.int().min(1), attempt: z.int().min(0) };

/** A contact's result: what was heard, and how the laws count it (from the channel's table at the time it came in). */
export const ContactResultDataSchema = z.object({
  intentKey: z.string().max(200),
  outcome: z.string().max(60),
  connected: z.boolean(),
  conversed: z.boolean(),
  hold: z.enum(HOLD_KINDS).nullable(),
  values: AnswerValuesSchema.exactOptional(),
  /** The contact point is no use any more. */
  invalidates: z.boolean().exactOptional(),
  /** When the person asked to be called again. */
  callBackAtMs: z.int().exactOptional(),
});
export type ContactResultData = z.output<typeof ContactResultDataSchema>;

/** A task's end: which work it was, how it ended, what came of it. */
export const TaskResultDataSchema = z.object({
  task: z.enum(TASK_KINDS),
  outcome: OutcomeSchema,
  values: AnswerValuesSchema.exactOptional(),
});

export const InboxDataSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("contact.result"), ...VisitShape, data: ContactResultDataSchema }),
  z.object({
    type: z.literal("contact.deferred"),
    ...VisitShape,
    data: z.object({ untilMs: z.number(), reasons: ReasonsSchema }),
  }),
  z.object({ type: z.literal("contact.denied"), ...VisitShape, data: z.object({ reasons: ReasonsSchema }) }),
  z.object({
    type: z.literal("qa.verdict"),
    ...VisitShape,
    data: z.object({ outcome: z.enum(["pass", "block", "review"]), values: AnswerValuesSchema.exactOptional() }),
  }),
  z.object({ type: z.literal("task.completed"), ...VisitShape, data: TaskResultDataSchema }),
  z.object({
    type: z.literal("external.result"),
    ...VisitShape,
    data: z.object({ outcome: OutcomeSchema, values: AnswerValuesSchema.exactOptional() }),
  }),
  z.object({ type: z.literal("promise.made"), data: PromiseTermsSchema }),
  z.object({ type: z.literal("payment.posted"), data: AmountSchema }),
  z.object({ type: z.literal("payment.reversed"), data: AmountSchema }),
  z.object({ type: z.literal("reply.received"), data: z.object({ channel: z.enum(CHANNELS) }) }),
  z.object({ type: z.literal("facts.changed") }),
  z.object({ type: z.literal("stop.requested") }),
  z.object({ type: z.literal("resumed"), stepSeq: z.int().min(1) }),
  z.object({ type: z.literal("exit.requested"), data: z.object({ reason: z.enum(AUTHOR_EXIT_REASONS) }) }),
]);
export type InboxData = z.output<typeof InboxDataSchema>;
