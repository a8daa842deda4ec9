import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { briefly, contextWith } from "../testing/context";
import { split } from "./node";

const arms = (...weights: readonly number[]) => weights.map((weight, index) => ({ id: `arm-${index + 1}`, weight }));

describe("weights", () => {
  test.each([
    [[5000, 5000], []],
    [[9999, 1], []],
    [[5000, 4999], ["error split.weights-sum arms"]],
    [[5000, 5001], ["error split.weights-sum arms"]],
    [[10_000, 0], ["warning split.weight-zero arms[1].weight"]],
    [[10_000], ["error split.too-few-arms arms"]],
    [[], ["error split.too-few-arms arms", "error split.weights-sum arms"]],
  ])("%j", (weights, expected) => {
    const data = { experimentKey: "m1-test", phase: 1, arms: arms(...weights) };
    expect(briefly(split.lint(data, contextWith()))).toEqual(expected);
  });

  test("say what they add up to", () => {
    const data = { experimentKey: "m1-test", phase: 1, arms: arms(3000, 3000) };
    expect(split.lint(data, contextWith())[0]?.params).toEqual({ sum: 6000, expected: 10_000 });
  });

  test("are whole parts of ten thousand, never fractions or negative", () => {
    for (const weight of [-1, 0.5, 10_001, Number.NaN]) {
      expect(split.schema.safeParse({ experimentKey: "x", phase: 1, arms: arms(weight, 5000) }).success).toBe(false);
    }
  });
});

test("an experiment needs a key, and arms of different names", () => {
  const data = {
    experimentKey: "",
    phase: 1,
    arms: [
      { id: "a", weight: 5000 },
      { id: "a", weight: 5000 },
    ],
  };
  expect(briefly(split.lint(data, contextWith()))).toEqual([
    "error split.key-missing experimentKey",
    "error split.arm-id-twice arms[1].id",
  ]);
});

test("whatever lints, compiles to arms that add up to the whole, in the author's order", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 10_000 }), { maxLength: 5 }), (weights) => {
      const data = { experimentKey: "m1-test", phase: 3, arms: arms(...weights) };
      if (split.lint(data, contextWith()).some(({ severity }) => severity === "error")) return;
      const spec = split.compile(data, contextWith());
      if (spec.kind !== "split") throw new Error("a split compiles to a split");
      expect(spec.arms.reduce((sum, arm) => sum + arm.weight, 0)).toBe(10_000);
      expect(spec.arms.map(({ arm, handle }) => [arm, handle])).toEqual(data.arms.map(({ id }) => [id, id]));
      expect(spec.phase).toBe(3);
    }),
    { examples: [[[2500, 2500, 5000]]] },
  );
});
