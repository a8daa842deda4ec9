import type { KnownResult } from "../model/contact-result";
import type { Channel } from "../model/content";
import type { Subject } from "../model/execution";
import type { StatusEvent } from "./channel";
import type { NewConversation } from "./conversations";
import type { ContactOutcome } from "./enrollment-store";
import type { Due, NewInboxEntry } from "./inbox";

/** A contact providers have spoken of, with everything of it that has not been taken in yet. */
export type SpokenOf = {
  readonly intent: {
    readonly key: string;
    readonly channel: Channel;
    readonly stepSeq: number;
    readonly attempt: number;
  };
  readonly subject: Subject;
  /** Best known so far; null = nothing. */
  readonly known: KnownResult | null;
  /** By arrival. */
  readonly events: readonly StatusEvent[];
};

/** What is known of a contact after the callbacks. */
export type HeardResult = {
  readonly key: string;
  readonly known: KnownResult;
  /** Price the provider named last; null = none. */
  readonly costMinor: number | null;
  /** How the laws count it; null = nothing that ends the contact. */
  readonly outcome: ContactOutcome | null;
  readonly inbox: readonly NewInboxEntry[];
  /** What was said, to be judged; missing = the events brought nothing of it. */
  readonly conversations?: readonly NewConversation[];
};

/** Everything providers have said, kept as they said it, each event once. */
export interface CallbackStore {
  /** Stores events of an integration; those whose id is known are left out. Returns how many were new. */
  put(integration: string, events: readonly StatusEvent[]): Promise<number>;
  /**
   * Takes stored events whose contact has left or may have (`sent`, `unknown`), locks the contacts while `decide` runs and writes
   * what it says in the same commit. An event that came before `send` had its answer waits; one nobody can place is set aside as
   * an orphan after a week. Returns how many events were taken in and set aside.
   */
  take(
    due: Due,
    decide: (contacts: readonly SpokenOf[]) => readonly HeardResult[],
  ): Promise<{ readonly taken: number; readonly orphans: number }>;
}
