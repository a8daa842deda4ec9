import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diffStrategies, LOCALES, strategyContentHash } from "#engine";
import { strategyArbitrary } from "#engine/run/testing/documents/document";
import { WIDE_MARKET } from "#engine/run/testing/documents/wide-market";
import { applyOperations } from "./operation";
import { GESTURES } from "./testing/gestures";

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
