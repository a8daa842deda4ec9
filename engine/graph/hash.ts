import { canonicalHash, canonicalJson } from "../model/json";
import type { StrategyDoc, SubStrategy } from "../model/strategy";
import { normalData } from "./write";

function sortedByText<TItem>(items: readonly TItem[]): readonly TItem[] {
  return items
    .map((item) => ({ item, text: canonicalJson(item) }))
    .sort((left, right) => (left.text < right.text ? -1 : Number(left.text > right.text)))
    .map(({ item }) => item);
}

type Drawn = Pick<StrategyDoc, "nodes" | "edges">;

/** What steps and lines make the engine do: neither names nor ids of lines nor the order of steps count. */
export function drawnLogic({ nodes, edges }: Drawn) {
  return {
    nodes: sortedByText(
      nodes.map((node) => ({ id: node.id, type: node.type, version: node.version, data: normalData(node) })),
    ),
    edges: sortedByText(edges.map(({ from, to }) => ({ from, to }))),
  };
}

function subStrategyLogic({ key, entry, variables, nodes, edges }: SubStrategy) {
  return { key, entry, variables, ...drawnLogic({ nodes, edges }) };
}

/** The same of strategies inside a document. */
export function strategiesLogic(strategies: readonly SubStrategy[]) {
  return sortedByText(strategies.map(subStrategyLogic));
}

/**
 * SHA-256 (hex) of what a document makes the engine do: entry, settings, steps with their data, where they lead, and the
 * texts it carries. Names, notes, frames, layout, tests, ids of edges and the order of steps do not count: moving or
 * renaming a box never makes a new version. The order of rules inside a step does.
 */
export function strategyContentHash(doc: StrategyDoc): string {
  return canonicalHash({
    schemaVersion: doc.schemaVersion,
    entry: doc.entry,
    settings: doc.settings,
    ...drawnLogic(doc),
    contents: sortedByText(doc.contents),
    strategies: strategiesLogic(doc.strategies),
  });
}
