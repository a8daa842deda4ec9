import type { Channel } from "../model/content";
import type { ContactTerms, Desk, Subject } from "../model/execution";
import type { FactValue } from "../model/facts";
import type { ContactPointId, EnrollmentId, StrategyVersionId } from "../model/ids";
import type { Currency } from "../model/money";
import type { ContactRecord, Hold, PolicyReason, RecordedConsent } from "../model/policy";
import type { TaskKind } from "../model/program";
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
  readonly notBeforeMs: EpochMs;
  readonly notAfterMs: EpochMs;
  /** `cancelled` when the turn that asked also left the step. */
  readonly state: "ready" | "cancelled";
} & (
  | {
      readonly kind: "contact";
      readonly channel: Channel;
      readonly contentId: string;
      readonly lexicon: null;
      readonly terms: ContactTerms;
    }
  | { readonly kind: "qa"; readonly channel: null; readonly contentId: string; readonly lexicon: string }
  | {
      readonly kind: "conversation-qa";
      readonly channel: Channel;
      readonly contentId: null;
      readonly lexicon: string;
      readonly passScore: number;
    }
  | ({ readonly kind: "task"; readonly channel: null; readonly contentId: null; readonly lexicon: null } & TaskDetails)
  | ({ readonly kind: "external"; readonly channel: null; readonly contentId: null; readonly lexicon: null } & {
      readonly integration: string;
      readonly send: { readonly [fact: string]: FactValue };
      readonly timeoutMs: number;
    })
);
export type IntentKind = NewIntent["kind"];
export type IntentOf<TKind extends IntentKind> = Extract<NewIntent, { readonly kind: TKind }>;

type TaskDetails = {
  readonly task: TaskKind;
  readonly desk: Desk;
  readonly details: { readonly [name: string]: FactValue };
};

/** A contact made or under way, and whose. `settled` is false until its result is known. */
export type ContactHistoryEntry = ContactRecord & { readonly settled: boolean; readonly enrollmentId: EnrollmentId };

/** What the gate may look at, as of this moment and under the party's lock. */
export type PartyRecord = {
  readonly history: readonly ContactHistoryEntry[];
  readonly holds: readonly Hold[];
  /** Contacts agencies reported: they use up the caps as well. Missing = none is known. */
  readonly outside?: readonly ContactRecord[];
  /** What the debtor agreed to beyond the rules. Missing = nothing. */
  readonly consents?: readonly RecordedConsent[];
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
  /** The notice in the sense of a law that the contact is. */
  readonly notice?: string | undefined;
};

/** What became of one ready intent at the gate. */
export type GateDecision = { readonly key: string; readonly inbox: readonly NewInboxEntry[] } & (
  | { readonly kind: "send"; readonly reservation: Reservation; readonly reasons: readonly PolicyReason[] }
  /** Goes to a desk or another system; no contact, so it needs no place under the caps. */
  | { readonly kind: "hand-over"; readonly provider: string; readonly reasons: readonly PolicyReason[] }
  /** Lies open in the house until somebody does it. */
  | { readonly kind: "open"; readonly reasons: readonly PolicyReason[] }
  | { readonly kind: "defer"; readonly untilMs: EpochMs; readonly reasons: readonly PolicyReason[] }
  | { readonly kind: "deny"; readonly reasons: readonly PolicyReason[] }
  /** A bug of ours stood in the way. It is tried again with growing pauses, and then waits for a person as a dead letter. */
  | { readonly kind: "broken"; readonly code: string; readonly reasons: readonly PolicyReason[] }
  /** Answered in the house (a text or a conversation was checked): nothing leaves. */
  | { readonly kind: "answered"; readonly reasons: readonly PolicyReason[] }
);

/** Until when a worker may act on what it has taken, on the database's clock; also the mark that it is still the one who may. */
export type Lease = {
  readonly untilMs: EpochMs;
  /** Real milliseconds it lasts from the moment it was given. */
  readonly lastsMs: number;
};

/**
 * What became of a contact that was handed to a provider. That it took nothing counts only from whoever holds the lease still
 * (`leaseUntilMs`): a worker that slept past it must not take back what another has sent meanwhile. That it was sent counts from
 * anybody.
 */
export type Settlement = {
  readonly key: string;
  readonly inbox: readonly NewInboxEntry[];
  readonly leaseUntilMs?: EpochMs;
} & (
  | { readonly kind: "sent"; readonly providerRef: string; readonly costMinor: number }
  /** It may or may not have left. `askAgainMs` says when to look after it (`unsettled`); null = that is for people. */
  | { readonly kind: "unknown"; readonly askAgainMs: EpochMs | null }
  /** The provider took nothing: the contact did not happen and gives its place under the caps back. */
  | { readonly kind: "failed"; readonly reasons: readonly PolicyReason[] }
  | { readonly kind: "retry"; readonly notBeforeMs: EpochMs; readonly reasons: readonly PolicyReason[] }
);

/** A request nobody knows the fate of: its worker died, or its provider gave no clear answer. */
export type LapsedIntent = {
  readonly ready: ReadyIntent;
  /** Null = it is no contact. */
  readonly contactPointId: ContactPointId | null;
  /** Who it was handed to, and when the contact was written under the caps; null where it is no contact. */
  readonly provider: string | null;
  readonly reservedAtMs: EpochMs | null;
  /** How often its outcome has been unclear so far. */
  readonly unclear: number;
};

/** The outbox is counted no further than this: more is simply far behind. */
export const BACKLOG_COUNTED = 20_000;
/** Times in a row a request may break on its way to the gate before it is set aside. */
export const GATE_FAILURES_MAX = 5;
/** Pause before the first new try; every further one is twice as long. */
export const GATE_RETRY_MS = 60_000;

/** Requests of an uncertain fate, held by the caller for a lease. */
export type HeldIntents = { readonly lapsed: readonly LapsedIntent[]; readonly lease: Lease };

/** Requests to other systems, which may be slow, have a lane of their own and hold nobody else up. */
export type OutboxLane = "external" | "usual";

export interface Outbox {
  /**
   * Takes ready intents of a lane that are due, leaves held parties (but for work that is asked for in spite of their hold) and
   * paused strategies alone, and locks each party while `decide`
   * runs; the contact attempts it allows are written in the same commit, so two workers cannot both use the last place under
   * a cap. Returns what was committed.
   */
  reserve(
    due: Due & { readonly lane?: OutboxLane },
    decide: (ready: readonly ReadyIntent[]) => Promise<readonly GateDecision[]>,
  ): Promise<{ readonly looked: number; readonly decided: readonly GateDecision[]; readonly lease: Lease }>;
  /** Writes what providers answered. An intent that is neither `sending` nor `unknown` is left as it is. */
  settle(settlements: readonly Settlement[]): Promise<number>;
  /**
   * Requests of the usual lane that are due and that nothing holds back, counted up to `BACKLOG_COUNTED`: how far the outbox is
   * behind.
   */
  backlog(nowMs: EpochMs): Promise<number>;
  /** Requests left in `sending` by a dead worker; the caller holds them for one more lease. */
  lapsed(due: Due): Promise<HeldIntents>;
  /** Requests of unknown outcome that are to be looked after; they are `sending` again, and the caller holds them for a lease. */
  unsettled(due: Due): Promise<HeldIntents>;
}
