import type { ReleaseChoices } from "#engine/model/hold-release";
import type { AccountId, ActorId, EnrollmentId, PartyId } from "#engine/model/ids";
import type { HoldKind } from "#engine/model/policy";
import type { EpochMs } from "#engine/model/time";
import type { Connection } from "../client";

export type HoldRecord = {
  readonly id: string;
  readonly partyId: PartyId;
  readonly kind: HoldKind;
  readonly fromMs: EpochMs;
  readonly untilMs: EpochMs | null;
  /** What brought it: the key of the contact whose answer it was, or the actor who placed it. */
  readonly source: string;
  /** Why a person placed it, and where that can be seen; null = an answer or a strategy brought it. */
  readonly reason: string | null;
  readonly evidence: string | null;
};

type Row = {
  id: string;
  party_id: PartyId;
  kind: HoldKind;
  from_ms: number;
  until_ms: number | null;
  source: string;
  reason: string | null;
  evidence: string | null;
};

const columns = (connection: Connection) => connection`h.id, h.party_id, h.kind, h.source, h.reason, h.evidence,
  (extract(epoch from h.from_at) * 1000)::float8 as from_ms, (extract(epoch from h.until_at) * 1000)::float8 as until_ms`;

/** Holds of the person behind an account, the latest first. */
export async function holdsOfAccount(connection: Connection, accountId: AccountId): Promise<readonly HoldRecord[]> {
  const rows = await connection<Row[]>`
    select ${columns(connection)}
    from account a join hold h on h.party_id = a.party_id where a.id = ${accountId} order by h.from_at desc, h.id`;
  return rows.map(recordOf);
}

export async function holdById(connection: Connection, holdId: string): Promise<HoldRecord | null> {
  const [row] = await connection<Row[]>`select ${columns(connection)} from hold h where h.id = ${holdId}`;
  return row === undefined ? null : recordOf(row);
}

export type NewHold = {
  readonly id: string;
  /** The hold is its person's, whichever of their accounts it was placed at. */
  readonly accountId: AccountId;
  readonly kind: HoldKind;
  readonly fromMs: EpochMs;
  readonly untilMs: EpochMs | null;
  readonly reason: string;
  readonly evidence: string | null;
  readonly actorId: ActorId;
};

/** Places a hold by hand. Null = there is no such account. */
export async function insertHold(connection: Connection, hold: NewHold): Promise<HoldRecord | null> {
  const [row] = await connection<Row[]>`
    insert into hold as h (id, party_id, kind, from_at, until_at, source, reason, evidence)
    select ${hold.id}, a.party_id, ${hold.kind}, to_timestamp(${hold.fromMs} / 1000.0),
      to_timestamp(${hold.untilMs}::numeric / 1000.0), ${hold.actorId}, ${hold.reason}, ${hold.evidence}
    from account a where a.id = ${hold.accountId}
    returning ${columns(connection)}`;
  return row === undefined ? null : recordOf(row);
}

export type HoldEnd = { readonly holdId: string; readonly choices: ReleaseChoices; readonly nowMs: EpochMs };

/**
 * Ends a hold at `nowMs`; the engine sets the party's enrollments going again, each as chosen, if no other hold keeps them still. A
 * hold that has ended already keeps its end. Null = there is no such hold, or it had ended.
 */
export async function endHold(connection: Connection, { holdId, choices, nowMs }: HoldEnd): Promise<HoldRecord | null> {
  const [row] = await connection<Row[]>`
    with h as (
      update hold set until_at = greatest(from_at, to_timestamp(${nowMs} / 1000.0)),
        choices = ${JSON.stringify(choices)}::text::jsonb
      where id = ${holdId} and (until_at is null or until_at > to_timestamp(${nowMs} / 1000.0)) returning *
    ), stilled as (
      -- Whoever no worker has come to freeze yet stands still for this moment, so that the choice reaches everybody.
      update enrollment e set status = 'held', fence = e.fence + 1 from h
      where e.party_id = h.party_id and e.status = 'active' and h.kind <> all(e.despite)
    )
    select ${columns(connection)} from h`;
  return row === undefined ? null : recordOf(row);
}

/** Those of some enrollments that are not under way for the person: a choice for them would be for nobody. */
export async function strangersTo(
  connection: Connection,
  partyId: PartyId,
  enrollmentIds: readonly EnrollmentId[],
): Promise<readonly EnrollmentId[]> {
  if (enrollmentIds.length === 0) return [];
  const rows = await connection<{ id: EnrollmentId }[]>`
    select n.id from unnest(${[...enrollmentIds]}::text[]) as n(id) where not exists (
      select 1 from enrollment e where e.party_id = ${partyId} and e.id = n.id and e.status in ('active', 'held'))`;
  return rows.map(({ id }) => id);
}

function recordOf(row: Row): HoldRecord {
  return {
    id: row.id,
    partyId: row.party_id,
    kind: row.kind,
    fromMs: row.from_ms,
    untilMs: row.until_ms,
    source: row.source,
    reason: row.reason,
    evidence: row.evidence,
  };
}
