import type { Channel } from "../model/content";
import type { Currency } from "../model/money";
import type { AdapterHealth } from "./channel";

/** `open` = the provider is left alone for a while; `half-open` = one trial is under way. */
export type BreakerState = "closed" | "open" | "half-open";

/** What this worker allows itself with one provider; null = no limit. */
export type ChannelLimits = {
  readonly maxPerSecond: number | null;
  readonly maxConcurrent: number | null;
  /** Most that may be spent in one clock hour, whole minor units. */
  readonly costPerHourMinor: number | null;
  /** Currency of the amounts. */
  readonly currency: Currency;
  /** Whether it is left alone after failures in a row. Simulated providers are not: whoever asks for their faults wants to see them. */
  readonly breaks: boolean;
};

/** How a provider stands in this worker, for those who run it. Counts are since the worker began. */
export type ChannelStanding = {
  readonly id: string;
  readonly channel: Channel;
  readonly simulated: boolean;
  readonly breaker: BreakerState;
  /** How long a contact that came now would be kept back, milliseconds; 0 = not at all. */
  readonly waitMs: number;
  readonly limits: ChannelLimits;
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
  /** How long the provider took over its latest answers, milliseconds; null = it has given none. */
  readonly latency: { readonly medianMs: number; readonly p95Ms: number } | null;
};

/** What a provider said when it was asked whether all is well, and when, real time of the worker. */
export type CheckedHealth = AdapterHealth & { readonly atMs: number };

/** Why a worker's own brakes hold a contact. */
export type KeptBack = "breaker-open" | "paused" | "too-many" | "rate" | "cost-limit";
