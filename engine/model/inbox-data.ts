import { z } from "zod";
import { CHANNELS } from "./content";
import { HOLD_KINDS } from "./policy";

/** What an entry of the inbox may hold, by event type. Everything that comes in is read by this before anyone acts on it. */
const ReasonsSchema = z.array(z.string().max(120)).max(50);
const AmountSchema = z.object({ amountMinor: z.int().positive() });
/** Which visit of a step an answer belongs to. */
const VisitShape = { stepSeq: z.int().min(1), attempt: z.int().min(0) };

/** A contact's result: what was heard, and how the laws count it (from the channel's table at the time it came in). */
export const ContactResultDataSchema = z.object({
  intentKey: z.string().max(200),
  outcome: z.string().max(60),
  connected: z.boolean(),
  conversed: z.boolean(),
  hold: z.enum(HOLD_KINDS).nullable(),
});
export type ContactResultData = z.output<typeof ContactResultDataSchema>;

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
    data: z.object({ outcome: z.enum(["pass", "block", "review"]) }),
  }),
  z.object({ type: z.literal("payment.posted"), data: AmountSchema }),
  z.object({ type: z.literal("payment.reversed"), data: AmountSchema }),
  z.object({ type: z.literal("reply.received"), data: z.object({ channel: z.enum(CHANNELS) }) }),
  z.object({ type: z.literal("facts.changed") }),
  z.object({ type: z.literal("stop.requested") }),
]);
export type InboxData = z.output<typeof InboxDataSchema>;
