import { randomUUID } from "node:crypto";
import type { Database } from "#db";
import { createStrategy } from "#db/queries/strategy";
import { type Actor, emptyStrategy, type LocalText } from "#engine";
import { orRefuse } from "../errors";
import { LENDER_MARKET } from "../lender";
import { STRATEGY_REFUSALS } from "./refusals";

export type NewStrategyRequest = { readonly key: string; readonly name: LocalText };

/** A strategy with an entry and an exit, ready to be drawn in. Refuses with `strategy.key-taken`. */
export async function makeStrategy(
  database: Database,
  actor: Actor,
  { key, name }: NewStrategyRequest,
): Promise<{ readonly key: string }> {
  const doc = emptyStrategy({ id: `strat_${randomUUID()}`, key, name, market: LENDER_MARKET });
  orRefuse(await createStrategy(database, { doc, actorId: actor.id }), STRATEGY_REFUSALS);
  return { key };
}
