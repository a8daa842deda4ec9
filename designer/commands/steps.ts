import {
  definitionOf,
  type LocalText,
  STRATEGY_LIMITS,
  type StrategyDoc,
  type StrategyEdge,
  type StrategyNode,
} from "#engine";
import { nextEdgeId, nextId, nextNodeId } from "./ids";
import { applyOperations, type Change, detailsOf, type LayoutMode, type Operation, type Position } from "./operation";
import { rewired } from "./rewire";
import { mainHandle, nodeById, stepTitle, viewOf } from "./step-view";
import { connectProblem, newEdge, type WayOn } from "./wiring";

export type NodeData = StrategyNode["data"];

export function newNode(doc: StrategyDoc, type: string): StrategyNode | null {
  const definition = definitionOf(type);
  if (definition === undefined || doc.nodes.length >= STRATEGY_LIMITS.nodes) return null;
  // `initial()` parses by the type's own schema (contract of `defineNode`), so it is data of a document.
  const data = definition.initial() as NodeData;
  return { id: nextNodeId(doc, type), type, version: definition.version, data };
}

function placed(doc: StrategyDoc, nodeId: string, position: Position | undefined): readonly Operation[] {
  if (position === undefined) return [];
  return [{ kind: "place", mode: doc.layout.mode, positions: { [nodeId]: position } }];
}

export type NewStep = {
  readonly type: string;
  /** Where it stands in a free layout; an automatic one places it. */
  readonly position?: Position | undefined;
  /** The way on that leads to it. */
  readonly from?: WayOn | undefined;
};

export type WithStep = { readonly change: Change; readonly nodeId: string };

/** A new step, and the edge to it when it is added behind another. Null for an unknown type or a way on that is taken. */
export function addStep(doc: StrategyDoc, step: NewStep): WithStep | null {
  const node = newNode(doc, step.type);
  if (node === null) return null;
  const operations: Operation[] = [
    { kind: "add-node", index: doc.nodes.length, node },
    ...placed(doc, node.id, step.position),
  ];
  if (step.from !== undefined) {
    const withNode = { ...doc, nodes: [...doc.nodes, node] };
    if (connectProblem(withNode, step.from, node.id) !== null) return null;
    operations.push(newEdge(doc, step.from, node.id));
  }
  return { nodeId: node.id, change: { label: { code: "add-step", params: { step: stepTitle(node) } }, operations } };
}

export type Insertion = {
  readonly edgeIds: readonly string[];
  readonly type: string;
  /** Positions in a free layout: of the new step and of those that make room for it. */
  readonly position?: Position | undefined;
  readonly shifted?: { readonly [nodeId: string]: Position } | undefined;
};

/**
 * A new step on one or several parallel edges: they lead to it, and its main way on leads where they led. Null when the
 * type has no way on (it would end the path) or takes no edges.
 */
export function insertOnEdges(doc: StrategyDoc, insertion: Insertion): WithStep | null {
  const edges = doc.edges.filter((edge) => insertion.edgeIds.includes(edge.id));
  const target = edges[0]?.to;
  const node = newNode(doc, insertion.type);
  if (node === null || target === undefined || edges.some((edge) => edge.to !== target)) return null;
  const view = viewOf(node);
  const main = mainHandle(view);
  if (main === undefined || view.definition?.group === "entry") return null;
  const operations: Operation[] = [
    { kind: "add-node", index: doc.nodes.length, node },
    ...placed(doc, node.id, insertion.position),
    ...(insertion.shifted === undefined
      ? []
      : [{ kind: "place" as const, mode: doc.layout.mode, positions: insertion.shifted }]),
    ...edges.map((edge): Operation => ({ kind: "set-edge", edge: { ...edge, to: node.id } })),
    newEdge(doc, { node: node.id, handle: main.id }, target),
  ];
  return { nodeId: node.id, change: { label: { code: "insert-step", params: { step: stepTitle(node) } }, operations } };
}

/** Whether a step is where accounts come in and stays so: an entry. The first step of a strategy inside is a step like any other. */
export function isFixedEntry(doc: StrategyDoc, nodeId: string): boolean {
  const node = nodeById(doc, nodeId);
  return nodeId === doc.entry.node && node !== undefined && viewOf(node).definition?.group === "entry";
}

export function setEntry(doc: StrategyDoc, nodeId: string): Operation {
  return { kind: "set-details", details: { ...detailsOf(doc), entry: { node: nodeId } } };
}

/**
 * A new step before the first of a strategy inside: it is the first from now on, and its main way on leads where accounts came
 * in before. Null where the first step is an entry, and for a type without a way on.
 */
export function insertFirst(doc: StrategyDoc, type: string): WithStep | null {
  const before = doc.entry.node;
  const node = newNode(doc, type);
  if (node === null || isFixedEntry(doc, before)) return null;
  const view = viewOf(node);
  const main = mainHandle(view);
  if (main === undefined || view.definition?.group === "entry") return null;
  const operations: Operation[] = [
    { kind: "add-node", index: doc.nodes.length, node },
    newEdge(doc, { node: node.id, handle: main.id }, before),
    setEntry(doc, node.id),
  ];
  return { nodeId: node.id, change: { label: { code: "insert-step", params: { step: stepTitle(node) } }, operations } };
}

/** Lets accounts begin at another step of a strategy inside. Null where they come in at an entry. */
export function setFirst(doc: StrategyDoc, nodeId: string): Change | null {
  const node = nodeById(doc, nodeId);
  if (node === undefined || nodeId === doc.entry.node || isFixedEntry(doc, doc.entry.node)) return null;
  return { label: { code: "set-first", params: { step: stepTitle(node) } }, operations: [setEntry(doc, nodeId)] };
}

/** Where the edges into a removed step go: along its main way on, past other removed steps; null = nowhere. */
export function wayPast(doc: StrategyDoc, removed: ReadonlySet<string>, nodeId: string): string | null {
  const seen = new Set<string>();
  let current = nodeId;
  while (removed.has(current)) {
    if (seen.has(current)) return null;
    seen.add(current);
    const node = nodeById(doc, current);
    const main = node === undefined ? undefined : mainHandle(viewOf(node));
    const edge = doc.edges.find(({ from }) => from.node === current && from.handle === main?.id);
    if (edge === undefined) return null;
    current = edge.to;
  }
  return current;
}

function edgeAfterRemoval(doc: StrategyDoc, removed: ReadonlySet<string>, edge: StrategyEdge): Operation | null {
  if (removed.has(edge.from.node)) return { kind: "remove-edge", edgeId: edge.id };
  if (!removed.has(edge.to)) return null;
  const target = wayPast(doc, removed, edge.to);
  if (target === null || target === edge.from.node) return { kind: "remove-edge", edgeId: edge.id };
  return { kind: "set-edge", edge: { ...edge, to: target } };
}

/**
 * Takes steps away and keeps the rest wired: what led to a removed step now leads where its main way on led. The entry
 * step stays, and so does the first step of a strategy inside that leads nowhere else. Null when nothing may be removed.
 */
export function removeSteps(doc: StrategyDoc, nodeIds: readonly string[]): Change | null {
  const removed = new Set(nodeIds.filter((id) => !isFixedEntry(doc, id) && nodeById(doc, id) !== undefined));
  const first = wayPast(doc, removed, doc.entry.node);
  if (first === null) removed.delete(doc.entry.node);
  if (removed.size === 0 || removed.size === doc.nodes.length) return null;
  const framed = doc.frames.some((frame) => frame.nodes.some((id) => removed.has(id)));
  const frames = doc.frames.map((frame) => ({ ...frame, nodes: frame.nodes.filter((id) => !removed.has(id)) }));
  const stored = [...removed].filter((id) => doc.layout.positions[id] !== undefined);
  const unplaced = Object.fromEntries(stored.map((id) => [id, null]));
  const operations: Operation[] = [
    ...doc.edges.flatMap((edge) => edgeAfterRemoval(doc, removed, edge) ?? []),
    ...(stored.length === 0 ? [] : [{ kind: "place" as const, mode: doc.layout.mode, positions: unplaced }]),
    ...(framed ? [{ kind: "set-details" as const, details: { ...detailsOf(doc), frames } }] : []),
    ...(first === null || first === doc.entry.node ? [] : [setEntry({ ...doc, frames }, first)]),
    ...[...removed].map((nodeId): Operation => ({ kind: "remove-node", nodeId })),
  ];
  const only = removed.size === 1 ? nodeById(doc, [...removed][0] ?? "") : undefined;
  if (only !== undefined) return { label: { code: "remove-step", params: { step: stepTitle(only) } }, operations };
  return { label: { code: "remove-steps", params: { count: removed.size } }, operations };
}

/** Stores positions; moving a step by hand makes the layout a free one. */
export function moveSteps(
  doc: StrategyDoc,
  positions: { readonly [nodeId: string]: Position },
  mode: LayoutMode = "free",
): Change | null {
  const moved = Object.entries(positions).filter(([id, { x, y }]) => {
    const before = doc.layout.positions[id];
    return nodeById(doc, id) !== undefined && (before === undefined || before.x !== x || before.y !== y);
  });
  if (moved.length === 0 && doc.layout.mode === mode) return null;
  const label = { code: "move-steps", params: { count: moved.length } } as const;
  return { label, operations: [{ kind: "place", mode, positions: Object.fromEntries(moved) }] };
}

/** Leaves every step where it is seen and lets the author place it. Null when that is so already. */
export function freeLayout(doc: StrategyDoc, positions: { readonly [nodeId: string]: Position }): Change | null {
  if (doc.layout.mode === "free") return null;
  const known = Object.fromEntries(Object.entries(positions).filter(([id]) => nodeById(doc, id) !== undefined));
  return {
    label: { code: "free-layout", params: {} },
    operations: [{ kind: "place", mode: "free", positions: known }],
  };
}

/** Hands the layout back to the program: stored positions go. Null when it is tidy already. */
export function tidy(doc: StrategyDoc): Change | null {
  const stored = Object.keys(doc.layout.positions);
  if (doc.layout.mode === "auto") return null;
  const positions = Object.fromEntries(stored.map((id) => [id, null]));
  return { label: { code: "tidy", params: {} }, operations: [{ kind: "place", mode: "auto", positions }] };
}

/** Sets a step's data; edges of ways on that no longer exist go with the same gesture. */
export function updateData(doc: StrategyDoc, nodeId: string, data: NodeData): Change | null {
  const node = nodeById(doc, nodeId);
  if (node === undefined || node.data === data) return null;
  const after = { ...node, data };
  const operations: Operation[] = [{ kind: "set-node", node: after }, ...rewired(doc, viewOf(node), viewOf(after))];
  return { label: { code: "edit-step", params: { step: stepTitle(node) } }, operations };
}

/** Gives a step its own name; undefined takes it away, and the type's name shows again. */
export function renameStep(doc: StrategyDoc, nodeId: string, name: LocalText | undefined): Change | null {
  const node = nodeById(doc, nodeId);
  if (node === undefined) return null;
  const { name: _before, ...rest } = node;
  const after = { ...rest, ...(name === undefined ? {} : { name }) };
  return {
    label: { code: "rename-step", params: { step: stepTitle(node) } },
    operations: [{ kind: "set-node", node: after }],
  };
}

/** The author's note on a step; the empty text takes it away. */
export function noteStep(doc: StrategyDoc, nodeId: string, note: string): Change | null {
  const node = nodeById(doc, nodeId);
  if (node === undefined) return null;
  const { note: _before, ...rest } = node;
  const after = { ...rest, ...(note === "" ? {} : { note }) };
  return {
    label: { code: "edit-step", params: { step: stepTitle(node) } },
    operations: [{ kind: "set-node", node: after }],
  };
}

export type WithSteps = { readonly change: Change; readonly nodeIds: readonly string[] };

const DUPLICATE_OFFSET = 40;

/** Copies steps with the edges among them; the entry step is never copied. */
export function duplicateSteps(doc: StrategyDoc, nodeIds: readonly string[]): WithSteps | null {
  const sources = doc.nodes.filter((node) => nodeIds.includes(node.id) && viewOf(node).definition?.group !== "entry");
  if (sources.length === 0 || doc.nodes.length + sources.length > STRATEGY_LIMITS.nodes) return null;
  const operations: Operation[] = [];
  const copies = new Map<string, string>();
  const takenNodes = doc.nodes.map((node) => node.id);
  for (const node of sources) {
    const id = nextId(node.type, takenNodes);
    takenNodes.push(id);
    copies.set(node.id, id);
    operations.push({ kind: "add-node", index: takenNodes.length - 1, node: { ...node, id } });
    const position = doc.layout.positions[node.id];
    if (position === undefined) continue;
    const beside = { x: position.x + DUPLICATE_OFFSET, y: position.y + DUPLICATE_OFFSET };
    operations.push(...placed(doc, id, beside));
  }
  const takenEdges = doc.edges.map((edge) => edge.id);
  for (const edge of doc.edges) {
    const node = copies.get(edge.from.node);
    const to = copies.get(edge.to);
    if (node === undefined || to === undefined) continue;
    const from = { node, handle: edge.from.handle };
    const id = nextEdgeId(takenEdges, from);
    operations.push({ kind: "add-edge", index: takenEdges.length, edge: { id, from, to } });
    takenEdges.push(id);
  }
  const label = { code: "duplicate-steps", params: { count: sources.length } } as const;
  return { nodeIds: [...copies.values()], change: { label, operations } };
}

/** What a change makes of a document, without keeping a history. */
export function changed(doc: StrategyDoc, change: Change | null): StrategyDoc {
  return change === null ? doc : applyOperations(doc, change.operations).doc;
}
