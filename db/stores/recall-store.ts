import type { Channel } from "#engine/model/content";
import type { EpochMs } from "#engine/model/time";
import type { Due } from "#engine/ports/inbox";
import type { Recall, RecallOutcome, RecallReason, Recalls } from "#engine/ports/recalls";
import type { Connection, Database } from "../client";
import { rowsParameter } from "./rows-parameter";

type Fragment = ReturnType<Connection>;

/** Real seconds a worker has for asking a provider; the pause before it is asked again doubles from it. */
const LEASE_SECONDS = 30;
/** A contact accepted longer ago has been delivered or never will be: nobody is asked about it. */
const FRESH = "2 days";

/** Accepted contacts nobody wants any more, in Postgres. */
export function recallStore(database: Database): Recalls {
  const { sql } = database;
  return {
    due: (due) => dueRecalls(sql, due),
    answered: (outcomes, told) => answered(sql, outcomes, told),
  };
}

/**
 * Accepted contacts `a` (with their request `i`) that are still to be delivered, as unwanted from an instant on. `from` brings the rows
 * they belong to, by a join that ends with `a`. People who do not exist are called by nobody.
 */
export function recalled(
  connection: Connection,
  {
    why,
    nowMs,
    from,
    where,
  }: { readonly why: RecallReason; readonly nowMs: Fragment; readonly from: Fragment; readonly where: Fragment },
): Fragment {
  return connection`
    insert into contact_recall (party_id, intent_key, why, wanted_at)
    select distinct i.party_id, i.key, ${why}, to_timestamp(${nowMs} / 1000.0)
    from ${from}
    join intent i on i.party_id = a.party_id and i.key = a.intent_key and i.kind = 'contact' and i.state = 'sent'
    join contact_point p on p.id = a.contact_point_id and not p.simulated
    where a.outcome is null and coalesce(i.known ->> 'result', 'accepted') in ('unknown', 'accepted', 'sending')
      and a.at > to_timestamp(${nowMs} / 1000.0) - ${FRESH}::interval and ${where}
    on conflict do nothing`;
}

/**
 * Whoever is held is not reached by what left before; work of the house's own desk waits there until the release, and the gate is
 * asked before it is done. Then everything that waits to be asked about.
 */
async function dueRecalls(connection: Connection, { nowMs, limit }: Due): Promise<readonly Recall[]> {
  await recalled(connection, {
    ...{ why: "held", nowMs: connection`${nowMs}::float8` },
    from: connection`hold h join contact_attempt a on a.party_id = h.party_id`,
    where: connection`h.from_at <= to_timestamp(${nowMs} / 1000.0) and (h.until_at is null or h.until_at > to_timestamp(${nowMs} / 1000.0))
      and i.provider <> 'house'`,
  });
  return connection<Recall[]>`
    with taken as (
      update contact_recall r set ask_after = clock_timestamp() + ${LEASE_SECONDS} * interval '1 second' * power(2, r.unclear)
      where r.intent_key = any(array(
        select n.intent_key from contact_recall n where n.answer is null and n.ask_after <= clock_timestamp()
        order by n.ask_after limit ${limit} for update skip locked))
      returning r.intent_key, r.unclear, r.party_id
    )
    select i.key, i.channel::text as channel, i.provider, t.unclear from taken t
    join intent i on i.party_id = t.party_id and i.key = t.intent_key`;
}

/**
 * The first answer counts. A contact that was cancelled did not happen: it gives its place under the caps back, and a step that still
 * waits for it hears that it will not be made.
 */
async function answered(
  connection: Connection,
  outcomes: readonly RecallOutcome[],
  { nowMs, reason }: Parameters<Recalls["answered"]>[1],
): Promise<number> {
  if (outcomes.length === 0) return 0;
  const data = { reasons: [reason.rule] };
  const [written] = await connection<{ count: number }[]>`
    with said as (
      update contact_recall r set answer = o.answer, unclear = r.unclear + (o.answer is null)::int,
        answered_at = case when o.answer is null then null else clock_timestamp() end,
        ask_after = case when o.answer is null then r.ask_after end
      from json_to_recordset(${rowsParameter(outcomes)}::text::json) as o(key text, answer text)
      where r.intent_key = o.key and r.answer is null returning r.party_id, r.intent_key, o.answer
    ), cancelled as (
      update intent i set state = 'cancelled', updated_at = clock_timestamp() from said s
      where s.answer = 'cancelled' and i.party_id = s.party_id and i.key = s.intent_key and i.state = 'sent'
      returning i.*
    ), given_back as (
      delete from contact_attempt a using cancelled c where a.party_id = c.party_id and a.intent_key = c.key and a.outcome is null
    ), told as (
      insert into inbox (dedupe_key, party_id, enrollment_id, account_id, type, at, step_seq, attempt, data)
      select 'recalled:' || c.key, c.party_id, c.enrollment_id, c.account_id, 'contact.denied', to_timestamp(${nowMs} / 1000.0),
        c.step_seq, c.attempt, ${JSON.stringify(data)}::text::jsonb
      from cancelled c join enrollment e on e.party_id = c.party_id and e.id = c.enrollment_id
      where e.step_seq = c.step_seq and e.pending and e.status <> 'exited'
      on conflict (dedupe_key) do nothing
    )
    select count(*)::int as count from said where answer is not null`;
  return written?.count ?? 0;
}

/** Contacts over a channel that is stopped, as part of the commit that stops it. */
export async function recallChannel(connection: Connection, channel: Channel, nowMs: EpochMs): Promise<void> {
  await recalled(connection, {
    ...{ why: "stopped", nowMs: connection`${nowMs}::float8`, from: connection`contact_attempt a` },
    where: connection`a.channel = ${channel}`,
  });
}
