import { SECOND_MS } from "../model/time";

/** Contacts that may leave at once after a pause, as seconds' worth of the rate; at least one contact. */
export const BURST_SECONDS = 1;

/** What is left of a rate. `tokens` may be fractions of a contact. */
export type TokenBucket = { readonly tokens: number; readonly atMs: number };

export const burstOf = (perSecond: number): number => Math.max(1, perSecond * BURST_SECONDS);

export function fullBucket(perSecond: number, nowMs: number): TokenBucket {
  return { tokens: burstOf(perSecond), atMs: nowMs };
}

/** Takes one contact out of the bucket, or says how long until there is one. A clock that goes back gives nothing. */
export function takeToken(
  bucket: TokenBucket,
  perSecond: number,
  nowMs: number,
): { readonly bucket: TokenBucket; readonly waitMs: number } {
  const passedMs = Math.max(0, nowMs - bucket.atMs);
  const tokens = Math.min(burstOf(perSecond), bucket.tokens + (passedMs * perSecond) / SECOND_MS);
  const atMs = Math.max(bucket.atMs, nowMs);
  if (tokens >= 1) return { bucket: { tokens: tokens - 1, atMs }, waitMs: 0 };
  return { bucket: { tokens, atMs }, waitMs: Math.ceil(((1 - tokens) * SECOND_MS) / perSecond) };
}
