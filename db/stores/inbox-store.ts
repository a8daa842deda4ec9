import type { Due, Inbox, NewInboxEntry } from "#engine/ports/inbox";
import type { Connection, Database } from "../client";
import { WORK_CHANNEL } from "../work-hint";
import { readBlocked } from "./blocked";
import { deadLetters } from "./isolate";
import { bookPromises } from "./promise-booking";
import { rowsParameter } from "./rows-parameter";

/** The inbox in Postgres. Every method writes in one statement. */
export function inboxStore(database: Database): Inbox {
  return {
    put: (entries) => putInbox(database.sql, entries),
    postDuePayments: (due) => postDuePayments(database.sql, due),
    bookDuePromises: (due) => bookPromises(database.sql, due, null),
    recordWaitingResults: (due) => recordWaitingResults(database.sql, due),
  };
}

/** The same on a connection of the caller's, to be part of its commit. */
export async function putInbox(connection: Connection, entries: readonly NewInboxEntry[]): Promise<number> {
  if (entries.length === 0) return 0;
  const [stored] = await connection<{ count: number }[]>`
    with stored as (
      insert into inbox (dedupe_key, party_id, enrollment_id, account_id, type, at, step_seq, attempt, data)
      select n.dedupe_key, n.party_id, n.enrollment_id, n.account_id, n.type, to_timestamp(n.at_ms / 1000.0), n.step_seq,
        n.attempt, coalesce(n.data, 'null'::jsonb)
      from ${inboxRows(connection, entries)}
      on conflict (dedupe_key) do nothing returning id
    )
    select count(*)::int as count, case when count(*) > 0 then pg_notify(${WORK_CHANNEL}, '') end from stored`;
  return stored?.count ?? 0;
}

/** New entries as a set; `intent_key` says whose answer they are. */
export function inboxRows(
  connection: Connection,
  entries: readonly (NewInboxEntry & { readonly intentKey?: string })[],
) {
  const rows = entries.map((entry) => ({
    intent_key: entry.intentKey ?? null,
    dedupe_key: entry.dedupeKey,
    party_id: entry.partyId,
    enrollment_id: entry.enrollmentId,
    account_id: entry.accountId,
    type: entry.type,
    at_ms: entry.atMs,
    step_seq: entry.stepSeq,
    attempt: entry.attempt,
    data: entry.data,
  }));
  return connection`json_to_recordset(${rowsParameter(rows)}::text::json) as n(intent_key text, dedupe_key text,
    party_id text, enrollment_id text, account_id text, type text, at_ms numeric, step_seq int, attempt int, data jsonb)`;
}

/**
 * A simulated person never pays more than is still overdue: what they would have paid was thought up long before. What work would
 * have brought that was called back is nothing.
 */
async function postDuePayments(connection: Connection, due: Due): Promise<number> {
  const [posted] = await connection<{ count: number }[]>`
    with looked as (
      select i.*, case when jsonb_typeof(i.data -> 'amountMinor') = 'number'
          and i.data ->> 'amountMinor' ~ '^[0-9]{1,15}$' then (i.data ->> 'amountMinor')::bigint end as minor,
        i.data ->> 'currency' <> (select a.currency from account a where a.id = i.account_id) as is_foreign
      from inbox i
      where i.status = 'pending' and i.at <= to_timestamp(${due.nowMs} / 1000.0) and i.enrollment_id is null
        and i.type in ('payment.posted', 'payment.reversed')
      order by i.at, i.id limit ${due.limit} for update skip locked
    ), due as (
      select i.id, i.dedupe_key, i.party_id, i.account_id, i.type, i.at, i.data, case when exists (
          select 1 from intent t where t.key = i.data ->> 'intentKey' and t.state = 'cancelled'
        ) then 0 else i.minor end as asked
      from looked i where i.minor is not null and i.is_foreign is not true
    ), refused as (
      select l.*, case when l.minor is null then 'inbox.unreadable:data.amountMinor' else 'payment.other-currency' end as code
      from looked l where l.minor is null or l.is_foreign
    ), unreadable as (
      update inbox i set status = 'dead', error = r.code from refused r where i.id = r.id
    ), broken as (${deadLetters(
      connection,
      connection`select r.party_id, 'inbox' as kind, r.id::text as subject, null as enrollment_id,
        r.code, null::timestamptz as wake_at, r.at from refused r`,
    )}), reckoned as (
      select d.*, a.currency, case when d.data ->> 'source' = 'simulated' then greatest(0, least(d.asked,
          a.overdue_minor - coalesce(p.paid, 0) - coalesce(sum(d.asked) over (partition by d.account_id order by d.at, d.id
            rows between unbounded preceding and 1 preceding), 0)))::bigint else d.asked end as amount
      from due d join account a on a.id = d.account_id
      left join lateral (
        select sum(case when p.reversed then -p.amount_minor else p.amount_minor end) as paid from payment p
        where p.account_id = a.id and p.at >= a.data_date::timestamp at time zone coalesce(a.time_zone, 'UTC')
      ) p on true
    ), booked as (
      insert into payment (id, party_id, account_id, amount_minor, currency, at, reversed, source)
      select 'pay_' || r.dedupe_key, r.party_id, r.account_id, r.amount, r.currency, r.at, r.type = 'payment.reversed',
        coalesce(r.data ->> 'source', 'unknown')
      from reckoned r where r.amount > 0
      on conflict (id) do nothing returning account_id, id, reversed
    ), back as (
      -- Nobody follows the account any more: whether treatment begins again is a person's decision.
      insert into cure_reversal (payment_id, party_id, account_id, enrollment_id)
      select b.id, l.party_id, b.account_id, l.id from booked b cross join lateral (
        select e.party_id, e.id from enrollment e where e.account_id = b.account_id and e.exit_reason = 'cured'
        order by e.entered_at desc, e.id limit 1) l
      where b.reversed
        and not exists (select 1 from enrollment e where e.account_id = b.account_id and e.status in ('active', 'paused', 'held'))
      on conflict do nothing returning payment_id, account_id
    ), noted as (
      insert into audit (at, actor_id, action, subject, detail)
      select clock_timestamp(), 'actor_engine', 'payment.reversed-after-cure', b.account_id,
        jsonb_build_object('paymentId', b.payment_id)
      from back b
    ), told as (
      insert into inbox (dedupe_key, party_id, enrollment_id, account_id, type, at, data)
      select r.dedupe_key || ':' || e.id, r.party_id, e.id, r.account_id, r.type, r.at,
        jsonb_set(r.data, '{amountMinor}', to_jsonb(r.amount))
      from reckoned r join enrollment e on e.party_id = r.party_id and e.account_id = r.account_id
      where r.amount > 0 and e.status in ('active', 'paused', 'held')
      on conflict (dedupe_key) do nothing
    ), closed as (
      update inbox i set status = case when coalesce(r.amount, 0) > 0 then 'done' else 'ignored' end
      from due d left join reckoned r on r.id = d.id where i.id = d.id
    )
    select count(*)::int as count from looked`;
  return posted?.count ?? 0;
}

async function recordWaitingResults(connection: Connection, due: Due): Promise<number> {
  const { still } = await readBlocked(connection, {});
  const [recorded] = await connection<{ count: number }[]>`
    with waiting as (
      select distinct on (a.intent_key) a.intent_key, i.party_id, i.data, i.at from inbox i
      join contact_attempt a on a.intent_key = i.data ->> 'intentKey' and a.outcome is null
      join enrollment e on e.party_id = i.party_id and e.id = i.enrollment_id
      where i.status = 'pending' and i.type = 'contact.result' and i.at <= to_timestamp(${due.nowMs} / 1000.0)
        and (e.status = 'held' or e.version_id = any(${[...still]}::text[]) or exists (
          select 1 from hold h where h.party_id = i.party_id and h.from_at <= to_timestamp(${due.nowMs} / 1000.0)
            and (h.until_at is null or h.until_at > to_timestamp(${due.nowMs} / 1000.0)) and h.kind <> all(e.despite)))
      order by a.intent_key, i.at, i.id limit ${due.limit}
    ), heard as (
      update contact_attempt a set outcome = w.data ->> 'outcome', connected = (w.data ->> 'connected')::boolean,
        conversed = (w.data ->> 'conversed')::boolean,
        call_back_at = case when jsonb_typeof(w.data -> 'callBackAtMs') = 'number'
          then to_timestamp((w.data ->> 'callBackAtMs')::float8 / 1000.0) end
      from waiting w where a.intent_key = w.intent_key and a.outcome is null
      returning a.intent_key, a.contact_point_id, (w.data ->> 'invalidates')::boolean as invalidates
    ), disproved as (
      update contact_point p set status = 'invalid' from heard h
      where h.invalidates and p.id = h.contact_point_id and p.status = 'valid'
    ), held as (
      insert into hold (id, party_id, kind, from_at, until_at, source)
      select 'hold_' || w.intent_key, w.party_id, w.data ->> 'hold', w.at, null, w.intent_key
      from waiting w join heard h on h.intent_key = w.intent_key
      where w.data ->> 'hold' is not null
      on conflict (id) do nothing
    )
    select count(*)::int as count from heard`;
  return recorded?.count ?? 0;
}
