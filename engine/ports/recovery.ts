import type { Channel } from "../model/content";
import type { EpochMs } from "../model/time";
import type { Due } from "./inbox";
import type { ReadyIntent, Reservation } from "./outbox";

/** This database came out of a backup, and what left after the backup stands nowhere in it (ADR 0018). */
export type RecoveryInForce = {
  /** Engine time up to which the database knew what happened. */
  readonly backupMs: EpochMs;
  /** Engine time at which it was restored: what left without our knowing left before that. */
  readonly restoredMs: EpochMs;
};

/** What is known about a contact that may have left before the restore. */
export type LostFinding = {
  readonly key: string;
} /** It did not leave, or its provider takes one key once: it may go the ordinary way. */ & (
  | { readonly kind: "clear" }
  /** The provider cannot say yet. */
  | { readonly kind: "later"; readonly lookAfterMs: EpochMs }
  /** It left: it has its place under the caps, and its step hears of its result. */
  | { readonly kind: "left"; readonly reservation: Reservation; readonly providerRef: string; readonly atMs: EpochMs }
  /** Nobody but a person can find out. It counts under the caps until they have. */
  | { readonly kind: "people"; readonly reservation: Reservation; readonly atMs: EpochMs }
);

/** A contact that left before the backup and whose result may have come after it: providers do not tell it a second time. */
export type Unanswered = {
  readonly key: string;
  readonly channel: Channel;
  readonly simulated: boolean;
  readonly provider: string;
};

export interface RecoveryStore {
  /** The restore that nobody has lifted yet; null = there is none, which is the usual case. */
  inForce(): Promise<RecoveryInForce | null>;
  /**
   * Contacts that want to leave, now or later, and of which nobody has found out since the restore whether they left before it;
   * held and paused ones as well, because asking contacts nobody.
   */
  doubtful(due: Due): Promise<readonly ReadyIntent[]>;
  /** Contacts that left and of whose results nobody has asked since the restore. */
  unanswered(due: Due): Promise<readonly Unanswered[]>;
  /** Writes what was found out; a request that is not `ready` any more stays as it is. Returns how many were written. */
  found(findings: readonly LostFinding[]): Promise<number>;
}
