import type { AccountId, PartyId } from "#engine/model/ids";
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
};

type Row = { id: string; party_id: PartyId; kind: HoldKind; from_ms: number; until_ms: number | null; source: string };

/** Holds of the person behind an account, the latest first. */
export async function holdsOfAccount(connection: Connection, accountId: AccountId): Promise<readonly HoldRecord[]> {
  const rows = await connection<Row[]>`
    select h.id, h.party_id, h.kind, (extract(epoch from h.from_at) * 1000)::float8 as from_ms,
      (extract(epoch from h.until_at) * 1000)::float8 as until_ms, h.source
    from account a join hold h on h.party_id = a.party_id where a.id = ${accountId} order by h.from_at desc, h.id`;
  return rows.map(recordOf);
}

/**
 * Ends a hold at `nowMs`; the engine sets the party's enrollments going again. A hold that has ended already keeps its end.
 * Null = there is no such hold, or it had ended.
 */
export async function endHold(
  connection: Connection,
  { holdId, nowMs }: { readonly holdId: string; readonly nowMs: EpochMs },
): Promise<HoldRecord | null> {
  const [row] = await connection<Row[]>`
    update hold h set until_at = greatest(h.from_at, to_timestamp(${nowMs} / 1000.0))
    where h.id = ${holdId} and (h.until_at is null or h.until_at > to_timestamp(${nowMs} / 1000.0))
    returning h.id, h.party_id, h.kind, (extract(epoch from h.from_at) * 1000)::float8 as from_ms,
      (extract(epoch from h.until_at) * 1000)::float8 as until_ms, h.source`;
  return row === undefined ? null : recordOf(row);
}

function recordOf(row: Row): HoldRecord {
  return {
    id: row.id,
    partyId: row.party_id,
    kind: row.kind,
    fromMs: row.from_ms,
    untilMs: row.until_ms,
    source: row.source,
  };
}
