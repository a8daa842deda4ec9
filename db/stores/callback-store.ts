import type { KnownResult } from "#engine/model/contact-result";
import type { Channel } from "#engine/model/content";
import type { AccountId, EnrollmentId, PartyId } from "#engine/model/ids";
import type { CallbackStore, HeardResult, SpokenOf } from "#engine/ports/callbacks";
import type { StatusEvent } from "#engine/ports/channel";
import type { Due } from "#engine/ports/inbox";
import { type Connection, type Database, inTransaction } from "../client";
import { insertConversations } from "./conversation-store";
import { inboxRows } from "./inbox-store";
import { rowsParameter } from "./rows-parameter";

/** An event that nobody could place for so long never will be: providers give up telling after days. */
const ORPHAN_AFTER = "7 days";

/** What providers have said, in Postgres. */
export function callbackStore(database: Database): CallbackStore {
  return {
    put: (integration, events) => put(database.sql, integration, events),
    take: (due, decide) =>
      inTransaction(database, async (connection) => {
        const waiting = await waitingEvents(connection, due);
        if (waiting.length === 0) return { taken: 0, orphans: 0 };
        const contacts = await contactsOf(connection, waiting);
        const spoken = bySubject(waiting, contacts);
        await writeHeard(connection, decide(spoken.contacts));
        const orphans = await closeEvents(connection, waiting, spoken.taken);
        return { taken: spoken.taken.length, orphans };
      }),
  };
}

async function put(connection: Connection, integration: string, events: readonly StatusEvent[]): Promise<number> {
  if (events.length === 0) return 0;
  const rows = events.map((event) => ({
    event_id: event.eventId,
    intent_key: event.key,
    provider_ref: event.ref,
    event,
  }));
  const stored = await connection`
    insert into channel_callback (integration, event_id, intent_key, provider_ref, event)
    select ${integration}, n.event_id, n.intent_key, n.provider_ref, n.event
    from json_to_recordset(${rowsParameter(rows)}::text::json) as n(event_id text, intent_key text, provider_ref text, event jsonb)
    on conflict (integration, event_id) do nothing returning id`;
  return stored.length;
}

type WaitingEvent = {
  id: number;
  integration: string;
  intent_key: string | null;
  provider_ref: string | null;
  event: StatusEvent;
};

async function waitingEvents(connection: Connection, { limit }: Due): Promise<readonly WaitingEvent[]> {
  return connection<WaitingEvent[]>`
    select id, integration, intent_key, provider_ref, event from channel_callback
    where status = 'pending' and look_after <= clock_timestamp()
    order by id limit ${limit} for update skip locked`;
}

type ContactRow = {
  key: string;
  provider: string;
  provider_ref: string | null;
  channel: Channel;
  step_seq: number;
  attempt: number;
  party_id: PartyId;
  enrollment_id: EnrollmentId;
  account_id: AccountId;
  known: KnownResult | null;
};

/** Contacts the events speak of that have left or may have; a provider can speak of its own alone. */
async function contactsOf(connection: Connection, events: readonly WaitingEvent[]): Promise<readonly ContactRow[]> {
  const named = rowsParameter(
    events.map(({ integration, intent_key, provider_ref }) => ({ integration, intent_key, provider_ref })),
  );
  return connection<ContactRow[]>`
    with named as (
      select distinct integration, intent_key, provider_ref
      from json_to_recordset(${named}::text::json) as n(integration text, intent_key text, provider_ref text)
    ), chosen as (
      select i.key from named n join intent i on i.key = n.intent_key and i.provider = n.integration
      union
      select i.key from named n join intent i on i.provider = n.integration and i.provider_ref = n.provider_ref
      where n.intent_key is null
    )
    select i.key, i.provider, i.provider_ref, i.channel, i.step_seq, i.attempt, i.party_id, i.enrollment_id, i.account_id,
      i.known
    from intent i join chosen c on c.key = i.key
    where i.kind = 'contact' and i.state in ('sent', 'unknown')
    order by i.key for update of i skip locked`;
}

type Spoken = { readonly contacts: readonly SpokenOf[]; readonly taken: readonly number[] };

function bySubject(events: readonly WaitingEvent[], rows: readonly ContactRow[]): Spoken {
  const name = (integration: string, id: string): string => JSON.stringify([integration, id]);
  const byKey = new Map(rows.map((row) => [name(row.provider, row.key), row]));
  const byRef = new Map(rows.map((row) => [name(row.provider, row.provider_ref ?? ""), row]));
  const taken: number[] = [];
  const heard = new Map<ContactRow, StatusEvent[]>();
  for (const { id, integration, intent_key, provider_ref, event } of events) {
    const row =
      intent_key === null ? byRef.get(name(integration, provider_ref ?? "")) : byKey.get(name(integration, intent_key));
    if (row === undefined) continue;
    taken.push(id);
    heard.set(row, [...(heard.get(row) ?? []), event]);
  }
  const contacts = [...heard].map(([row, own]) => ({
    intent: { key: row.key, channel: row.channel, stepSeq: row.step_seq, attempt: row.attempt },
    subject: { enrollmentId: row.enrollment_id, partyId: row.party_id, accountId: row.account_id },
    known: row.known,
    events: own,
  }));
  return { contacts, taken };
}

/** Writes what is known now, in one statement: the contact as the caps count it never loses what it had. */
async function writeHeard(connection: Connection, heard: readonly HeardResult[]): Promise<void> {
  if (heard.length === 0) return;
  const rows = heard.map(({ key, known, costMinor, outcome }) => ({
    key,
    known,
    cost_minor: costMinor,
    is_known: known.result !== "unknown",
    outcome: outcome?.outcome ?? null,
    connected: outcome?.connected ?? false,
    conversed: outcome?.conversed ?? false,
    hold: outcome?.hold ?? null,
    invalidates: outcome?.invalidates ?? false,
    call_back_ms: outcome?.callBackAtMs ?? null,
    at_ms: known.atMs,
  }));
  const said = heard.flatMap(({ conversations = [] }) => conversations);
  await connection`
    with heard as (
      select * from json_to_recordset(${rowsParameter(rows)}::text::json) as h(key text, known jsonb, cost_minor bigint,
        is_known boolean, outcome text, connected boolean, conversed boolean, hold text, invalidates boolean,
        call_back_ms float8, at_ms numeric)
    ), written as (
      update intent i set known = h.known, cost_minor = coalesce(h.cost_minor, i.cost_minor),
        state = case when i.state = 'unknown' and h.is_known then 'sent' else i.state end,
        ask_after = case when h.is_known then null else i.ask_after end, updated_at = clock_timestamp()
      from heard h where i.key = h.key
    ), counted as (
      update contact_attempt a set cost_minor = coalesce(h.cost_minor, a.cost_minor),
        outcome = coalesce(h.outcome, a.outcome), connected = a.connected or h.connected,
        conversed = a.conversed or h.conversed,
        call_back_at = coalesce(to_timestamp(h.call_back_ms / 1000.0), a.call_back_at)
      from heard h where a.intent_key = h.key
      returning a.party_id, a.contact_point_id, h.key, h.hold, h.invalidates, h.at_ms
    ), disproved as (
      update contact_point p set status = 'invalid' from counted c
      where c.invalidates and p.id = c.contact_point_id and p.status = 'valid'
    ), held as (
      insert into hold (id, party_id, kind, from_at, until_at, source)
      select 'hold_' || c.key, c.party_id, c.hold, to_timestamp(c.at_ms / 1000.0), null, c.key
      from counted c where c.hold is not null
      on conflict (id) do nothing
    ), said as (${insertConversations(connection, said)})
    insert into inbox (dedupe_key, party_id, enrollment_id, account_id, type, at, step_seq, attempt, data)
    select n.dedupe_key, n.party_id, n.enrollment_id, n.account_id, n.type, to_timestamp(n.at_ms / 1000.0), n.step_seq,
      n.attempt, coalesce(n.data, 'null'::jsonb)
    from ${inboxRows(
      connection,
      heard.flatMap(({ inbox }) => inbox),
    )}
    on conflict (dedupe_key) do nothing`;
}

/** What was placed is done; the rest waits longer each time, or is given up. Returns how many were given up. */
async function closeEvents(
  connection: Connection,
  events: readonly WaitingEvent[],
  taken: readonly number[],
): Promise<number> {
  const placed = new Set(taken);
  const left = events.filter(({ id }) => !placed.has(id)).map(({ id }) => id);
  const closed = await connection<{ status: string }[]>`
    update channel_callback c set
      -- What was said has its own place from here on.
      event = case when c.id = any(${[...taken]}::bigint[]) then c.event - 'conversation' else c.event end,
      status = case when c.id = any(${[...taken]}::bigint[]) then 'taken'
        when c.received_at < clock_timestamp() - ${ORPHAN_AFTER}::interval then 'orphan' else 'pending' end,
      look_after = clock_timestamp() + greatest(interval '2 seconds', (clock_timestamp() - c.received_at) / 2)
    where c.id = any(${[...taken, ...left]}::bigint[]) returning c.status`;
  return closed.filter(({ status }) => status === "orphan").length;
}
