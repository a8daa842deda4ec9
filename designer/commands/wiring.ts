import type { StrategyDoc, StrategyEdge } from "#engine";
import { nextEdgeId } from "./ids";
import type { Change, Operation } from "./operation";
import { nodeById, takesEdges, viewOf } from "./step-view";

export type WayOn = { readonly node: string; readonly handle: string };

/** Why a way on cannot lead to a step; the words are the designer's `wiring.<code>`. */
export type WiringProblem = "missing" | "no-such-way" | "taken" | "self" | "entry";

export function edgeFrom(doc: StrategyDoc, from: WayOn): StrategyEdge | undefined {
  return doc.edges.find((edge) => edge.from.node === from.node && edge.from.handle === from.handle);
}

/** Why an edge cannot lead there, leaving aside whether the way on is taken already. */
export function targetProblem(doc: StrategyDoc, from: WayOn, to: string): WiringProblem | null {
  const source = nodeById(doc, from.node);
  const target = nodeById(doc, to);
  if (source === undefined || target === undefined) return "missing";
  if (!viewOf(source).handles.some((handle) => handle.id === from.handle)) return "no-such-way";
  if (from.node === to) return "self";
  return takesEdges(target) ? null : "entry";
}

/** Why two steps cannot be connected by a new edge: one edge per way on, none into an entry or back into the same step. */
export function connectProblem(doc: StrategyDoc, from: WayOn, to: string): WiringProblem | null {
  return targetProblem(doc, from, to) ?? (edgeFrom(doc, from) === undefined ? null : "taken");
}

/** A new edge, at the end of the list. Callers have asked `connectProblem`. */
export function newEdge(doc: Pick<StrategyDoc, "edges">, from: WayOn, to: string): Operation {
  const taken = doc.edges.map((edge) => edge.id);
  const edge = { id: nextEdgeId(taken, from), from: { node: from.node, handle: from.handle }, to };
  return { kind: "add-edge", index: doc.edges.length, edge };
}

/** Leads a free way on to a step; null when it may not (`connectProblem` says why). */
export function connect(doc: StrategyDoc, from: WayOn, to: string): Change | null {
  if (connectProblem(doc, from, to) !== null) return null;
  return { label: { code: "connect", params: { from: from.node, to } }, operations: [newEdge(doc, from, to)] };
}

/** Leads a way on to a step, wherever it led before. */
export function redirect(doc: StrategyDoc, from: WayOn, to: string): Change | null {
  if (targetProblem(doc, from, to) !== null) return null;
  const edge = edgeFrom(doc, from);
  if (edge === undefined) return connect(doc, from, to);
  if (edge.to === to) return null;
  const label = { code: "redirect", params: { from: from.node, to } } as const;
  return { label, operations: [{ kind: "set-edge", edge: { ...edge, to } }] };
}

/** Several ways on at once (a bundle on the canvas); null when none of them may or needs to. */
export function redirectAll(doc: StrategyDoc, edgeIds: readonly string[], to: string): Change | null {
  const edges = doc.edges.filter((edge) => edgeIds.includes(edge.id) && edge.to !== to);
  const allowed = edges.filter((edge) => targetProblem(doc, edge.from, to) === null);
  const first = allowed[0];
  if (first === undefined) return null;
  const operations = allowed.map((edge): Operation => ({ kind: "set-edge", edge: { ...edge, to } }));
  return { label: { code: "redirect", params: { from: first.from.node, to } }, operations };
}

export function disconnect(doc: StrategyDoc, edgeIds: readonly string[]): Change | null {
  const edges = doc.edges.filter((edge) => edgeIds.includes(edge.id));
  if (edges.length === 0) return null;
  const operations = edges.map((edge): Operation => ({ kind: "remove-edge", edgeId: edge.id }));
  return { label: { code: "disconnect", params: { count: edges.length } }, operations };
}
