import type { AccountId, EnrollmentId, PartyId } from "../model/ids";
import type { JsonValue } from "../model/json";
import type { EpochMs } from "../model/time";

/** Something that happened, on its way in. Invisible before `atMs`, so results that are already known may wait here. */
export type NewInboxEntry = {
  /** Two entries with one key are one event: a provider that reports twice is heard once. */
  readonly dedupeKey: string;
  readonly partyId: PartyId;
  /** Null for events of an account (payments, promises): they are handed on to every enrollment of the account when they fall due. */
  readonly enrollmentId: EnrollmentId | null;
  readonly accountId: AccountId;
  readonly type: string;
  readonly atMs: EpochMs;
  readonly stepSeq: number | null;
  readonly attempt: number | null;
  readonly data: JsonValue;
};

/** An entry as it waits for one enrollment. `data` is still unparsed: the runtime reads it, and a malformed one is set aside. */
export type InboxEntry = {
  readonly id: string;
  readonly dedupeKey: string;
  readonly type: string;
  readonly atMs: EpochMs;
  readonly stepSeq: number | null;
  readonly attempt: number | null;
  readonly data: unknown;
};

export type Due = { readonly nowMs: EpochMs; readonly limit: number };

export interface Inbox {
  /** Stores entries; those whose key is known are left out. Returns how many were new. */
  put(entries: readonly NewInboxEntry[]): Promise<number>;
  /**
   * Books account-level payments that are due into the ledger and tells every enrollment of the account. Each once. A simulated
   * payment that work would have brought (`intentKey`) is ignored when the work was called back.
   */
  postDuePayments(due: Due): Promise<number>;
  /**
   * Opens account-level promises that are due (an open one of the account is replaced by it) and tells every enrollment of the
   * account. Each once.
   */
  bookDuePromises(due: Due): Promise<number>;
  /**
   * Results whose enrollment is frozen wait; what they say about the contact (connected, conversed, a hold) must not, because
   * caps and holds protect the person in every other strategy too. Records that part, each once.
   */
  recordWaitingResults(due: Due): Promise<number>;
}
