import type { ContactPointId, StrategyVersionId } from "#engine/model/ids";
import { CASE_TASKS } from "#engine/model/program";
import type { Due } from "#engine/ports/inbox";
import {
  BACKLOG_COUNTED,
  type GateDecision,
  type HeldIntents,
  type NewIntent,
  type Outbox,
  type OutboxLane,
  type ReadyIntent,
} from "#engine/ports/outbox";
import { type Connection, type Database, inTransaction } from "../client";
import { readBlocked, type StoreOptions } from "./blocked";
import { poisonCode } from "./isolate";
import { commitGateDecisions, commitSettlements, LEASE_SECONDS } from "./outbox-commit";
import {
  type IntentRow,
  intentColumns,
  intentOf,
  intentRowOf,
  loadPartyRecords,
  type PartyRecords,
} from "./outbox-rows";
import { textList } from "./row-columns";
import { loadSnapshots } from "./snapshots";

/** Names the advisory locks of this purpose, so that no other use of the same numbers can meet them. */
const PARTY_LOCK_SEED = 7;

/** Requests to the world in Postgres. */
export function outboxStore(database: Database, options: StoreOptions = {}): Outbox {
  const { leaseSeconds = LEASE_SECONDS } = options;
  return {
    settle: (settlements) => commitSettlements(database.sql, settlements),
    backlog: (nowMs) => backlog(database.sql, nowMs, options),
    lapsed: (due) => lapsed(database.sql, due, options),
    unsettled: (due) => unsettled(database.sql, due, options),
    reserve: (due, decide) =>
      inTransaction(database, async (connection) => {
        const rows = await readyRows(connection, due, options);
        const own = await withPartyLock(connection, rows);
        const { readable, unreadable } = readRows(own);
        const ready = await withContext(connection, readable, due.nowMs);
        const decisions = [...(await decide(ready)), ...unreadable];
        const { keys, lease } = await commitGateDecisions(connection, {
          leaseSeconds,
          decisions,
          ready: [...ready, ...own.map(ownerOf)],
          nowMs: due.nowMs,
        });
        const decided = decisions.filter((decision: GateDecision) => keys.has(decision.key));
        return { looked: rows.length, decided, lease };
      }),
  };
}

async function readyRows(
  connection: Connection,
  due: Due & { readonly lane?: OutboxLane },
  options: StoreOptions,
): Promise<readonly IntentRow[]> {
  const { still, pausedChannels } = await readBlocked(connection, options);
  const rows = await connection`
    select ${intentColumns(connection)}
    from intent i cross join lateral (
      -- "offset 0" keeps this a look-up per intent, so that the earliest are found without sorting them all
      select e.version_id, e.started_at, e.despite from enrollment e
      where e.party_id = i.party_id and e.id = i.enrollment_id and e.status in ('active', 'exited')
        and e.version_id <> all(${[...still]}::text[])
      offset 0
    ) e
    where (i.channel is null or i.channel <> all(${[...pausedChannels]}::text[])) and i.state = 'ready' and i.not_before <= to_timestamp(${due.nowMs} / 1000.0)
      and not exists (select 1 from hold h where h.party_id = i.party_id and h.from_at <= to_timestamp(${due.nowMs} / 1000.0)
        and (h.until_at is null or h.until_at > to_timestamp(${due.nowMs} / 1000.0))
        -- Contacts and treatment never leave in spite of a hold, whatever their step is about; its own case does.
        and (i.kind <> 'task' or i.details ->> 'task' <> all(${[...CASE_TASKS]}::text[]) or h.kind <> all(e.despite)))
      and (i.kind = 'external') = ${due.lane === "external"}
      -- After a restore no contact leaves of which nobody found out that it had not left before.
      and (i.kind <> 'contact' or not exists (select 1 from recovery r where r.lifted_at is null)
        or exists (select 1 from recovery r join recovery_request k on k.recovery_id = r.id
          where r.lifted_at is null and k.key = i.key and k.state = 'clear'))
    order by i.not_before limit ${due.limit}
    for no key update of i skip locked`.values();
  return rows.map(intentRowOf);
}

/** Counts without sorting and stops at its bound. */
async function backlog(connection: Connection, nowMs: number, options: StoreOptions): Promise<number> {
  const { still, pausedChannels } = await readBlocked(connection, options);
  const [row] = await connection<{ count: number }[]>`
    select count(*)::int as count from (
      select 1 from intent i where i.state = 'ready' and i.not_before <= to_timestamp(${nowMs} / 1000.0) and i.kind <> 'external'
        and (i.channel is null or i.channel <> all(${[...pausedChannels]}::text[]))
        and not exists (select 1 from hold h where h.party_id = i.party_id and h.from_at <= to_timestamp(${nowMs} / 1000.0)
          and (h.until_at is null or h.until_at > to_timestamp(${nowMs} / 1000.0)))
        and exists (select 1 from enrollment e where e.party_id = i.party_id and e.id = i.enrollment_id
          and e.status in ('active', 'exited') and e.version_id <> all(${[...still]}::text[]))
      limit ${BACKLOG_COUNTED}
    ) ready`;
  return row?.count ?? 0;
}

/** Requests whose party no other worker is deciding about at this moment; the others come up again in the next tick. */
async function withPartyLock(connection: Connection, rows: readonly IntentRow[]): Promise<readonly IntentRow[]> {
  if (rows.length === 0) return [];
  const parties = [...new Set(rows.map((row) => row.party_id))].sort();
  const locks = await connection<{ party_id: string; locked: boolean }[]>`
    select party_id, pg_try_advisory_xact_lock(hashtextextended(party_id, ${PARTY_LOCK_SEED})) as locked
    from unnest(${textList(connection, parties)}) as party_id`;
  const own = new Set(locks.filter((lock) => lock.locked).map((lock) => lock.party_id));
  return rows.filter((row) => own.has(row.party_id));
}

type Readable = { readonly row: IntentRow; readonly intent: NewIntent };

/** A row that is no request any more (an older build wrote it, somebody changed it by hand) is set aside, not its neighbours. */
export function readRows(rows: readonly IntentRow[]) {
  const readable: Readable[] = [];
  const unreadable: GateDecision[] = [];
  for (const row of rows) {
    try {
      readable.push({ row, intent: intentOf(row) });
    } catch (error) {
      unreadable.push({ kind: "broken", key: row.key, code: poisonCode(error), inbox: [], reasons: [] });
    }
  }
  return { readable, unreadable };
}

function ownerOf(row: IntentRow) {
  const subject = { enrollmentId: row.enrollment_id, partyId: row.party_id, accountId: row.account_id };
  return { intent: { key: row.key }, subject };
}

/** Whose each request is, and what is known of them. */
export async function withContext(
  connection: Connection,
  all: readonly Readable[],
  nowMs: number,
): Promise<ReadyIntent[]> {
  const rows = all.map(({ row }) => row);
  if (rows.length === 0) return [];
  const snapshots = await loadSnapshots(
    connection,
    rows.map((row) => row.account_id),
    { nowMs },
  );
  const parties: PartyRecords = await loadPartyRecords(
    connection,
    rows.map((row) => row.party_id),
    nowMs,
  );
  return all.flatMap(({ row, intent }) => {
    const snapshot = snapshots.get(row.account_id);
    if (snapshot === undefined) return [];
    const versionId: StrategyVersionId = row.version_id;
    return {
      intent,
      subject: { enrollmentId: row.enrollment_id, partyId: row.party_id, accountId: row.account_id },
      versionId,
      startedAtMs: row.started_ms,
      snapshot,
      party: parties.get(row.party_id) ?? { history: [], holds: [] },
    };
  });
}

/** One request as the gate would see it now, whatever became of it so far; null = there is none, or it cannot be read. */
export async function requestByKey(connection: Connection, key: string, nowMs: number): Promise<ReadyIntent | null> {
  const rows = await connection<IntentRow[]>`
    select ${intentColumns(connection)}
    from intent i join enrollment e on e.party_id = i.party_id and e.id = i.enrollment_id where i.key = ${key}`;
  const [ready] = await withContext(connection, readRows(rows).readable, nowMs);
  return ready ?? null;
}

type UnclearRow = IntentRow & {
  contact_point_id: ContactPointId | null;
  provider: string | null;
  reserved_ms: number | null;
  unclear: number;
  lease_ms: number;
};

/** Contacts of what is paused wait, too: looking after one may send it. */
async function unsettled(connection: Connection, due: Due, options: StoreOptions): Promise<HeldIntents> {
  const { leaseSeconds = LEASE_SECONDS } = options;
  const { still, pausedChannels } = await readBlocked(connection, options);
  return held(
    connection,
    connection`select i.key from intent i join enrollment e on e.party_id = i.party_id and e.id = i.enrollment_id
      where i.state = 'unknown' and i.ask_after <= to_timestamp(${due.nowMs} / 1000.0)
        and e.version_id <> all(${[...still]}::text[]) and (i.channel is null or i.channel <> all(${[...pausedChannels]}::text[]))
      order by i.ask_after limit ${due.limit} for update of i skip locked`,
    { due, leaseSeconds },
  );
}

/** What is paused, or of a format this worker cannot run, waits: giving it up as unknown is not for it to decide. */
async function lapsed(connection: Connection, due: Due, options: StoreOptions): Promise<HeldIntents> {
  const { leaseSeconds = LEASE_SECONDS } = options;
  const { still } = await readBlocked(connection, options);
  return held(
    connection,
    connection`select i.key from intent i where i.state = 'sending' and i.lease_until < clock_timestamp()
      and not exists (select 1 from enrollment e where e.party_id = i.party_id and e.id = i.enrollment_id
        and e.version_id = any(${[...still]}::text[]))
      order by i.lease_until limit ${due.limit} for update skip locked`,
    { due, leaseSeconds },
  );
}

/** Takes requests nobody knows the fate of for one more lease. */
async function held(
  connection: Connection,
  chosen: ReturnType<Connection>,
  { due, leaseSeconds }: { readonly due: Due; readonly leaseSeconds: number },
): Promise<HeldIntents> {
  const rows = await connection<UnclearRow[]>`
    with lease as (
      select date_trunc('milliseconds', clock_timestamp() + ${leaseSeconds} * interval '1 second') as until
    ), chosen as (${chosen}), held as (
      update intent i set state = 'sending', lease_until = (select until from lease)
      from chosen c where i.key = c.key returning i.*
    )
    select ${intentColumns(connection)}, a.contact_point_id, i.provider, i.unclear,
      (extract(epoch from a.at) * 1000)::float8 as reserved_ms,
      (extract(epoch from i.lease_until) * 1000)::float8 as lease_ms
    from held i join enrollment e on e.party_id = i.party_id and e.id = i.enrollment_id
    left join contact_attempt a on a.intent_key = i.key`;
  const ready = await withContext(connection, readRows(rows).readable, due.nowMs);
  const rowOf = new Map(rows.map((row) => [row.key, row]));
  const lapsed = ready.map((one) => {
    const row = rowOf.get(one.intent.key);
    return {
      ready: one,
      contactPointId: row?.contact_point_id ?? null,
      provider: row?.provider ?? null,
      reservedAtMs: row?.reserved_ms ?? null,
      unclear: row?.unclear ?? 0,
    };
  });
  return { lapsed, lease: { untilMs: rows[0]?.lease_ms ?? 0, lastsMs: leaseSeconds * 1000 } };
}
