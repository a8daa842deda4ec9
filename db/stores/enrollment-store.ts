import type { AccountId, StrategyVersionId } from "#engine/model/ids";
import type { EpochMs } from "#engine/model/time";
import type {
  CandidateQuery,
  ClaimedEnrollment,
  EnrollmentCandidate,
  EnrollmentStore,
  IdentifiedHold,
} from "#engine/ports/enrollment-store";
import type { Due, InboxEntry } from "#engine/ports/inbox";
import { type Connection, type Database, inTransaction } from "../client";
import { commitAdvances, insertEnrollments } from "./advance-commit";
import { type AskedPeriods, askedPeriods } from "./asked-periods";
import type { StoreOptions } from "./blocked";
import { claimDue, type LowestDue } from "./claim";
import { recordHeardResults } from "./claimed-answers";
import { type EnrollmentRow, stateOf, subjectOf } from "./enrollment-rows";
import { faultEnrollment, isolate, isPoison } from "./isolate";
import { bookPromises } from "./promise-booking";
import { rowSet, textList } from "./row-columns";
import { loadSnapshots, loadTurnSnapshots } from "./snapshots";
import { thawFreed } from "./thaw";

/** Entries one enrollment is given in one turn; the rest follow in the next. */
const ENTRIES_PER_TURN = 20;
/** A busy worker looks from the beginning this often: a timer that was committed late, below its bound, is late by no more. */
const BOUNDED_FOR_MS = 30_000;
/** Promises booked on the way to one batch of turns; a person promises now and then, and what is left comes up in the next. */
const PROMISES_PER_CLAIM = 1000;

/** Enrollments in Postgres. One instance per worker: it remembers where the due timers begin. */
export function enrollmentStore(database: Database, options: StoreOptions = {}): EnrollmentStore {
  let lowest: LowestDue | null = null;
  let fromTheBeginningMs = performance.now();
  const periodsAsked = askedPeriods();
  return {
    candidates: (query) => candidates(database.sql, query, periodsAsked),
    enroll: (advances, round) => insertEnrollments(database.sql, advances, round),
    write: (advances) => commitAdvances(database.sql, advances),
    freeze: (due) => freeze(database.sql, due),
    thaw: (due, work) => thawFreed(database, { due, options, work }),
    async advance(due, work) {
      let claimed: readonly EnrollmentRow[] = [];
      const turns: Turns = { due, periodsAsked, work };
      try {
        return await inTransaction(database, async (connection) => {
          const claim = await claimDue(connection, due, { lowest, options });
          lowest = claim.lowest;
          if (lowest === null || performance.now() - fromTheBeginningMs > BOUNDED_FOR_MS) {
            fromTheBeginningMs = performance.now();
            lowest = null;
          }
          claimed = claim.rows;
          return takeTurns(connection, claimed, turns);
        });
      } catch (error) {
        if (!isPoison(error)) throw error;
        // One of them cannot be written, or not even be read: the others must not stand still because of it.
        const written = await isolate(claimed, {
          attempt: (rows) => inTransaction(database, (connection) => takeAgain(connection, rows, turns)),
          setAside: ({ id }, code) => faultEnrollment(database, { id, code, nowMs: due.nowMs }),
        });
        return { claimed: claimed.length, written };
      }
    },
  };
}

type Turns = {
  readonly due: Due;
  readonly periodsAsked: AskedPeriods;
  readonly work: Parameters<EnrollmentStore["advance"]>[1];
};

async function takeTurns(connection: Connection, rows: readonly EnrollmentRow[], turns: Turns) {
  const { claimed, advances } = await turnsTaken(connection, rows, turns);
  return { claimed, written: await commitAdvances(connection, advances) };
}

/** By itself, so that what a thousand turns looked at is gone from memory while they are written. */
async function turnsTaken(connection: Connection, rows: readonly EnrollmentRow[], { work, ...context }: Turns) {
  const ready = await withContext(connection, rows, context);
  return { claimed: ready.length, advances: await work(ready) };
}

/** Those of a claim that failed which nobody has taken up meanwhile. */
async function takeAgain(connection: Connection, rows: readonly EnrollmentRow[], turns: Turns): Promise<number> {
  const fences = new Map(rows.map((row) => [row.id, row.fence]));
  const locked = await connection<{ id: EnrollmentRow["id"]; fence: number }[]>`
    select e.id, e.fence from enrollment e
    join unnest(${rows.map((row) => row.party_id)}::text[], ${rows.map((row) => row.id)}::text[]) as n(party_id, id)
      on n.party_id = e.party_id and n.id = e.id
    for no key update of e skip locked`;
  const own = new Set(locked.flatMap(({ id, fence }) => (fences.get(id) === fence ? id : [])));
  const again = rows.filter(({ id }) => own.has(id));
  return (await takeTurns(connection, again, turns)).written;
}

/** `asking`: a version, beside those of the rows, whose counters are to be filled. */
type Context = { readonly due: Due; readonly periodsAsked: AskedPeriods; readonly asking?: StrategyVersionId };

/** Enrollments that are locked, with everything a turn of theirs looks at. */
export async function withContext(
  connection: Connection,
  rows: readonly EnrollmentRow[],
  { due, periodsAsked, asking }: Context,
): Promise<ClaimedEnrollment[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const accountIds = rows.map((row) => row.account_id);
  const entries = await entriesOf(connection, rows, due);
  // What the turns are about to hear is on record before their facts are made.
  await recordHeardResults(connection, entries.map(entryOf));
  await bookPromises(connection, { nowMs: due.nowMs, limit: PROMISES_PER_CLAIM }, accountIds);
  const days = await periodsAsked(connection, [
    ...rows.map((row) => row.version_id),
    ...(asking === undefined ? [] : [asking]),
  ]);
  const snapshots = await loadTurnSnapshots(connection, accountIds, { nowMs: due.nowMs, days });
  const holds = await holdsInForce(connection, rows, due.nowMs);
  const waiting = new Map<string, InboxEntry[]>(ids.map((id) => [id, []]));
  for (const entry of entries) waiting.get(entry.enrollment_id)?.push(entryOf(entry));
  return rows.flatMap((row) => {
    const snapshot = snapshots.get(row.account_id);
    if (snapshot === undefined) return [];
    return {
      subject: subjectOf(row),
      versionId: row.version_id,
      state: stateOf(row),
      fence: row.fence,
      nextOrdinal: row.next_ordinal,
      entries: waiting.get(row.id) ?? [],
      snapshot,
      holds: holds.get(row.party_id) ?? [],
    };
  });
}

/** Holds in force of the parties; most have none. */
async function holdsInForce(
  connection: Connection,
  rows: readonly EnrollmentRow[],
  nowMs: EpochMs,
): Promise<ReadonlyMap<string, readonly IdentifiedHold[]>> {
  const found = await connection<{ party_id: string; holds: readonly IdentifiedHold[] }[]>`
    select h.party_id, jsonb_agg(jsonb_build_object('id', h.id, 'kind', h.kind, 'fromMs', (extract(epoch from h.from_at) * 1000)::float8,
      'untilMs', (extract(epoch from h.until_at) * 1000)::float8) order by h.from_at, h.id) as holds
    from hold h where h.party_id = any(${textList(connection, [...new Set(rows.map((row) => row.party_id))])})
      and h.from_at <= to_timestamp(${nowMs} / 1000.0)
      and (h.until_at is null or h.until_at > to_timestamp(${nowMs} / 1000.0))
    group by h.party_id`;
  return new Map(found.map((row) => [row.party_id, row.holds]));
}

const OWNER_COLUMNS = { party_id: "text", id: "text" } as const;

type EntryRow = {
  enrollment_id: string;
  id: string;
  dedupe_key: string;
  type: string;
  at_ms: number;
  step_seq: number | null;
  attempt: number | null;
  data: unknown;
};

/** By enrollment, so that one that is flooded takes nothing from the others; the planner, too, then cannot lose its way. */
async function entriesOf(connection: Connection, rows: readonly EnrollmentRow[], due: Due) {
  return connection<EntryRow[]>`
    select n.id as enrollment_id, i.id::text as id, i.dedupe_key, i.type, (extract(epoch from i.at) * 1000)::float8 as at_ms,
      i.step_seq, i.attempt, i.data
    from ${rowSet(connection, "n", { columns: OWNER_COLUMNS, rows })}
    cross join lateral (
      select i.id, i.dedupe_key, i.type, i.at, i.step_seq, i.attempt, i.data from inbox i
      where i.party_id = n.party_id and i.enrollment_id = n.id and i.status = 'pending'
        and i.at <= to_timestamp(${due.nowMs} / 1000.0)
      order by i.at, i.id limit ${ENTRIES_PER_TURN}
    ) i order by i.at, i.id`;
}

function entryOf(row: EntryRow): InboxEntry {
  return {
    id: row.id,
    dedupeKey: row.dedupe_key,
    type: row.type,
    atMs: row.at_ms,
    stepSeq: row.step_seq,
    attempt: row.attempt,
    data: row.data,
  };
}

async function candidates(
  connection: Connection,
  query: CandidateQuery,
  periodsAsked: AskedPeriods,
): Promise<readonly EnrollmentCandidate[]> {
  const rows = await connection<{ id: AccountId; already: boolean }[]>`
    select a.id, exists (
      select 1 from enrollment e join strategy_version v on v.id = e.version_id
      join strategy_version own on own.strategy_id = v.strategy_id and own.id = ${query.versionId}
      where e.account_id = a.id and (e.version_id = ${query.versionId} or e.status in ('active', 'paused', 'held'))
    ) as already
    from account a
    where a.id > ${query.after ?? ""}
      and (${query.accountIds === null} or a.id = any(${[...(query.accountIds ?? [])]}::text[]))
    order by a.id limit ${query.limit}`;
  const ids = rows.map((row) => row.id);
  const days = await periodsAsked(connection, [query.versionId]);
  const snapshots = await loadSnapshots(connection, ids, { nowMs: query.nowMs, days });
  return rows.flatMap((row) => {
    const snapshot = snapshots.get(row.id);
    return snapshot === undefined ? [] : { snapshot, already: row.already };
  });
}

async function freeze(connection: Connection, due: Due): Promise<number> {
  const rows = await connection`
    with frozen as (
      select e.party_id, e.id from enrollment e
      where e.status = 'active' and e.party_id = any(array(
        select h.party_id from hold h where h.from_at <= to_timestamp(${due.nowMs} / 1000.0)
          and (h.until_at is null or h.until_at > to_timestamp(${due.nowMs} / 1000.0))))
        and exists (select 1 from hold h where h.party_id = e.party_id and h.from_at <= to_timestamp(${due.nowMs} / 1000.0)
          and (h.until_at is null or h.until_at > to_timestamp(${due.nowMs} / 1000.0)) and h.kind <> all(e.despite))
      limit ${due.limit} for no key update of e skip locked
    )
    update enrollment e set status = 'held', fence = e.fence + 1 from frozen f
    where e.party_id = f.party_id and e.id = f.id and e.status = 'active' returning e.id`;
  return rows.length;
}
