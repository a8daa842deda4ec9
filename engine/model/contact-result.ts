import type { Channel } from "./content";
import type { FactValue } from "./facts";
import { DAY_MS, type EpochMs, parseInstant } from "./time";

/**
 * What providers say about one contact, in one vocabulary (reliability.md C2). The channel's table says what each means there; the
 * provider's own word is kept beside it. A word nobody knows is `unknown`, and `unknown` never ends anything.
 */
export const NORMAL_RESULTS = [
  "unknown",
  "accepted",
  "sending",
  "failed_retryable",
  "failed_permanent",
  "expired",
  "cancelled",
  "blocked_optout",
  "blocked_blacklist",
  "blocked_carrier",
  "blocked_cap",
  "invalid_vacant",
  "invalid_suspended",
  "unreachable_off",
  "unreachable_no_signal",
  "no_answer",
  "busy",
  "rejected",
  "machine",
  "answered",
  "delivered",
  "read",
  "clicked",
  "replied",
  "complained",
] as const;
export type NormalResult = (typeof NORMAL_RESULTS)[number];

const KNOWN: ReadonlySet<string> = new Set(NORMAL_RESULTS);

/** A provider's word as a result; whatever is not in the list is `unknown`. */
export function normalResultOf(word: string): NormalResult {
  return KNOWN.has(word) ? (word as NormalResult) : "unknown";
}

/** Neither ends a contact nor says that it left: more is to come. */
const UNDER_WAY: ReadonlySet<NormalResult> = new Set(["unknown", "accepted", "sending"]);

/** Whether a result says how a contact ended. */
export function isTerminal(result: NormalResult): boolean {
  return !UNDER_WAY.has(result);
}

/** Where nothing came of it; all of them weigh the same. */
const FAILURES: ReadonlySet<NormalResult> = new Set([
  "failed_retryable",
  "failed_permanent",
  "expired",
  "cancelled",
  "blocked_optout",
  "blocked_blacklist",
  "blocked_carrier",
  "blocked_cap",
  "invalid_vacant",
  "invalid_suspended",
  "unreachable_off",
  "unreachable_no_signal",
  "no_answer",
  "busy",
  "rejected",
]);

const RANKS_UNDER_WAY = { unknown: 0, accepted: 1, sending: 2 } as const;
const FAILURE_RANK = 10;
const REACHED_RANKS = { machine: 20, delivered: 20, answered: 30, read: 40, clicked: 50, replied: 60, complained: 70 };
/**
 * A mail server says "delivered" when the next one took the message; a bounce may follow days later and is then the truth.
 * Networks that carry short messages do the reverse: "failed" first, and "delivered" when the telephone comes back.
 */
const BOUNCE_RANK = 25;

/**
 * How much a result weighs on a channel: what is known never gives way to something that weighs less. A number, so that results
 * can be heard in any order.
 */
export function resultRank(channel: Channel, result: NormalResult): number {
  if (FAILURES.has(result)) return channel === "email" ? BOUNCE_RANK : FAILURE_RANK;
  const ranks: { readonly [known in NormalResult]?: number } = { ...RANKS_UNDER_WAY, ...REACHED_RANKS };
  return ranks[result] ?? 0;
}

/** The best that is known of a contact, and who said so. */
export type KnownResult = {
  readonly result: NormalResult;
  /** The channel's own code, where the provider knew one (`PTP`); null = the result alone. */
  readonly outcome: string | null;
  readonly atMs: EpochMs;
  readonly eventId: string;
};

/**
 * The better of two: the heavier; of equals the one with an own code, then the one that happened first, then the smaller id (and,
 * where a provider gives one id to two things, the smaller word). A total order, so merging is the same whatever comes first, late
 * or twice.
 */
export function betterResult(channel: Channel, one: KnownResult, other: KnownResult): KnownResult {
  const byRank = resultRank(channel, one.result) - resultRank(channel, other.result);
  if (byRank !== 0) return byRank > 0 ? one : other;
  if ((one.outcome === null) !== (other.outcome === null)) return one.outcome === null ? other : one;
  if (one.atMs !== other.atMs) return one.atMs < other.atMs ? one : other;
  return words(one) <= words(other) ? one : other;
}

function words({ eventId, result, outcome }: KnownResult): string {
  return JSON.stringify([eventId, result, outcome]);
}

/** The result code of a call back at an agreed time (domain's table of results). */
export const CALL_BACK_OUTCOME = "CBK";
/** The value under which an answer tells when: an ISO instant with its offset. */
export const CALL_BACK_AT = "callback_at";
/** Further ahead nobody means a call back: a month is longer than any step that calls waits. */
const CALL_BACK_DAYS_MAX = 31;

/** When somebody asked to be called again; null = no such outcome, or no time within the next month was named. */
export function callBackIn({
  outcome,
  values,
  atMs,
}: {
  readonly outcome: string;
  readonly values?: { readonly [name: string]: FactValue } | undefined;
  readonly atMs: EpochMs;
}): EpochMs | null {
  const named = outcome === CALL_BACK_OUTCOME ? values?.[CALL_BACK_AT] : undefined;
  const namedMs = typeof named === "string" ? parseInstant(named) : null;
  return namedMs !== null && namedMs > atMs && namedMs <= atMs + CALL_BACK_DAYS_MAX * DAY_MS ? namedMs : null;
}
