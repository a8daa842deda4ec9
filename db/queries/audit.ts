import type { ActorId } from "#engine/model/ids";
import type { JsonValue } from "#engine/model/json";
import type { EpochMs } from "#engine/model/time";
import type { Connection } from "../client";

/** One change to be remembered: `strategy.published`, `portfolio.imported`, … `subject` is the id of what was changed. */
export type AuditEntry = {
  readonly actorId: ActorId;
  readonly action: string;
  readonly subject: string;
  /** Ids, codes and counts; never personal data. */
  readonly detail: JsonValue;
};

/** Writes the audit row of a change. Call it in the transaction of the change (design D16). */
export async function insertAudit(connection: Connection, entry: AuditEntry): Promise<void> {
  await connection`
    insert into audit (at, actor_id, action, subject, detail)
    values (clock_timestamp(), ${entry.actorId}, ${entry.action}, ${entry.subject}, ${JSON.stringify(entry.detail)}::text::jsonb)`;
}

export type AuditRecord = AuditEntry & { readonly id: number; readonly atMs: EpochMs };

/** Changes to one thing, the latest first. */
export async function auditOf(connection: Connection, subject: string, limit: number): Promise<readonly AuditRecord[]> {
  const rows = await connection<
    { id: number; at_ms: number; actor_id: ActorId; action: string; subject: string; detail: JsonValue }[]
  >`
    select id, (extract(epoch from at) * 1000)::float8 as at_ms, actor_id, action, subject, detail
    from audit where subject = ${subject} order by at desc, id desc limit ${limit}`;
  return rows.map((row) => ({
    id: row.id,
    atMs: row.at_ms,
    actorId: row.actor_id,
    action: row.action,
    subject: row.subject,
    detail: row.detail,
  }));
}
