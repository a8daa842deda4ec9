import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { linterOf, lintStrategy } from "#engine";
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
      { numRuns: 60 },
    );
    expect(seen.size).toBeGreaterThanOrEqual(GESTURES.length - 3);
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
