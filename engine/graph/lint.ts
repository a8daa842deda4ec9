import type { Issue } from "../model/issue";
import type { MarketPack } from "../model/market-pack";
import type { StrategyDoc } from "../model/strategy";
import { lintContacts } from "./lint-contacts";
import { lintFlow } from "./lint-flow";
import { lintJoins } from "./lint-joins";
import { lintMemory } from "./lint-memory";
import { lintRules } from "./lint-rules";
import { lintInsideSettings, lintSettings } from "./lint-settings";
import { lintSteps } from "./lint-steps";
import { lintStrategies } from "./lint-strategies";
import { lintTime } from "./lint-time";
import { type LintView, lintViews, type Memory } from "./lint-view";
import { lintWiring } from "./lint-wiring";
import { sortIssues } from "./sort-issues";

/**
 * Everything that is wrong or doubtful about a strategy in its market, sorted: the strategy itself, those inside it, and how they
 * are used. Errors keep it from being published; warnings want a look. Never throws, whatever the document says.
 */
export function lintStrategy(doc: StrategyDoc, pack: MarketPack): readonly Issue[] {
  return lintWith(lintMemory(), doc, pack);
}

/**
 * A lint that remembers: the same answers as `lintStrategy`, and after a change only the steps it touched are looked into again.
 * Lines, loops and reach are gone through as a whole every time; that is the small part.
 */
export function linterOf(): typeof lintStrategy {
  const memory: Memory = lintMemory();
  return (doc, pack) => lintWith(memory, doc, pack);
}

function lintWith(memory: Memory, doc: StrategyDoc, pack: MarketPack): readonly Issue[] {
  const views = lintViews(doc, pack, memory);
  const { whole, inside } = views;
  return sortIssues([
    ...lintSettings(whole),
    ...lintDrawing(whole),
    ...lintJoins(whole),
    ...inside.flatMap((view, index) => [
      ...insideIssues(lintDrawing(view), index),
      ...insideIssues(lintInsideSettings(view, doc.strategies[index]?.variables ?? []), index),
    ]),
    ...lintStrategies(views),
  ]);
}

function lintDrawing(view: LintView): readonly Issue[] {
  return [
    ...lintSteps(view),
    ...lintWiring(view),
    ...lintFlow(view),
    ...lintRules(view),
    ...lintTime(view),
    ...lintContacts(view),
  ];
}

/** Ids of steps inside are unique in their own strategy only: such an issue says where it stands by its path. */
function insideIssues(issues: readonly Issue[], index: number): readonly Issue[] {
  return issues.map(({ nodeId: _inside, ...found }) => ({
    ...found,
    path: found.path === "" ? `strategies[${index}]` : `strategies[${index}].${found.path}`,
  }));
}
