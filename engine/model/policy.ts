import type { Channel } from "./content";
import type { AccountId, PartyId } from "./ids";
import type { ContactPoint } from "./party";
import type { EpochMs, TimeZone } from "./time";

/** One contact about to leave. */
export type ContactAttempt = {
  readonly partyId: PartyId;
  readonly accountId: AccountId;
  readonly channel: Channel;
  readonly partyRole: "self";
  /** Null when the party has no contact point for the channel. */
  readonly contactPoint: ContactPoint | null;
  /** Zone of the party's place; null = unknown. */
  readonly timeZone: TimeZone | null;
  /** How many people make it; absent = nobody, or nobody knows. */
  readonly people?: number;
  /** The step's own limit: attempts of this visit on one day at the party's place. */
  readonly ownCap?: { readonly visit: string; readonly maxPerDay: number };
};

/** One contact that was made: three facts that laws count differently (domain.md 0.2). */
export type ContactRecord = {
  readonly atMs: EpochMs;
  readonly channel: Channel;
  readonly contactPointId: string;
  readonly connected: boolean;
  readonly conversed: boolean;
  /** Visit of the step that asked for it (`visitKey`); null = no strategy of ours did. */
  readonly visit: string | null;
};

export const HOLD_KINDS = [
  "dispute",
  "complaint",
  "hardship",
  "deceased",
  "bankruptcy",
  "represented",
  "cease-request",
  "fraud",
  "wrong-number",
  "active-plan",
  "manual",
] as const;
export type HoldKind = (typeof HOLD_KINDS)[number];
export type Hold = { readonly kind: HoldKind; readonly fromMs: EpochMs; readonly untilMs: EpochMs | null };

/** One reason of the gate: the rule that spoke and the facts it spoke from. */
export type PolicyReason = {
  readonly rule: string;
  readonly code: string;
  readonly params: { readonly [name: string]: string | number };
};

export type PolicyVerdict =
  | { readonly verdict: "allow"; readonly warnings: readonly PolicyReason[] }
  | { readonly verdict: "defer"; readonly untilMs: EpochMs; readonly reasons: readonly PolicyReason[] }
  | { readonly verdict: "deny"; readonly reasons: readonly PolicyReason[] };
