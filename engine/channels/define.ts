import { z } from "zod";
import type { NormalResult } from "../model/contact-result";
import type { Channel } from "../model/content";
import { type LocalText, LocalTextSchema } from "../model/locale";
import type { ContactPointKind } from "../model/party";
import { HOLD_KINDS } from "../model/policy";

/**
 * What one result code says, in the three facts laws count differently (domain.md 3.4): the party was attempted, somebody or
 * something picked up, a conversation took place. `rightParty` = it was the debtor. `hold` freezes the party at once.
 */
export const ChannelOutcomeSchema = z.strictObject({
  label: LocalTextSchema,
  attempted: z.boolean(),
  connected: z.boolean(),
  conversed: z.boolean(),
  rightParty: z.boolean(),
  hold: z.enum(HOLD_KINDS).nullable(),
  /** Nobody can be reached there any more: the number does not exist, the people have moved. */
  invalidates: z.boolean().default(false),
});
export type ChannelOutcome = z.output<typeof ChannelOutcomeSchema>;

export const ChannelOutcomesSchema = z.record(z.string().regex(/^[A-Z]{2,4}$/), ChannelOutcomeSchema);

/** What a contact is: words left behind, a call, or people at the door. */
export type ContactMeans = "message" | "call" | "visit";

/** What a price is for. */
export type PricedUnit = "message-part" | "message" | "connected-call" | "minute" | "letter" | "visit";

/** What the simulated answer drew; costs may depend on it. */
export type ChargedContact = { readonly outcome: ChannelOutcome; readonly text: string | null };

/** A channel, whole: what its answers mean, what it costs, how long its texts may be. A new one is a folder and a line in `index.ts`. */
export type ChannelDefinition = {
  readonly channel: Channel;
  readonly title: LocalText;
  readonly means: ContactMeans;
  /** Whether people make it: its text is what they go by, and it waits for them in a queue. */
  readonly byPeople: boolean;
  /** Kind of contact point it reaches. */
  readonly contactPoint: ContactPointKind;
  readonly outcomes: { readonly [code: string]: ChannelOutcome };
  /** What a provider's result means here; one that is missing ends nothing on this channel. */
  readonly results: { readonly [result in NormalResult]?: string };
  /** Longest rendered text, in characters (UTF-16 code units). */
  readonly textMax: number;
  /** Longest rendered subject; null = the channel has none. A channel that has one leaves nothing without it. */
  readonly subjectMax: number | null;
  /** Price list entry in fen; an assumption of domain.md 3.6, shown as such. 0 = less than half the smallest unit. */
  readonly unitCost: { readonly minor: number; readonly per: PricedUnit };
  /** What one contact costs, whole minor units. */
  readonly costMinor: (contact: ChargedContact) => number;
};
