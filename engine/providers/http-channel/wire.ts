import { z } from "zod";
import { NORMAL_RESULTS, normalResultOf } from "../../model/contact-result";
import { BroughtConversationSchema, boundedConversation } from "../../model/conversation";
import { AnswerValuesSchema } from "../../model/inbox-data";
import type { JsonValue } from "../../model/json";
import type { Currency } from "../../model/money";
import type { ParsedCallback, QueryAnswer, SendRequest, StatusEvent } from "../../ports/channel";
import { readJson } from "../http/read-json";

/** Events of one callback. */
export const EVENTS_MAX = 5000;
/** Deepest nesting that is read; what we read of it is flat, what we keep of it is not. */
const DEPTH_MAX = 16;
/** Of a provider's own words so much is kept beside an event, characters. */
const RAW_MAX = 4000;

/** Neither NUL nor half a character: the database has no place for them. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/i;
const NameSchema = z
  .string()
  .min(1)
  .max(200)
  .refine((text) => !UNSTORABLE.test(JSON.stringify(text)));
const CostSchema = z.object({ minor: z.int().min(0).max(1_000_000_000), currency: z.string().max(3) });

const EventSchema = z
  .object({
    eventId: NameSchema,
    key: NameSchema.nullish(),
    ref: NameSchema.nullish(),
    result: z.string().max(60),
    outcome: z.string().max(60).nullish(),
    at: z.iso.datetime({ offset: true }),
    cost: CostSchema.nullish(),
    values: AnswerValuesSchema.nullish(),
    conversation: BroughtConversationSchema.nullish(),
  })
  .refine(({ key, ref }) => (key ?? ref ?? null) !== null);

export const AcceptedSchema = z.object({ ref: NameSchema, cost: CostSchema.nullish() });
export const RejectedSchema = z.object({ code: z.string().regex(/^[a-z][a-z0-9_-]{0,59}$/) });
const StatusSchema = z.discriminatedUnion("state", [
  z.object({ state: z.literal("known"), ref: NameSchema.nullish(), events: z.array(z.unknown()).max(EVENTS_MAX) }),
  z.object({ state: z.literal("not_found") }),
  z.object({ state: z.literal("not_yet") }),
]);
export const CancelSchema = z.object({ state: z.enum(["cancelled", "too_late"]) });
export const CapabilitiesSchema = z.object({
  contract: z.literal(1),
  channel: z.string(),
  idempotency: z.enum(["key", "query", "none"]),
  results: z.array(z.enum(NORMAL_RESULTS)).exactOptional(),
});

/** Body of `POST /v1/send`. */
export function sendBody(request: SendRequest): string {
  const { key, channel, to, subject, text, desk, notAfterMs, resent } = request;
  return JSON.stringify({
    type: "contact.send",
    key,
    channel,
    to: { kind: to.kind, address: to.address },
    subject,
    text,
    ...(desk === undefined ? {} : { desk }),
    notAfter: new Date(notAfterMs).toISOString(),
    resent,
  });
}

/** A price in the currency of the lender's books, whole minor units; null = none, or another currency. */
export function costIn(currency: Currency, cost: z.output<typeof CostSchema> | null | undefined): number | null {
  return cost?.currency === currency ? cost.minor : null;
}

function eventOf(written: unknown, currency: Currency): StatusEvent | null {
  const read = EventSchema.safeParse(written);
  if (!read.success) return null;
  const { eventId, key, ref, result, outcome, at, cost, values, conversation } = read.data;
  const said = conversation == null ? null : boundedConversation(conversation);
  return {
    eventId,
    key: key ?? null,
    ref: ref ?? null,
    result: normalResultOf(result),
    outcome: outcome ?? null,
    atMs: Date.parse(at),
    costMinor: costIn(currency, cost),
    values: values ?? {},
    ...(said === null ? {} : { conversation: said }),
    raw: rawOf(written),
  };
}

/** What was said is kept in one place, and not here a second time. */
function rawOf(whole: unknown): JsonValue {
  const written =
    typeof whole === "object" && whole !== null && "conversation" in whole ? { ...whole, conversation: null } : whole;
  const text = JSON.stringify(written);
  return text.length > RAW_MAX || UNSTORABLE.test(text) ? { left_out: text.length } : (written as JsonValue);
}

function eventsOf(written: readonly unknown[], currency: Currency): ParsedCallback {
  const events: StatusEvent[] = [];
  for (const [index, one] of written.entries()) {
    const event = eventOf(one, currency);
    // Nothing of a batch is taken when some of it cannot be read: the provider sends it again when it is repaired.
    if (event === null) return { kind: "unreadable", code: `event-${index}` };
    events.push(event);
  }
  return { kind: "events", events };
}

/** A callback's events: `{ events: […] }`, an array of events, or one event. */
export function readCallback(body: Uint8Array, currency: Currency): ParsedCallback {
  const json = readJson(body, DEPTH_MAX);
  if ("reason" in json) return { kind: "unreadable", code: json.reason };
  const { value } = json;
  const written = Array.isArray(value)
    ? value
    : typeof value === "object" && value !== null && "events" in value && Array.isArray(value.events)
      ? value.events
      : [value];
  return written.length > EVENTS_MAX ? { kind: "unreadable", code: "too-many" } : eventsOf(written, currency);
}

/** Answer to `GET /v1/status/{key}`, or null when it cannot be read. */
export function readStatus(bytes: Uint8Array, currency: Currency): QueryAnswer | null {
  const json = readJson(bytes, DEPTH_MAX);
  const read = StatusSchema.safeParse("value" in json ? json.value : null);
  if (!read.success) return null;
  if (read.data.state !== "known") return { kind: read.data.state };
  const parsed = eventsOf(read.data.events, currency);
  return parsed.kind === "events" ? { kind: "known", ref: read.data.ref ?? null, events: parsed.events } : null;
}

/** Anything of a body that a schema knows, or null. */
export function readBody<TSchema extends z.ZodType>(bytes: Uint8Array, schema: TSchema): z.output<TSchema> | null {
  const json = readJson(bytes, DEPTH_MAX);
  const read = schema.safeParse("value" in json ? json.value : null);
  return read.success ? read.data : null;
}
