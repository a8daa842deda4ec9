import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { linterOf, lintStrategy, type MarketPack, type StrategyDoc } from "#engine";
import { strategyArbitrary } from "#engine/run/testing/documents/document";
import { WIDE_MARKET } from "#engine/run/testing/documents/wide-market";
import { longStrategy } from "../../test/bench/long-strategy";
import { applyOperations } from "./operation";
import { updateData } from "./steps";
import { GESTURES } from "./testing/gestures";

describe("a lint that remembers", () => {
  test("says after any gestures, done and undone, what a lint of the whole document says", () => {
    const gestures = fc.array(fc.tuple(fc.nat(GESTURES.length - 1), fc.nat(400)), { minLength: 1, maxLength: 10 });
    const seen = new Set<number>();
    fc.assert(
      fc.property(strategyArbitrary, gestures, (first, told) => {
        const lint = linterOf();
        let doc = first;
        expect(lint(doc, WIDE_MARKET)).toEqual(lintStrategy(doc, WIDE_MARKET));
        for (const [gesture, aim] of told) {
          const change = GESTURES[gesture]?.(doc, aim) ?? null;
          if (change === null) continue;
          const done = applyOperations(doc, change.operations);
          expect(lint(done.doc, WIDE_MARKET)).toEqual(lintStrategy(done.doc, WIDE_MARKET));
          const undone = applyOperations(done.doc, done.inverse).doc;
          expect(lint(undone, WIDE_MARKET)).toEqual(lintStrategy(undone, WIDE_MARKET));
          seen.add(gesture);
          doc = done.doc;
        }
      }),
      { numRuns: 30 },
    );
    expect(seen.size).toBeGreaterThanOrEqual(GESTURES.length - 3);
  });

  test("knows what a step was linted against: what it uses, its texts, its settings, its market, its place", () => {
    const changes: readonly ((doc: StrategyDoc) => StrategyDoc)[] = [
      (doc) => ({ ...doc, strategies: [] }),
      (doc) => ({ ...doc, strategies: doc.strategies.map((inside) => ({ ...inside, nodes: inside.nodes.slice(1) })) }),
      (doc) => ({ ...doc, contents: [] }),
      (doc) => ({ ...doc, settings: { ...doc.settings, variables: [], fields: [] } }),
      (doc) => ({ ...doc, settings: { ...doc.settings, exits: [], horizonDays: 1 } }),
      (doc) => ({ ...doc, nodes: doc.nodes.slice(1) }),
      (doc) => ({ ...doc, nodes: doc.nodes.toReversed() }),
    ];
    const bare: MarketPack = { ...WIDE_MARKET, contents: {}, lexicons: {} };
    const told = changes.map(() => 0);
    fc.assert(
      fc.property(strategyArbitrary, (doc) => {
        const lint = linterOf();
        const before = lint(doc, WIDE_MARKET);
        for (const [index, change] of changes.entries()) {
          const after = lint(change(doc), WIDE_MARKET);
          expect(after).toEqual(lintStrategy(change(doc), WIDE_MARKET));
          if (JSON.stringify(after) !== JSON.stringify(before)) told[index] = (told[index] ?? 0) + 1;
        }
        expect(lint(doc, bare)).toEqual(lintStrategy(doc, bare));
        expect(lint(doc, WIDE_MARKET)).toEqual(before);
      }),
      { numRuns: 40 },
    );
    // Each change makes a difference to some strategy, else it proves nothing.
    for (const count of told) expect(count).toBeGreaterThan(0);
  });

  test("looks into the one step that was changed, out of five hundred", () => {
    const lint = linterOf();
    const doc = longStrategy(500);
    let looked = 0;
    const counting = <TValue extends object>(value: TValue): TValue =>
      new Proxy(value, {
        get: (target, member, receiver) => {
          if (member === "data") looked += 1;
          return Reflect.get(target, member, receiver);
        },
      });
    const watched = { ...doc, nodes: doc.nodes.map(counting) };
    lint(watched, WIDE_MARKET);
    const all = looked;
    looked = 0;
    const node = watched.nodes[2];
    const change = updateData(watched, node?.id ?? "", { ...node?.data, maxAttempts: 2 } as never);
    const after = applyOperations(watched, change?.operations ?? []).doc;
    looked = 0;
    lint(after, WIDE_MARKET);
    expect(all).toBeGreaterThanOrEqual(500);
    expect(looked).toBeLessThan(5);
  });
});
