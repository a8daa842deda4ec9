import type { Channel } from "#engine/model/content";
import type { EpochMs } from "#engine/model/time";
import type { ChannelStanding, CheckedHealth } from "#engine/ports/channel-standing";
import type { Connection } from "../client";
import { rowsParameter } from "../stores/rows-parameter";

/** How one worker sees one provider. */
export type WorkerStanding = {
  readonly worker: string;
  readonly adapter: string;
  readonly channel: Channel;
  readonly standing: ChannelStanding;
  readonly health: CheckedHealth | null;
  /** Real time of the database. */
  readonly seenAtMs: EpochMs;
};
export type ToldStanding = Pick<WorkerStanding, "standing" | "health">;

/** A worker tells every few seconds; one that has missed some tellings is gone, and what it said is no news. */
export const STANDING_EXPIRES_SECONDS = 30;
/** Rows of workers that are gone are dropped after a day. */
const FORGOTTEN_AFTER = "1 day";
/** Most rows that are read: fifty providers and as many workers as one Postgres carries. */
const STANDINGS_MAX = 2000;

/** Writes how a worker's providers stand now, by the database's clock, and forgets workers that are long gone. */
export async function tellStanding(
  connection: Connection,
  worker: string,
  told: readonly ToldStanding[],
): Promise<void> {
  const rows = told.map(({ standing, health }) => ({
    adapter: standing.id,
    channel: standing.channel,
    standing,
    health,
  }));
  await connection`
    with gone as (delete from channel_standing where seen_at < clock_timestamp() - ${FORGOTTEN_AFTER}::interval)
    insert into channel_standing (worker, adapter, channel, standing, health, seen_at)
    select ${worker}, n.adapter, n.channel, n.standing, n.health, clock_timestamp()
    from json_to_recordset(${rowsParameter(rows)}::text::json) as n(adapter text, channel text, standing jsonb, health jsonb)
    on conflict (worker, adapter) do update set standing = excluded.standing, health = excluded.health,
      channel = excluded.channel, seen_at = excluded.seen_at`;
}

/** What the workers that are still there say. */
export async function readStandings(connection: Connection): Promise<readonly WorkerStanding[]> {
  return connection<WorkerStanding[]>`
    select worker, adapter, channel, standing, health, (extract(epoch from seen_at) * 1000)::float8 as "seenAtMs"
    from channel_standing where seen_at > clock_timestamp() - ${STANDING_EXPIRES_SECONDS} * interval '1 second'
    order by adapter, worker limit ${STANDINGS_MAX}`;
}

/** What the database knows of a provider beside that. */
export type ProviderTraffic = {
  readonly adapter: string;
  /** Requests of which nobody knows whether it took them. */
  readonly unknown: number;
  /** From when it says something happened until we heard, over its latest words; null = it has told nothing lately. */
  readonly lag: { readonly medianMs: number; readonly p95Ms: number } | null;
};

/** Latest words of all providers the lag is read from. */
const WORDS_LOOKED_AT = 2000;

export async function readProviderTraffic(connection: Connection): Promise<readonly ProviderTraffic[]> {
  const rows = await connection<{ adapter: string; unknown: number; median: number | null; p95: number | null }[]>`
    with doubtful as (
      select provider as adapter, count(*)::int as count from intent where state = 'unknown' and provider is not null group by 1
    ), words as (
      select integration as adapter,
        greatest(0, extract(epoch from received_at) * 1000 - (event ->> 'atMs')::float8) as lag
      from (select * from channel_callback order by id desc limit ${WORDS_LOOKED_AT}) latest
    ), lags as (
      select adapter, percentile_cont(0.5) within group (order by lag) as median,
        percentile_cont(0.95) within group (order by lag) as p95 from words group by 1
    )
    select coalesce(d.adapter, l.adapter) as adapter, coalesce(d.count, 0) as unknown, l.median, l.p95
    from doubtful d full join lags l on l.adapter = d.adapter`;
  return rows.map(({ adapter, unknown, median, p95 }) => ({
    adapter,
    unknown,
    lag: median === null || p95 === null ? null : { medianMs: median, p95Ms: p95 },
  }));
}
