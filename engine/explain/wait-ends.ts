import { placeSteps } from "../compile/place-steps";
import { strategyCatalogue } from "../condition/catalogue";
import type { Facts } from "../model/facts";
import { InvariantError } from "../model/invariant";
import type { MarketPack } from "../model/market-pack";
import type { StrategyNode, StrategySettings } from "../model/strategy";
import type { EpochMs } from "../model/time";
import { firstVars } from "../run/first-state";
import { wakeAtOf } from "../run/wake-up";

type Setting = {
  readonly settings: StrategySettings;
  readonly pack: Pick<MarketPack, "fields" | "calendar">;
  readonly facts: Facts;
  readonly nowMs: EpochMs;
};

/**
 * When an account that comes to a waiting step now goes on by itself, reckoned as a run reckons it; null of a step that does not wait,
 * is not filled in yet, or waits by a fact that is unknown.
 */
export function waitEnds(node: StrategyNode, { settings, pack, facts, nowMs }: Setting): EpochMs | null {
  const placement = { steps: {}, ruleSets: {}, issues: [] } satisfies Parameters<typeof placeSteps>[1];
  const fields = strategyCatalogue(pack.fields, settings);
  try {
    const nothing = { edges: [], contents: {}, lexicons: [], strategies: {} };
    placeSteps({ ...nothing, nodes: [node], settings, fields }, placement);
  } catch (error) {
    // What is being filled in compiles to nothing yet.
    if (error instanceof InvariantError) return null;
    throw error;
  }
  const steps: Parameters<typeof placeSteps>[1]["steps"] = placement.steps;
  const spec = Object.hasOwn(steps, node.id) ? steps[node.id]?.spec : undefined;
  if (spec?.kind !== "wait") return null;
  const { timeZone } = settings;
  return wakeAtOf(spec.wait, { facts, vars: firstVars({ settings }), nowMs, timeZone, calendar: pack.calendar });
}
