import type { EpochMs } from "#engine/model/time";
import type { TurnsDue } from "#engine/ports/enrollment-store";
import type { Due } from "#engine/ports/inbox";
import type { Connection } from "../client";
import { type Blocked, readBlocked, type StoreOptions } from "./blocked";
import { type EnrollmentRow, enrollmentColumns, enrollmentRowOf } from "./enrollment-rows";

/** Candidates looked at per one that is wanted, so that a second worker finds others behind those the first has locked. */
const LOOK_BEYOND = 4;

export type Claim = {
  readonly rows: readonly EnrollmentRow[];
  /** Where the next claim begins. Null = look from the beginning. */
  readonly lowest: LowestDue | null;
};

/** The first timer of the last full claim, by the order of the due index. */
export type LowestDue = { readonly wakeMs: EpochMs; readonly partyId: string; readonly id: string };

/**
 * Locks enrollments that are due, by timer and by inbox. `lowest` lets the claim jump over the dead entries that pile up
 * at the head of the due index while a long report holds an old snapshot (measured: 33 instead of 1,957 claims a second);
 * when nothing is found from there on it looks again from the beginning, so nothing is ever overlooked.
 */
export async function claimDue(
  connection: Connection,
  due: TurnsDue,
  { lowest, options }: { readonly lowest: LowestDue | null; readonly options: StoreOptions },
): Promise<Claim> {
  const blocked = await readBlocked(connection, options);
  const search = { due, blocked };
  const told = await toldEnrollments(connection, search);
  if (due.timers === false) return { rows: told, lowest };
  const bounded = await dueTimers(connection, { ...search, lowest });
  const timers =
    bounded.length > 0 || lowest === null ? bounded : await dueTimers(connection, { ...search, lowest: null });
  const rows = new Map([...timers, ...told].map((row) => [row.id, row]));
  return { rows: [...rows.values()], lowest: timers.length === due.limit ? lowestOf(timers[0]) : null };
}

function lowestOf(row: EnrollmentRow | undefined): LowestDue | null {
  if (row === undefined || row.wake_ms === null) return null;
  return { wakeMs: row.wake_ms, partyId: row.party_id, id: row.id };
}

type Search = { readonly due: Due; readonly blocked: Blocked };

async function dueTimers(
  connection: Connection,
  { due, blocked, lowest }: Search & { readonly lowest: LowestDue | null },
) {
  const rows = await connection`
    select ${enrollmentColumns(connection)}
    from enrollment e
    where e.status = 'active' and e.wake_at <= to_timestamp(${due.nowMs} / 1000.0)
      ${lowest === null ? connection`` : connection`and (e.wake_at, e.party_id, e.id) >= (to_timestamp(${lowest.wakeMs} / 1000.0), ${lowest.partyId}, ${lowest.id})`}
      and e.version_id <> all(${[...blocked.timeless]}::text[])
      ${waitsForChannel(connection, blocked)}
      and not exists (select 1 from hold h where h.party_id = e.party_id and h.from_at <= to_timestamp(${due.nowMs} / 1000.0)
        and (h.until_at is null or h.until_at > to_timestamp(${due.nowMs} / 1000.0)) and h.kind <> all(e.despite))
    order by e.wake_at, e.party_id, e.id limit ${due.limit}
    for no key update of e skip locked`.values();
  return rows.map(enrollmentRowOf);
}

/** Whoever waits for an answer to a request that a paused channel keeps back waits as long: their deadline does not fire. */
function waitsForChannel(connection: Connection, { pausedChannels }: Blocked) {
  if (pausedChannels.length === 0) return connection``;
  return connection`and not exists (select 1 from intent i where i.party_id = e.party_id and i.enrollment_id = e.id
    and i.step_seq = e.step_seq and i.state = 'ready' and i.channel = any(${[...pausedChannels]}::text[]))`;
}

async function toldEnrollments(connection: Connection, { due, blocked }: Search) {
  const rows = await connection`
    select ${enrollmentColumns(connection)}
    from enrollment e
    join (
      select i.party_id, i.enrollment_id, min(i.at) as at from (
        select i.party_id, i.enrollment_id, i.at from inbox i
        join enrollment t on t.party_id = i.party_id and t.id = i.enrollment_id
        where i.status = 'pending' and i.at <= to_timestamp(${due.nowMs} / 1000.0)
          and t.status not in ('held', 'faulted') and t.version_id <> all(${[...blocked.still]}::text[])
          and not exists (select 1 from hold h where h.party_id = i.party_id
            and h.from_at <= to_timestamp(${due.nowMs} / 1000.0)
            and (h.until_at is null or h.until_at > to_timestamp(${due.nowMs} / 1000.0)) and h.kind <> all(t.despite))
        order by i.at limit ${due.limit * LOOK_BEYOND}
      ) i group by i.party_id, i.enrollment_id
    ) told on told.party_id = e.party_id and told.enrollment_id = e.id
    where e.status not in ('held', 'faulted')
    order by told.at limit ${due.limit}
    for no key update of e skip locked`.values();
  return rows.map(enrollmentRowOf);
}
