import { channelOf } from "../channels";
import type { ContactRecord, Hold, NoticeRecord, RecordedConsent } from "../model/policy";
import { DAY_MS, type EpochMs } from "../model/time";

/** A contact made or under way; `settled` is false until its result is known. */
export type PastContact = ContactRecord & { readonly settled: boolean };

/** What is known of a party's past and of what stands between it and the house. */
export type PartyPast = {
  /** Contacts made with the party so far, over all its accounts, strategies and channels. */
  readonly history: readonly PastContact[];
  readonly holds: readonly Hold[];
  /** What the debtor agreed to beyond the rules, and notices that were given otherwise; none when they are missing. */
  readonly consents?: readonly RecordedConsent[] | undefined;
  readonly notices?: readonly NoticeRecord[] | undefined;
};

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
