import type { LostFinding, RecoveryInForce, RecoveryStore, Unanswered } from "#engine/ports/recovery";
import { type Connection, type Database, inTransaction } from "../client";
import { type IntentRow, intentColumns } from "./outbox-rows";
import { readRows, withContext } from "./outbox-store";
import { rowsParameter } from "./rows-parameter";

/** What is found out after a restore, in Postgres. */
export function recoveryStore(database: Database): RecoveryStore {
  const { sql } = database;
  return {
    async inForce() {
      const [row] = await sql<RecoveryInForce[]>`
        select (extract(epoch from backup_engine_at) * 1000)::float8 as "backupMs",
          (extract(epoch from restored_engine_at) * 1000)::float8 as "restoredMs"
        from recovery where lifted_at is null`;
      return row ?? null;
    },
    async doubtful({ nowMs, limit }) {
      const rows = await sql<IntentRow[]>`
        select ${intentColumns(sql)}
        from recovery r cross join intent i join enrollment e on e.party_id = i.party_id and e.id = i.enrollment_id
        left join recovery_request k on k.recovery_id = r.id and k.key = i.key
        where r.lifted_at is null and i.state = 'ready' and i.kind = 'contact'
          and (k.key is null or (k.state = 'later' and k.look_after <= to_timestamp(${nowMs} / 1000.0)))
        order by i.not_before limit ${limit}`;
      return withContext(sql, readRows(rows).readable, nowMs);
    },
    unanswered: ({ nowMs, limit }) =>
      sql<Unanswered[]>`
        select i.key, i.channel, i.provider, coalesce(p.simulated, false) as simulated
        from recovery r cross join contact_attempt a join intent i on i.party_id = a.party_id and i.key = a.intent_key
        left join contact_point p on p.id = a.contact_point_id
        left join recovery_request k on k.recovery_id = r.id and k.key = i.key
        where r.lifted_at is null and a.at <= r.backup_engine_at and a.outcome is null and i.state = 'sent' and i.provider is not null
          and (k.key is null or (k.state = 'later' and k.look_after <= to_timestamp(${nowMs} / 1000.0)))
        order by a.at limit ${limit}`,
    found: (findings) =>
      findings.length === 0 ? Promise.resolve(0) : inTransaction(database, (connection) => write(connection, findings)),
  };
}

async function write(connection: Connection, findings: readonly LostFinding[]): Promise<number> {
  const marks = findings.flatMap((one) =>
    one.kind === "clear" || one.kind === "later"
      ? [{ key: one.key, state: one.kind, look_ms: one.kind === "later" ? one.lookAfterMs : 0 }]
      : [],
  );
  const moves = findings.flatMap((one) =>
    one.kind === "left" || one.kind === "people"
      ? [
          {
            ...{ key: one.key, state: one.kind === "left" ? "sent" : "unknown", at_ms: one.atMs, ...one.reservation },
            ref: one.kind === "left" ? one.providerRef : null,
          },
        ]
      : [],
  );
  const marked = await connection`
    insert into recovery_request (recovery_id, key, state, look_after)
    select r.id, n.key, n.state, to_timestamp(n.look_ms / 1000.0)
    from recovery r cross join json_to_recordset(${rowsParameter(marks)}::text::json) as n(key text, state text, look_ms float8)
    where r.lifted_at is null
    on conflict (recovery_id, key) do update set state = excluded.state, look_after = excluded.look_after returning key`;
  // Ready means that no worker has reserved it: it has no row under the caps, and gets one now.
  const moved = await connection`
    with moved as (
      update intent i set state = n.state, provider = n.provider, provider_ref = n.ref, ask_after = null,
        unclear = i.unclear + (n.state = 'unknown')::int, updated_at = clock_timestamp()
      from json_to_recordset(${rowsParameter(moves)}::text::json) as n(key text, state text, provider text, ref text,
        "contactPointId" text, channel text, currency text, notice text, at_ms float8)
      where i.key = n.key and i.state = 'ready' returning i.party_id, i.account_id, i.enrollment_id, n.*
    )
    insert into contact_attempt (party_id, intent_key, account_id, enrollment_id, contact_point_id, channel, at, outcome,
      connected, conversed, cost_minor, currency, notice)
    select m.party_id, m.key, m.account_id, m.enrollment_id, m."contactPointId", m.channel, to_timestamp(m.at_ms / 1000.0),
      null, false, false, 0, m.currency, m.notice from moved m
    on conflict (party_id, intent_key) do nothing returning intent_key`;
  return marked.length + moved.length;
}
