import type { StrategyDoc } from "#engine";

/**
 * A strategy inside a document, as a document: its own steps, edges, variables and name, and for the rest what the document
 * around it has. Everything that draws and edits a document works on it without knowing the difference. It keeps no positions:
 * strategies inside are always laid out by the program. Null when the document carries no such strategy.
 */
export function innerDoc(doc: StrategyDoc, key: string): StrategyDoc | null {
  const strategy = doc.strategies.find((candidate) => candidate.key === key);
  if (strategy === undefined) return null;
  const { name, entry, nodes, edges, variables } = strategy;
  return {
    ...doc,
    name,
    entry,
    nodes,
    edges,
    settings: { ...doc.settings, variables },
    frames: [],
    notes: [],
    layout: { mode: "auto", positions: {} },
  };
}

/** The document with one of its strategies as `inner` has it; what both share (texts, exits, lender's fields) is taken over too. */
export function withInnerDoc(doc: StrategyDoc, key: string, inner: StrategyDoc): StrategyDoc {
  const { name, entry, nodes, edges } = inner;
  const { variables } = inner.settings;
  return {
    ...doc,
    settings: { ...inner.settings, variables: doc.settings.variables },
    contents: inner.contents,
    tests: inner.tests,
    strategies: inner.strategies.map((strategy) =>
      strategy.key === key ? { ...strategy, name, entry, nodes, edges, variables } : strategy,
    ),
  };
}
