import type { Channel } from "#engine/model/content";
import type { AccountId, ActorId, EnrollmentId, PartyId } from "#engine/model/ids";
import { type Issue, issue } from "#engine/model/issue";
import type { TaskKind } from "#engine/model/program";
import { err, ok, type Result } from "#engine/model/result";
import type { EpochMs } from "#engine/model/time";
import type { NewConversation } from "#engine/ports/conversations";
import type { NewInboxEntry } from "#engine/ports/inbox";
import { type Connection, type Database, inTransaction } from "../client";
import { insertConversations } from "../stores/conversation-store";
import { inboxRows } from "../stores/inbox-store";
import { WORK_CHANNEL } from "../work-hint";
import { insertAudit } from "./audit";

/** How long somebody has a piece of work to themselves: a call with its notes takes minutes, and a forgotten one comes back soon. */
export const CLAIM_MINUTES = 30;
/** Who holds work that lies open in the house; the gate writes it (`HOUSE_DESK`). */
const HOUSE = "house";

/** A piece of work that waits for people. Instants are engine time; `claimedUntilMs` is the database's real time. */
export type OpenWorkLine = {
  readonly key: string;
  readonly kind: "contact" | "task";
  readonly task: TaskKind | null;
  readonly channel: Channel | null;
  readonly stepSeq: number;
  readonly attempt: number;
  readonly partyId: PartyId;
  readonly enrollmentId: EnrollmentId;
  readonly accountId: AccountId;
  readonly accountNo: string;
  readonly strategyKey: string;
  readonly queue: string | null;
  /** 1 (first) to 9. */
  readonly priority: number | null;
  /** By when it should be done; null = nobody said. */
  readonly dueAtMs: EpochMs | null;
  /** After this its step goes on without it. */
  readonly notAfterMs: EpochMs;
  /** Who is at it; null = nobody. */
  readonly claimedBy: ActorId | null;
  readonly claimedUntilMs: EpochMs | null;
};

/** What is open: not ended, not called back, not too late, and for a task its step still waits for it. */
function openWork(connection: Connection, nowMs: EpochMs) {
  return connection`
    select i.key, i.kind, i.details ->> 'task' as task, i.channel, i.step_seq as "stepSeq", i.attempt, i.party_id as "partyId",
      i.enrollment_id as "enrollmentId", i.account_id as "accountId", a.account_no as "accountNo", s.key as "strategyKey",
      d.desk ->> 'queue' as queue, (d.desk ->> 'priority')::int as priority, (d.desk ->> 'dueAtMs')::float8 as "dueAtMs",
      (extract(epoch from i.not_after) * 1000)::float8 as "notAfterMs", c.actor_id as "claimedBy",
      (extract(epoch from c.until) * 1000)::float8 as "claimedUntilMs"
    from intent i join account a on a.id = i.account_id
    join enrollment e on e.party_id = i.party_id and e.id = i.enrollment_id
    join strategy_version v on v.id = e.version_id join strategy s on s.id = v.strategy_id
    cross join lateral (select coalesce(i.details -> 'desk', i.details -> 'terms' -> 'desk') as desk) d
    left join contact_attempt t on t.intent_key = i.key
    left join desk_claim c on c.intent_key = i.key and c.until > clock_timestamp()
    where i.provider = ${HOUSE} and i.state = 'sent' and i.not_after > to_timestamp(${nowMs} / 1000.0)
      and case i.kind when 'task' then e.status <> 'exited' and e.step_seq = i.step_seq
        when 'contact' then t.outcome is null else false end
      and not exists (select 1 from inbox n where n.dedupe_key in ('task:desk:' || i.key, 'result:desk:' || i.key))`;
}

/** Work that waits for people, the most overdue first. */
export async function listOpenWork(
  connection: Connection,
  { nowMs, limit }: { readonly nowMs: EpochMs; readonly limit: number },
): Promise<{ readonly lines: readonly OpenWorkLine[]; readonly total: number }> {
  const rows = await connection<(OpenWorkLine & { total: number })[]>`
    select o.*, count(*) over ()::int as total from (${openWork(connection, nowMs)}) o
    order by coalesce(o."dueAtMs", o."notAfterMs"), o.priority nulls last, o.key limit ${limit}`;
  return { lines: rows.map(({ total: _, ...line }) => line), total: rows[0]?.total ?? 0 };
}

export async function openWorkOf(connection: Connection, key: string, nowMs: EpochMs): Promise<OpenWorkLine | null> {
  const [row] = await connection<OpenWorkLine[]>`
    select * from (${openWork(connection, nowMs)}) o where o.key = ${key}`;
  return row ?? null;
}

export type DeskAct = { readonly key: string; readonly actorId: ActorId; readonly nowMs: EpochMs };

/**
 * Takes a piece of work for `CLAIM_MINUTES`, or for so long again if one has it. Issues: `desk.not-open` (ended, called back or too
 * late), `desk.taken` (somebody else is at it).
 */
export async function claimWork(
  database: Database,
  { key, actorId, nowMs }: DeskAct,
): Promise<Result<null, readonly Issue[]>> {
  return inTransaction(database, async (connection) => {
    if ((await openWorkOf(connection, key, nowMs)) === null) return err([issue("desk.not-open", {}, { key })]);
    const taken = await connection`
      insert into desk_claim as held (intent_key, actor_id, until)
      values (${key}, ${actorId}, clock_timestamp() + ${CLAIM_MINUTES} * interval '1 minute')
      on conflict (intent_key) do update set actor_id = excluded.actor_id, until = excluded.until
        where held.actor_id = excluded.actor_id or held.until <= clock_timestamp()
      returning 1`;
    if (taken.length === 0) return err([issue("desk.taken", {}, { key })]);
    await insertAudit(connection, { actorId, action: "desk.claimed", subject: key, detail: {} });
    return ok(null);
  });
}

/** Gives it back for others; nothing happens when somebody else has it. */
export async function releaseWork(database: Database, { key, actorId }: Omit<DeskAct, "nowMs">): Promise<void> {
  await inTransaction(database, async (connection) => {
    const given = await connection`
      delete from desk_claim where intent_key = ${key} and actor_id = ${actorId} returning 1`;
    if (given.length > 0) await insertAudit(connection, { actorId, action: "desk.released", subject: key, detail: {} });
  });
}

export type EndOfWork = DeskAct & {
  readonly outcome: string;
  readonly note: string | null;
  /** What the strategy hears (`endOf`). */
  readonly entries: readonly NewInboxEntry[];
  /** What was written down of a conversation, to be judged. */
  readonly conversation: NewConversation | null;
};

/**
 * Ends a piece of work one has taken: its end goes into the inbox in the commit that gives it up, with its audit row. Issues:
 * `desk.not-open`, `desk.not-taken` (somebody else has it, or one's own time is over).
 */
export async function endWork(
  database: Database,
  { key, actorId, nowMs, outcome, note, entries, conversation }: EndOfWork,
): Promise<Result<null, readonly Issue[]>> {
  return inTransaction(database, async (connection) => {
    if ((await openWorkOf(connection, key, nowMs)) === null) return err([issue("desk.not-open", {}, { key })]);
    const own = await connection`
      delete from desk_claim where intent_key = ${key} and actor_id = ${actorId} and until > clock_timestamp() returning 1`;
    if (own.length === 0) return err([issue("desk.not-taken", {}, { key })]);
    await connection`
      insert into inbox (dedupe_key, party_id, enrollment_id, account_id, type, at, step_seq, attempt, data)
      select n.dedupe_key, n.party_id, n.enrollment_id, n.account_id, n.type, to_timestamp(n.at_ms / 1000.0), n.step_seq,
        n.attempt, coalesce(n.data, 'null'::jsonb)
      from ${inboxRows(connection, entries)} on conflict (dedupe_key) do nothing`;
    if (conversation !== null) await connection`${insertConversations(connection, [conversation])}`;
    // What was said in a conversation has one place, and that is not the audit.
    const detail = { outcome, note: conversation === null ? note : null };
    await insertAudit(connection, { actorId, action: "desk.ended", subject: key, detail });
    await connection`select pg_notify(${WORK_CHANNEL}, '')`;
    return ok(null);
  });
}
