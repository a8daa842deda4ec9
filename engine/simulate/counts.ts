import { countOf, type PeriodCounts } from "../model/counters";
import { type Counter, counterFact } from "../model/facts";
import { DAY_MS, type EpochMs } from "../model/time";

type Contact = {
  readonly atMs: EpochMs;
  readonly channel: string;
  readonly connected: boolean;
  readonly conversed: boolean;
};

/** A person's past as far as counters look at it; every list in the order of time. */
export type CountedPast = {
  readonly history: readonly Contact[];
  readonly past: {
    readonly paymentsAtMs: readonly EpochMs[];
    readonly promisesMadeAtMs: readonly EpochMs[];
    readonly promisesBrokenAtMs: readonly EpochMs[];
  };
};

const NOTHING_COUNTED: { readonly [fact: string]: number } = {};

/** How far back the farthest of some counters looks. */
export function historyMsOf(counters: readonly Counter[]): number {
  return counters.reduce((most, { days }) => Math.max(most, days * DAY_MS), 0);
}

/** The counters a strategy asks for, as facts: each over the last so many times 24 hours, its far end not included. */
export function countsAt(
  past: CountedPast,
  counters: readonly Counter[],
  nowMs: EpochMs,
): { readonly [fact: string]: number } {
  if (counters.length === 0) return NOTHING_COUNTED;
  const counts: { [fact: string]: number } = {};
  for (const counter of counters) {
    counts[counterFact(counter)] = countOf(counter.metric, within(past, nowMs - counter.days * DAY_MS, nowMs));
  }
  return counts;
}

function within({ history, past }: CountedPast, afterMs: EpochMs, nowMs: EpochMs): PeriodCounts {
  const falls = (atMs: EpochMs): boolean => atMs > afterMs && atMs <= nowMs;
  return {
    contacts: history
      .filter(({ atMs }) => falls(atMs))
      .map(({ channel, connected, conversed }) => ({
        channel,
        attempts: 1,
        connects: connected ? 1 : 0,
        conversations: conversed ? 1 : 0,
      })),
    payments: past.paymentsAtMs.filter(falls).length,
    promises: past.promisesMadeAtMs.filter(falls).length,
    promisesBroken: past.promisesBrokenAtMs.filter(falls).length,
  };
}
