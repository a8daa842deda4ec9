import type { Position } from "../commands/operation";

/** A line along which so many accounts went. Level and upright pieces only. */
export type FlowLine = { readonly points: readonly Position[]; readonly flow: number };
/** A straight piece of the drawing with everything that goes over it. */
export type FlowPiece = { readonly from: Position; readonly to: Position; readonly flow: number };

type Stretch = { readonly start: number; readonly end: number; readonly flow: number };

/**
 * Lines to one step share their last way. Where several lie over each other, what goes over them is added up: a trunk is as wide as all
 * that flowed into it above. Pieces that go neither level nor upright (lines of steps placed by hand) are left as they are.
 */
export function flowPieces(lines: readonly FlowLine[]): readonly FlowPiece[] {
  const upright = new Map<number, Stretch[]>();
  const level = new Map<number, Stretch[]>();
  const slanted: FlowPiece[] = [];
  for (const { points, flow } of lines) {
    points.forEach((to, index) => {
      const from = points[index - 1];
      if (from === undefined || flow <= 0) return;
      if (from.x === to.x) add(upright, from.x, { start: from.y, end: to.y, flow });
      else if (from.y === to.y) add(level, from.y, { start: from.x, end: to.x, flow });
      else slanted.push({ from, to, flow });
    });
  }
  return [
    ...[...upright].flatMap(([x, found]) =>
      summed(found).map(({ start, end, flow }) => ({ from: { x, y: start }, to: { x, y: end }, flow })),
    ),
    ...[...level].flatMap(([y, found]) =>
      summed(found).map(({ start, end, flow }) => ({ from: { x: start, y }, to: { x: end, y }, flow })),
    ),
    ...slanted,
  ];
}

function add(stretches: Map<number, Stretch[]>, at: number, { start, end, flow }: Stretch): void {
  if (start === end) return;
  const found = stretches.get(at) ?? [];
  found.push({ start: Math.min(start, end), end: Math.max(start, end), flow });
  stretches.set(at, found);
}

/** Stretches of one straight, cut where one begins or ends; neighbours with the same flow are one again. */
function summed(stretches: readonly Stretch[]): readonly Stretch[] {
  const change = new Map<number, number>();
  for (const { start, end, flow } of stretches) {
    change.set(start, (change.get(start) ?? 0) + flow);
    change.set(end, (change.get(end) ?? 0) - flow);
  }
  const places = [...change.keys()].toSorted((left, right) => left - right);
  const pieces: Stretch[] = [];
  let flow = 0;
  places.forEach((end, index) => {
    const start = places[index - 1];
    const last = pieces.at(-1);
    if (start !== undefined && flow > 0) {
      if (last?.end === start && last.flow === flow) pieces[pieces.length - 1] = { ...last, end };
      else pieces.push({ start, end, flow });
    }
    flow += change.get(end) ?? 0;
  });
  return pieces;
}

/** Widest line of an overlay, in pixels of the chart: still narrower than the gap between two steps. */
export const FLOW_WIDTH_MAX = 18;
const FLOW_WIDTH_MIN = 2;

/** Width of a line by what goes over it: in proportion, but never too thin to be seen. Whole half pixels, so that few paths are drawn. */
export function flowWidth(flow: number, widest: number): number {
  if (flow <= 0 || widest <= 0) return 0;
  return Math.max(FLOW_WIDTH_MIN, Math.round((FLOW_WIDTH_MAX * 2 * flow) / widest) / 2);
}

/** The pieces as SVG paths by width: hundreds of lines become some dozen elements. */
export function flowPaths(pieces: readonly FlowPiece[]): readonly { readonly width: number; readonly path: string }[] {
  const widest = Math.max(0, ...pieces.map(({ flow }) => flow));
  const paths = new Map<number, string>();
  for (const { from, to, flow } of pieces) {
    const width = flowWidth(flow, widest);
    paths.set(width, `${paths.get(width) ?? ""}M${from.x} ${from.y}L${to.x} ${to.y}`);
  }
  return [...paths].map(([width, path]) => ({ width, path }));
}
