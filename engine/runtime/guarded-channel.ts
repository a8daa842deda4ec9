import { HOUR_MS, SECOND_MS } from "../model/time";
import type { ChannelAdapter, ChannelPort, SendContext, SendOutcome, SendRequest } from "../ports/channel";
import type { ChannelLimits, ChannelStanding, KeptBack } from "../ports/channel-standing";
import { type Breaker, CLOSED, heard, knock } from "./breaker";
import { fullBucket, type TokenBucket, takeToken } from "./token-bucket";

export type GuardedChannel = ChannelPort & { readonly standing: () => ChannelStanding };

/** Pause before a contact that found every place taken is tried again. */
const CROWDED_MS = SECOND_MS;
/** Latest answers the latency is read from: minutes of a busy provider, and few enough to sort whenever somebody looks. */
const LATENCIES_KEPT = 200;
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
      const booked = limits.costPerHourMinor === null ? 0 : adapter.estimate(request);
      const kept = enter(guard, now(), booked);
      if (kept !== null) {
        guard.keptBack[kept.reason] += 1;
        const retryAfterMs = Math.max(1, Math.ceil(kept.waitMs));
        return { kind: "rejected", code: kept.reason, retryable: true, retryAfterMs, keptBack: true };
      }
      return leave(guard, { adapter, request, context, now, booked });
    },
    standing: () => standingOf(adapter, guard, now()),
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
  /** A ring of the latest durations, milliseconds; `answers` says where it goes on. */
  readonly latencies: number[];
  answers: number;
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
    latencies: [],
    answers: 0,
    keptBack: { "breaker-open": 0, paused: 0, "too-many": 0, rate: 0, "cost-limit": 0 },
  };
}

/** Null = it may leave, and its place, its token and its price are taken. The breaker is asked last: a trial is not wasted. */
function enter(guard: Guard, nowMs: number, costMinor: number): { reason: KeptBack; waitMs: number } | null {
  const { maxPerSecond, maxConcurrent, costPerHourMinor } = guard.limits;
  if (nowMs < guard.pausedUntilMs) return { reason: "paused", waitMs: guard.pausedUntilMs - nowMs };
  if (maxConcurrent !== null && guard.underWay >= maxConcurrent) return { reason: "too-many", waitMs: CROWDED_MS };
  turnHour(guard, nowMs);
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

function turnHour(guard: Guard, nowMs: number): void {
  const hour = Math.floor(nowMs / HOUR_MS);
  if (hour > guard.hour) Object.assign(guard, { hour, costThisHourMinor: 0 });
}

type Departure = {
  readonly adapter: ChannelAdapter;
  readonly request: SendRequest;
  readonly context: SendContext;
  readonly now: () => number;
  /** What it was taken to cost, minor units. */
  readonly booked: number;
};

async function leave(guard: Guard, { adapter, request, context, now, booked }: Departure): Promise<SendOutcome> {
  const beganMs = now();
  let outcome: SendOutcome = { kind: "unknown" };
  try {
    outcome = await adapter.send(request, context);
    return outcome;
  } finally {
    const nowMs = now();
    guard.underWay -= 1;
    guard.latencies[guard.answers % LATENCIES_KEPT] = nowMs - beganMs;
    guard.answers += 1;
    if (guard.limits.breaks) guard.breaker = heard(guard.breaker, isFailure(outcome), nowMs);
    guard[outcome.kind] += 1;
    if (outcome.kind === "rejected" && outcome.retryAfterMs !== undefined) {
      guard.pausedUntilMs = Math.max(guard.pausedUntilMs, nowMs + outcome.retryAfterMs);
    }
    // What it came to replaces what was booked; of an unknown outcome the price stands, it may have been charged.
    const cost =
      outcome.kind === "accepted" ? outcome.costMinor : outcome.kind === "unknown" ? adapter.estimate(request) : 0;
    guard.costThisHourMinor = Math.max(0, guard.costThisHourMinor + cost - booked);
    guard.costMinor += cost;
  }
}

function standingOf({ id, channel, simulated }: ChannelAdapter, guard: Guard, nowMs: number): ChannelStanding {
  turnHour(guard, nowMs);
  const { bucket, underWay, accepted, rejected, unknown, keptBack, costMinor, costThisHourMinor, limits } = guard;
  const counts = { underWay, accepted, rejected, unknown, costMinor, costThisHourMinor };
  return {
    ...{ id, channel, simulated, limits, ...counts },
    breaker: guard.breaker.state,
    waitMs: waitOf(guard, nowMs),
    tokens: bucket?.tokens ?? null,
    keptBack: { ...keptBack },
    latency: latencyOf(guard.latencies),
  };
}

/** The longest of the brakes that would keep a contact back at this moment; none of them is touched. */
function waitOf({ limits, bucket, breaker, pausedUntilMs }: Guard, nowMs: number): number {
  const { maxPerSecond } = limits;
  const rate = bucket === null || maxPerSecond === null ? 0 : takeToken(bucket, maxPerSecond, nowMs).waitMs;
  const answer = knock(breaker, nowMs);
  return Math.max(0, pausedUntilMs - nowMs, rate, answer.passes ? 0 : answer.waitMs);
}

function latencyOf(latencies: readonly number[]): ChannelStanding["latency"] {
  if (latencies.length === 0) return null;
  const sorted = [...latencies].sort((one, other) => one - other);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { medianMs: at(0.5), p95Ms: at(0.95) };
}
