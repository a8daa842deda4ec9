import type { ReleasedHold } from "#engine/model/hold-release";
import type { EnrollmentStore } from "#engine/ports/enrollment-store";
import type { Due } from "#engine/ports/inbox";
import { type Connection, type Database, inTransaction } from "../client";
import { commitAdvances } from "./advance-commit";
import { readBlocked, type StoreOptions } from "./blocked";
import { type EnrollmentRow, enrollmentColumns, stateOf, subjectOf } from "./enrollment-rows";

type FrozenRow = EnrollmentRow & { holds: readonly ReleasedHold[] };

type Thaw = {
  readonly due: Due;
  readonly options: StoreOptions;
  readonly work: Parameters<EnrollmentStore["thaw"]>[1];
};

/** Sets free whom no hold freezes any more, while their enrollments and the requests of their present attempts are locked. */
export async function thawFreed(database: Database, { due, options, work }: Thaw): Promise<number> {
  // Most ticks thaw nobody: one look, and no transaction.
  const { still } = await readBlocked(database.sql, options);
  if ((await thawable(database.sql, { due, still, locked: false })).length === 0) return 0;
  return inTransaction(database, async (connection) => {
    const rows = await thawable(connection, { due, still, locked: true });
    if (rows.length === 0) return 0;
    const out = await contactsOut(connection, rows);
    const frozen = rows.map((row) => ({
      subject: subjectOf(row),
      versionId: row.version_id,
      state: stateOf(row),
      fence: row.fence,
      nextOrdinal: row.next_ordinal,
      holds: row.holds,
      contactOut: row.pending && out.has(row.id),
    }));
    return commitAdvances(connection, await work(frozen));
  });
}

type Search = { readonly due: Due; readonly still: readonly string[]; readonly locked: boolean };

async function thawable(connection: Connection, { due, still, locked }: Search) {
  return connection<FrozenRow[]>`
    select ${enrollmentColumns(connection)},
      (select jsonb_agg(jsonb_build_object('kind', h.kind, 'fromMs', (extract(epoch from h.from_at) * 1000)::float8,
        'untilMs', (extract(epoch from h.until_at) * 1000)::float8, 'choice', h.choices -> e.id)) from hold h
        where h.party_id = e.party_id and h.kind <> all(e.despite)) as holds
    from enrollment e
    where e.status = 'held' and e.version_id <> all(${[...still]}::text[])
      and exists (select 1 from hold h where h.party_id = e.party_id and h.until_at <= to_timestamp(${due.nowMs} / 1000.0)
        and h.kind <> all(e.despite))
      and not exists (select 1 from hold h where h.party_id = e.party_id and h.from_at <= to_timestamp(${due.nowMs} / 1000.0)
        and (h.until_at is null or h.until_at > to_timestamp(${due.nowMs} / 1000.0)) and h.kind <> all(e.despite))
    order by e.party_id, e.id limit ${locked ? due.limit : 1} ${locked ? connection`for no key update of e skip locked` : connection``}`;
}

/**
 * Enrollments whose present contact has left without an answer so far. The lock keeps a sender from taking up what has not left
 * until the thaw is written, which may call it back.
 */
async function contactsOut(connection: Connection, rows: readonly EnrollmentRow[]): Promise<ReadonlySet<string>> {
  const found = await connection<{ enrollment_id: string; state: string }[]>`
    select i.enrollment_id, i.state from unnest(${rows.map((row) => row.party_id)}::text[], ${rows.map((row) => row.id)}::text[],
      ${rows.map((row) => row.step_seq)}::int[], ${rows.map((row) => row.attempt)}::int[]) as n(party_id, id, step_seq, attempt)
    join intent i on i.party_id = n.party_id and i.enrollment_id = n.id and i.step_seq = n.step_seq and i.attempt = n.attempt
    where i.kind = 'contact' and i.state in ('ready', 'sending', 'unknown', 'sent')
    for no key update of i`;
  return new Set(found.flatMap(({ enrollment_id: id, state }) => (state === "ready" ? [] : id)));
}
