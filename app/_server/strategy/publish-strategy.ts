import type { Database } from "#db";
import { publishedSplits, publishVersion } from "#db/queries/strategy";
import { type Actor, compileStrategy, writeStrategy } from "#engine";
import { phaseIssues } from "#engine/experiment/phase-needed";
import { packOf } from "../compose-packs";
import { AppError, orRefuse } from "../errors";
import { draftOrRefuse } from "../stored-documents";
import { loadStrategy } from "./load-strategy";
import { STRATEGY_REFUSALS } from "./refusals";

export type PublishRequest = { readonly key: string; readonly revision: number };

export type Published = {
  readonly versionId: string;
  readonly number: number;
  readonly hash: string;
  /** The newest version is this very document; no second one was written. */
  readonly unchanged: boolean;
};

/**
 * Compiles the draft and stores document, Program and hash as a version that never changes. Nobody is contacted by it. Refuses
 * with `strategy.not-publishable` and everything that is missing, or with `strategy.draft-conflict`.
 */
export async function publishStrategy(
  database: Database,
  actor: Actor,
  { key, revision }: PublishRequest,
): Promise<Published> {
  const strategy = await loadStrategy(database, key);
  if (strategy.draftRevision !== revision) {
    throw new AppError("conflict", "strategy.draft-conflict", { params: { revision: strategy.draftRevision } });
  }
  const { id: strategyId } = strategy;
  const doc = draftOrRefuse(strategy);
  const compiled = compileStrategy(doc, packOf(doc.settings.market));
  if (!compiled.ok) throw new AppError("invalid", "strategy.not-publishable", { issues: compiled.error });
  const mixed = phaseIssues(await publishedSplits(database.sql, strategyId), compiled.value);
  if (mixed.length > 0) throw new AppError("invalid", "strategy.not-publishable", { issues: mixed });
  const publication = {
    strategyId,
    draftRevision: revision,
    doc,
    docText: writeStrategy(doc),
    program: compiled.value,
    actorId: actor.id,
  };
  const version = orRefuse(await publishVersion(database, publication), STRATEGY_REFUSALS);
  return { versionId: version.versionId, number: version.number, hash: version.hash, unchanged: !version.created };
}
