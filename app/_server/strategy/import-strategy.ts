import { randomUUID } from "node:crypto";
import type { Database } from "#db";
import { createStrategy, saveDraft, strategyByKey } from "#db/queries/strategy";
import { type Actor, readStrategyText, type StrategyDoc } from "#engine";
import { applyMapping, type ImportMapping } from "#engine/graph/import/apply-mapping";
import { AppError, orRefuse } from "../errors";
import { STRATEGY_REFUSALS } from "./refusals";
import { importHouse } from "./review-import";

export type StrategyTextRequest = {
  readonly text: string;
  /** Put the file in place of the draft of the strategy that has its key. Published versions stay. */
  readonly replace: boolean;
  /** What is done about things the file names that are not here. What it does not speak of stays and is a problem to be seen. */
  readonly mapping?: ImportMapping;
};

/**
 * A strategy file becomes a draft, whole or not at all. Refuses with the located issues of the file, or with
 * `strategy.key-taken` when a strategy of that key exists and nobody said to replace its draft.
 */
export async function importStrategyText(
  database: Database,
  actor: Actor,
  { text, replace, mapping = [] }: StrategyTextRequest,
): Promise<{ readonly key: string }> {
  const doc = await mapped(database, orRefuse(readStrategyText(text)), mapping);
  const existing = await strategyByKey(database.sql, doc.key);
  if (existing === null) {
    const made = await createStrategy(database, { doc, actorId: actor.id });
    // A copy of a strategy of this house under another key: a strategy of its own, with an id of its own.
    const copy = { ...doc, id: `strat_${randomUUID()}` };
    const isCopy = !made.ok && made.error[0]?.code === "strategy.id-taken";
    orRefuse(isCopy ? await createStrategy(database, { doc: copy, actorId: actor.id }) : made, STRATEGY_REFUSALS);
    return { key: doc.key };
  }
  if (!replace) throw new AppError("conflict", "strategy.key-taken", { params: { key: doc.key, id: doc.id } });
  const { id: strategyId, draftRevision: baseRevision } = existing;
  // A file from another house has another id; the strategy keeps its own, because its history hangs on it.
  const adopted = { ...doc, id: strategyId };
  const change = { strategyId, baseRevision, doc: adopted, actorId: actor.id };
  orRefuse(await saveDraft(database, change), STRATEGY_REFUSALS);
  return { key: doc.key };
}

async function mapped(database: Database, doc: StrategyDoc, mapping: ImportMapping): Promise<StrategyDoc> {
  if (mapping.length === 0) return doc;
  const { packOf, agencies } = await importHouse(database);
  return orRefuse(applyMapping(doc, mapping, { pack: packOf(doc.settings.market), agencies }));
}
