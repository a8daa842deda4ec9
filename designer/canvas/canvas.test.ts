import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { emptyStrategy, type StrategyDoc } from "#engine";
import { viewOf } from "../commands/step-view";
import { addStep, changed, insertOnEdges } from "../commands/steps";
import { connect } from "../commands/wiring";
import { flowOf } from "./bundles";
import { handleX, outlineOf, roundedLine } from "./geometry";
import { labelRooms } from "./label-rooms";
import { layOut } from "./layout/layout";
import { loopSides } from "./loop-sides";
import { levelsOf, routeOf } from "./route";

const empty = (): StrategyDoc => emptyStrategy({ id: "strat_m1", key: "m1", name: { en: "M1" }, market: "cn" });
const card = { width: 232, height: 64 };
const layoutOf = (doc: StrategyDoc) => layOut({ flow: flowOf(doc), sizeOf: () => card, labelWidthOf: () => 96 });

/** A strategy grown at random: each number picks a free way on and what follows it. */
function grown(numbers: readonly number[]): StrategyDoc {
  let doc: StrategyDoc = { ...empty(), edges: [] };
  const free = [{ node: "start", handle: "enter" }];
  const types = ["wait", "branch", "robot", "sms", "split"];
  for (const number of numbers) {
    const from = free.splice(number % Math.max(free.length, 1), 1)[0];
    if (from === undefined) break;
    if (number % 7 === 0) {
      doc = changed(doc, connect(doc, from, "done"));
      continue;
    }
    const made = addStep(doc, { type: types[number % types.length] ?? "wait", from });
    if (made === null) continue;
    doc = changed(doc, made.change);
    const view = viewOf(doc.nodes.at(-1) as StrategyDoc["nodes"][number]);
    free.push(...view.handles.map((handle) => ({ node: made.nodeId, handle: handle.id })));
  }
  return doc;
}

function robotWith(targets: readonly string[]): { readonly doc: StrategyDoc; readonly made: readonly string[] } {
  const first = empty();
  const call = insertOnEdges(first, { edgeIds: first.edges.map((edge) => edge.id), type: "robot" });
  let doc = changed(first, call?.change ?? null);
  const made: string[] = [];
  for (const handle of targets) {
    const step = addStep(doc, { type: "wait", from: { node: "robot-1", handle } });
    doc = changed(doc, step?.change ?? null);
    made.push(step?.nodeId ?? "");
  }
  return { doc, made };
}

describe("bundles", () => {
  it("draw all ways from one step to another as one line, in the order of the handles", () => {
    const { doc, made } = robotWith(["spoke"]);
    const wait = made[0] ?? "";
    const both = changed(doc, connect(doc, { node: "robot-1", handle: "blocked" }, wait));
    const all = changed(both, connect(both, { node: "robot-1", handle: "care" }, wait));
    const bundle = flowOf(all).bundles.find((candidate) => candidate.target === wait);
    expect(bundle?.members.map((member) => member.edge.from.handle)).toEqual(["spoke", "care", "blocked"]);
  });

  it("know the lines that lead back", () => {
    const { doc, made } = robotWith(["exhausted"]);
    const wait = made[0] ?? "";
    const loop = changed(doc, connect(doc, { node: wait, handle: "elapsed" }, "robot-1"));
    expect(
      flowOf(loop)
        .bundles.filter((bundle) => bundle.loop)
        .map((bundle) => bundle.source),
    ).toEqual([wait]);
  });

  it("survive a chain of thousands of steps", () => {
    const links = Array.from({ length: 4000 }, (_, index) => index);
    const first = empty();
    const node = (id: number) => ({ id: `wait-${id}`, type: "wait", version: 1, data: { mode: "duration" } });
    const edge = (id: number) => ({
      id: `e${id}`,
      from: { node: `wait-${id}`, handle: "elapsed" },
      to: `wait-${id + 1}`,
    });
    const long = { ...first, entry: { node: "wait-0" }, nodes: links.map(node), edges: links.slice(0, -1).map(edge) };
    expect(flowOf(long).order).toHaveLength(4000);
  });
});

describe("the automatic layout", () => {
  it("keeps branches where the author put them, left to right", () => {
    const ways = ["spoke", "refused", "care", "exhausted"];
    const { doc, made } = robotWith(ways);
    const { positions } = layoutOf(doc);
    const order = [...made].sort((left, right) => (positions[left]?.x ?? 0) - (positions[right]?.x ?? 0));
    expect(order).toEqual(made);
  });

  it("never lets two steps overlap, and leads downwards", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(10_000), { minLength: 3, maxLength: 40 }), (numbers) => {
        const doc = grown(numbers);
        const { positions } = layoutOf(doc);
        const boxes = Object.values(positions);
        boxes.forEach((left, index) => {
          for (const right of boxes.slice(index + 1)) {
            const apart = Math.abs(left.x - right.x) >= card.width || Math.abs(left.y - right.y) >= card.height;
            expect(apart).toBe(true);
          }
        });
        for (const bundle of flowOf(doc).bundles.filter((candidate) => !candidate.loop)) {
          expect(positions[bundle.source]?.y ?? 0).toBeLessThan(positions[bundle.target]?.y ?? 0);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("keeps the words of neighbouring lines apart, however far the lines lead", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(10_000), { minLength: 3, maxLength: 40 }), (numbers) => {
        const labels = Object.values(layoutOf(grown(numbers)).lanes).flatMap(([label]) => label ?? []);
        labels.forEach((left, index) => {
          for (const right of labels.slice(index + 1)) {
            expect(Math.abs(left.x - right.x) >= 96 || Math.abs(left.y - right.y) >= 24).toBe(true);
          }
        });
      }),
      { numRuns: 40 },
    );
  });

  it("never lays level pieces of lines to different steps over each other", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(10_000), { minLength: 3, maxLength: 40 }), (numbers) => {
        const doc = grown(numbers);
        const { lanes } = layoutOf(doc);
        const level = flowOf(doc).bundles.flatMap(({ id, target }) =>
          (lanes[id] ?? []).slice(1).flatMap((corner, index, corners) => {
            const next = corners[index + 1];
            if (next === undefined || next.y !== corner.y) return [];
            return [{ target, y: corner.y, left: Math.min(corner.x, next.x), right: Math.max(corner.x, next.x) }];
          }),
        );
        level.forEach((one, index) => {
          for (const other of level.slice(index + 1)) {
            const over = one.y === other.y && one.left < other.right && other.left < one.right;
            expect(over && one.target !== other.target).toBe(false);
          }
        });
      }),
      { numRuns: 40 },
    );
  });

  it("leads every line past the steps of other rows", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(10_000), { minLength: 3, maxLength: 40 }), (numbers) => {
        const doc = grown(numbers);
        const { positions, lanes } = layoutOf(doc);
        for (const { id, target } of flowOf(doc).bundles) {
          const end = { x: (positions[target]?.x ?? 0) + card.width / 2, y: positions[target]?.y ?? 0 };
          const corners = [...(lanes[id] ?? []), end];
          corners.slice(1).forEach((to, index) => {
            const from = corners[index] ?? to;
            const met = Object.values(positions).filter(
              ({ x, y }) =>
                Math.max(from.x, to.x) > x &&
                Math.min(from.x, to.x) < x + card.width &&
                Math.max(from.y, to.y) > y &&
                Math.min(from.y, to.y) < y + card.height,
            );
            expect(met).toEqual([]);
          });
        }
      }),
      { numRuns: 40 },
    );
  });

  it("lets all lines to one far step share one trunk, and keeps the first step at its spot", () => {
    const links = Array.from({ length: 300 }, (_, index) => index);
    const first = empty();
    const done = first.nodes[1] as StrategyDoc["nodes"][number];
    const data = { mode: "event", events: ["payment.posted"], deadlineMinutes: 60 };
    const chain: StrategyDoc = {
      ...first,
      entry: { node: "wait-0" },
      nodes: [...links.map((id) => ({ id: `wait-${id}`, type: "wait", version: 1, data })), done],
      edges: links.flatMap((id) => [
        { id: `h${id}`, from: { node: `wait-${id}`, handle: "happened" }, to: "done" },
        { id: `e${id}`, from: { node: `wait-${id}`, handle: "elapsed" }, to: id === 299 ? "done" : `wait-${id + 1}` },
      ]),
    };
    const { positions, lanes } = layoutOf(chain);
    // The second corner of a line that joins the trunk stands on it; the first line's label stands above it already.
    const trunks = links.slice(1, 298).map((id) => lanes[`wait-${id}>done`]?.[2]?.x);
    expect(new Set(trunks).size).toBe(1);
    expect(positions["wait-0"]).toEqual({ x: -card.width / 2, y: 0 });
    expect(Math.max(...Object.values(positions).map(({ x }) => x))).toBeLessThan(1000);
  });

  it("gives the same drawing every time", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(10_000), { minLength: 3, maxLength: 30 }), (numbers) => {
        expect(layoutOf(grown(numbers))).toEqual(layoutOf(structuredClone(grown(numbers))));
      }),
      { numRuns: 20 },
    );
  });
});

describe("the lines", () => {
  it("run straight down where the target stands below", () => {
    const route = routeOf({
      starts: [{ x: 100, y: 64 }],
      end: { x: 100, y: 160 },
      lanes: [{ x: 100, y: 110 }],
      level: 0,
      loop: false,
      right: 216,
    });
    expect(route.trunk).toBe("M 100 84 L 100 160");
    expect(route.label).toEqual({ x: 100, y: 110 });
  });

  it("lead around the right side when they go back up", () => {
    const starts = [{ x: 100, y: 300 }];
    const route = routeOf({ starts, end: { x: 100, y: 20 }, lanes: null, level: 0, loop: true, right: 216 });
    expect(route.label.x).toBeGreaterThan(216);
  });

  it("stand on levels of their own where they would cross", () => {
    const lines = [
      { startX: 10, firstX: -300 },
      { startX: 40, firstX: -100 },
      { startX: 70, firstX: 70 },
      { startX: 100, firstX: 200 },
      { startX: 130, firstX: 400 },
    ];
    expect(levelsOf(lines)).toEqual([0, 1, 0, 1, 0]);
  });

  it("lead a loop around everything it passes, and a long one around a short one", () => {
    const loops = [
      { id: "long", top: 0, bottom: 900, halfLabel: 20 },
      { id: "short", top: 300, bottom: 400, halfLabel: 10 },
    ];
    const passed = [
      { top: 320, bottom: 384, right: 500 },
      { top: 600, bottom: 664, right: 120 },
      { top: 1000, bottom: 1064, right: 2000 },
    ];
    const sides = loopSides(loops, passed);
    expect(sides.get("short")).toBe(510);
    expect(sides.get("long")).toBe(540);
  });

  it("share the room between two words that would run into each other, and give up a word without room", () => {
    const at = (x: number, y = 0) => ({ x, y });
    const rooms = labelRooms([
      { id: "wide", at: at(0), width: 150 },
      { id: "narrow", at: at(80), width: 50 },
      { id: "far", at: at(400), width: 90 },
      { id: "below", at: at(0, 40), width: 150 },
      { id: "under", at: at(10, 44), width: 150 },
    ]);
    expect(rooms.get("wide")).toBe(111);
    expect(rooms.get("narrow")).toBe(37);
    expect(rooms.get("far")).toBe(90);
    expect(rooms.get("below")).toBe(0);
  });

  it("have no corner sharper than their pieces allow", () => {
    const path = roundedLine([
      { x: 0, y: 0 },
      { x: 0, y: 4 },
      { x: 4, y: 4 },
    ]);
    expect(path).toBe("M 0 0 L 0 2 Q 0 4 2 4 L 4 4");
  });
});

describe("the shapes", () => {
  it("close, and keep their handles on the straight part", () => {
    for (const shape of ["disc", "card", "pill", "cut", "tab"] as const) expect(outlineOf(shape, card)).toMatch(/Z$/);
    expect(handleX(0, 8, 232)).toBeGreaterThanOrEqual(24);
    expect(handleX(7, 8, 232)).toBeLessThanOrEqual(208);
    expect(handleX(0, 1, 64)).toBe(32);
  });
});
