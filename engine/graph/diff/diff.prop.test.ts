import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LOCALES } from "../../model/locale";
import type { StrategyDoc } from "../../model/strategy";
import { documentArbitrary } from "../../run/testing/documents/document";
import { WIDE_MARKET } from "../../run/testing/documents/wide-market";
import { strategyContentHash } from "../hash";
import { parseStrategy } from "../parse";
import { DIFF_CHANGES_MAX, diffStrategies } from "./diff";
import { changedOrder } from "./order";

const strategies = documentArbitrary
  .map((document) => parseStrategy(document))
  .filter((read) => read.ok)
  .map(({ value }) => value);

/** A change of nothing but the drawing: boxes elsewhere, steps and lines in another order, lines under other ids. */
function redrawn(doc: StrategyDoc): StrategyDoc {
  const nodes = [...doc.nodes].reverse();
  const positions = Object.fromEntries(nodes.map(({ id }, index) => [id, { x: 40 * index, y: -index }]));
  return {
    ...structuredClone(doc),
    nodes,
    edges: [...doc.edges].reverse().map((edge, index) => ({ ...edge, id: `line-${index}` })),
    strategies: [...doc.strategies].reverse(),
    contents: [...doc.contents].reverse(),
    layout: { mode: "free", positions },
  };
}

describe("the difference of drawn strategies", () => {
  test("is empty against itself, and against the same strategy drawn otherwise", () => {
    fc.assert(
      fc.property(strategies, (doc) => {
        const none = { changes: [], omitted: 0, logic: false };
        expect(diffStrategies(doc, structuredClone(doc), WIDE_MARKET)).toEqual(none);
        expect(diffStrategies(doc, redrawn(doc), WIDE_MARKET)).toEqual(none);
      }),
      { numRuns: 60 },
    );
  });

  test("has a change of logic exactly when the content hash is another, and says every change in both languages", () => {
    fc.assert(
      fc.property(strategies, strategies, fc.nat(5), (before, other, kept) => {
        // Close relatives find more than strangers: most of the first, and some steps of the other.
        const taken = other.nodes.slice(0, kept);
        const ids = new Set(taken.map(({ id }) => id));
        const mixed = { ...before, nodes: [...before.nodes.filter(({ id }) => !ids.has(id)), ...taken] };
        const edges = before.edges.map((edge, at) => (at === kept ? { ...edge, to: before.entry.node } : edge));
        for (const after of [other, mixed, { ...before, edges }]) {
          const diff = diffStrategies(before, after, WIDE_MARKET);
          expect(diff.logic).toBe(strategyContentHash(before) !== strategyContentHash(after));
          expect(diff.changes.length).toBeLessThanOrEqual(DIFF_CHANGES_MAX);
          for (const { words } of diff.changes) {
            for (const locale of LOCALES) {
              expect(words[locale].sentence).not.toMatch(/undefined|\[object|\{\w+\}/);
              expect(words[locale].subject).not.toBe("");
            }
          }
        }
      }),
      { numRuns: 80 },
    );
  });

  test("counts what it does not list: eight thousand rows that changed", () => {
    const rows = (way: string) =>
      Array.from({ length: 8000 }, (_, index) => ({ id: `${way}-${index}`, cells: {}, outputs: {} }));
    const withRows = (way: string): StrategyDoc => {
      const table = { inputs: [], outputs: [], ways: [], rows: rows(way) };
      const [doc] = fc.sample(strategies, { numRuns: 1, seed: 1 });
      if (doc === undefined) throw new Error("no strategy was drawn");
      const data = { hitPolicy: "first", otherwiseExpected: false, table };
      return { ...doc, nodes: [...doc.nodes, { id: "grid", type: "table", version: 1, data }] };
    };
    const diff = diffStrategies(withRows("a"), withRows("b"), WIDE_MARKET);
    expect(diff.changes).toHaveLength(DIFF_CHANGES_MAX);
    expect(diff.omitted).toBe(16_000 - DIFF_CHANGES_MAX);
  });
});

test("the fewest items are told as moved: the others stand in their order without them", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(["a", "b", "c", "d", "e", "f"], { minLength: 6 }), (after) => {
      const before = ["a", "b", "c", "d", "e", "f"];
      const moved = changedOrder(before, after);
      const rest = after.filter((id) => !moved.includes(id));
      expect(rest).toEqual(before.filter((id) => rest.includes(id)));
      expect(moved.length === 0).toBe(before.join() === after.join());
    }),
  );
});
