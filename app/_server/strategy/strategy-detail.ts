import type { Database } from "#db";
import { type VersionRecord, versionById } from "#db/queries/strategy";
import type { StrategyVersionId } from "#engine/model/ids";
import { AppError } from "../errors";
import { stateOf } from "./list-strategies";
import { loadStrategy } from "./load-strategy";

/** One strategy with its draft and everything that was published of it. */
export async function strategyDetail(database: Database, key: string) {
  const strategy = await loadStrategy(database, key);
  return { ...strategy, ...stateOf(strategy) };
}

/** A published version with the document it was published from. */
export async function strategyVersion(
  database: Database,
  versionId: StrategyVersionId,
): Promise<Pick<VersionRecord, "id" | "number" | "hash" | "doc">> {
  const version = await versionById(database.sql, versionId);
  if (version === null) throw new AppError("not-found", "strategy.version-not-found", { params: { versionId } });
  const { id, number, hash, doc } = version;
  return { id, number, hash, doc };
}
