import type { Database } from "#db";
import { saveDraft } from "#db/queries/strategy";
import { type Actor, parseStrategy } from "#engine";
import { orRefuse } from "../errors";
import { loadStrategy } from "./load-strategy";
import { STRATEGY_REFUSALS } from "./refusals";

export type DraftRequest = { readonly key: string; readonly baseRevision: number; readonly doc: unknown };

/**
 * Keeps what is on the author's screen, unfinished as it may be, if nobody saved in between. Refuses with
 * `strategy.draft-conflict` (params: the present revision), or with the issues of a document that has not even the shape of one.
 */
export async function saveStrategyDraft(
  database: Database,
  actor: Actor,
  { key, baseRevision, doc }: DraftRequest,
): Promise<{ readonly revision: number; readonly atMs: number }> {
  const parsed = orRefuse(parseStrategy(doc));
  const { id: strategyId } = await loadStrategy(database, key);
  const change = { strategyId, baseRevision, doc: parsed, actorId: actor.id };
  const saved = orRefuse(await saveDraft(database, change), STRATEGY_REFUSALS);
  return { revision: saved.draftRevision, atMs: saved.savedAtMs };
}
