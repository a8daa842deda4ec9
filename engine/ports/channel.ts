import type { ContactMood } from "../model/contact-mood";
import type { NormalResult } from "../model/contact-result";
import type { Channel } from "../model/content";
import type { Conversation } from "../model/conversation";
import type { Desk } from "../model/execution";
import type { FactValue } from "../model/facts";
import type { Issue } from "../model/issue";
import type { JsonValue } from "../model/json";
import type { ContactPoint, ContactPointKind } from "../model/party";
import type { EpochMs } from "../model/time";
import type { PersonReply } from "./replies";

/** Version of this contract. Adapters name the one they were written against. */
export const CHANNEL_CONTRACT = 1;

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
  /** How often this key was handed over before without a clear answer; 0 the first time. */
  readonly resent: number;
  /** What a simulated provider may know about the account to answer plausibly; a real one must not look at it. */
  readonly simulation: { readonly dpd: number; readonly attempt: number; readonly mood?: ContactMood };
};

/** Aborted = nobody waits for the answer any more; the outcome is then `unknown`. */
export type SendContext = { readonly signal: AbortSignal };

/** What the provider said at once. A timeout is `unknown`, never `rejected`. */
export type SendOutcome =
  | {
      readonly kind: "accepted";
      readonly ref: string;
      readonly costMinor: number;
      /** Results a simulated provider already knows; stored in the inbox and invisible before their `atMs`. Real ones: none. */
      readonly announced: readonly ChannelEvent[];
    }
  /**
   * The provider took nothing, for certain. `retryAfterMs` is what it asked for, where it did; `keptBack` = it was not even asked,
   * our own brakes held the contact.
   */
  | {
      readonly kind: "rejected";
      readonly code: string;
      readonly retryable: boolean;
      readonly retryAfterMs?: number;
      readonly keptBack?: true;
    }
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

/** A provider's word about a contact, in its normal form. It names the contact by our key, by the provider's reference, or both. */
export type StatusEvent = {
  readonly eventId: string;
  readonly key: string | null;
  readonly ref: string | null;
  readonly result: NormalResult;
  /** The channel's own code, where the provider knows one: what a call came to. */
  readonly outcome: string | null;
  readonly atMs: EpochMs;
  readonly costMinor: number | null;
  readonly values: { readonly [name: string]: FactValue };
  /** What was said, where the provider brings it. It is judged and kept apart; nothing else holds it. */
  readonly conversation?: Conversation;
  /** What the provider wrote, for the record. */
  readonly raw: JsonValue;
};

/** How a provider makes sure that one key is one contact; it decides what becomes of an unknown outcome (design D7). */
export type IdempotencyCapability =
  /** One key is one contact, however often it is handed over: sent again. */
  | "key"
  /** The same by an id we choose, such as a Message-ID or a channel id. */
  | "client-id"
  /** Says on being asked whether it took a key: asked, and sent again only when it knows nothing of it. */
  | "query"
  /** Neither: never sent again, counts against the caps, left to people. */
  | "none";

export type ChannelCapabilities = {
  readonly idempotency: IdempotencyCapability;
  /** How long after handing over a query can be believed, milliseconds. */
  readonly queryDelayMs: number;
  readonly callbacks: "push" | "pull" | "both" | "none";
  readonly cancel: boolean;
  /** Contacts a second and under way at once the provider takes; null = it names no limit. */
  readonly maxPerSecond: number | null;
  readonly maxConcurrent: number | null;
  /** Results it can report. */
  readonly results: readonly NormalResult[];
  /** It brings what was said in the conversations it holds, so that waiting for it makes sense. */
  readonly conversations?: true;
  /** Personal data it is handed. */
  readonly personalData: readonly (ContactPointKind | "name")[];
};

/** What a provider answers when it is asked about a key. `not_yet` = too early to say, which proves nothing. */
export type QueryAnswer =
  | { readonly kind: "known"; readonly ref: string | null; readonly events: readonly StatusEvent[] }
  | { readonly kind: "not_found" }
  | { readonly kind: "not_yet" };

/** A way out of the house, as the engine uses it. Adapters hold no state that matters; the engine owns retries, caps and order. */
export interface ChannelPort {
  readonly id: string;
  readonly channel: Channel;
  /** Simulated providers reach simulated contact points and nothing else; real ones the reverse. */
  readonly simulated: boolean;
  readonly capabilities: ChannelCapabilities;
  send(request: SendRequest, context: SendContext): Promise<SendOutcome>;
  /** Asks what became of a key. Rejects when it cannot be asked. */
  query?(key: string, context: SendContext): Promise<QueryAnswer>;
  /** Takes a contact back that is not delivered yet; asked twice it says the same. Rejects when it cannot be asked. */
  cancel?(key: string, context: SendContext): Promise<"cancelled" | "too_late">;
}

/** A callback as it came over the wire. `headers` are lower-case; `body` are the bytes that were signed. */
export type RawCallback = {
  readonly headers: { readonly [name: string]: string };
  readonly body: Uint8Array;
  readonly nowMs: EpochMs;
};
/** Events of a callback, or a code why it cannot be read. */
export type ParsedCallback =
  | { readonly kind: "events"; readonly events: readonly StatusEvent[] }
  | { readonly kind: "unreadable"; readonly code: string };

export type AdapterHealth = { readonly ok: boolean; readonly problems: readonly string[] };

/** A vendor's adapter, whole: what the engine uses, and what belongs to setting it up and hearing from it. */
export interface ChannelAdapter extends ChannelPort {
  readonly contract: typeof CHANNEL_CONTRACT;
  /** What is wrong with a content before anybody is contacted; no I/O. */
  validate(content: { readonly id: string; readonly subject: string | null; readonly text: string }): readonly Issue[];
  /** What one contact is expected to cost, whole minor units. */
  estimate(request: Pick<SendRequest, "text">): number;
  /** Whether a callback is the provider's own; over the bytes as they came. */
  verify?(callback: RawCallback): boolean;
  /** Reads a callback, single or in a batch; pure. */
  parse?(callback: RawCallback): ParsedCallback;
  /**
   * Hears what the provider brings over a connection of its own, from now on. `take` resolves when the events are kept; until then
   * the provider is not told that they were received; `hear` the same for what people write back.
   */
  listen?(
    take: (events: readonly StatusEvent[]) => Promise<unknown>,
    hear?: (replies: readonly PersonReply[]) => Promise<unknown>,
  ): { readonly close: () => void };
  /** Whether it is set up right and the provider answers. */
  check(context: SendContext): Promise<AdapterHealth>;
}
