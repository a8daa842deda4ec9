import { emptyStrategy, type LocalText, STRATEGY_LIMITS, type StrategyDoc } from "#engine";
import { nextId } from "./ids";
import { type Change, type ChangeCode, detailsOf } from "./operation";
import { viewOf } from "./step-view";
import { usesOf } from "./uses";

type SubStrategy = StrategyDoc["strategies"][number];

const KEY_STEM = "part";

function withStrategies(code: ChangeCode, doc: StrategyDoc, strategies: readonly SubStrategy[]): Change {
  const details = { ...detailsOf(doc), strategies: [...strategies] };
  return { label: { code, params: {} }, operations: [{ kind: "set-details", details }] };
}

export type WithStrategy = { readonly change: Change; readonly key: string };

function added(doc: StrategyDoc, strategy: Omit<SubStrategy, "key">): WithStrategy | null {
  if (doc.strategies.length >= STRATEGY_LIMITS.strategies) return null;
  const key = nextId(
    KEY_STEM,
    doc.strategies.map((known) => known.key),
  );
  return { key, change: withStrategies("add-strategy", doc, [...doc.strategies, { ...strategy, key }]) };
}

/**
 * A strategy inside this one: nothing but an exit yet, so that the first step is put before it. It has no entry of its own:
 * accounts come in by the step that uses it. Null when there are too many.
 */
export function addStrategy(doc: StrategyDoc, name: LocalText): WithStrategy | null {
  const { id, key, settings } = doc;
  const { nodes } = emptyStrategy({ id, key, name, market: settings.market });
  const exit = nodes.find((node) => viewOf(node).definition?.group === "exit");
  if (exit === undefined) return null;
  return added(doc, { name, entry: { node: exit.id }, variables: [], nodes: [exit], edges: [] });
}

/** A copy under a key of its own; whatever uses the first goes on using it. */
export function duplicateStrategy(doc: StrategyDoc, key: string, name: LocalText): WithStrategy | null {
  const source = doc.strategies.find((strategy) => strategy.key === key);
  return source === undefined ? null : added(doc, { ...source, name });
}

/** Names a strategy inside; its key stays, so that what uses it need not know. */
export function renameStrategy(doc: StrategyDoc, key: string, name: LocalText): Change {
  const strategies = doc.strategies.map((strategy) => (strategy.key === key ? { ...strategy, name } : strategy));
  return withStrategies("rename-strategy", doc, strategies);
}

/** Takes a strategy away. Null while a step outside of it uses it. */
export function removeStrategy(doc: StrategyDoc, key: string): Change | null {
  if (usesOf(doc, key).some(({ strategy }) => strategy !== key)) return null;
  return withStrategies(
    "remove-strategy",
    doc,
    doc.strategies.filter((strategy) => strategy.key !== key),
  );
}
