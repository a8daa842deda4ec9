import type { Decision, EnrollmentState, Subject } from "../model/execution";
import type { ReleasedHold } from "../model/hold-release";
import type { AccountId, StrategyVersionId } from "../model/ids";
import type { PlanTerms } from "../model/payment-plan";
import type { Hold, HoldKind } from "../model/policy";
import type { PromiseEnd } from "../model/promise";
import type { EpochMs } from "../model/time";
import type { AccountSnapshot, TurnSnapshot } from "./account-snapshot";
import type { Due, InboxEntry, NewInboxEntry } from "./inbox";
import type { NewIntent } from "./outbox";

export type EnrollmentCandidate = {
  readonly snapshot: AccountSnapshot;
  /** Already in this version, or still under way in another version of the same strategy. */
  readonly already: boolean;
};

export type CandidateQuery = {
  readonly versionId: StrategyVersionId;
  readonly nowMs: EpochMs;
  /** Accounts after this id, in id order; null = from the beginning. */
  readonly after: AccountId | null;
  readonly limit: number;
  /** Only these; null = the whole portfolio. */
  readonly accountIds: readonly AccountId[] | null;
};

/** An enrollment handed to one worker, with everything that waits for it. */
export type ClaimedEnrollment = {
  readonly subject: Subject;
  readonly versionId: StrategyVersionId;
  readonly state: EnrollmentState;
  /** Grows by one with every commit; a writer whose number is old has lost. */
  readonly fence: number;
  /** Ordinal of its next decision. */
  readonly nextOrdinal: number;
  /** Due entries by (at, arrival). Empty when only the timer is due. */
  readonly entries: readonly InboxEntry[];
  readonly snapshot: TurnSnapshot;
  /** Holds of the party in force; none of them freezes the enrollment where it stands. */
  readonly holds: readonly IdentifiedHold[];
};

export type ConsumedEntry = {
  readonly id: string;
  readonly status: "done" | "ignored" | "dead";
  readonly error: string | null;
};

/** What a provider said about one contact, as the laws count it. */
export type ContactOutcome = {
  readonly intentKey: string;
  readonly outcome: string;
  readonly connected: boolean;
  readonly conversed: boolean;
  /** Freezes the party from `atMs` until someone releases it. */
  readonly hold: HoldKind | null;
  /** The contact point is no use any more and is not tried again. */
  readonly invalidates?: boolean;
  /** When the person asked to be called again. */
  readonly callBackAtMs?: EpochMs;
  readonly atMs: EpochMs;
};

export type IdentifiedHold = Hold & { readonly id: string };

/**
 * Holds a strategy places and ends. It ends only those of a kind that its own enrollment brought (`ownHoldsOf`), by a step or by
 * the answer to its contact (ADR 0010). What it ends is ended first, so that what it places stays.
 */
export type HoldChanges = {
  readonly released: readonly HoldKind[];
  readonly placed: readonly IdentifiedHold[];
};

/** A payment plan that was agreed in the turn. */
export type NewPlan = PlanTerms & { readonly id: string; readonly openedAtMs: EpochMs };

/** Everything one enrollment's turn changes. Written whole or not at all. */
export type Advance = {
  readonly subject: Subject;
  readonly versionId: StrategyVersionId;
  readonly fence: number;
  readonly firstOrdinal: number;
  readonly state: EnrollmentState;
  readonly decisions: readonly Decision[];
  readonly intents: readonly NewIntent[];
  /** Keys of requests that must not leave any more. */
  readonly cancelled: readonly string[];
  readonly arms: readonly { readonly experimentKey: string; readonly phase: number; readonly arm: string }[];
  readonly consumed: readonly ConsumedEntry[];
  readonly outcomes: readonly ContactOutcome[];
  readonly holds: HoldChanges;
  /**
   * Settles the account's open promise; null, or no open promise = nothing to settle. `cancelled` only while no other enrollment of
   * the account is under way, which may be following it.
   */
  readonly promiseClosed: PromiseEnd | null;
  readonly plan: NewPlan | null;
  /** Entries the turn makes for the inbox, for later. */
  readonly announced: readonly NewInboxEntry[];
  /** Holds that do not freeze the enrollment at the step it stands at now. */
  readonly despite: readonly HoldKind[];
  /** Moves deadlines of requests that have not left by this much: time spent held does not count. */
  readonly shiftIntentsMs: number;
  readonly nowMs: EpochMs;
};

export type FrozenEnrollment = {
  readonly subject: Subject;
  readonly versionId: StrategyVersionId;
  readonly state: EnrollmentState;
  readonly fence: number;
  readonly nextOrdinal: number;
  /** The party's holds that freeze it where it stands, all of them ended. */
  readonly holds: readonly ReleasedHold[];
  /** A contact of its present attempt has left, and nobody has heard what came of it. */
  readonly contactOut: boolean;
};

/** `timers: false` = only those to whom something has happened; timers, which ask for new contacts, wait. */
export type TurnsDue = Due & { readonly timers?: boolean };

export interface EnrollmentStore {
  /** Accounts a version could take in, in id order. */
  candidates(query: CandidateQuery): Promise<readonly EnrollmentCandidate[]>;
  /**
   * Writes new enrollments with their first decisions and intents; accounts already in are left out. `round`: 0 the first time an
   * account is let into a version, then one more each time. Returns how many were new.
   */
  enroll(advances: readonly Advance[], round?: number): Promise<number>;
  /**
   * Claims enrollments whose timer is due or whose inbox has due entries (frozen ones and paused strategies left alone), records
   * what their contacts came to and what was promised, so that the snapshot already shows it, hands them to `work` and writes what it returns in one commit, each only if nobody else has written meanwhile.
   * Several workers may call it at once; they get different enrollments. Returns how many were claimed and written.
   */
  advance(
    due: TurnsDue,
    work: (claimed: readonly ClaimedEnrollment[]) => Promise<readonly Advance[]>,
  ): Promise<{ readonly claimed: number; readonly written: number }>;
  /** Marks active enrollments as `held` whose party has a hold they do not wait in spite of. */
  freeze(due: Due): Promise<number>;
  /**
   * Hands enrollments marked `held` that no hold of their party freezes any more to `work` and writes what it returns in one
   * commit. Nothing of their present visit can leave meanwhile, so that `contactOut` is still true of what is written. Returns how
   * many were written.
   */
  thaw(due: Due, work: (frozen: readonly FrozenEnrollment[]) => Promise<readonly Advance[]>): Promise<number>;
  /** Writes fenced changes outside a claim. Returns how many were written. */
  write(advances: readonly Advance[]): Promise<number>;
}
