import type { Manifest, OutgoingKind, ReturnKind } from "#engine/agency/manifest";
import type { ActorId } from "#engine/model/ids";
import type { EpochMs } from "#engine/model/time";
import type { Connection } from "../client";

/** A batch for an agency, and where its accounts are now. */
export type BatchRecord = {
  readonly id: string;
  readonly agency: string;
  readonly kind: OutgoingKind;
  readonly createdAtMs: EpochMs;
  /** Whether it lies in the outbox. */
  readonly written: boolean;
  readonly lines: number;
  readonly sums: Manifest["sums"];
  /** Accounts of the batch the agency still has, those of them it was told to let go of, and those that came back. */
  readonly out: number;
  readonly recalled: number;
  readonly back: number;
};

/** Batches, the latest first. */
export async function listBatches(connection: Connection, limit: number): Promise<readonly BatchRecord[]> {
  return connection<BatchRecord[]>`
    select b.id, b.agency, b.kind, (extract(epoch from b.created_at) * 1000)::float8 as "createdAtMs",
      b.written_at is not null as written, (b.manifest ->> 'rows')::int as lines, b.manifest -> 'sums' as sums, p.*
    from (select * from agency_batch order by created_at desc, id limit ${limit}) b cross join lateral (
      select (count(*) filter (where p.ended_at is null))::int as out,
        (count(*) filter (where p.ended_at is null and p.recall_batch_id is not null))::int as recalled,
        (count(*) filter (where p.ended_at is not null))::int as back
      from agency_placement p
      where (b.kind = 'placement' and p.batch_id = b.id) or (b.kind = 'recall' and p.recall_batch_id = b.id)
    ) p
    order by b.created_at desc, b.id`;
}

/** A return that was applied. */
export type ReturnRecord = {
  readonly id: string;
  readonly agency: string;
  readonly kind: ReturnKind;
  readonly batch: string;
  readonly lines: number;
  readonly applied: number;
  readonly repeated: number;
  readonly rejected: number;
  readonly appliedAtMs: EpochMs;
  readonly actorId: ActorId;
};

/** Returns, the latest first. */
export async function listReturns(connection: Connection, limit: number): Promise<readonly ReturnRecord[]> {
  return connection<ReturnRecord[]>`
    select id, agency, kind, batch, lines, applied, repeated, rejected, actor_id as "actorId",
      (extract(epoch from applied_at) * 1000)::float8 as "appliedAtMs"
    from agency_return order by applied_at desc, id limit ${limit}`;
}
