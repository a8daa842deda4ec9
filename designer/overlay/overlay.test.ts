import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FLOW_WIDTH_MAX, type FlowLine, type FlowPiece, flowPaths, flowPieces, flowWidth } from "./flow-pieces";
import { figureAt, figuresOf, type Overlay, scaleOf, sharesOf } from "./overlay";

const OVERLAY: Overlay = {
  steps: {
    start: { entered: 100, waiting: 0, passed: 100 },
    call: { entered: 100, waiting: 30, passed: 70, recoveredMinor: 5000, costMinor: 120 },
    done: { entered: 60, waiting: 0, passed: 0, recoveredMinor: 15_000, costMinor: 0 },
  },
  flows: { "start>call": 100, "call>done": 60, "call>sms": 10 },
};

describe("the figures of an overlay", () => {
  it("offers only what is known of some step", () => {
    expect(figuresOf(OVERLAY)).toEqual(["waiting", "passed", "recovered", "cost"]);
    expect(figuresOf({ steps: {}, flows: {} })).toEqual([]);
  });

  it("measures money by all money, and those who passed by those who came in", () => {
    expect(scaleOf(OVERLAY, "recovered", "start")).toEqual({ most: 15_000, whole: 20_000, widest: 100 });
    expect(scaleOf(OVERLAY, "passed", "start")).toEqual({ most: 100, whole: 100, widest: 100 });
    expect(figureAt({ entered: 1, waiting: 1, passed: 0 }, "failures")).toBeUndefined();
  });

  it("says what part of those who left a step went which way", () => {
    const bundles = [
      { id: "start>call", source: "start" },
      { id: "call>done", source: "call" },
      { id: "call>sms", source: "call" },
      { id: "sms>done", source: "sms" },
    ];
    const shares = sharesOf(OVERLAY.flows, bundles);
    expect(shares.get("call>done")).toBeCloseTo(6 / 7);
    expect(shares.has("sms>done")).toBe(false);
  });
});

describe("the widths of ways", () => {
  it("are added up where lines share their way, from where the second joins", () => {
    const trunk: FlowLine = { flow: 10, points: [at(0, 0), at(0, 100)] };
    const joining: FlowLine = { flow: 5, points: [at(50, 20), at(50, 60), at(0, 60), at(0, 100)] };
    const pieces = flowPieces([trunk, joining]);
    expect(pieces).toContainEqual({ from: at(0, 0), to: at(0, 60), flow: 10 });
    expect(pieces).toContainEqual({ from: at(0, 60), to: at(0, 100), flow: 15 });
    expect(pieces).toContainEqual({ from: at(50, 20), to: at(50, 60), flow: 5 });
    expect(pieces).toHaveLength(4);
  });

  it("carry at every place what all lines over that place carry, and nothing elsewhere", () => {
    const place = fc.integer({ min: 0, max: 6 });
    const line = fc.record({
      flow: fc.integer({ min: 1, max: 50 }),
      points: fc.array(fc.tuple(place, place), { minLength: 2, maxLength: 5 }).map((corners) => {
        const points = [at(...(corners[0] ?? [0, 0]))];
        corners.slice(1).forEach(([x, y], index) => {
          const before = points.at(-1) ?? at(0, 0);
          points.push(index % 2 === 0 ? at(before.x, y) : at(x, before.y));
        });
        return points;
      }),
    });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        const pieces = flowPieces(lines);
        for (let x = 0; x < 6.5; x += 0.5)
          for (let y = 0; y < 6.5; y += 0.5) {
            // Half places lie inside pieces, never on an end.
            if (Number.isInteger(x) === Number.isInteger(y)) continue;
            expect(over(pieces, x, y)).toBe(over(lines.flatMap(straights), x, y));
          }
      }),
      { numRuns: 60 },
    );
  });

  it("are in proportion, and never too thin to be seen", () => {
    expect(flowWidth(500, 1000)).toBe(FLOW_WIDTH_MAX / 2);
    expect(flowWidth(1, 100_000)).toBeGreaterThanOrEqual(2);
    expect(flowWidth(0, 1000)).toBe(0);
    const pieces = flowPieces([
      { flow: 4, points: [at(0, 0), at(0, 10), at(10, 10)] },
      { flow: 2, points: [at(30, 0), at(30, 10)] },
    ]);
    expect(flowPaths(pieces).map(({ width }) => width)).toEqual([FLOW_WIDTH_MAX, FLOW_WIDTH_MAX / 2]);
  });
});

function at(x: number, y: number) {
  return { x, y };
}

function straights({ points, flow }: FlowLine) {
  return points.slice(1).map((to, index) => ({ from: points[index] ?? to, to, flow }));
}

function over(pieces: readonly FlowPiece[], x: number, y: number): number {
  const between = (value: number, left: number, right: number) =>
    value > Math.min(left, right) && value < Math.max(left, right);
  return pieces
    .filter(
      ({ from, to }) =>
        (from.x === to.x && from.x === x && between(y, from.y, to.y)) ||
        (from.y === to.y && from.y === y && between(x, from.x, to.x)),
    )
    .reduce((sum, { flow }) => sum + flow, 0);
}
