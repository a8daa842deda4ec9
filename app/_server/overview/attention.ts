import type { Database } from "#db";
import { attentionCounts } from "#db/queries/overview";

/** Kinds of things that wait for a person; each has a sentence in the dictionaries. */
export const ATTENTION_KINDS = [
  "faulted",
  "unknownSends",
  "deadEvents",
  "reviews",
  "reversals",
  "held",
  "unpublished",
  "paused",
] as const;
export type AttentionKind = (typeof ATTENTION_KINDS)[number];

export type Attention = {
  readonly kind: AttentionKind;
  readonly count: number;
  /** Where to look; null = nowhere in the console yet. */
  readonly href: string | null;
  /** Somebody may be harmed or money lost until it is looked at. */
  readonly urgent: boolean;
};

export type StrategyStates = { readonly unpublished: number; readonly paused: number };

const HREFS = {
  faulted: "/accounts?standing=faulted",
  unknownSends: "/operations#unknown",
  deadEvents: "/operations#dead",
  reviews: "/desk/reviews",
  reversals: "/operations#reversals",
  held: "/accounts?standing=held",
  unpublished: "/strategies",
  paused: "/strategies",
} satisfies Record<AttentionKind, string | null>;

const URGENT: readonly AttentionKind[] = ["faulted", "unknownSends", "deadEvents"];

/** What needs a person now, urgent first; what counts zero is left out. */
export async function attentionNow(database: Database, strategies: StrategyStates): Promise<readonly Attention[]> {
  const counts = { ...(await attentionCounts(database)), ...strategies };
  return ATTENTION_KINDS.filter((kind) => counts[kind] > 0).map((kind) => ({
    kind,
    count: counts[kind],
    href: HREFS[kind],
    urgent: URGENT.includes(kind),
  }));
}
