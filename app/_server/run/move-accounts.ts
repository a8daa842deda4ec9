import type { Database } from "#db";
import {
  endMigration,
  listMigrations,
  type MigrationRecord,
  placeMigration,
  populationsOf,
} from "#db/queries/migration";
import { type VersionRecord, versionById } from "#db/queries/strategy";
import type { Actor } from "#engine";
import type { StrategyId, StrategyVersionId } from "#engine/model/ids";
import { issue } from "#engine/model/issue";
import type { MigrationPlan } from "#engine/model/migration-plan";
import { err } from "#engine/model/result";
import { checkMigration, type MigrationProposal, proposeMigration } from "#engine/run/migration";
import { AppError, orRefuse } from "../errors";

export type Move = { readonly fromVersionId: StrategyVersionId; readonly toVersionId: StrategyVersionId };

const KINDS = {
  "migration.running": "conflict",
  "migration.not-running": "conflict",
} as const;

/** What a move would do, step by step, before anybody decides. Refuses as `placeMove` does. */
export async function previewMove(database: Database, move: Move): Promise<MigrationProposal> {
  const { from, to } = await versionsOf(database, move);
  refuseWrong(checkMigration(from.program, to.program, { steps: {} }));
  return proposeMigration(from.program, to.program, await populationsOf(database.sql, from.id));
}

export type PlannedMove = Move & { readonly plan: MigrationPlan; readonly reason: string };

/**
 * Places a move; workers carry it out from now on. Refuses with `run.version-unknown`, `migration.same-version`, `migration.running`
 * and the codes of `checkMigration`.
 */
export async function placeMove(
  database: Database,
  actor: Actor,
  planned: PlannedMove,
): Promise<{ readonly id: number }> {
  const { from, to } = await versionsOf(database, planned);
  const { plan, reason } = planned;
  refuseWrong(checkMigration(from.program, to.program, plan));
  const { strategyId, id: fromVersionId } = from;
  const placed = { strategyId, fromVersionId, toVersionId: to.id, plan, reason, actorId: actor.id };
  return { id: orRefuse(await placeMigration(database, placed), KINDS) };
}

/** Ends a move where it is; whoever has not been moved stays on the old version. Refuses with `migration.not-running`. */
export async function endMove(database: Database, actor: Actor, id: number): Promise<void> {
  orRefuse(await endMigration(database, { id, actorId: actor.id }), KINDS);
}

export function movesOf(database: Database, strategyId: StrategyId): Promise<readonly MigrationRecord[]> {
  return listMigrations(database.sql, strategyId);
}

type Versions = { readonly from: VersionRecord; readonly to: VersionRecord };

async function versionsOf(database: Database, { fromVersionId, toVersionId }: Move): Promise<Versions> {
  const [from, to] = await Promise.all([
    versionById(database.sql, fromVersionId),
    versionById(database.sql, toVersionId),
  ]);
  if (from === null || to === null) throw new AppError("not-found", "run.version-unknown");
  if (from.id === to.id) refuseWrong([issue("migration.same-version")]);
  if (from.strategyId !== to.strategyId) refuseWrong([issue("migration.other-strategy")]);
  return { from, to };
}

function refuseWrong(issues: ReturnType<typeof checkMigration>): void {
  if (issues.length > 0) orRefuse(err(issues), KINDS);
}
