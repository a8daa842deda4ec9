import type { PersonReply, ReplyStore } from "#engine/ports/replies";
import { type Connection, type Database, inTransaction } from "../client";
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
  if (isOptOut) await refuse(connection, { ids, channel, integration });
  return true;
}

type Refusal = { readonly ids: readonly string[]; readonly channel: string; readonly integration: string };

/** The audit row is also what an import looks at, so that no file of the lender's gives back what the person took. */
async function refuse(connection: Connection, { ids, channel, integration }: Refusal): Promise<void> {
  await connection`
    with refused as (
      update contact_point set consent = consent || jsonb_build_object(${channel}::text, 'refused')
      where id = any(${[...ids]}::text[]) and consent ->> ${channel} is distinct from 'refused' returning id
    )
    insert into audit (at, actor_id, action, subject, detail)
    select clock_timestamp(), ${DEBTOR}, 'consent.refused', id,
      jsonb_build_object('channel', ${channel}::text, 'by', 'reply', 'integration', ${integration}::text) from refused`;
}
