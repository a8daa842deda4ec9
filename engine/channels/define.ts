import { z } from "zod";
import type { Channel } from "../model/content";
import { type LocalText, LocalTextSchema } from "../model/locale";
import type { ContactPoint } from "../model/party";
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
});
export type ChannelOutcome = z.output<typeof ChannelOutcomeSchema>;

export const ChannelOutcomesSchema = z.record(z.string().regex(/^[A-Z]{2,4}$/), ChannelOutcomeSchema);

/** What the simulated answer drew; costs may depend on it. */
export type ChargedContact = { readonly outcome: ChannelOutcome; readonly text: string | null };

/** A channel, whole: what its answers mean, what it costs, how long its texts may be. A new one is a folder and a line in `index.ts`. */
export type ChannelDefinition = {
  readonly channel: Channel;
  readonly title: LocalText;
  /** Kind of contact point it reaches. */
  readonly contactPoint: ContactPoint["kind"];
  readonly outcomes: { readonly [code: string]: ChannelOutcome };
  /** Longest rendered text, in characters (UTF-16 code units). */
  readonly textMax: number;
  /** Price list entry in fen; an assumption of domain.md 3.6, shown as such. */
  readonly unitCost: { readonly minor: number; readonly per: "message-part" | "connected-call" };
  /** What one contact costs, minor units. */
  readonly costMinor: (contact: ChargedContact) => number;
};
