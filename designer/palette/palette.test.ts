import { describe, expect, it } from "vitest";
import { emptyStrategy, nodeDefinitions, pinyinOf, type StrategyDoc } from "#engine";
import { flowOf } from "../canvas/bundles";
import { automaticLayout, drawingOf } from "../canvas/drawing";
import { changed } from "../commands/steps";
import type { PickerPlace } from "../store/store";
import { foundGroups, paletteGroups } from "./entries";
import { freeWayOn, nextPlace, refusalOf, stepAt } from "./placement";

const doc = emptyStrategy({ id: "strat_m1", key: "m1", name: { en: "M1" }, market: "cn" });
const drawn = (of: StrategyDoc) => {
  const flow = flowOf(of);
  return drawingOf({ doc: of, flow, labels: {}, layout: automaticLayout(of, flow, {}) });
};
const add = (of: StrategyDoc, type: string, place: PickerPlace) => {
  const made = stepAt(of, drawn(of).positions, { type, place });
  return { doc: changed(of, made?.change ?? null), id: made?.nodeId };
};
const byHand: StrategyDoc = { ...doc, layout: { mode: "free", positions: drawn(doc).positions } };
const line = { kind: "on-edges", edgeIds: doc.edges.map((edge) => edge.id) } as const;

describe("the palette", () => {
  it("offers every step type but the entry, found in either language", () => {
    const offered = paletteGroups().flatMap(({ definitions }) => definitions);
    expect(offered).toHaveLength(nodeDefinitions.filter((one) => one.group !== "entry").length);
    const named = (search: string) =>
      foundGroups(paletteGroups(), search).flatMap(({ definitions }) => definitions.map((one) => one.type));
    expect(named("robot call")).toEqual(["robot"]);
    expect(named("短信")[0]).toBe("sms");
    // The explanation of a message also speaks of waiting; the step that is called so comes first all the same.
    expect(named("wait")[0]).toBe("wait");
    expect(named("xyzzy")).toEqual([]);
  });

  it("finds Chinese names by pinyin, whole or by first letters", () => {
    const found = (search: string) =>
      foundGroups(paletteGroups(), search).flatMap(({ definitions }) => definitions.map((one) => one.type));
    expect(found("dx")[0]).toBe("sms");
    expect(found("duanxin")[0]).toBe("sms");
    expect(found("jqrwh")[0]).toBe("robot");
    const spelt = nodeDefinitions.map((one) => pinyinOf(one.texts["zh-CN"].title)[0]);
    expect(spelt.filter((word) => /[^a-z0-9/]/.test(word))).toEqual([]);
  });

  it("says why a step may not stand somewhere", () => {
    const refused = (place: PickerPlace) => nodeDefinitions.flatMap((one) => refusalOf(one, place) ?? []);
    expect(refused(line)).toEqual(["one-entry", "ends-path"]);
    expect(refused({ kind: "loose", at: null })).toEqual(["one-entry"]);
  });
});

describe("the next step", () => {
  it("goes behind the first free way on of what is selected, the usual way first", () => {
    const { doc: withRobot } = add(doc, "robot", line);
    expect(freeWayOn(withRobot, "robot-1")).toEqual({ node: "robot-1", handle: "spoke" });
    const place = nextPlace(withRobot, drawn(withRobot), { nodes: ["robot-1"], bundle: null, mark: null });
    expect(place).toEqual({ kind: "behind", from: { node: "robot-1", handle: "spoke" } });
  });

  it("goes into the usual way on where none is free", () => {
    expect(nextPlace(doc, drawn(doc), { nodes: ["start"], bundle: null, mark: null })).toEqual(line);
  });
});

describe("a step among others placed by hand", () => {
  it("makes room on a line and covers nobody", () => {
    const { doc: after, id = "" } = add(byHand, "wait", line);
    const { start, done, [id]: wait } = after.layout.positions;
    expect((wait?.y ?? 0) - (start?.y ?? 0)).toBeGreaterThanOrEqual(96);
    expect((done?.y ?? 0) - (wait?.y ?? 0)).toBeGreaterThanOrEqual(96);
  });

  it("stands where it was let go, and nothing else moves", () => {
    const before = drawn(doc).positions;
    const { doc: after, id = "" } = add(doc, "wait", { kind: "loose", at: { x: 700, y: 40 } });
    expect(after.layout.mode).toBe("free");
    expect(after.layout.positions[id]).toEqual({ x: 700, y: 40 });
    expect(after.layout.positions).toMatchObject(before);
  });

  it("takes a spot of its own when several are added behind one step", () => {
    let current = add(byHand, "branch", line).doc;
    for (const handle of ["rule-1", "unknown"]) {
      current = add(current, "sms", { kind: "behind", from: { node: "branch-1", handle } }).doc;
    }
    const spots = Object.values(current.layout.positions).map(({ x, y }) => `${x},${y}`);
    expect(new Set(spots).size).toBe(current.nodes.length);
  });
});
