import { channelOf } from "../channels";
import { callBackIn } from "../model/contact-result";
import type { ContactResultData } from "../model/inbox-data";
import { promiseIn } from "../model/promise";
import type { ChannelEvent } from "../ports/channel";
import type { NewInboxEntry } from "../ports/inbox";
import type { ReadyIntent } from "../ports/outbox";

/** Whose result it is: the visit that asked for the contact. */
export type ContactedBy = {
  readonly intent: Pick<ReadyIntent["intent"], "key" | "channel" | "stepSeq" | "attempt">;
  readonly subject: ReadyIntent["subject"];
};

/**
 * A provider's result as inbox entries: the result itself, and the promise to pay it brings along. How the laws count it comes
 * from the channel's table, here and nowhere else.
 */
export function resultEntries(
  ready: ContactedBy,
  event: ChannelEvent & { readonly invalidates?: boolean },
): readonly NewInboxEntry[] {
  const terms = promiseIn(event.outcome, event.values);
  const result = resultEntry(ready, event);
  if (terms === null) return [result];
  const own = { type: "promise.made", enrollmentId: null, stepSeq: null, attempt: null };
  return [result, { ...result, ...own, dedupeKey: `promise:${event.eventId}`, data: terms }];
}

function resultEntry(ready: ContactedBy, event: ChannelEvent & { readonly invalidates?: boolean }): NewInboxEntry {
  const { intent, subject } = ready;
  const counted = intent.channel === null ? undefined : channelOf(intent.channel).outcomes[event.outcome];
  const callBackAtMs = callBackIn(event);
  const data: ContactResultData = {
    intentKey: intent.key,
    outcome: event.outcome,
    connected: counted?.connected ?? false,
    conversed: counted?.conversed ?? false,
    hold: counted?.hold ?? null,
    ...(counted?.invalidates === true || event.invalidates === true ? { invalidates: true } : {}),
    ...(event.values === undefined ? {} : { values: { ...event.values } }),
    ...(callBackAtMs === null ? {} : { callBackAtMs }),
  };
  return {
    dedupeKey: `result:${event.eventId}`,
    partyId: subject.partyId,
    enrollmentId: subject.enrollmentId,
    accountId: subject.accountId,
    type: "contact.result",
    atMs: event.atMs,
    stepSeq: intent.stepSeq,
    attempt: intent.attempt,
    data,
  };
}
