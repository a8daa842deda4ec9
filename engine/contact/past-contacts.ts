import { channelOf } from "../channels";
import type { ContactRecord } from "../model/policy";
import { DAY_MS, type EpochMs } from "../model/time";

/** A contact made or under way; `settled` is false until its result is known. */
export type PastContact = ContactRecord & { readonly settled: boolean };

/** An unanswered contact stops counting as a possible conversation after this long. */
const UNSETTLED_COUNTS_MS = DAY_MS;

function isOpen(contact: PastContact, nowMs: EpochMs): boolean {
  return !contact.settled && contact.atMs > nowMs - UNSETTLED_COUNTS_MS;
}

/**
 * A contact whose result is not in yet may turn out to be a conversation: until it is known it counts as one, so that two
 * calls under way at once cannot break a cap on conversations.
 */
export function withOpenCounted(history: readonly PastContact[], nowMs: EpochMs): readonly ContactRecord[] {
  if (!history.some((contact) => isOpen(contact, nowMs))) return history;
  return history.map((contact) => {
    if (!isOpen(contact, nowMs)) return contact;
    const outcomes = Object.values(channelOf(contact.channel).outcomes);
    return {
      ...contact,
      connected: outcomes.some((outcome) => outcome.connected),
      conversed: outcomes.some((outcome) => outcome.conversed),
    };
  });
}
