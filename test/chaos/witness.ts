import type { Connection, Database } from "#db";
import { type EnrollmentRow, stateOf, subjectOf } from "#db/stores/enrollment-rows";
import { programStore } from "#db/stores/program-store";
import { loadTurnSnapshots } from "#db/stores/snapshots";
import type { Decision } from "#engine/model/execution";
import type { FactValue } from "#engine/model/facts";
import { canonicalJson } from "#engine/model/json";
import type { TurnSnapshot } from "#engine/ports/account-snapshot";
import type { Advance, ClaimedEnrollment } from "#engine/ports/enrollment-store";
import type { InboxEntry } from "#engine/ports/inbox";
import { type LinkedVersion, linkedVersions } from "#engine/runtime/linked-versions";
import { firstAdvance, takeFirstTurn, takeTurn } from "#engine/runtime/turn";

/**
 * A witness in the database writes down every commit: each state of each enrollment, what it heard, what it asked for, and by which
 * transaction. Afterwards every turn is taken again, by both executors, from the state before it and what it heard, and must come to
 * the same state, the same decisions and the same requests: the state is the fold of the log, and no half of a turn was ever written.
 */

/** Enrollments whose turns are taken again at once. */
const PAGE = 200;

export async function installWitness(sql: Connection): Promise<void> {
  await sql.unsafe(`
    create table witness (id bigserial primary key, tx xid8 not null default pg_current_xact_id(), kind text not null,
      enrollment_id text, subject text not null, old_row jsonb, new_row jsonb not null);
    create index witness_enrollment on witness (enrollment_id, id);
    create function witness_enrollment() returns trigger language plpgsql as $$ begin
      insert into witness (kind, enrollment_id, subject, old_row, new_row)
        values ('state', new.id, new.id, case when tg_op = 'UPDATE' then to_jsonb(old) end, to_jsonb(new));
      return null;
    end $$;
    create function witness_entry() returns trigger language plpgsql as $$ begin
      insert into witness (kind, enrollment_id, subject, new_row) values ('heard', new.enrollment_id, new.id::text, to_jsonb(new));
      return null;
    end $$;
    create function witness_intent() returns trigger language plpgsql as $$ begin
      insert into witness (kind, enrollment_id, subject, new_row) values ('asked', new.enrollment_id, new.key, '{}');
      return null;
    end $$;
    create trigger witness_enrollment after insert or update on enrollment for each row execute function witness_enrollment();
    create trigger witness_entry after update of status on inbox for each row
      when (old.status = 'pending' and new.status <> 'pending' and new.enrollment_id is not null) execute function witness_entry();
    create trigger witness_intent after insert on intent for each row execute function witness_intent();`);
}

/** One commit of one enrollment. */
type Commit = {
  enrollment_id: string;
  before: EnrollmentRow | null;
  after: EnrollmentRow;
  decisions: Decision[];
  heard: (InboxEntry & { readonly status: string })[];
  asked: string[];
};

/** What does not follow from what was there before. */
export async function breachesOfWitness(database: Database): Promise<readonly string[]> {
  const { sql } = database;
  const versions = linkedVersions(programStore(database));
  const breaches: string[] = [...(await loose(sql))];
  for (let after = ""; ; ) {
    const ids = await sql<{ id: string }[]>`select id from enrollment where id > ${after} order by id limit ${PAGE}`;
    if (ids.length === 0) return breaches;
    after = ids.at(-1)?.id ?? after;
    const commits = await commitsOf(
      sql,
      ids.map(({ id }) => id),
    );
    const accounts = [...new Set(commits.map((commit) => commit.after.account_id))];
    // A turn is handed one; what it goes by are the facts that were read.
    const snapshots = await loadTurnSnapshots(sql, accounts, { nowMs: 0 });
    for (const commit of commits) {
      const version = await versions.linked(commit.after.version_id);
      const snapshot = snapshots.get(commit.after.account_id);
      if (version !== null && snapshot !== undefined) breaches.push(...(await breachOf(commit, { version, snapshot })));
    }
  }
}

/** Requests and entries that were written in a transaction that did not write the state of their enrollment. */
async function loose(sql: Connection): Promise<readonly string[]> {
  const rows = await sql<{ breach: string }[]>`
    select w.kind || ' ' || w.subject || ' apart from its state' as breach from witness w
    where w.kind in ('heard', 'asked') and w.enrollment_id is not null and w.new_row ->> 'status' is distinct from 'ignored'
      and not exists (select 1 from witness s where s.enrollment_id = w.enrollment_id and s.kind = 'state' and s.tx = w.tx)
    union all
    select e.id || ' is not as it was last written' from enrollment e join lateral (
      select new_row from witness s where s.enrollment_id = e.id and s.kind = 'state' order by s.id desc limit 1) l on true
    where to_jsonb(e) <> l.new_row`;
  return rows.map(({ breach }) => breach);
}

const ROW = `'party_id', r.party_id, 'id', r.id, 'account_id', r.account_id, 'version_id', r.version_id, 'status', r.status,
  'node_id', r.node_id, 'step_seq', r.step_seq, 'attempt', r.attempt, 'pending', r.pending, 'loop_counts', r.loop_counts,
  'vars', r.vars, 'exit_reason', r.exit_reason, 'exit_label', r.exit_label, 'fault', r.fault, 'fence', r.fence,
  'next_ordinal', r.next_ordinal, 'started_ms', (extract(epoch from r.started_at) * 1000)::float8,
  'entered_ms', (extract(epoch from r.entered_at) * 1000)::float8, 'wake_ms', (extract(epoch from r.wake_at) * 1000)::float8`;

function commitsOf(sql: Connection, ids: readonly string[]): Promise<readonly Commit[]> {
  return sql<Commit[]>`
    select w.enrollment_id,
      (select jsonb_build_object(${sql.unsafe(ROW)}) from jsonb_populate_record(null::enrollment, w.old_row) r
        where w.old_row is not null) as before,
      (select jsonb_build_object(${sql.unsafe(ROW)}) from jsonb_populate_record(null::enrollment, w.new_row) r) as after,
      coalesce((select jsonb_agg(jsonb_build_object('stepSeq', d.step_seq, 'nodeId', d.node_id, 'handle', d.handle,
          'code', d.code, 'detail', d.detail, 'factsRead', d.facts, 'atMs', (extract(epoch from d.at) * 1000)::float8) order by d.ordinal)
        from decision d where d.enrollment_id = w.enrollment_id and d.party_id = w.new_row ->> 'party_id'
          and d.ordinal >= coalesce((w.old_row ->> 'next_ordinal')::int, 0) and d.ordinal < (w.new_row ->> 'next_ordinal')::int),
        '[]') as decisions,
      coalesce((select jsonb_agg(jsonb_build_object('id', h.subject, 'dedupeKey', r.dedupe_key, 'type', r.type,
          'atMs', (extract(epoch from r.at) * 1000)::float8, 'stepSeq', r.step_seq, 'attempt', r.attempt, 'data', r.data,
          'status', r.status) order by r.at, r.id)
        from witness h, jsonb_populate_record(null::inbox, h.new_row) r
        where h.tx = w.tx and h.kind = 'heard' and h.enrollment_id = w.enrollment_id), '[]') as heard,
      coalesce((select jsonb_agg(a.subject order by a.subject) from witness a
        where a.tx = w.tx and a.kind = 'asked' and a.enrollment_id = w.enrollment_id), '[]') as asked
    from witness w where w.kind = 'state' and w.enrollment_id = any(${[...ids]}::text[]) order by w.enrollment_id, w.id`;
}

type World = { readonly version: LinkedVersion; readonly snapshot: TurnSnapshot };

async function breachOf(commit: Commit, world: World): Promise<readonly string[]> {
  const { before, after, decisions, heard, asked } = commit;
  const where = `${after.id} at fence ${after.fence}`;
  if (before !== null && after.fence !== before.fence + 1) return [`${where} follows ${before.fence}`];
  if (decisions.length !== after.next_ordinal - (before?.next_ordinal ?? 0)) return [`${where} lacks decisions`];
  if (decisions.length + heard.length + asked.length === 0) {
    // No turn: a hold froze or freed it, or a pause that was lifted moved its waits.
    return before !== null && withoutTimes(before) === withoutTimes(after) ? [] : [`${where} moved without a decision`];
  }
  const again = await takenAgain(commit, world);
  const differs = [
    ["state", again.state, stateOf(after)],
    ["decisions", again.decisions, decisions],
    ["requests", again.intents.map(({ key }) => key).sort(), [...asked].sort()],
    ["entries", again.consumed.map(({ id, status }) => [id, status]), heard.map(({ id, status }) => [id, status])],
  ].filter(([, left, right]) => canonicalJson(left) !== canonicalJson(right));
  return differs.map(([what]) => `${where}: ${String(what)} are not what the turn comes to`);
}

function withoutTimes(row: EnrollmentRow): string {
  const { wakeAtMs, enteredAtMs, status, ...rest } = stateOf(row);
  return canonicalJson(rest);
}

/** The turn once more, at the instant it was taken, with the facts it read. */
async function takenAgain(commit: Commit, { version, snapshot }: World): Promise<Advance> {
  const { before, after, decisions, heard } = commit;
  const facts: { [fact: string]: FactValue } = Object.assign({}, ...decisions.map(({ factsRead }) => factsRead));
  const nowMs = decisions[0]?.atMs ?? after.entered_ms;
  const context = { version, facts, nowMs, referenceSampleEvery: 1, alarm: () => undefined };
  const row = before ?? after;
  const claimed: ClaimedEnrollment = {
    ...{ subject: subjectOf(row), versionId: row.version_id, state: stateOf(row), snapshot, holds: [] },
    ...{ fence: before?.fence ?? 0, nextOrdinal: before?.next_ordinal ?? 0, entries: heard },
  };
  if (before !== null) return takeTurn(claimed, context);
  return firstAdvance(claimed, await takeFirstTurn(claimed.subject, context), context);
}
