import type { EngineEvent } from "../model/execution";
import { type InboxData, InboxDataSchema } from "../model/inbox-data";
import { type PlanTerms, planAgreed } from "../model/payment-plan";
import { err, ok, type Result } from "../model/result";
import type { ContactOutcome } from "../ports/enrollment-store";
import type { InboxEntry } from "../ports/inbox";

export type ReadEntry = {
  readonly event: EngineEvent;
  /** What it says about a contact, when it is a contact's result. */
  readonly outcome: ContactOutcome | null;
  /** The payment plan that is agreed by it, if the strategy still waits for the answer. */
  readonly plan: PlanTerms | null;
};
export type UnreadEntry = Pick<InboxEntry, "dedupeKey" | "type" | "atMs" | "stepSeq" | "attempt" | "data">;

/**
 * An inbox entry as the event the executors know. An entry that cannot be read is an error code: it is set aside as `dead`
 * with that code, so that one bad row never stops its enrollment.
 */
export function readEntry(entry: UnreadEntry): Result<ReadEntry, string> {
  const parsed = InboxDataSchema.safeParse({
    type: entry.type,
    ...(entry.stepSeq === null ? {} : { stepSeq: entry.stepSeq }),
    ...(entry.attempt === null ? {} : { attempt: entry.attempt }),
    data: entry.data,
  });
  if (!parsed.success) return err(`inbox.unreadable:${parsed.error.issues[0]?.path.join(".") ?? ""}`);
  const read = parsed.data;
  const plan = read.type === "task.completed" ? planAgreed(read.data) : null;
  return ok({
    event: eventOf(read, { id: entry.dedupeKey, at: entry.atMs }),
    outcome: contactOutcome(read, entry),
    plan,
  });
}

function contactOutcome(read: InboxData, { atMs }: UnreadEntry): ContactOutcome | null {
  if (read.type !== "contact.result") return null;
  const { intentKey, outcome, connected, conversed, hold, invalidates = false, callBackAtMs } = read.data;
  const callBack = callBackAtMs === undefined ? {} : { callBackAtMs };
  return { intentKey, outcome, connected, conversed, hold, invalidates, atMs, ...callBack };
}

function eventOf(read: InboxData, base: Pick<EngineEvent, "id" | "at">): EngineEvent {
  switch (read.type) {
    case "contact.result":
    case "task.completed":
    case "external.result":
      return { ...base, type: read.type, ...answerOf(read), outcome: read.data.outcome };
    case "qa.verdict":
      return { ...base, type: read.type, ...answerOf(read), outcome: read.data.outcome };
    case "contact.deferred":
      return { ...base, type: read.type, stepSeq: read.stepSeq, attempt: read.attempt, ...read.data };
    case "contact.denied":
      return { ...base, type: read.type, stepSeq: read.stepSeq, attempt: read.attempt, reasons: read.data.reasons };
    case "payment.posted":
    case "payment.reversed":
      return { ...base, type: read.type, amountMinor: read.data.amountMinor };
    case "promise.made":
      return { ...base, type: read.type, ...read.data };
    case "reply.received":
      return { ...base, type: read.type, channel: read.data.channel };
    case "resumed":
      return { ...base, type: read.type, stepSeq: read.stepSeq };
    case "exit.requested":
      return { ...base, type: read.type, reason: read.data.reason };
    case "facts.changed":
    case "stop.requested":
      return { ...base, type: read.type };
    default:
      return read satisfies never;
  }
}

type AnswerData = Extract<
  InboxData,
  { readonly type: "contact.result" | "qa.verdict" | "task.completed" | "external.result" }
>;

/** The visit an answer belongs to, and what it brings along. */
function answerOf({ stepSeq, attempt, data }: AnswerData) {
  return { stepSeq, attempt, ...(data.values === undefined ? {} : { values: data.values }) };
}
