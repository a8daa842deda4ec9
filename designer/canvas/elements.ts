import { Position as Side } from "@xyflow/react";
import type { Issue, StrategyDoc, StrategyNode } from "#engine";
import type { Position } from "../commands/operation";
import { type StepView, viewOf } from "../commands/step-view";
import type { BundleEdge, Reach } from "./bundle-line";
import type { Bundle } from "./bundles";
import type { Drawing } from "./drawing";
import { handleX, sizeOf } from "./geometry";
import { TRUNK_CORNERS } from "./route";
import type { Problems, StepNode } from "./step-card";

const HANDLE_SIZE = 10;
const SEVERITIES = ["info", "warning", "error"] as const;

/** How many problems each step has, and how bad the worst of them is. */
export function problemsByStep(issues: readonly Issue[]): ReadonlyMap<string, Problems> {
  const found = new Map<string, Problems>();
  for (const { nodeId, severity } of issues) {
    if (nodeId === undefined) continue;
    const before = found.get(nodeId);
    const worse = before === undefined || SEVERITIES.indexOf(severity) > SEVERITIES.indexOf(before.worst);
    found.set(nodeId, { worst: worse ? severity : before.worst, count: (before?.count ?? 0) + 1 });
  }
  return found;
}

export type NodeParts = {
  readonly doc: StrategyDoc;
  readonly drawing: Drawing;
  readonly problems: ReadonlyMap<string, Problems>;
  readonly selected: readonly string[];
};

/** Where elements stand that are being dragged right now. */
type Dragged = { readonly [nodeId: string]: Position };

function handlesOf({ definition, handles }: StepView): NonNullable<StepNode["handles"]> {
  const { width, height } = sizeOf(definition?.group);
  const box = { width: HANDLE_SIZE, height: HANDLE_SIZE };
  const half = HANDLE_SIZE / 2;
  const entry = { id: "in", type: "target" as const, position: Side.Top, x: width / 2 - half, y: -half, ...box };
  return [
    entry,
    ...handles.map((handle, index) => ({
      id: handle.id,
      type: "source" as const,
      position: Side.Bottom,
      x: handleX(index, handles.length, width) - half,
      y: height - half,
      ...box,
    })),
  ];
}

function sameNode(before: StepNode, next: StepNode): boolean {
  return (
    before.data.view === next.data.view &&
    before.data.problems?.count === next.data.problems?.count &&
    before.data.problems?.worst === next.data.problems?.worst &&
    before.data.wired.join() === next.data.wired.join() &&
    before.position.x === next.position.x &&
    before.position.y === next.position.y &&
    before.selected === next.selected
  );
}

/** Nodes for React Flow. One that did not change stays the same object, so that only what changed is drawn again. */
export function canvasNodes(parts: NodeParts, before: ReadonlyMap<string, StepNode>): readonly StepNode[] {
  const { doc, drawing, problems, selected } = parts;
  const wired = new Map<string, string[]>();
  for (const { from } of doc.edges) wired.set(from.node, [...(wired.get(from.node) ?? []), from.handle]);
  const isSelected = new Set(selected);
  return doc.nodes.map((node) => {
    const view = viewOf(node);
    const size = sizeOf(view.definition?.group);
    const position = drawing.positions[node.id] ?? { x: 0, y: 0 };
    const next: StepNode = {
      id: node.id,
      type: "step",
      position,
      ...size,
      measured: size,
      data: { view, problems: problems.get(node.id) ?? null, wired: wired.get(node.id) ?? [] },
      selected: isSelected.has(node.id),
      className: "dz-node",
    };
    const known = before.get(node.id);
    return known !== undefined && sameNode(known, next) ? known : { ...next, handles: handlesOf(view) };
  });
}

/** The nodes while some of them are dragged. */
export function nodesAside(nodes: readonly StepNode[], dragged: Dragged): readonly StepNode[] {
  if (Object.keys(dragged).length === 0) return nodes;
  return nodes.map((node) => {
    const position = dragged[node.id];
    return position === undefined ? node : { ...node, position };
  });
}

export type EdgeParts = {
  readonly doc: StrategyDoc;
  readonly drawing: Drawing;
  readonly selected: string | null;
};

/** The box a line is drawn in, its cards included; null where it finds its own way. */
function reachOf({ id, source, target }: Bundle, { positions, lanes }: Drawing, shared: boolean): Reach | null {
  const lane = lanes[id];
  const [from, to] = [positions[source], positions[target]];
  if (lane === undefined || from === undefined || to === undefined) return null;
  const { width, height } = sizeOf(undefined);
  const points = shared ? [from, ...lane.slice(0, TRUNK_CORNERS + 1)] : [from, ...lane, to];
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [left, right] = [Math.min(...xs) - width, Math.max(...xs) + width];
  return { left, right, top: Math.min(...ys) - height, bottom: Math.max(...ys) + height };
}

function edgeData(
  bundle: Bundle,
  { drawing }: EdgeParts,
  nodes: ReadonlyMap<string, StrategyNode>,
): NonNullable<BundleEdge["data"]> {
  const source = nodes.get(bundle.source);
  const target = nodes.get(bundle.target);
  const view = source === undefined ? undefined : viewOf(source);
  const sourceWidth = sizeOf(view?.definition?.group).width;
  const targetWidth = sizeOf(target === undefined ? undefined : viewOf(target).definition?.group).width;
  const handles = view?.handles ?? [];
  const places = bundle.members.map(({ handle }) =>
    handleX(Math.max(0, handles.indexOf(handle as (typeof handles)[number])), handles.length, sourceWidth),
  );
  const first = places[0] ?? sourceWidth / 2;
  const shared = drawing.shared.has(bundle.id);
  return {
    shared,
    reach: bundle.loop ? null : reachOf(bundle, drawing, shared),
    edgeIds: bundle.members.map(({ edge }) => edge.id),
    offsets: places.map((place) => place - first),
    lanes: drawing.lanes[bundle.id] ?? null,
    level: drawing.lines.levels[bundle.id] ?? 0,
    loop: bundle.loop,
    label: drawing.labels[bundle.id]?.short ?? "",
    fullLabel: drawing.labels[bundle.id]?.full ?? "",
    labelRoom: drawing.lines.rooms.get(bundle.id) ?? 0,
    countedRoom: drawing.lines.countedRooms.get(bundle.id) ?? 0,
    side: drawing.lines.sides.get(bundle.id) ?? null,
    fromLeft: first,
    toRight: { source: sourceWidth - first, target: targetWidth / 2 },
  };
}

function sameEdge(before: BundleEdge, next: BundleEdge): boolean {
  const left = before.data;
  const right = next.data;
  return (
    left !== undefined &&
    right !== undefined &&
    before.selected === next.selected &&
    before.sourceHandle === next.sourceHandle &&
    left.lanes === right.lanes &&
    left.shared === right.shared &&
    left.level === right.level &&
    left.loop === right.loop &&
    left.label === right.label &&
    left.fullLabel === right.fullLabel &&
    left.labelRoom === right.labelRoom &&
    left.countedRoom === right.countedRoom &&
    left.side === right.side &&
    left.toRight.source === right.toRight.source &&
    left.toRight.target === right.toRight.target &&
    left.offsets.join() === right.offsets.join() &&
    left.edgeIds.join() === right.edgeIds.join()
  );
}

/** Lines for React Flow: one per bundle. One that did not change stays the same object. */
export function canvasEdges(parts: EdgeParts, before: ReadonlyMap<string, BundleEdge>): readonly BundleEdge[] {
  const nodes = new Map(parts.doc.nodes.map((node) => [node.id, node]));
  return parts.drawing.flow.bundles.map((bundle) => {
    const next: BundleEdge = {
      id: bundle.id,
      type: "bundle",
      source: bundle.source,
      target: bundle.target,
      sourceHandle: bundle.members[0]?.edge.from.handle ?? null,
      targetHandle: "in",
      selected: parts.selected === bundle.id,
      reconnectable: "target",
      markerEnd: "dz-arrow",
      data: edgeData(bundle, parts, nodes),
    };
    const known = before.get(bundle.id);
    return known !== undefined && sameEdge(known, next) ? known : next;
  });
}

/** The lines while some of their steps are dragged: those find their own way, and their own place on the screen. */
export function edgesAside(edges: readonly BundleEdge[], dragged: ReadonlySet<string>): readonly BundleEdge[] {
  if (dragged.size === 0) return edges;
  return edges.map((edge) =>
    edge.data !== undefined && (dragged.has(edge.source) || dragged.has(edge.target))
      ? { ...edge, data: { ...edge.data, reach: null, lanes: null, side: null } }
      : edge,
  );
}
