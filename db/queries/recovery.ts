import type { ActorId } from "#engine/model/ids";
import { type Issue, issue } from "#engine/model/issue";
import { err, ok, type Result } from "#engine/model/result";
import type { EpochMs } from "#engine/model/time";
import { type Connection, type Database, inTransaction } from "../client";
import { insertAudit } from "./audit";
import { readClock } from "./clock";

/** A restore that nobody has lifted, and what is left to find out. */
export type RecoveryStanding = {
  /** Real time at which the backup was taken, and at which it was restored. */
  readonly backupAtMs: EpochMs;
  readonly restoredAtMs: EpochMs;
  /** Contacts whose providers have not been asked yet, or could not say: did it leave, what did it come to. */
  readonly asking: number;
  /** Requests only a person can find out about. */
  readonly forPeople: number;
  /** Accounts whose timer came before the restore and that have not had their turn yet. */
  readonly behind: number;
  /**
   * Engine time from which what was lost has been gone through again: as long after the restore as the lost time lasted, because
   * waits that begin anew take as long as they took then.
   */
  readonly coveredFromMs: EpochMs;
  readonly nowMs: EpochMs;
  /** Nothing above is in the way of lifting it. */
  readonly done: boolean;
};

export async function readRecovery(connection: Connection): Promise<RecoveryStanding | null> {
  const { nowMs } = await readClock(connection);
  const [row] = await connection<Omit<RecoveryStanding, "nowMs" | "done">[]>`
    select (extract(epoch from r.backup_at) * 1000)::float8 as "backupAtMs",
      (extract(epoch from r.restored_at) * 1000)::float8 as "restoredAtMs",
      (extract(epoch from r.restored_engine_at + (r.restored_engine_at - r.backup_engine_at)) * 1000)::float8 as "coveredFromMs",
      (select count(*)::int from intent i where i.kind = 'contact' and (i.state = 'ready' or (i.state = 'sent'
          and exists (select 1 from contact_attempt a where a.intent_key = i.key and a.outcome is null and a.at <= r.backup_engine_at)))
        and not exists (select 1 from recovery_request k where k.recovery_id = r.id and k.key = i.key and k.state = 'clear'))
        as asking,
      (select count(*)::int from intent i where i.state in ('sending', 'unknown')) as "forPeople",
      (select count(*)::int from enrollment e where e.status = 'active' and e.wake_at <= r.restored_engine_at
        and not exists (select 1 from hold h where h.party_id = e.party_id and h.from_at <= to_timestamp(${nowMs} / 1000.0)
          and (h.until_at is null or h.until_at > to_timestamp(${nowMs} / 1000.0)) and h.kind <> all(e.despite))) as behind
    from recovery r where r.lifted_at is null`;
  if (row === undefined) return null;
  const done = row.asking === 0 && row.forPeople === 0 && row.behind === 0 && nowMs >= row.coveredFromMs;
  return { ...row, nowMs, done };
}

export type RecoveryLift = {
  readonly reason: string;
  /** Although something is left: a person takes it upon themselves. */
  readonly anyway: boolean;
  readonly actorId: ActorId;
};

/**
 * Ends the time after a restore; its audit row, with what was left, is in the same commit. Issues: `recovery.none` (nothing to lift),
 * `recovery.unfinished` (something is left and nobody said `anyway`).
 */
export async function liftRecovery(
  database: Database,
  { reason, anyway, actorId }: RecoveryLift,
): Promise<Result<null, readonly Issue[]>> {
  return inTransaction(database, async (connection) => {
    const standing = await readRecovery(connection);
    if (standing === null) return err([issue("recovery.none")]);
    const { asking, forPeople, behind } = standing;
    if (!standing.done && !anyway) return err([issue("recovery.unfinished", {}, { asking, forPeople, behind })]);
    await connection`
      update recovery set lifted_at = clock_timestamp(), lifted_by = ${actorId}, reason = ${reason} where lifted_at is null`;
    const detail = { reason, anyway, asking, forPeople, behind };
    await insertAudit(connection, { actorId, action: "recovery.lifted", subject: "database", detail });
    return ok(null);
  });
}

export type RecoveryBegin = {
  /** Up to when the database knows what happened: engine time, and real time. */
  readonly backupEngineMs: EpochMs;
  readonly backupAtMs: EpochMs;
  readonly actorId: ActorId;
};

/**
 * Begins the time after a restore, in the caller's transaction: from its commit on no contact leaves unasked. One that was still in
 * force when the backup was taken ends with it: the new one covers it.
 */
export async function beginRecovery(connection: Connection, begin: RecoveryBegin): Promise<void> {
  const { backupEngineMs, backupAtMs, actorId } = begin;
  const { nowMs } = await readClock(connection);
  const [before] = await connection<{ engine_ms: number; real_ms: number }[]>`
    update recovery set lifted_at = clock_timestamp(), lifted_by = ${actorId}, reason = 'restored-again' where lifted_at is null
    returning (extract(epoch from backup_engine_at) * 1000)::float8 as engine_ms,
      (extract(epoch from backup_at) * 1000)::float8 as real_ms`;
  const engineMs = Math.min(backupEngineMs, before?.engine_ms ?? backupEngineMs);
  const realMs = Math.min(backupAtMs, before?.real_ms ?? backupAtMs);
  await connection`
    insert into recovery (backup_engine_at, backup_at, restored_engine_at)
    values (to_timestamp(${engineMs} / 1000.0), to_timestamp(${realMs} / 1000.0), to_timestamp(${nowMs} / 1000.0))`;
  const detail = { backupAtMs: realMs };
  await insertAudit(connection, { actorId, action: "recovery.begun", subject: "database", detail });
}
