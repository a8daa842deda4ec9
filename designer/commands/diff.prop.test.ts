import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diffStrategies, LOCALES, nodeDefinitions, type StrategyDoc, strategyContentHash } from "#engine";
import { strategyArbitrary } from "#engine/run/testing/documents/document";
import { WIDE_MARKET } from "#engine/run/testing/documents/wide-market";
import { setName, setSettings } from "./details";
import { applyOperations, type Change } from "./operation";
import {
  addStep,
  duplicateSteps,
  insertOnEdges,
  moveSteps,
  noteStep,
  removeSteps,
  renameStep,
  tidy,
  updateData,
} from "./steps";
import { addStrategy, removeStrategy, renameStrategy } from "./sub-strategies";
import { addVariable } from "./variables";
import { disconnect, redirect } from "./wiring";

const SAID = { "zh-CN": "改名", en: "Renamed" };

/** Every gesture an author has, aimed by a number at one of the steps or lines there are. */
const GESTURES: readonly ((doc: StrategyDoc, aim: number) => Change | null)[] = [
  (doc, aim) => renameStep(doc, step(doc, aim), SAID),
  (doc, aim) => noteStep(doc, step(doc, aim), "note"),
  (doc, aim) => moveSteps(doc, { [step(doc, aim)]: { x: aim, y: aim } }),
  (doc) => tidy(doc),
  (doc, aim) => removeSteps(doc, [step(doc, aim)]),
  (doc, aim) => duplicateSteps(doc, [step(doc, aim)])?.change ?? null,
  (doc, aim) => addStep(doc, { type: type(aim) })?.change ?? null,
  (doc, aim) => insertOnEdges(doc, { type: type(aim), edgeIds: [edge(doc, aim)] })?.change ?? null,
  (doc, aim) => redirect(doc, from(doc, aim), step(doc, aim + 1)),
  (doc, aim) => disconnect(doc, [edge(doc, aim)]),
  (doc, aim) => updateData(doc, step(doc, aim), exampleFor(doc, aim)),
  (doc, aim) => setSettings(doc, { ...doc.settings, horizonDays: 1 + (aim % 400) }),
  (doc) => setName(doc, SAID),
  (doc, aim) => addVariable(doc, { name: `own_${aim}`, type: "integer", initial: null }),
  (doc) => addStrategy(doc, SAID)?.change ?? null,
  (doc, aim) => inner(doc, aim, (key) => renameStrategy(doc, key, SAID)),
  (doc, aim) => inner(doc, aim, (key) => removeStrategy(doc, key)),
];

const at = <TItem>(items: readonly TItem[], aim: number): TItem | undefined => items[aim % Math.max(1, items.length)];
const step = (doc: StrategyDoc, aim: number): string => at(doc.nodes, aim)?.id ?? "";
const edge = (doc: StrategyDoc, aim: number): string => at(doc.edges, aim)?.id ?? "";
const from = (doc: StrategyDoc, aim: number) => at(doc.edges, aim)?.from ?? { node: "", handle: "" };
const type = (aim: number): string => at(nodeDefinitions, aim)?.type ?? "";
const inner = (doc: StrategyDoc, aim: number, act: (key: string) => Change | null): Change | null => {
  const strategy = at(doc.strategies, aim);
  return strategy === undefined ? null : act(strategy.key);
};

/** Data another step of its type might have. */
function exampleFor(doc: StrategyDoc, aim: number): StrategyDoc["nodes"][number]["data"] {
  const node = at(doc.nodes, aim);
  const definition = nodeDefinitions.find((known) => known.type === node?.type);
  const example = definition === undefined ? undefined : at(definition.examples, aim >> 3);
  return { ...(example ?? node?.data) } as StrategyDoc["nodes"][number]["data"];
}

describe("after any gesture of an author", () => {
  test("the review has a change of logic exactly when the content hash is another, and undoing empties it", () => {
    const seen = new Set<number>();
    const gestures = fc.array(fc.tuple(fc.nat(GESTURES.length - 1), fc.nat(400)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(strategyArbitrary, gestures, (first, told) => {
        let before = first;
        for (const [gesture, aim] of told) {
          const change = GESTURES[gesture]?.(before, aim) ?? null;
          if (change === null) continue;
          const { doc: after, inverse } = applyOperations(before, change.operations);
          const diff = diffStrategies(before, after, WIDE_MARKET);
          expect(diff.logic).toBe(strategyContentHash(before) !== strategyContentHash(after));
          for (const { words } of diff.changes)
            for (const locale of LOCALES) expect(words[locale].sentence).not.toBe("");
          const undone = diffStrategies(before, applyOperations(after, inverse).doc, WIDE_MARKET);
          expect(undone.changes).toEqual([]);
          seen.add(gesture);
          before = after;
        }
      }),
      { numRuns: 60 },
    );
    // Two can only follow another: tidying what was moved, removing a strategy nothing uses.
    expect(seen.size).toBeGreaterThanOrEqual(GESTURES.length - 2);
  });
});
