import type { Desk } from "../model/execution";
import type { FactValue } from "../model/facts";
import type { TaskKind } from "../model/program";
import type { EpochMs, TimeZone } from "../model/time";

/** A piece of work, ready to be taken up. */
export type TaskRequest = {
  /** Idempotency key, `requestKey(enrollment, stepSeq, attempt)`: one key is one task, however often it is handed over. */
  readonly key: string;
  readonly partyId: string;
  readonly accountId: string;
  readonly task: TaskKind;
  readonly desk: Desk;
  /** What those who do it are told. */
  readonly details: { readonly [name: string]: FactValue };
  readonly notAfterMs: EpochMs;
  readonly nowMs: EpochMs;
  /** What a simulated desk may know about the account to work plausibly; a real one must not look at it. */
  readonly simulation: { readonly dpd: number; readonly overdueMinor: number; readonly timeZone: TimeZone };
};

/** How work ended. `eventId` deduplicates. */
export type TaskEvent = {
  readonly eventId: string;
  readonly outcome: string;
  readonly values: { readonly [name: string]: FactValue };
  readonly atMs: EpochMs;
};

/** What a desk said at once. */
export type TaskTaken =
  | {
      readonly kind: "accepted";
      readonly ref: string;
      readonly costMinor: number;
      /** The end a simulated desk already knows, and the money its work brings; real ones: none. */
      readonly announced: readonly TaskEvent[];
      readonly payments: readonly { readonly id: string; readonly atMs: EpochMs; readonly amountMinor: number }[];
    }
  | { readonly kind: "rejected"; readonly code: string; readonly retryable: boolean };

/**
 * Where people, agencies or courts take up work. Without one the work lies open in the house, to be done by whoever looks there.
 * Work that is called back is cancelled in its row; agencies are told by file, from that row.
 */
export interface DeskPort {
  readonly id: string;
  readonly simulated: boolean;
  take(request: TaskRequest): Promise<TaskTaken>;
}
