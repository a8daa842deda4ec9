import type { StrategyVersionId } from "#engine/model/ids";
import type { MigrationPlan } from "#engine/model/migration-plan";
import type { Advance } from "#engine/ports/enrollment-store";
import type { Migrations } from "#engine/ports/migrations";
import { type Connection, type Database, inTransaction } from "../client";
import { commitAdvances } from "./advance-commit";
import { askedPeriods } from "./asked-periods";
import { readBlocked, type StoreOptions } from "./blocked";
import { type EnrollmentRow, enrollmentColumns } from "./enrollment-rows";
import { withContext } from "./enrollment-store";
import { rowsParameter } from "./rows-parameter";
import { isWritten } from "./written";

/** Seconds between two passes over those who could not be moved yet: an answer or a release is not awaited by the millisecond. */
const PASS_PAUSE_SECONDS = 5;

/** Moves of accounts to another version, in Postgres. Each batch is one commit: the accounts, their history, how far it has come. */
export function migrationStore(database: Database, options: StoreOptions = {}): Migrations {
  const periodsAsked = askedPeriods();
  return {
    async carryOn(due, work) {
      // Most of the time nobody is being moved: one look, and no transaction.
      if ((await underWay(database.sql, false)) === null) return 0;
      return inTransaction(database, async (connection) => {
        const migration = await underWay(connection, true);
        if (migration === null) return 0;
        const batch = await nextRows(connection, migration, due.limit);
        const { still } = await readBlocked(connection, options);
        const paused = [migration.from_version_id, migration.to_version_id].some((id) => still.includes(id));
        const free = paused ? [] : await freeRows(connection, batch, { migration, nowMs: due.nowMs });
        const context = { due, periodsAsked, asking: migration.to_version_id };
        const claimed = await withContext(connection, free, context);
        const advances = await work({
          fromVersionId: migration.from_version_id,
          toVersionId: migration.to_version_id,
          plan: migration.plan,
          claimed,
        });
        if (advances === null) return 0;
        const progress = { migration, batch, waiting: batch.length - free.length, full: batch.length === due.limit };
        if (advances.length === 0) await connection`${noteProgress(connection, progress)}`;
        else await commitAdvances(connection, advances, alsoMoved(connection, { advances, progress }));
        return batch.length;
      });
    },
  };
}

type MigrationRow = {
  id: number;
  from_version_id: StrategyVersionId;
  to_version_id: StrategyVersionId;
  plan: MigrationPlan;
  done_party: string | null;
  done_key: string | null;
};

/** The plan whose turn it is; locked, so that two workers do not carry out one plan at once. */
async function underWay(connection: Connection, locked: boolean): Promise<MigrationRow | null> {
  const [row] = await connection<MigrationRow[]>`
    select id, from_version_id, to_version_id, plan, done_party, done_key from migration
    where state = 'running' and (next_pass_at is null or next_pass_at <= clock_timestamp())
    order by next_pass_at nulls first, id limit 1 ${locked ? connection`for update skip locked` : connection``}`;
  return row ?? null;
}

type BatchRow = { party_id: string; id: string };

/** Up to so many accounts under way on a version are sorted for every batch; that is cheaper than walking past everybody else's. */
const SORTED_MAX = 20_000;

/**
 * Those under way on the old version, in the order of their key, behind where the pass stands. A few among millions are found by the
 * index of their version and sorted: by the order of the key, a batch would read every account there is. Many are read in that order,
 * where sorting all of them for every batch would be the larger part. Either way the work of a batch is bounded.
 */
async function nextRows(connection: Connection, migration: MigrationRow, limit: number): Promise<readonly BatchRow[]> {
  const [counted] = await connection<{ many: boolean }[]>`
    select count(*) > ${SORTED_MAX} as many from (select 1 from enrollment e
      where e.version_id = ${migration.from_version_id} and e.status in ('active', 'held') limit ${SORTED_MAX + 1}) few`;
  // "offset 0" keeps the planner from turning the one into the other.
  const own = connection`(select e.party_id, e.id, e.account_id from enrollment e
    where e.version_id = ${migration.from_version_id} and e.status in ('active', 'held')
      and (e.party_id, e.id) > (${migration.done_party ?? ""}, ${migration.done_key ?? ""})
    ${counted?.many === true ? connection`` : connection`offset 0`}) e`;
  return connection<BatchRow[]>`
    select e.party_id, e.id from ${own}
    -- Whoever has been in the new version has had it; nothing to wait for.
    where not exists (select 1 from enrollment o where o.account_id = e.account_id and o.version_id = ${migration.to_version_id})
    order by e.party_id, e.id limit ${limit}`;
}

/**
 * Of these, whoever may be moved now. Locked: their own row, so that nobody gives them a turn, and their requests, so that none
 * leaves. A contact that has left is waited for, and so is a request of an earlier step that is still to leave by the old version's
 * texts, and what has come in and is not heard yet.
 */
async function freeRows(
  connection: Connection,
  batch: readonly BatchRow[],
  { migration, nowMs }: { readonly migration: MigrationRow; readonly nowMs: number },
): Promise<readonly EnrollmentRow[]> {
  if (batch.length === 0) return [];
  const parties = batch.map((row) => row.party_id);
  const ids = batch.map((row) => row.id);
  const rows = await connection<EnrollmentRow[]>`
    select ${enrollmentColumns(connection)}
    from enrollment e join unnest(${parties}::text[], ${ids}::text[]) as n(party_id, id)
      on n.party_id = e.party_id and n.id = e.id
    where e.version_id = ${migration.from_version_id} and e.status = 'active'
      and not exists (select 1 from hold h where h.party_id = e.party_id and h.from_at <= to_timestamp(${nowMs} / 1000.0)
        and (h.until_at is null or h.until_at > to_timestamp(${nowMs} / 1000.0)) and h.kind <> all(e.despite))
      and not exists (select 1 from inbox i where i.party_id = e.party_id and i.enrollment_id = e.id
        and i.status = 'pending' and i.at <= to_timestamp(${nowMs} / 1000.0))
    order by e.party_id, e.id for no key update of e skip locked`;
  const open = await connection<
    { enrollment_id: string; key: string; state: string; kind: string; step_seq: number }[]
  >`
    select i.enrollment_id, i.key, i.state, i.kind, i.step_seq
    from unnest(${rows.map((row) => row.party_id)}::text[], ${rows.map((row) => row.id)}::text[]) as n(party_id, id)
    join intent i on i.party_id = n.party_id and i.enrollment_id = n.id
    where i.state in ('ready', 'sending', 'unknown', 'sent') for no key update of i`;
  const present = new Map(rows.map((row) => [row.id as string, row]));
  const busy = new Set(
    open.flatMap(({ enrollment_id: id, state, kind, step_seq: stepSeq }) => {
      const row = present.get(id);
      const isPresent = row?.step_seq === stepSeq;
      if (state === "ready") return isPresent ? [] : [id];
      if (kind !== "contact") return [];
      return state === "sent" && !(isPresent && row?.pending === true) ? [] : [id];
    }),
  );
  return rows.filter(({ id }) => !busy.has(id));
}

type Fragment = ReturnType<Connection>;

type Progress = {
  readonly migration: MigrationRow;
  readonly batch: readonly BatchRow[];
  readonly waiting: number;
  /** There may be more behind this batch. */
  readonly full: boolean;
};

/** How far the pass has come; at its end it is done, or begins anew for those who wait. */
function noteProgress(connection: Connection, { migration, batch, waiting, full }: Progress): Fragment {
  const last = batch.at(-1);
  if (full && last !== undefined) {
    return connection`update migration m set done_party = ${last.party_id}, done_key = ${last.id},
      waiting = m.waiting + ${waiting} where m.id = ${migration.id}`;
  }
  return connection`update migration m set done_party = null, done_key = null, waiting = 0,
    last_waiting = m.waiting + ${waiting}, state = case when m.waiting + ${waiting} = 0 then 'done' else m.state end,
    ended_at = case when m.waiting + ${waiting} = 0 then clock_timestamp() end,
    next_pass_at = clock_timestamp() + ${PASS_PAUSE_SECONDS} * interval '1 second' where m.id = ${migration.id}`;
}

/** The history of what is moved, and how far the plan has come, as members of the statement that moves it. */
function alsoMoved(
  connection: Connection,
  { advances, progress }: { readonly advances: readonly Advance[]; readonly progress: Progress },
): Fragment {
  const { migration } = progress;
  const moves = advances.flatMap(({ subject, versionId, firstOrdinal, decisions, nowMs }) => {
    const at = decisions.findIndex(({ code }) => code === "migrated");
    const left = decisions[at];
    if (versionId !== migration.to_version_id) return [];
    // A strategy-wide exit of the new version may come first; then its own decision is the first of the new version.
    const ordinal = left === undefined ? firstOrdinal - 1 : firstOrdinal + at;
    const stepSeq = left?.stepSeq ?? decisions[0]?.stepSeq ?? 0;
    const { partyId: party_id, enrollmentId: enrollment_id } = subject;
    return [{ party_id, enrollment_id, step_seq: stepSeq, ordinal, at_ms: nowMs }];
  });
  return connection`, version_moved as (
      insert into version_move (party_id, enrollment_id, step_seq, ordinal, from_version_id, to_version_id, migration_id, at)
      select m.party_id, m.enrollment_id, m.step_seq, m.ordinal, ${migration.from_version_id}, ${migration.to_version_id},
        ${migration.id}, to_timestamp(m.at_ms / 1000.0)
      from json_to_recordset(${rowsParameter(moves)}::text::json) as m(party_id text, enrollment_id text, step_seq int,
        ordinal int, at_ms numeric)
      where ${isWritten(connection, connection`m.enrollment_id`)}
    ), migration_noted as (${noteProgress(connection, progress)})`;
}
