import type { Channel } from "../model/content";
import type { PolicyReason } from "../model/policy";
import type { EpochMs } from "../model/time";
import type { Due } from "./inbox";

/** What makes an accepted contact unwanted: its step was left, its party is held, or its channel or strategy is stopped. */
export const RECALL_REASONS = ["left", "held", "stopped"] as const;
export type RecallReason = (typeof RECALL_REASONS)[number];

/**
 * What came of it. `not-offered`: its provider cannot cancel; `no-answer`: it was asked as often as we ask and never said.
 * Only `cancelled` means that the person is not contacted.
 */
export const RECALL_ANSWERS = ["cancelled", "too_late", "not-offered", "no-answer"] as const;
export type RecallAnswer = (typeof RECALL_ANSWERS)[number];

/** A contact that is to be called back, held by the caller for a lease. */
export type Recall = {
  readonly key: string;
  readonly channel: Channel;
  readonly provider: string;
  /** How often its provider gave no answer so far. */
  readonly unclear: number;
};

/** What a provider said; null = nothing, so that it is asked again. */
export type RecallOutcome = { readonly key: string; readonly answer: RecallAnswer | null };

/** Contacts providers have accepted and nobody wants any more. Whoever makes one unwanted writes it down in the same commit. */
export interface Recalls {
  /** Takes those that are to be asked about, for a lease of real time. */
  due(due: Due): Promise<readonly Recall[]>;
  /**
   * Writes what was said, each once; a step that still waits for a cancelled contact hears that it was denied, for `reason`. Returns how
   * many were written.
   */
  answered(
    outcomes: readonly RecallOutcome[],
    told: { readonly nowMs: EpochMs; readonly reason: PolicyReason },
  ): Promise<number>;
}
