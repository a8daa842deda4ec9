import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Condition } from "#engine";
import { asGroup, type ConditionView, conditionOfView, viewOfCondition } from "./condition-model";
import { moveBy, moveTo, type Step, type Zone } from "./condition-moves";

/** Questions are moved between groups by mouse and by keyboard; none is ever lost or asked twice. */

const ask = (value: number): Condition => ({ fact: "dpd", operator: "equal", value });
const rootOf = (condition: Condition) => asGroup(viewOfCondition(condition));
const read = (view: ConditionView | undefined) => (view === undefined ? null : conditionOfView(view));
const DEEP = 4;

describe("a question that is moved", () => {
  const three = rootOf({ all: [ask(1), ask(2), { any: [ask(3), ask(4)] }] });

  it("put on another makes one group of both, joined the other way", () => {
    const moved = moveTo(three, { from: [1], target: [0], zone: "together" }, DEEP);
    expect(read(moved?.root)).toEqual({ all: [{ any: [ask(1), ask(2)] }, { any: [ask(3), ask(4)] }] });
    expect(moved?.path).toEqual([0, 1]);
  });

  it("put on a group joins it at its end", () => {
    const moved = moveTo(three, { from: [0], target: [2], zone: "together" }, DEEP);
    expect(read(moved?.root)).toEqual({ all: [ask(2), { any: [ask(3), ask(4), ask(1)] }] });
    expect(moved?.path).toEqual([1, 2]);
  });

  it("takes its group away when it was the last in it", () => {
    const root = rootOf({ all: [ask(1), { any: [ask(2)] }] });
    expect(read(moveTo(root, { from: [1, 0], target: [0], zone: "before" }, DEEP)?.root)).toEqual({
      all: [ask(2), ask(1)],
    });
  });

  it("cannot be put into itself, nor deeper than people can still read", () => {
    expect(moveTo(three, { from: [2], target: [2, 0], zone: "together" }, DEEP)).toBeNull();
    expect(moveTo(three, { from: [0], target: [2, 0], zone: "together" }, 3)).toBeNull();
  });

  it.each<[Step, readonly number[], Condition]>([
    ["up", [1], { all: [ask(2), ask(1), { any: [ask(3), ask(4)] }] }],
    ["up", [2, 0], { all: [ask(1), ask(2), ask(3), { any: [ask(4)] }] }],
    ["down", [2, 1], { all: [ask(1), ask(2), { any: [ask(3)] }, ask(4)] }],
    ["in", [0], { all: [{ any: [ask(2), ask(1)] }, { any: [ask(3), ask(4)] }] }],
    ["in", [2], { all: [ask(1), { any: [ask(2), { any: [ask(3), ask(4)] }] }] }],
    ["out", [2, 1], { all: [ask(1), ask(2), { any: [ask(3)] }, ask(4)] }],
  ])("goes %s from %j by keyboard", (step, from, expected) => {
    expect(read(moveBy(three, from, { step, depthMax: DEEP })?.root)).toEqual(expected);
  });

  it("stays where there is no way on", () => {
    expect(moveBy(three, [0], { step: "up", depthMax: DEEP })).toBeNull();
    expect(moveBy(three, [0], { step: "out", depthMax: DEEP })).toBeNull();
  });
});

const { view: viewArb } = fc.letrec<{ view: ConditionView }>((tie) => ({
  view: fc.oneof(
    { maxDepth: 3 },
    fc.nat(99).map((value) => viewOfCondition(ask(value))),
    fc.record({
      kind: fc.constant("group" as const),
      denied: fc.boolean(),
      join: fc.constantFrom("all" as const, "any" as const),
      items: fc.array(tie("view"), { minLength: 1, maxLength: 3 }),
    }),
  ),
}));
const pathArb = fc.array(fc.nat(2), { maxLength: 4 });

function values(view: ConditionView): readonly unknown[] {
  return view.kind === "leaf" ? [view.leaf.value] : view.items.flatMap(values);
}

it("keeps every question exactly once, and leaves no empty group, whatever is moved where", () => {
  fc.assert(
    fc.property(
      viewArb,
      pathArb,
      fc.record({ target: pathArb, zone: fc.constantFrom<Zone>("before", "behind", "together") }),
      (view, from, { target, zone }) => {
        const root = asGroup(view);
        const moved = moveTo(root, { from, target, zone }, DEEP);
        if (moved === null) return;
        expect([...values(moved.root)].sort()).toEqual([...values(root)].sort());
        expect(JSON.stringify(moved.root)).not.toContain('"items":[]');
      },
    ),
    { numRuns: 500 },
  );
});
