import type { Channel } from "../model/content";
import type { ContactTerms, Subject } from "../model/execution";
import type { ContactPointId, StrategyVersionId } from "../model/ids";
import type { Currency } from "../model/money";
import type { ContactRecord, Hold, PolicyReason } from "../model/policy";
import type { EpochMs } from "../model/time";
import type { AccountSnapshot } from "./account-snapshot";
import type { Due, NewInboxEntry } from "./inbox";

/**
 * Life of an intent. `sending` is written before the provider is asked, so a crash leaves `sending` with a lapsed lease and
 * never a contact nobody knows of; `unknown` = it may or may not have left, and it is not sent again by itself.
 */
export const INTENT_STATES = ["ready", "sending", "unknown", "sent", "failed", "denied", "cancelled"] as const;
export type IntentState = (typeof INTENT_STATES)[number];

/** Something a strategy wants from the world, as a row in the commit that decided it. */
export type NewIntent = {
  /** `requestKey(enrollment, stepSeq, attempt)`; unique, and the idempotency key at the provider. */
  readonly key: string;
  readonly stepSeq: number;
  readonly attempt: number;
  readonly nodeId: string;
  readonly contentId: string;
  readonly notBeforeMs: EpochMs;
  readonly notAfterMs: EpochMs;
  /** `cancelled` when the turn that asked also left the step. */
  readonly state: "ready" | "cancelled";
} & (
  | { readonly kind: "contact"; readonly channel: Channel; readonly lexicon: null; readonly terms: ContactTerms }
  | { readonly kind: "qa"; readonly channel: null; readonly lexicon: string }
);

/** A contact made or under way. `settled` is false until its result is known. */
export type ContactHistoryEntry = ContactRecord & { readonly settled: boolean };

/** What the gate may look at, as of this moment and under the party's lock. */
export type PartyRecord = {
  readonly history: readonly ContactHistoryEntry[];
  readonly holds: readonly Hold[];
};

export type ReadyIntent = {
  readonly intent: NewIntent;
  readonly subject: Subject;
  readonly versionId: StrategyVersionId;
  readonly startedAtMs: EpochMs;
  readonly snapshot: AccountSnapshot;
  readonly party: PartyRecord;
};

export type Reservation = {
  readonly contactPointId: ContactPointId;
  readonly channel: Channel;
  readonly currency: Currency;
  readonly provider: string;
};

/** What became of one ready intent at the gate. */
export type GateDecision = { readonly key: string; readonly inbox: readonly NewInboxEntry[] } & (
  | { readonly kind: "send"; readonly reservation: Reservation; readonly reasons: readonly PolicyReason[] }
  | { readonly kind: "defer"; readonly untilMs: EpochMs; readonly reasons: readonly PolicyReason[] }
  | { readonly kind: "deny"; readonly reasons: readonly PolicyReason[] }
  /** Answered in the house (content QA): nothing leaves. */
  | { readonly kind: "answered"; readonly reasons: readonly PolicyReason[] }
);

/** What became of a contact that was handed to a provider. */
export type Settlement = { readonly key: string; readonly inbox: readonly NewInboxEntry[] } & (
  | { readonly kind: "sent"; readonly providerRef: string; readonly costMinor: number }
  | { readonly kind: "unknown" }
  /** The provider took nothing: the contact did not happen and gives its place under the caps back. */
  | { readonly kind: "failed"; readonly reasons: readonly PolicyReason[] }
  | { readonly kind: "retry"; readonly notBeforeMs: EpochMs; readonly reasons: readonly PolicyReason[] }
);

/** A contact that was being sent when its worker died. */
export type LapsedIntent = { readonly ready: ReadyIntent; readonly contactPointId: ContactPointId };

export interface Outbox {
  /**
   * Takes ready intents that are due, leaves frozen parties and paused strategies alone, and locks each party while `decide`
   * runs; the contact attempts it allows are written in the same commit, so two workers cannot both use the last place under
   * a cap. Returns what was committed.
   */
  reserve(
    due: Due,
    decide: (ready: readonly ReadyIntent[]) => Promise<readonly GateDecision[]>,
  ): Promise<{ readonly looked: number; readonly decided: readonly GateDecision[] }>;
  /** Writes what providers answered. An intent that is no longer `sending` is left as it is. */
  settle(settlements: readonly Settlement[]): Promise<number>;
  /** Contacts left in `sending` by a dead worker; the caller holds them for one more lease. */
  lapsed(due: Due): Promise<readonly LapsedIntent[]>;
}
