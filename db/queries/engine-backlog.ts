import type { EpochMs } from "#engine/model/time";
import type { Connection } from "../client";

/** How far behind the engine is at one instant. Ages are seconds of the engine's clock, 0 where nothing waits. */
export type EngineBacklog = {
  /** Enrollments whose timer has come and that nothing holds: no pause, no hold of their party. */
  readonly dueAccounts: number;
  /** Age of the oldest of those timers: the one figure to be woken up for. */
  readonly oldestDueAgeSeconds: number;
  /** Events that have happened and were not yet given to the account they concern. */
  readonly waitingEvents: number;
  readonly oldestEventAgeSeconds: number;
  /** Requests by state. `ready` counts those whose time has come. */
  readonly requests: { readonly ready: number; readonly sending: number; readonly unknown: number };
  /** Accounts and events that will not move on by themselves. */
  readonly deadLetters: number;
};

export type StandingAccounts = {
  readonly strategy: string;
  readonly version: number;
  /** Stage the account stands in by the strategy's own variable of that name, or the status where it sets none. */
  readonly status: string;
  readonly accounts: number;
};

/** Counting stops here: a backlog beyond it is a backlog, and an operator's question must not become a load of its own. */
export const BACKLOG_COUNT_MAX = 200_000;

/** Reads indexes over what is due only; what is not due is never looked at. */
export async function readEngineBacklog(connection: Connection, nowMs: EpochMs): Promise<EngineBacklog> {
  const now = connection`to_timestamp(${nowMs} / 1000.0)`;
  const [row] = await connection<
    { due: number; due_at_ms: number | null; events: number; event_at_ms: number | null }[]
  >`
    select d.due, d.due_at_ms, i.events, i.event_at_ms
    from (
      select count(*)::int as due, extract(epoch from min(wake_at))::float8 * 1000 as due_at_ms from (
        select e.wake_at from enrollment e
        join strategy_version v on v.id = e.version_id join strategy s on s.id = v.strategy_id
        where e.status = 'active' and e.wake_at <= ${now} and not s.paused
          and not exists (select 1 from hold h where h.party_id = e.party_id and h.from_at <= ${now}
            and (h.until_at is null or h.until_at > ${now}) and h.kind <> all(e.despite))
        order by e.wake_at limit ${BACKLOG_COUNT_MAX}
      ) due
    ) d, (
      select count(*)::int as events, extract(epoch from min(at))::float8 * 1000 as event_at_ms from (
        select i.at from inbox i join enrollment t on t.party_id = i.party_id and t.id = i.enrollment_id
        where i.status = 'pending' and i.at <= ${now} and t.status = 'active'
        order by i.at limit ${BACKLOG_COUNT_MAX}
      ) waiting
    ) i`;
  const [states] = await connection<{ ready: number; sending: number; unknown: number; dead: number }[]>`
    select
      (select count(*)::int from (select 1 from intent where state = 'ready' and not_before <= ${now} limit ${BACKLOG_COUNT_MAX}) r) as ready,
      (select count(*)::int from intent where state = 'sending') as sending,
      (select count(*)::int from intent where state = 'unknown') as unknown,
      (select count(*)::int from enrollment where status = 'faulted')
        + (select count(*)::int from inbox where status = 'dead') as dead`;
  const age = (atMs: number | null | undefined): number =>
    atMs === null || atMs === undefined ? 0 : Math.max(0, (nowMs - atMs) / 1000);
  return {
    dueAccounts: row?.due ?? 0,
    oldestDueAgeSeconds: age(row?.due_at_ms),
    waitingEvents: row?.events ?? 0,
    oldestEventAgeSeconds: age(row?.event_at_ms),
    requests: { ready: states?.ready ?? 0, sending: states?.sending ?? 0, unknown: states?.unknown ?? 0 },
    deadLetters: states?.dead ?? 0,
  };
}

/** Accounts of the versions that are run, by how they stand. */
export async function readStandingAccounts(connection: Connection): Promise<readonly StandingAccounts[]> {
  return connection<StandingAccounts[]>`
    select s.key as strategy, v.number as version, e.status, count(*)::int as accounts
    from enrollment e join strategy_version v on v.id = e.version_id join strategy s on s.id = v.strategy_id
    group by 1, 2, 3 order by 1, 2, 3`;
}
