import type { Issue } from "../model/issue";
import type { MarketPack } from "../model/market-pack";
import type { StrategyDoc } from "../model/strategy";
import { lintContacts } from "./lint-contacts";
import { lintFlow } from "./lint-flow";
import { lintRules } from "./lint-rules";
import { lintSettings } from "./lint-settings";
import { lintSteps } from "./lint-steps";
import { lintTime } from "./lint-time";
import { lintView } from "./lint-view";
import { lintWiring } from "./lint-wiring";
import { sortIssues } from "./sort-issues";

/**
 * Everything that is wrong or doubtful about a strategy in its market, sorted. Errors keep it from being published;
 * warnings want a look. Never throws, whatever the document says.
 */
export function lintStrategy(doc: StrategyDoc, pack: MarketPack): readonly Issue[] {
  const view = lintView(doc, pack);
  return sortIssues([
    ...lintSettings(view),
    ...lintSteps(view),
    ...lintWiring(view),
    ...lintFlow(view),
    ...lintRules(view),
    ...lintTime(view),
    ...lintContacts(view),
  ]);
}
