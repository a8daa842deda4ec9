import { Graph, layout } from "@dagrejs/dagre";
import type { Position } from "../commands/operation";
import type { Flow } from "./bundles";

export type Size = { readonly width: number; readonly height: number };

const NODE_GAP = 36;
/** Between two steps, apart from the label on the line. */
const RANK_GAP = 48;
const LABEL_HEIGHT = 26;
/** A line without a label still keeps a lane of its own. */
const LANE_WIDTH = 12;
/** Labels may stand closer to each other than steps. */
const LABEL_GAP = NODE_GAP / 2;
/** A step, its line's way to the label, the label, its way to the next step. */
const RANKS_PER_LAYER = 4;
/** A step stands close below the one that first leads to it, not halfway down to whatever it shares with others. */
const FIRST_WEIGHT = 8;
/** The usual way on pulls its target straight below. */
const MAIN_WEIGHT = 3;

export type LayoutInput = {
  readonly flow: Flow;
  readonly sizeOf: (nodeId: string) => Size;
  /** Width of a bundle's label in pixels; 0 = none. */
  readonly labelWidthOf: (bundleId: string) => number;
};

export type Layout = {
  /** Top left corners. */
  readonly positions: { readonly [nodeId: string]: Position };
  /** Where each bundle bends on its way down, ends excluded; the first is the place of its label. Loops have none. */
  readonly lanes: { readonly [bundleId: string]: readonly Position[] };
};

/**
 * Top-down layers by dagre. Its crossing heuristic is switched off: it would reorder branches (authored order kept 0 of 130
 * with it, 130 of 130 without), and a branch must stay where the author put its rule. Loops are left out, because a back
 * edge pulls whole lanes aside; they are drawn around the steps. Labels are laid out like steps, in the rank right below their
 * source: dagre's own stand halfway down their lines, so those of neighbours would have no room beside each other where they
 * are read. The same flow gives the same positions.
 */
export function layOut(input: LayoutInput): Layout {
  const { flow, sizeOf, labelWidthOf } = input;
  const forward = flow.bundles.filter((bundle) => !bundle.loop);
  const layers = layersOf(input, forward);
  const graph = new Graph({ multigraph: false });
  const ranker = (ranked: Ranked): void => {
    for (const id of ranked.nodes()) ranked.node(id).rank = (layers.get(id) ?? 0) * RANKS_PER_LAYER;
    for (const { id, source } of forward) {
      ranked.node(labelNode(id)).rank = (layers.get(source) ?? 0) * RANKS_PER_LAYER + RANKS_PER_LAYER / 2;
    }
  };
  graph.setGraph({ rankdir: "TB", nodesep: NODE_GAP, edgesep: NODE_GAP / 2, ranksep: RANK_GAP / 2, ranker });
  for (const id of flow.order) graph.setNode(id, { ...sizeOf(id) });
  for (const bundle of forward) {
    const label = labelNode(bundle.id);
    const width = Math.max(labelWidthOf(bundle.id) - (NODE_GAP - LABEL_GAP), LANE_WIDTH);
    graph.setNode(label, { width, height: LABEL_HEIGHT });
    graph.setEdge(bundle.source, label, {});
    graph.setEdge(label, bundle.target, {});
  }
  layout(graph, { disableOptimalOrderHeuristic: true });
  const positions: { [nodeId: string]: Position } = {};
  for (const id of flow.order) {
    const { x, y } = graph.node(id) as Position;
    const { width, height } = sizeOf(id);
    positions[id] = { x: Math.round(x - width / 2), y: Math.round(y - height / 2) };
  }
  const lanes: { [bundleId: string]: readonly Position[] } = {};
  for (const { id, target } of forward) {
    const label = labelNode(id);
    const { points = [] } = graph.edge(label, target) as { readonly points?: readonly Position[] };
    // The first of the points is where the line leaves its label, the second still stands below it.
    const bends = [graph.node(label) as Position, ...points.slice(2, -1)];
    lanes[id] = bends.map(({ x, y }) => ({ x: Math.round(x), y: Math.round(y) }));
  }
  return { positions, lanes };
}

type Ranked = { readonly nodes: () => readonly string[]; readonly node: (id: string) => { rank: number } };

/**
 * How many layers down each step stands, found without labels: finding layers is by far the dearest part, and twice as many
 * things to place cost five times as long (20 s instead of 4 for 500 steps).
 */
function layersOf({ flow, sizeOf }: LayoutInput, forward: Flow["bundles"]): ReadonlyMap<string, number> {
  const graph = new Graph({ multigraph: false });
  graph.setGraph({ rankdir: "TB" });
  for (const id of flow.order) graph.setNode(id, { ...sizeOf(id) });
  for (const bundle of forward) {
    const weight = (bundle.first ? FIRST_WEIGHT : 1) + (isMain(bundle.members) ? MAIN_WEIGHT : 0);
    graph.setEdge(bundle.source, bundle.target, { weight });
  }
  layout(graph, { disableOptimalOrderHeuristic: true });
  const middles = new Map(flow.order.map((id) => [id, (graph.node(id) as Position).y]));
  const layers = [...new Set(middles.values())].toSorted((upper, lower) => upper - lower);
  const layerAt = new Map(layers.map((y, index) => [y, index]));
  return new Map([...middles].map(([id, y]) => [id, layerAt.get(y) ?? 0]));
}

/** Ids of steps hold no space, so no step is named like a label. */
function labelNode(bundleId: string): string {
  return `label ${bundleId}`;
}

function isMain(members: Flow["bundles"][number]["members"]): boolean {
  return members.some(({ handle }) => handle?.role === "main");
}
