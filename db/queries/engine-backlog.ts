import type { EpochMs } from "#engine/model/time";
import type { Connection } from "../client";
import { readBlocked } from "../stores/blocked";

/** How far behind the engine is at one instant. Ages are seconds of the engine's clock, 0 where nothing waits. */
export type EngineBacklog = {
  /** Enrollments whose timer has come and that nothing holds: no pause, no hold of their party. */
  readonly dueAccounts: number;
  /** Age of the oldest of those timers: the one figure to be woken up for. */
  readonly oldestDueAgeSeconds: number;
  /** The due accounts by age: one group below each of `DUE_AGE_BOUNDS_SECONDS`, and one beyond the last. */
  readonly dueByAge: readonly number[];
  /** Events that have happened and were not yet given to the account they concern. */
  readonly waitingEvents: number;
  readonly oldestEventAgeSeconds: number;
  /** Requests by state. `ready` counts those whose time has come. */
  readonly requests: { readonly ready: number; readonly sending: number; readonly unknown: number };
  /** Accounts, events and requests that could not be processed and wait for a person. */
  readonly deadLetters: number;
};

/** Bounds between the age groups of what is due, in seconds: a poll, a minute, what an operator notices, an hour. */
export const DUE_AGE_BOUNDS_SECONDS = [2, 60, 300, 3600] as const;

export type StandingAccounts = {
  readonly strategy: string;
  readonly version: number;
  /** Stage the account stands in by the strategy's own variable of that name, or the status where it sets none. */
  readonly status: string;
  readonly accounts: number;
};

/** Counting stops here: a backlog beyond it is a backlog, and an operator's question must not become a load of its own. */
export const BACKLOG_COUNT_MAX = 200_000;

type Due = Pick<EngineBacklog, "dueAccounts" | "oldestDueAgeSeconds" | "dueByAge">;

async function readDue(connection: Connection, nowMs: EpochMs): Promise<Due> {
  const now = connection`to_timestamp(${nowMs} / 1000.0)`;
  const timeless = [...(await readBlocked(connection, {})).timeless];
  const groups = await connection<{ age: number; accounts: number; oldest: number }[]>`
    select width_bucket(due.age, ${[...DUE_AGE_BOUNDS_SECONDS]}::float8[]) as age, count(*)::int as accounts,
      max(due.age)::float8 as oldest
    from (
      select extract(epoch from ${now} - e.wake_at)::float8 as age from enrollment e
      where e.status = 'active' and e.wake_at <= ${now} and e.version_id <> all(${timeless}::text[])
        and not exists (select 1 from hold h where h.party_id = e.party_id and h.from_at <= ${now}
          and (h.until_at is null or h.until_at > ${now}) and h.kind <> all(e.despite))
      order by e.wake_at limit ${BACKLOG_COUNT_MAX}
    ) due group by 1`;
  const accountsOf = new Map(groups.map(({ age, accounts }) => [age, accounts]));
  const dueByAge = Array.from({ length: DUE_AGE_BOUNDS_SECONDS.length + 1 }, (_, age) => accountsOf.get(age) ?? 0);
  return {
    dueAccounts: dueByAge.reduce((sum, accounts) => sum + accounts, 0),
    oldestDueAgeSeconds: Math.max(0, ...groups.map(({ oldest }) => oldest)),
    dueByAge,
  };
}

type Waiting = Pick<EngineBacklog, "waitingEvents" | "oldestEventAgeSeconds">;

async function readWaiting(connection: Connection, nowMs: EpochMs): Promise<Waiting> {
  const now = connection`to_timestamp(${nowMs} / 1000.0)`;
  const [row] = await connection<{ events: number; oldest: number | null }[]>`
    select count(*)::int as events, extract(epoch from ${now} - min(at))::float8 as oldest from (
      select i.at from inbox i join enrollment t on t.party_id = i.party_id and t.id = i.enrollment_id
      where i.status = 'pending' and i.at <= ${now} and t.status = 'active'
      order by i.at limit ${BACKLOG_COUNT_MAX}
    ) waiting`;
  return { waitingEvents: row?.events ?? 0, oldestEventAgeSeconds: row?.oldest ?? 0 };
}

type Outgoing = Pick<EngineBacklog, "requests" | "deadLetters">;

async function readOutgoing(connection: Connection, nowMs: EpochMs): Promise<Outgoing> {
  const [row] = await connection<{ ready: number; sending: number; unknown: number; dead: number }[]>`
    select
      (select count(*)::int from (select 1 from intent
        where state = 'ready' and not_before <= to_timestamp(${nowMs} / 1000.0) limit ${BACKLOG_COUNT_MAX}) r) as ready,
      (select count(*)::int from intent where state = 'sending') as sending,
      (select count(*)::int from intent where state = 'unknown') as unknown,
      (select count(*)::int from dead_letter where state = 'open') as dead`;
  const { ready = 0, sending = 0, unknown = 0, dead = 0 } = row ?? {};
  return { requests: { ready, sending, unknown }, deadLetters: dead };
}

/** Reads indexes over what is due only; what is not due is never looked at. */
export async function readEngineBacklog(connection: Connection, nowMs: EpochMs): Promise<EngineBacklog> {
  const [due, waiting, outgoing] = await Promise.all([
    readDue(connection, nowMs),
    readWaiting(connection, nowMs),
    readOutgoing(connection, nowMs),
  ]);
  return { ...due, ...waiting, ...outgoing };
}

/** Accounts of the versions that are run, by how they stand. */
export async function readStandingAccounts(connection: Connection): Promise<readonly StandingAccounts[]> {
  return connection<StandingAccounts[]>`
    select s.key as strategy, v.number as version, e.status, count(*)::int as accounts
    from enrollment e join strategy_version v on v.id = e.version_id join strategy s on s.id = v.strategy_id
    group by 1, 2, 3 order by 1, 2, 3`;
}
