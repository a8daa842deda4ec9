import type { Database } from "#db";
import { latestSimulations } from "#db/queries/simulation";
import { listStrategies } from "#db/queries/strategy";
import type { Currency } from "#engine/model/money";
import type { SimulationResult } from "#engine/simulate/result";
import { storedResult } from "./stored-result";

/** The newest stored result of a strategy's newest version on one portfolio. */
export type LatestResult = {
  readonly strategyKey: string;
  readonly versionNumber: number;
  readonly synthetic: boolean;
  readonly currency: Currency;
  readonly createdAtMs: number;
  readonly result: SimulationResult;
};

/** What each strategy would do, as far as somebody has asked. `key` null = every strategy. */
export async function latestResults(database: Database, key: string | null): Promise<readonly LatestResult[]> {
  const strategies = (await listStrategies(database.sql)).filter((strategy) => key === null || strategy.key === key);
  const newest = strategies.flatMap((strategy) =>
    strategy.versions.slice(0, 1).map((version) => ({ strategy, version })),
  );
  const records = await latestSimulations(
    database.sql,
    newest.map(({ version }) => version.hash),
  );
  return newest.flatMap(({ strategy, version }) =>
    records
      .filter((record) => record.programHash === version.hash)
      .map(({ synthetic, currency, createdAtMs, result }) => ({
        strategyKey: strategy.key,
        versionNumber: version.number,
        synthetic,
        currency,
        createdAtMs,
        result: storedResult(result),
      })),
  );
}
