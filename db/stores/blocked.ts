import type { Channel } from "#engine/model/content";
import { PROGRAM_FORMATS } from "#engine/model/program";
import type { Connection } from "../client";

/** What a worker leaves alone at this moment. A handful of versions at most, so they are passed by value. */
export type Blocked = {
  /** Versions of which nothing moves: paused, or with a Program of a format this worker does not know. */
  readonly still: readonly string[];
  /** Versions whose timers do not fire: the same, and those that are being stopped. They still hear what comes in. */
  readonly timeless: readonly string[];
  /** Channels on which requests wait; those of a stopped channel go to the gate, which refuses them. */
  readonly pausedChannels: readonly Channel[];
};

export type StoreOptions = {
  /** Formats of Programs a worker runs; an older build knows fewer. */
  readonly formats?: readonly number[];
  /** Seconds a worker has between reserving a request and writing what came back. */
  readonly leaseSeconds?: number;
};

/** Read before anybody is taken up. A pause wins over a stop: what is paused does not even end. */
export async function readBlocked(
  connection: Connection,
  { formats = PROGRAM_FORMATS }: StoreOptions,
): Promise<Blocked> {
  const rows = await connection<{ version: string | null; channel: Channel | null; waits: boolean }[]>`
    select v.id as version, null as channel, bool_or(s.id is null or s.kind = 'pause') as waits
    from strategy_version v left join stop s on s.phase <> 'over' and (s.scope = 'everything'
      or (s.scope = 'strategy' and s.subject = v.strategy_id) or (s.scope = 'version' and s.subject = v.id))
    where s.id is not null or v.program_format <> all(${[...formats]}::int[])
    group by v.id
    union all
    select null, s.subject, true from stop s where s.scope = 'channel' and s.kind = 'pause' and s.phase <> 'over'`;
  return {
    still: rows.flatMap(({ version, waits }) => (version !== null && waits ? version : [])),
    timeless: rows.flatMap(({ version }) => version ?? []),
    pausedChannels: rows.flatMap(({ channel }) => channel ?? []),
  };
}
