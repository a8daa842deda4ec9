import type { Stop } from "#engine/model/stop";
import type { Due } from "#engine/ports/inbox";
import type { Stops } from "#engine/ports/stops";
import type { Connection, Database } from "../client";
import { laterDetails } from "./intent-details";

/** Pauses and stops in Postgres. Every method is one statement. */
export function stopStore(database: Database): Stops {
  const { sql } = database;
  return {
    inForce: () =>
      sql<Stop[]>`select id, scope, subject, kind, (extract(epoch from from_at) * 1000)::float8 as "fromMs" from stop
        where phase <> 'over' order by id`,
    async carryOn(due) {
      const [work] = await sql<{ lifting: boolean; channel: boolean; telling: boolean }[]>`
        select coalesce(bool_or(phase = 'lifting' and scope <> 'channel'), false) as lifting,
          coalesce(bool_or(phase = 'lifting' and scope = 'channel'), false) as channel,
          coalesce(bool_or(phase = 'in-force' and kind = 'stop' and scope <> 'channel' and told_at is null), false) as telling
        from stop where phase <> 'over'`;
      let looked = 0;
      if (work?.lifting === true) looked += await moveWaits(sql, due);
      if (work?.channel === true) looked += await moveChannelWaits(sql, due);
      if (work?.telling === true) looked += await tellToExit(sql, due);
      return looked;
    },
  };
}

/** Versions a stop covers, as a condition on enrollment `e`. */
const COVERED = `(s.scope = 'everything' or (s.scope = 'version' and e.version_id = s.subject)
  or (s.scope = 'strategy' and e.version_id in (select v.id from strategy_version v where v.strategy_id = s.subject)))`;

/**
 * Time from `start` for which the lifted pause `s` alone kept enrollment `e` still, as an interval: what other pauses still in
 * force cover is theirs to add when they are lifted, and what a hold covers is the thaw's, so that no hour counts twice.
 */
const timeStill = (start: string) => `coalesce((
  select sum(upper(r) - lower(r)) from unnest(
    tstzmultirange(tstzrange(least(greatest(s.from_at, ${start}), s.until_at), s.until_at))
    - coalesce((select range_agg(tstzrange(o.from_at, o.until_at)) from stop o where o.id <> s.id and o.phase <> 'over'
        and o.scope <> 'channel' and (o.scope = 'everything' or (o.scope = 'version' and o.subject = e.version_id)
          or (o.scope = 'strategy' and o.subject = (select v.strategy_id from strategy_version v where v.id = e.version_id)))),
      '{}'::tstzmultirange)
    - coalesce((select range_agg(tstzrange(h.from_at, greatest(h.from_at, h.until_at))) from hold h
        where e.status = 'held' and h.party_id = e.party_id and h.kind <> all(e.despite)), '{}'::tstzmultirange)
  ) r), interval '0')`;

/** The horizon does not move: it bounds how long a person is treated, paused or not. */
const HORIZON = `(select (v.program -> 'limits' ->> 'horizonMs')::float8 * interval '1 millisecond' from strategy_version v
  where v.id = e.version_id)`;

async function moveWaits(sql: Connection, { limit }: Due): Promise<number> {
  const [moved] = await sql<{ count: number }[]>`
    with s as (
      select * from stop where phase = 'lifting' and scope <> 'channel' order by id limit 1 for update skip locked
    ), batch as (
      select e.*, s.id as stop_id from s join enrollment e on (e.party_id, e.id) > (coalesce(s.done_party, ''), coalesce(s.done_key, ''))
        and ${sql.unsafe(COVERED)}
      where e.status in ('active', 'held') or (e.status = 'exited' and exists (
        select 1 from intent i where i.party_id = e.party_id and i.enrollment_id = e.id and i.state = 'ready'))
      order by e.party_id, e.id limit ${limit}
    ), still as (
      select e.party_id, e.id, e.status, e.started_at, ${sql.unsafe(timeStill("e.entered_at"))} as shift,
        ${sql.unsafe(HORIZON)} as horizon
      from batch e join s on s.id = e.stop_id
    ), moved as (
      update enrollment e set wake_at = least(e.wake_at + n.shift, n.started_at + n.horizon), fence = e.fence + 1,
        entered_at = case when e.status = 'held' then e.entered_at else e.entered_at + n.shift end
      from still n where e.party_id = n.party_id and e.id = n.id and n.status <> 'exited' and n.shift > interval '0'
    ), kept as (
      update intent i set not_after = i.not_after + n.shift,
        details = ${laterDetails(sql, sql`i.details`, sql`extract(epoch from n.shift) * 1000`)} from still n
      where i.party_id = n.party_id and i.enrollment_id = n.id and n.shift > interval '0'
        and (i.state = 'ready' or (i.kind = 'task' and i.state in ('sending', 'sent')))
    ), noted as (
      update stop t set done_party = coalesce(b.party_id, t.done_party), done_key = coalesce(b.id, t.done_key),
        phase = case when b.count < ${limit} then 'over' else t.phase end
      from s, (select (array_agg(party_id order by party_id desc, id desc))[1] as party_id,
        (array_agg(id order by party_id desc, id desc))[1] as id, count(*)::int as count from batch) b
      where t.id = s.id
    )
    select count(*)::int as count from batch`;
  return moved?.count ?? 0;
}

async function moveChannelWaits(sql: Connection, { limit }: Due): Promise<number> {
  const [moved] = await sql<{ count: number }[]>`
    with s as (
      select * from stop where phase = 'lifting' and scope = 'channel' order by id limit 1 for update skip locked
    ), batch as (
      select i.party_id, i.key, i.enrollment_id, i.step_seq, i.not_before, s.id as stop_id from s join intent i
        on i.channel = s.subject and i.state = 'ready' and i.key > coalesce(s.done_key, '')
      order by i.key limit ${limit}
    ), still as (
      select b.party_id, b.key, b.step_seq, e.id, e.started_at, ${sql.unsafe(timeStill("b.not_before"))} as shift,
        ${sql.unsafe(HORIZON)} as horizon
      from batch b join s on s.id = b.stop_id join enrollment e on e.party_id = b.party_id and e.id = b.enrollment_id
    ), moved as (
      update enrollment e set wake_at = least(e.wake_at + n.shift, n.started_at + n.horizon), fence = e.fence + 1
      from still n where e.party_id = n.party_id and e.id = n.id and e.step_seq = n.step_seq and e.status = 'active'
        and n.shift > interval '0'
    ), kept as (
      update intent i set not_after = i.not_after + n.shift,
        details = ${laterDetails(sql, sql`i.details`, sql`extract(epoch from n.shift) * 1000`)} from still n
      where i.party_id = n.party_id and i.key = n.key and i.state = 'ready' and n.shift > interval '0'
    ), noted as (
      update stop t set done_key = coalesce(b.key, t.done_key), phase = case when b.count < ${limit} then 'over' else t.phase end
      from s, (select max(key) as key, count(*)::int as count from batch) b where t.id = s.id
    )
    select count(*)::int as count from batch`;
  return moved?.count ?? 0;
}

/** Passes over everybody under way until a pass meets nobody new: an account may have come in while the first one ran. */
async function tellToExit(sql: Connection, { nowMs, limit }: Due): Promise<number> {
  const [told] = await sql<{ count: number }[]>`
    with s as (
      select * from stop where phase = 'in-force' and kind = 'stop' and scope <> 'channel' and told_at is null
      order by id limit 1 for update skip locked
    ), batch as (
      select e.party_id, e.id, e.account_id, s.id as stop_id from s join enrollment e on ${sql.unsafe(COVERED)}
        and (e.party_id, e.id) > (coalesce(s.done_party, ''), coalesce(s.done_key, ''))
      where e.status in ('active', 'paused', 'held')
        and not exists (select 1 from inbox i where i.dedupe_key = 'stop:' || s.id || ':' || e.id)
      order by e.party_id, e.id limit ${limit}
    ), told as (
      insert into inbox (dedupe_key, party_id, enrollment_id, account_id, type, at, data)
      select 'stop:' || b.stop_id || ':' || b.id, b.party_id, b.id, b.account_id, 'stop.requested',
        to_timestamp(${nowMs} / 1000.0), 'null'::jsonb from batch b
      on conflict (dedupe_key) do nothing
    ), noted as (
      update stop t set done_party = case when b.count = ${limit} then b.party_id end,
        done_key = case when b.count = ${limit} then b.id end,
        told_at = case when b.count = 0 and t.done_party is null then clock_timestamp() end
      from s, (select (array_agg(party_id order by party_id desc, id desc))[1] as party_id,
        (array_agg(id order by party_id desc, id desc))[1] as id, count(*)::int as count from batch) b
      where t.id = s.id
    )
    select count(*)::int as count from batch`;
  return told?.count ?? 0;
}
