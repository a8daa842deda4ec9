import type { StrategySummary } from "#db/queries/strategy";
import type { StrategyStates } from "./attention";

/** How many strategies wait for somebody: never published, or paused while people are inside. */
export function strategyStates(strategies: readonly StrategySummary[]): StrategyStates {
  return {
    unpublished: strategies.filter((strategy) => strategy.versions.length === 0).length,
    paused: strategies.filter((strategy) => strategy.paused).length,
  };
}
