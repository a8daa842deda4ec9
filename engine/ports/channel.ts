import type { Channel } from "../model/content";
import type { Desk } from "../model/execution";
import type { FactValue } from "../model/facts";
import type { ContactPoint } from "../model/party";
import type { EpochMs } from "../model/time";

/** One contact, ready to leave: policy and content QA have passed. */
export type SendRequest = {
  /** Idempotency key, `requestKey(enrollment, stepSeq, attempt)`. */
  readonly key: string;
  readonly partyId: string;
  readonly channel: Channel;
  readonly to: ContactPoint;
  /** Rendered; null on channels that have none. */
  readonly subject: string | null;
  /** Rendered text: what is sent or spoken, or what the people who make the contact go by. */
  readonly text: string;
  /** Where a contact made by people waits for them. */
  readonly desk?: Desk;
  readonly notAfterMs: EpochMs;
  readonly nowMs: EpochMs;
  /** What a simulated provider may know about the account to answer plausibly; a real one must not look at it. */
  readonly simulation: { readonly dpd: number; readonly attempt: number };
};

/** What the provider said at once. A timeout is `unknown`, never `rejected`. */
export type SendOutcome =
  | {
      readonly kind: "accepted";
      readonly ref: string;
      readonly costMinor: number;
      /** Results a simulated provider already knows; stored in the inbox and invisible before their `atMs`. Real ones: none. */
      readonly announced: readonly ChannelEvent[];
    }
  | { readonly kind: "rejected"; readonly code: string; readonly retryable: boolean }
  | { readonly kind: "unknown" };

/** What came back later. `eventId` is the provider's own id and deduplicates. */
export type ChannelEvent = {
  readonly eventId: string;
  readonly key: string;
  readonly outcome: string;
  readonly atMs: EpochMs;
  /** What the answer brings along, where the provider says it; a promise's amount and date under `PROMISE_VALUES`. */
  readonly values?: { readonly [name: string]: FactValue };
};

/** A way out of the house. Adapters hold no state that matters; the engine owns retries, caps and order. */
export interface ChannelPort {
  readonly id: string;
  readonly channel: Channel;
  /** Simulated providers reach simulated contact points and nothing else; real ones the reverse. */
  readonly simulated: boolean;
  send(request: SendRequest): Promise<SendOutcome>;
}
