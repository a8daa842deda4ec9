import type { Position } from "../../commands/operation";
import type { Bundle, Flow } from "../bundles";
import { type Chart, chartOf } from "./chart";
import { columnsOf } from "./columns";
import { layersOf } from "./layers";
import { type Crossing, tracksOf } from "./rows";

export type Size = { readonly width: number; readonly height: number };

const NODE_GAP = 36;
/** Labels may stand closer to each other than steps. */
const LABEL_GAP = NODE_GAP / 2;
const LABEL_HEIGHT = 26;
/** A line without a label still keeps a lane of its own. */
const LANE_WIDTH = 12;
const TRUNK_ROOM = LANE_WIDTH + LABEL_GAP;
/** From a step down to its labels; more where its ways on spread over several levels (`route.ts`). */
const ABOVE_LABEL = 24;
const LEVEL_GAP = 7;
const LEVELS_FREE = 1;
/** From a label down to the next step: the plus on the line, then the tracks, then the arrow. */
const BELOW_LABEL = 26;
const BEFORE_TRACKS = 22;
const TRACK_GAP = 6;
const BELOW_TRACKS = 18;

export type LayoutInput = {
  readonly flow: Flow;
  readonly sizeOf: (nodeId: string) => Size;
  /** Width of a bundle's label in pixels; 0 = none. */
  readonly labelWidthOf: (bundleId: string) => number;
};

export type Layout = {
  /** Top left corners. */
  readonly positions: { readonly [nodeId: string]: Position };
  /** By bundle: the place of its label, then every corner of its line on the way down, ends excluded. Loops have none. */
  readonly lanes: { readonly [bundleId: string]: readonly Position[] };
  /** Lines that flow into a trunk which another line draws: from the third place of their lane on they only repeat it. */
  readonly shared: ReadonlySet<string>;
};

/**
 * Top-down layers. Branches stay where the author put their rules, lanes are straight, and the first step always stands at the
 * same spot, so that a change further down never moves what one looks at. Loops are left out, because a line back pulls whole
 * lanes aside; they are drawn around the steps. Labels are placed like steps, in a row of their own below their step. The same flow gives
 * the same positions. Near linear: 500 steps take some 20 ms of processor time, 5,000, the most a document holds, a third of a second.
 */
export function layOut(input: LayoutInput): Layout {
  const { flow, sizeOf, labelWidthOf } = input;
  const forward = flow.bundles.filter((bundle) => !bundle.loop);
  const chart = chartOf({
    order: flow.order,
    forward,
    layers: layersOf(flow.order, forward),
    stepRoom: (id) => sizeOf(id).width + NODE_GAP,
    labelRoom: (id) => Math.max(labelWidthOf(id), LANE_WIDTH) + LABEL_GAP,
    trunkRoom: TRUNK_ROOM,
  });
  const columns = columnsOf(chart);
  const originX = columns[chart.steps.get(flow.order[0] ?? "") ?? 0] ?? 0;
  const xOf = (place: number): number => Math.round((columns[place] ?? 0) - originX);
  const rows = rowHeights({ chart, forward, xOf, sizeOf, order: flow.order });
  const positions: { [nodeId: string]: Position } = {};
  for (const [id, place] of chart.steps) {
    const { width, height } = sizeOf(id);
    const middle = rows.middles[chart.ranks[place] ?? 0] ?? 0;
    positions[id] = { x: Math.round(xOf(place) - width / 2), y: Math.round(middle - height / 2) };
  }
  const lanes = lanesOf(forward, { chart, rows, xOf });
  return { positions, lanes, shared: sharedOf(forward, { chart, xOf }) };
}

type Rows = {
  /** Middle of each rank. */
  readonly middles: readonly number[];
  /** Height of the level piece of lines to a step, below a rank of labels. */
  readonly turnY: (rank: number, target: string) => number;
};

type RowsInput = {
  readonly chart: Chart;
  readonly forward: readonly Bundle[];
  readonly xOf: (place: number) => number;
  readonly sizeOf: LayoutInput["sizeOf"];
  readonly order: readonly string[];
};

/** Ranks from the top down, each as far below the one before as the lines between them need. */
function rowHeights({ chart, forward, xOf, sizeOf, order }: RowsInput): Rows {
  const tracks = tracksByRank({ chart, forward, xOf });
  const levels = levelsByRank(chart, xOf);
  const heights: number[] = chart.rows.map((_, rank) => (rank % 2 === 1 ? LABEL_HEIGHT : 0));
  for (const id of order) {
    const rank = chart.ranks[chart.steps.get(id) ?? 0] ?? 0;
    heights[rank] = Math.max(heights[rank] ?? 0, sizeOf(id).height);
  }
  const middles: number[] = [];
  let y = 0;
  heights.forEach((height, rank) => {
    middles.push(y + height / 2);
    const spread = Math.max(0, (levels[rank] ?? 0) - LEVELS_FREE);
    const used = tracks[rank]?.size ?? 0;
    const count = used === 0 ? 0 : Math.max(...(tracks[rank]?.values() ?? [])) + 1;
    const below = count === 0 ? BELOW_LABEL : BEFORE_TRACKS + (count - 1) * TRACK_GAP + BELOW_TRACKS;
    y += height + (rank % 2 === 1 ? below : ABOVE_LABEL + spread * LEVEL_GAP);
  });
  const turnY = (rank: number, target: string): number =>
    (middles[rank] ?? 0) + LABEL_HEIGHT / 2 + BEFORE_TRACKS + (tracks[rank]?.get(target) ?? 0) * TRACK_GAP;
  return { middles, turnY };
}

/** Tracks of what moves sideways below each rank of labels, by the step it leads to. */
function tracksByRank({ chart, forward, xOf }: Pick<RowsInput, "chart" | "forward" | "xOf">) {
  const crossings: Map<string, Crossing>[] = [];
  const add = (target: string, upper: number, lower: number): void => {
    const [from, to] = [xOf(upper), xOf(lower)];
    const rank = chart.ranks[upper] ?? 0;
    if (from === to || rank % 2 === 0) return;
    crossings[rank] ??= new Map();
    const known = crossings[rank].get(target) ?? { net: target, left: from, right: from };
    known.left = Math.min(known.left, from, to);
    known.right = Math.max(known.right, from, to);
    crossings[rank].set(target, known);
  };
  const walked = new Set<string>();
  for (const { id, target } of forward) {
    const way = chart.ways.get(id);
    if (way === undefined) continue;
    const end = chart.steps.get(target) ?? 0;
    add(target, way.label, way.trunk[way.joins] ?? end);
    if (walked.has(target)) continue;
    walked.add(target);
    way.trunk.forEach((place, index) => {
      add(target, place, way.trunk[index + 1] ?? end);
    });
  }
  return crossings.map((nets) => tracksOf([...nets.values()]));
}

/** Most lines of one step that leave it to the same side, below each rank. */
function levelsByRank(chart: Chart, xOf: (place: number) => number): readonly number[] {
  const levels: number[] = [];
  for (const place of chart.steps.values()) {
    const labels = chart.next[place] ?? [];
    const left = labels.filter((label) => xOf(label) < xOf(place)).length;
    const rank = chart.ranks[place] ?? 0;
    levels[rank] = Math.max(levels[rank] ?? 0, left, labels.length - left);
  }
  return levels;
}

type LaneInput = { readonly chart: Chart; readonly rows: Rows; readonly xOf: (place: number) => number };

/** Lanes of every line. Corners of a trunk are found once, however many lines flow into it. */
function lanesOf(forward: readonly Bundle[], { chart, rows, xOf }: LaneInput): Layout["lanes"] {
  const cornersBetween = (upper: number, lower: number, target: string): readonly Position[] => {
    const [from, to] = [xOf(upper), xOf(lower)];
    if (from === to) return [];
    const rank = chart.ranks[upper] ?? 0;
    const between = ((rows.middles[rank] ?? 0) + (rows.middles[rank + 1] ?? 0)) / 2;
    const y = Math.round(rank % 2 === 1 ? rows.turnY(rank, target) : between);
    return [
      { x: from, y },
      { x: to, y },
    ];
  };
  const bends = new Map<string, readonly { readonly index: number; readonly corners: readonly Position[] }[]>();
  const lanes: { [bundleId: string]: readonly Position[] } = {};
  for (const { id, target } of forward) {
    const way = chart.ways.get(id);
    if (way === undefined) continue;
    const { label, trunk, joins } = way;
    const end = chart.steps.get(target) ?? 0;
    const known =
      bends.get(target) ??
      trunk.flatMap((place, index) => {
        const corners = cornersBetween(place, trunk[index + 1] ?? end, target);
        return corners.length === 0 ? [] : [{ index, corners }];
      });
    bends.set(target, known);
    lanes[id] = [
      { x: xOf(label), y: Math.round(rows.middles[chart.ranks[label] ?? 0] ?? 0) },
      ...cornersBetween(label, trunk[joins] ?? end, target),
      ...known.flatMap(({ index, corners }) => (index >= joins ? corners : [])),
    ];
  }
  return lanes;
}

/** Every line into a trunk but the first that reaches its top; a line that needs no corner to join has nothing of its own to draw. */
function sharedOf(forward: readonly Bundle[], { chart, xOf }: Pick<LaneInput, "chart" | "xOf">): Layout["shared"] {
  const shared = new Set<string>();
  const drawn = new Set<string>();
  for (const { id, target } of forward) {
    const way = chart.ways.get(id);
    const joined = way?.trunk[way.joins];
    if (way === undefined || joined === undefined) continue;
    if (way.joins === 0 && !drawn.has(target)) drawn.add(target);
    else if (xOf(way.label) !== xOf(joined)) shared.add(id);
  }
  return shared;
}
