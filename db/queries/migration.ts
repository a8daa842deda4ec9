import type { ActorId, StrategyId, StrategyVersionId } from "#engine/model/ids";
import { type Issue, issue } from "#engine/model/issue";
import type { MigrationPlan } from "#engine/model/migration-plan";
import { err, ok, type Result } from "#engine/model/result";
import type { EpochMs } from "#engine/model/time";
import type { StepPopulation } from "#engine/run/migration";
import { type Connection, type Database, inTransaction } from "../client";
import { WORK_CHANNEL } from "../work-hint";
import { insertAudit } from "./audit";

export type NewMigration = {
  readonly strategyId: StrategyId;
  readonly fromVersionId: StrategyVersionId;
  readonly toVersionId: StrategyVersionId;
  readonly plan: MigrationPlan;
  readonly reason: string;
  readonly actorId: ActorId;
};

export type MigrationRecord = {
  readonly id: number;
  readonly fromNumber: number;
  readonly toNumber: number;
  readonly state: "running" | "done" | "ended";
  readonly reason: string;
  readonly placedBy: ActorId;
  readonly placedAtMs: EpochMs;
  readonly endedAtMs: EpochMs | null;
  /** Accounts it has moved so far. */
  readonly moved: number;
  /** Accounts still under way on the old version, those the plan leaves there included. */
  readonly remaining: number;
  /** Accounts the last whole pass could not move yet; null = the first pass is under way. */
  readonly waiting: number | null;
};

/** Most moves the list of a strategy shows; all of them stand in the audit. */
const SHOWN_MAX = 50;

/** Who stands where on a version now: accounts under way, by the Program's step. */
export async function populationsOf(
  connection: Connection,
  versionId: StrategyVersionId,
): Promise<readonly StepPopulation[]> {
  return connection<StepPopulation[]>`
    select e.node_id as "nodeId", count(*)::int as accounts, (count(*) filter (where e.status = 'held'))::int as held,
      (count(*) filter (where e.pending and exists (select 1 from intent i where i.party_id = e.party_id
        and i.enrollment_id = e.id and i.step_seq = e.step_seq and i.attempt = e.attempt and i.kind = 'contact'
        and i.state in ('sending', 'unknown', 'sent'))))::int as "contactOut",
      (count(*) filter (where exists (select 1 from promise p where p.account_id = e.account_id and p.result is null)))::int
        as promised
    from enrollment e where e.version_id = ${versionId} and e.status in ('active', 'held') group by e.node_id order by 1`;
}

/**
 * Places a move; workers carry it out. Its audit row is in the same commit. Issue: `migration.running`, when accounts of the old
 * version are being moved already.
 */
export async function placeMigration(
  database: Database,
  { strategyId, fromVersionId, toVersionId, plan, reason, actorId }: NewMigration,
): Promise<Result<number, readonly Issue[]>> {
  return inTransaction(database, async (connection) => {
    const [row] = await connection<{ id: number }[]>`
      insert into migration (strategy_id, from_version_id, to_version_id, plan, reason, placed_by)
      values (${strategyId}, ${fromVersionId}, ${toVersionId}, ${JSON.stringify(plan)}::text::jsonb, ${reason}, ${actorId})
      on conflict (from_version_id) where state = 'running' do nothing returning id`;
    if (row === undefined) return err([issue("migration.running")]);
    const detail = { migrationId: row.id, fromVersionId, toVersionId, plan, reason };
    await insertAudit(connection, { actorId, action: "migration.placed", subject: strategyId, detail });
    await connection`select pg_notify(${WORK_CHANNEL}, '')`;
    return ok(row.id);
  });
}

/** Ends a move: whoever has not been moved stays on the old version. Issue: `migration.not-running`. */
export async function endMigration(
  database: Database,
  { id, actorId }: { readonly id: number; readonly actorId: ActorId },
): Promise<Result<null, readonly Issue[]>> {
  return inTransaction(database, async (connection) => {
    const [row] = await connection<{ strategy_id: StrategyId }[]>`
      update migration set state = 'ended', ended_at = clock_timestamp() where id = ${id} and state = 'running'
      returning strategy_id`;
    if (row === undefined) return err([issue("migration.not-running")]);
    const detail = { migrationId: id };
    await insertAudit(connection, { actorId, action: "migration.ended", subject: row.strategy_id, detail });
    return ok(null);
  });
}

/** Moves of a strategy's accounts, the latest first, with how far they are. */
export async function listMigrations(
  connection: Connection,
  strategyId: StrategyId,
): Promise<readonly MigrationRecord[]> {
  return connection<MigrationRecord[]>`
    select m.id, f.number as "fromNumber", t.number as "toNumber", m.state, m.reason, m.placed_by as "placedBy",
      (extract(epoch from m.placed_at) * 1000)::float8 as "placedAtMs",
      (extract(epoch from m.ended_at) * 1000)::float8 as "endedAtMs", m.last_waiting as waiting,
      (select count(*)::int from version_move v where v.migration_id = m.id) as moved,
      (select count(*)::int from enrollment e where e.version_id = m.from_version_id and e.status in ('active', 'held'))
        as remaining
    from migration m join strategy_version f on f.id = m.from_version_id join strategy_version t on t.id = m.to_version_id
    where m.strategy_id = ${strategyId} order by m.id desc limit ${SHOWN_MAX}`;
}
