import type { PersonReply, ReplyStore } from "#engine/ports/replies";
import { type Connection, type Database, inTransaction } from "../client";
import { latestConsents } from "../queries/consent";
import { WORK_CHANNEL } from "../work-hint";

/** Who says it in the audit: the person themselves, through a provider. */
const DEBTOR = "actor_debtor";

/** What people write back, in Postgres. */
export function replyStore(database: Database): ReplyStore {
  return {
    put: (integration, replies) =>
      inTransaction(database, async (connection) => {
        let known = 0;
        for (const reply of replies) if (await place(connection, integration, reply)) known += 1;
        return known;
      }),
  };
}

async function place(connection: Connection, integration: string, reply: PersonReply): Promise<boolean> {
  const { replyId, channel, from, isOptOut, atMs } = reply;
  const points = await connection<{ id: string }[]>`
    select id from contact_point where kind = 'phone' and address = ${from} and not simulated order by id for update`;
  if (points.length === 0) return false;
  const ids = points.map(({ id }) => id);
  // One person may be under way in several strategies: whichever wrote to them last on this channel is answered.
  await connection`
    with reached as (
      select distinct on (a.party_id) a.party_id, a.enrollment_id, a.account_id from contact_attempt a
      join enrollment e on e.party_id = a.party_id and e.id = a.enrollment_id and e.status in ('active', 'paused', 'held')
      where a.contact_point_id = any(${ids}::text[]) and a.channel = ${channel} order by a.party_id, a.at desc
    ), told as (
      insert into inbox (dedupe_key, party_id, enrollment_id, account_id, type, at, data)
      select ${`reply:${integration}:${replyId}:`} || r.enrollment_id, r.party_id, r.enrollment_id, r.account_id,
        'reply.received', to_timestamp(${atMs} / 1000.0), jsonb_build_object('channel', ${channel}::text) from reached r
      on conflict (dedupe_key) do nothing returning id
    )
    select case when count(*) > 0 then pg_notify(${WORK_CHANNEL}, '') end from told`;
  if (isOptOut) await refuse(connection, { ids, channel, integration, replyId, atMs });
  return true;
}

type Refusal = {
  readonly ids: readonly string[];
  readonly channel: string;
  readonly integration: string;
  readonly replyId: string;
  readonly atMs: number;
};

/**
 * Their word by its own time: who agreed again after it has agreed. The time a provider names is believed up to now, so that a clock
 * that is ahead refuses nothing that is said after it.
 */
async function refuse(connection: Connection, { ids, channel, integration, replyId, atMs }: Refusal): Promise<void> {
  await connection`
    insert into channel_consent (contact_point_id, channel, at, given, evidence, recorded_by)
    select id, ${channel}, least(to_timestamp(${atMs} / 1000.0), clock_timestamp()), false, ${`reply:${integration}:${replyId}`}, ${DEBTOR}
    from unnest(${[...ids]}::text[]) as id
    on conflict do nothing`;
  await connection`
    with latest as (${latestConsents(connection, connection`c.contact_point_id = any(${[...ids]}::text[]) and c.channel = ${channel}`)}), refused as (
      update contact_point p set consent = p.consent || jsonb_build_object(${channel}::text, 'refused')
      from latest l where p.id = l.contact_point_id and not l.given and p.consent ->> ${channel} is distinct from 'refused'
      returning p.id
    )
    insert into audit (at, actor_id, action, subject, detail)
    select clock_timestamp(), ${DEBTOR}, 'consent.refused', id,
      jsonb_build_object('channel', ${channel}::text, 'by', 'reply', 'integration', ${integration}::text) from refused`;
}
