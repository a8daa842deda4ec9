import { type EpochMs, HOUR_MS, MINUTE_MS } from "../model/time";
import type { ChannelCapabilities, IdempotencyCapability } from "../ports/channel";

/**
 * What is done about a contact of unknown outcome (design D7, reliability.md C4). `resend` = the same key again, which the provider
 * takes once; `query` = ask, and send again only what it knows nothing of; `keep` = never again by itself: it counts against the
 * caps and waits for people or a late callback.
 */
export type UnknownPolicy = "resend" | "query" | "keep";

const POLICIES = { key: "resend", "client-id": "resend", query: "query", none: "keep" } as const satisfies {
  readonly [capability in IdempotencyCapability]: UnknownPolicy;
};

export function unknownPolicyOf({ idempotency }: Pick<ChannelCapabilities, "idempotency">): UnknownPolicy {
  return POLICIES[idempotency];
}

/** Looks after one contact before it is left to people. */
export const UNCLEAR_MAX = 8;
const FIRST_LOOK_MS = MINUTE_MS;
const LOOK_MAX_MS = HOUR_MS;

/**
 * When to look after a contact of unknown outcome; null = not at all. Each look waits twice as long as the one before, up to an
 * hour, and never less than the provider needs to know.
 */
export function nextLookMs(
  capabilities: Pick<ChannelCapabilities, "idempotency" | "queryDelayMs">,
  { unclear, nowMs }: { readonly unclear: number; readonly nowMs: EpochMs },
): EpochMs | null {
  const policy = unknownPolicyOf(capabilities);
  if (policy === "keep" || unclear >= UNCLEAR_MAX) return null;
  const backOff = Math.min(LOOK_MAX_MS, FIRST_LOOK_MS * 2 ** unclear);
  return nowMs + (policy === "query" ? Math.max(backOff, capabilities.queryDelayMs) : backOff);
}
