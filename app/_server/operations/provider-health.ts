import type { Connection } from "#db";
import {
  type ProviderTraffic,
  readProviderTraffic,
  readStandings,
  type WorkerStanding,
} from "#db/queries/channel-standing";
import type { Channel } from "#engine/model/content";
import type { Currency } from "#engine/model/money";
import type { BreakerState, CheckedHealth } from "#engine/ports/channel-standing";

/** How one provider stands, over all workers that say so. Counts are since each of those workers began. */
export type ProviderHealth = {
  readonly adapter: string;
  readonly channel: Channel;
  readonly simulated: boolean;
  readonly workers: number;
  /** The worst any worker has. */
  readonly breaker: BreakerState;
  /** Workers for which the breaker is not closed. */
  readonly workersShutOut: number;
  /** Longest a contact would be kept back now, milliseconds. */
  readonly waitMs: number;
  readonly underWay: number;
  readonly accepted: number;
  readonly rejected: number;
  /** Answers nobody could make anything of; `unknown` below is what has not been found out to this day. */
  readonly unclear: number;
  readonly keptBack: number;
  readonly medianMs: number | null;
  /** The slowest worker's. */
  readonly p95Ms: number | null;
  readonly costThisHourMinor: number;
  /** All workers' limits together; null = none. */
  readonly costPerHourMinor: number | null;
  readonly currency: Currency;
  readonly unknown: number;
  readonly lag: ProviderTraffic["lag"];
  /** The latest answer; one that says something is wrong comes before one that does not. */
  readonly health: CheckedHealth | null;
};

export async function readProviderHealth(connection: Connection): Promise<readonly ProviderHealth[]> {
  const [standings, traffic] = await Promise.all([readStandings(connection), readProviderTraffic(connection)]);
  return providerHealth(standings, traffic);
}

/** One row per provider, real ones first. */
export function providerHealth(
  standings: readonly WorkerStanding[],
  traffic: readonly ProviderTraffic[],
): readonly ProviderHealth[] {
  const names = [...new Set(standings.map(({ adapter }) => adapter))];
  const rows = names.map((name) =>
    healthOf(name, { rows: standings.filter(({ adapter }) => adapter === name), traffic }),
  );
  return rows.sort((one, other) => Number(one.simulated) - Number(other.simulated));
}

const WORST_FIRST: readonly BreakerState[] = ["open", "half-open", "closed"];

type Known = { readonly rows: readonly WorkerStanding[]; readonly traffic: readonly ProviderTraffic[] };

function healthOf(adapter: string, { rows, traffic }: Known): ProviderHealth {
  const all = rows.map(({ standing }) => standing);
  const sum = (of: (standing: WorkerStanding["standing"]) => number): number =>
    all.reduce((total, standing) => total + of(standing), 0);
  const most = (values: readonly number[]): number | null => (values.length === 0 ? null : Math.max(...values));
  const latencies = all.flatMap(({ latency }) => latency ?? []);
  const limits = all.map(({ limits: { costPerHourMinor } }) => costPerHourMinor);
  const own = traffic.find((known) => known.adapter === adapter);
  return {
    adapter,
    channel: rows[0]?.channel ?? "sms",
    simulated: all.every(({ simulated }) => simulated),
    workers: rows.length,
    breaker: WORST_FIRST.find((state) => all.some(({ breaker }) => breaker === state)) ?? "closed",
    workersShutOut: all.filter(({ breaker }) => breaker !== "closed").length,
    waitMs: most(all.map(({ waitMs }) => waitMs)) ?? 0,
    underWay: sum(({ underWay }) => underWay),
    accepted: sum(({ accepted }) => accepted),
    rejected: sum(({ rejected }) => rejected),
    unclear: sum(({ unknown }) => unknown),
    keptBack: sum(({ keptBack }) => Object.values(keptBack).reduce((total, count) => total + count, 0)),
    medianMs: most(latencies.map(({ medianMs }) => medianMs)),
    p95Ms: most(latencies.map(({ p95Ms }) => p95Ms)),
    costThisHourMinor: sum(({ costThisHourMinor }) => costThisHourMinor),
    costPerHourMinor: limits.reduce<number | null>(
      (total, limit) => (total === null || limit === null ? null : total + limit),
      0,
    ),
    currency: all[0]?.limits.currency ?? "CNY",
    unknown: own?.unknown ?? 0,
    lag: own?.lag ?? null,
    health: latestOf(rows.flatMap(({ health }) => health ?? [])),
  };
}

function latestOf(checks: readonly CheckedHealth[]): CheckedHealth | null {
  const latest = (among: readonly CheckedHealth[]) =>
    among.reduce<CheckedHealth | null>((last, one) => (last === null || one.atMs > last.atMs ? one : last), null);
  return latest(checks.filter(({ ok }) => !ok)) ?? latest(checks);
}
