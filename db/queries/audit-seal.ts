import { canonicalJson, sha256Hex } from "#engine/model/json";
import { type Connection, type Database, inTransaction } from "../client";

/**
 * The audit as a chain: every sealed row carries the hash of itself and of the hash before it, so that a row that is changed,
 * taken out or moved breaks the chain from there on. What a chain in the same database cannot show is a tail cut off, or a whole
 * chain made anew by somebody who may write everything: for that its head is kept outside (`due audit head`, the workers' log).
 */

/** Key of the advisory lock: one sealer at a time, whichever worker it is. */
const SEAL_LOCK = 7_263_003;
/** Rows sealed in one commit, and rows of the chain read at once when it is verified. */
const SEAL_BATCH = 1000;
/** What the first row is chained to. */
const BEFORE_THE_FIRST = "0".repeat(64);

/** The last sealed row. `seq` 0 = nothing is sealed yet. */
export type AuditHead = { readonly seq: number; readonly hash: string };

/**
 * `missing` = the row of that place is gone; `changed` = it, or its place, is not what was sealed; `cut-off` = the chain ends
 * before a head that was kept; `rewritten` = it holds in itself and is another one than that whose head was kept.
 */
export type AuditFault = "missing" | "changed" | "cut-off" | "rewritten";

export type AuditVerdict =
  | { readonly ok: true; readonly head: AuditHead; readonly unsealed: number }
  | { readonly ok: false; readonly firstBadSeq: number; readonly fault: AuditFault };

type Row = {
  id: number;
  at_ms: number;
  actor_id: string;
  action: string;
  subject: string;
  detail: unknown;
};
type SealedRow = Row & { seq: number; hash: string };

function hashOf(before: string, row: Row, seq: number): string {
  const { id, at_ms: atMs, actor_id: actorId, action, subject, detail } = row;
  return sha256Hex(`${before}\n${canonicalJson({ seq, id, atMs, actorId, action, subject, detail })}`);
}

export async function auditHead(connection: Connection): Promise<AuditHead> {
  const [row] = await connection<AuditHead[]>`
    select seq, hash from audit where seq is not null order by seq desc limit 1`;
  return row ?? { seq: 0, hash: BEFORE_THE_FIRST };
}

/**
 * Seals up to a thousand rows that are committed and not sealed yet. Returns how many, 0 also while another sealer is at it. A row
 * that was begun before them and is committed later comes later in the chain.
 */
export async function sealAudit(database: Database): Promise<number> {
  return inTransaction(database, async (connection) => {
    const [lock] = await connection<{ locked: boolean }[]>`select pg_try_advisory_xact_lock(${SEAL_LOCK}) as locked`;
    if (lock?.locked !== true) return 0;
    const rows = await connection<Row[]>`
      select id, (extract(epoch from at) * 1000)::float8 as at_ms, actor_id, action, subject, detail
      from audit where seq is null order by id limit ${SEAL_BATCH}`;
    if (rows.length === 0) return 0;
    const head = await auditHead(connection);
    let { hash } = head;
    const seals = rows.map((row, index) => {
      const seq = head.seq + 1 + index;
      hash = hashOf(hash, row, seq);
      return { id: row.id, seq, hash };
    });
    await connection`
      update audit a set seq = s.seq, hash = s.hash
      from jsonb_to_recordset(${JSON.stringify(seals)}::text::jsonb) as s (id bigint, seq bigint, hash text)
      where a.id = s.id and a.seq is null`;
    return rows.length;
  });
}

/** Rows that are not in the chain yet. */
export async function countUnsealed(connection: Connection): Promise<number> {
  const [row] = await connection<{ count: number }[]>`select count(*)::int as count from audit where seq is null`;
  return row?.count ?? 0;
}

/** Walks the whole chain, and holds it against a head that was kept outside, if there is one. */
export async function verifyAudit(connection: Connection, kept: AuditHead | null = null): Promise<AuditVerdict> {
  let head: AuditHead = { seq: 0, hash: BEFORE_THE_FIRST };
  for (let page = await sealedAfter(connection, 0); page.length > 0; page = await sealedAfter(connection, head.seq)) {
    for (const row of page) {
      const seq = head.seq + 1;
      if (row.seq !== seq) return { ok: false, firstBadSeq: seq, fault: "missing" };
      if (hashOf(head.hash, row, seq) !== row.hash) return { ok: false, firstBadSeq: seq, fault: "changed" };
      if (kept?.seq === seq && kept.hash !== row.hash) return { ok: false, firstBadSeq: seq, fault: "rewritten" };
      head = { seq, hash: row.hash };
    }
  }
  if (kept !== null && kept.seq > head.seq) return { ok: false, firstBadSeq: head.seq + 1, fault: "cut-off" };
  return { ok: true, head, unsealed: await countUnsealed(connection) };
}

function sealedAfter(connection: Connection, seq: number): Promise<readonly SealedRow[]> {
  return connection<SealedRow[]>`
    select id, (extract(epoch from at) * 1000)::float8 as at_ms, actor_id, action, subject, detail, seq, hash
    from audit where seq > ${seq} order by seq limit ${SEAL_BATCH}`;
}
