import type { Channel } from "../model/content";
import { HOUR_MS, SECOND_MS } from "../model/time";
import type { ChannelAdapter, ChannelPort, SendContext, SendOutcome, SendRequest } from "../ports/channel";
import { type Breaker, CLOSED, heard, knock } from "./breaker";
import { fullBucket, type TokenBucket, takeToken } from "./token-bucket";

/** What this worker allows itself with one provider; null = no limit. */
export type ChannelLimits = {
  readonly maxPerSecond: number | null;
  readonly maxConcurrent: number | null;
  /** Most that may be spent in one clock hour, whole minor units. */
  readonly costPerHourMinor: number | null;
};

/** How a provider stands in this worker, for those who run it. Counts are since the worker began. */
export type ChannelStanding = {
  readonly id: string;
  readonly channel: Channel;
  readonly breaker: Breaker;
  /** Contacts that could leave at once; null = no limit. */
  readonly tokens: number | null;
  readonly underWay: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly unknown: number;
  /** Kept back here, by the reason. */
  readonly keptBack: { readonly [reason in KeptBack]: number };
  readonly costMinor: number;
  readonly costThisHourMinor: number;
};

type KeptBack = "breaker-open" | "paused" | "too-many" | "rate" | "cost-limit";

export type GuardedChannel = ChannelPort & { readonly standing: () => ChannelStanding };

/** Pause before a contact that found every place taken is tried again. */
const CROWDED_MS = SECOND_MS;
/** Answers that speak of the provider's health and not of the contact. */
const OUTAGES: ReadonlySet<string> = new Set(["unreachable", "busy"]);

const isFailure = (outcome: SendOutcome): boolean =>
  outcome.kind === "unknown" || (outcome.kind === "rejected" && outcome.retryable && OUTAGES.has(outcome.code));

/**
 * A provider behind this worker's own brakes: rate, places, breaker and budget. What is kept back never left and is offered again
 * later, so it costs nothing but time. They are per worker: a rate for all of them is divided by whoever sets them up. `now` is
 * real time in milliseconds.
 */
export function guardedChannel(adapter: ChannelAdapter, limits: ChannelLimits, now: () => number): GuardedChannel {
  const guard = newGuard(limits, now());
  const { id, channel, simulated, capabilities } = adapter;
  return {
    id,
    channel,
    simulated,
    capabilities,
    ...(adapter.query === undefined ? {} : { query: adapter.query }),
    ...(adapter.cancel === undefined ? {} : { cancel: adapter.cancel }),
    send: async (request, context) => {
      const kept = enter(guard, now(), adapter.estimate(request));
      if (kept !== null) {
        guard.keptBack[kept.reason] += 1;
        const retryAfterMs = Math.max(1, Math.ceil(kept.waitMs));
        return { kind: "rejected", code: kept.reason, retryable: true, retryAfterMs };
      }
      return leave(guard, { adapter, request, context, now });
    },
    standing: () => standingOf(adapter, guard),
  };
}

type Guard = {
  readonly limits: ChannelLimits;
  breaker: Breaker;
  bucket: TokenBucket | null;
  /** The provider asked to be left alone until then. */
  pausedUntilMs: number;
  underWay: number;
  hour: number;
  costThisHourMinor: number;
  costMinor: number;
  accepted: number;
  rejected: number;
  unknown: number;
  readonly keptBack: { [reason in KeptBack]: number };
};

function newGuard(limits: ChannelLimits, nowMs: number): Guard {
  return {
    limits,
    breaker: CLOSED,
    bucket: limits.maxPerSecond === null ? null : fullBucket(limits.maxPerSecond, nowMs),
    pausedUntilMs: 0,
    underWay: 0,
    hour: Math.floor(nowMs / HOUR_MS),
    costThisHourMinor: 0,
    costMinor: 0,
    accepted: 0,
    rejected: 0,
    unknown: 0,
    keptBack: { "breaker-open": 0, paused: 0, "too-many": 0, rate: 0, "cost-limit": 0 },
  };
}

/** Null = it may leave, and its place, its token and its price are taken. The breaker is asked last: a trial is not wasted. */
function enter(guard: Guard, nowMs: number, costMinor: number): { reason: KeptBack; waitMs: number } | null {
  const { maxPerSecond, maxConcurrent, costPerHourMinor } = guard.limits;
  if (nowMs < guard.pausedUntilMs) return { reason: "paused", waitMs: guard.pausedUntilMs - nowMs };
  if (maxConcurrent !== null && guard.underWay >= maxConcurrent) return { reason: "too-many", waitMs: CROWDED_MS };
  const hour = Math.floor(nowMs / HOUR_MS);
  if (hour > guard.hour) Object.assign(guard, { hour, costThisHourMinor: 0 });
  if (costPerHourMinor !== null && guard.costThisHourMinor + costMinor > costPerHourMinor) {
    return { reason: "cost-limit", waitMs: (guard.hour + 1) * HOUR_MS - nowMs };
  }
  const token = guard.bucket === null || maxPerSecond === null ? null : takeToken(guard.bucket, maxPerSecond, nowMs);
  if (token !== null && token.waitMs > 0) {
    guard.bucket = token.bucket;
    return { reason: "rate", waitMs: token.waitMs };
  }
  const answer = knock(guard.breaker, nowMs);
  if (!answer.passes) return { reason: "breaker-open", waitMs: answer.waitMs };
  guard.breaker = answer.breaker;
  guard.bucket = token?.bucket ?? null;
  guard.underWay += 1;
  // Booked before it leaves, so that contacts under way at once cannot overspend together.
  guard.costThisHourMinor += costMinor;
  return null;
}

type Departure = {
  readonly adapter: ChannelAdapter;
  readonly request: SendRequest;
  readonly context: SendContext;
  readonly now: () => number;
};

async function leave(guard: Guard, { adapter, request, context, now }: Departure): Promise<SendOutcome> {
  const booked = adapter.estimate(request);
  let outcome: SendOutcome = { kind: "unknown" };
  try {
    outcome = await adapter.send(request, context);
    return outcome;
  } finally {
    const nowMs = now();
    guard.underWay -= 1;
    guard.breaker = heard(guard.breaker, isFailure(outcome), nowMs);
    guard[outcome.kind] += 1;
    if (outcome.kind === "rejected" && outcome.retryAfterMs !== undefined) {
      guard.pausedUntilMs = Math.max(guard.pausedUntilMs, nowMs + outcome.retryAfterMs);
    }
    // What it came to replaces what was booked; of an unknown outcome the price stands, it may have been charged.
    const cost = outcome.kind === "accepted" ? outcome.costMinor : outcome.kind === "unknown" ? booked : 0;
    guard.costThisHourMinor = Math.max(0, guard.costThisHourMinor + cost - booked);
    guard.costMinor += cost;
  }
}

function standingOf({ id, channel }: ChannelAdapter, guard: Guard): ChannelStanding {
  const { breaker, bucket, underWay, accepted, rejected, unknown, keptBack, costMinor, costThisHourMinor } = guard;
  const counts = { underWay, accepted, rejected, unknown, costMinor, costThisHourMinor };
  return { id, channel, breaker, tokens: bucket?.tokens ?? null, ...counts, keptBack: { ...keptBack } };
}
