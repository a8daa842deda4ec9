import type { Database } from "#db";
import { type StrategyRecord, strategyByKey } from "#db/queries/strategy";
import { AppError } from "../errors";

/** A strategy with its draft. Refuses with `strategy.not-found`. */
export async function loadStrategy(database: Database, key: string): Promise<StrategyRecord> {
  const strategy = await strategyByKey(database.sql, key);
  if (strategy === null) throw new AppError("not-found", "strategy.not-found", { params: { id: key } });
  return strategy;
}
