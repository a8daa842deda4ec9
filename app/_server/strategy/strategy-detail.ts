import type { Database } from "#db";
import { type VersionRecord, versionById } from "#db/queries/strategy";
import type { StrategyVersionId } from "#engine/model/ids";
import type { StrategyDoc } from "#engine/model/strategy";
import { AppError } from "../errors";
import { documentOf, draftOrRefuse } from "../stored-documents";
import { stateOf } from "./list-strategies";
import { loadStrategy } from "./load-strategy";

/** One strategy with its draft and everything that was published of it. Refuses with `strategy.draft-unreadable`. */
export async function strategyDetail(database: Database, key: string) {
  const strategy = await loadStrategy(database, key);
  const draft = draftOrRefuse(strategy);
  return { ...strategy, draft, ...stateOf(strategy, draft) };
}

/** A published version with the document it was published from. */
export async function strategyVersion(
  database: Database,
  versionId: StrategyVersionId,
): Promise<Pick<VersionRecord, "id" | "number" | "hash"> & { readonly doc: StrategyDoc }> {
  const version = await versionById(database.sql, versionId);
  if (version === null) throw new AppError("not-found", "strategy.version-not-found", { params: { versionId } });
  const { id, number, hash } = version;
  const doc = documentOf(version);
  if (doc === null) throw new AppError("invalid", "strategy.version-unreadable", { params: { number } });
  return { id, number, hash, doc };
}
