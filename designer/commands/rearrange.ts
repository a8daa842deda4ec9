import type { StrategyDoc, StrategyEdge } from "#engine";
import { applyOperations, type Change, detailsOf, type Operation } from "./operation";
import { mainHandle, nodeById, stepTitle, viewOf } from "./step-view";
import { isFixedEntry, newNode, setEntry, type WithStep, wayPast } from "./steps";
import { connectProblem, edgeFrom, newEdge, targetProblem, type WayOn } from "./wiring";

/* Acts that change where a step stands in the path, and keep everything around it wired. */

/** Where a step may be moved to: behind a free way on, or into lines that lead to one step. */
export type PathPlace =
  | { readonly kind: "behind"; readonly from: WayOn }
  | { readonly kind: "on-edges"; readonly edgeIds: readonly string[] };

/** Takes a step out of the path: what led to it leads where its main way on led, and its other ways on stay as they are. */
function detached(doc: StrategyDoc, nodeId: string): readonly Operation[] {
  const node = nodeById(doc, nodeId);
  const past = wayPast(doc, new Set([nodeId]), nodeId);
  const main = node === undefined ? undefined : mainHandle(viewOf(node));
  const own = main === undefined ? undefined : edgeFrom(doc, { node: nodeId, handle: main.id });
  const into = doc.edges.filter((edge) => edge.to === nodeId);
  return [
    ...into.map(
      (edge): Operation =>
        past === null || past === edge.from.node
          ? { kind: "remove-edge", edgeId: edge.id }
          : { kind: "set-edge", edge: { ...edge, to: past } },
    ),
    ...(own === undefined ? [] : [{ kind: "remove-edge" as const, edgeId: own.id }]),
    ...(doc.entry.node === nodeId && past !== null ? [setEntry(doc, past)] : []),
  ];
}

function canLeave(doc: StrategyDoc, nodeId: string): boolean {
  if (nodeById(doc, nodeId) === undefined || isFixedEntry(doc, nodeId)) return false;
  return doc.entry.node !== nodeId || wayPast(doc, new Set([nodeId]), nodeId) !== null;
}

/**
 * Lets accounts pass a step by: it stays on the chart with its settings and its ways on, and nothing leads to it any more. Null
 * where nothing leads to it already, and for an entry.
 */
export function bypassStep(doc: StrategyDoc, nodeId: string): Change | null {
  const node = nodeById(doc, nodeId);
  if (node === undefined || !canLeave(doc, nodeId)) return null;
  if (doc.entry.node !== nodeId && !doc.edges.some((edge) => edge.to === nodeId)) return null;
  // Its main way on stays too: one line into the step and it is back in the path.
  const operations = detached(doc, nodeId).filter(
    (operation) => !(operation.kind === "remove-edge" && leavesStep(doc.edges, operation.edgeId, nodeId)),
  );
  return { label: { code: "bypass-step", params: { step: stepTitle(node) } }, operations };
}

function leavesStep(edges: readonly StrategyEdge[], edgeId: string, nodeId: string): boolean {
  return edges.some((edge) => edge.id === edgeId && edge.from.node === nodeId);
}

/** Moves a step to another place in the path; the rest closes up behind it. Null where it may not stand or stands already. */
export function moveStep(doc: StrategyDoc, nodeId: string, place: PathPlace): Change | null {
  const node = nodeById(doc, nodeId);
  if (node === undefined || !canLeave(doc, nodeId)) return null;
  const leave = detached(doc, nodeId);
  const without = applyOperations(doc, leave).doc;
  const arrive = arriving(doc, without, { nodeId, place });
  if (arrive === null) return null;
  return { label: { code: "move-step", params: { step: stepTitle(node) } }, operations: [...leave, ...arrive] };
}

function arriving(
  doc: StrategyDoc,
  without: StrategyDoc,
  { nodeId, place }: { readonly nodeId: string; readonly place: PathPlace },
): readonly Operation[] | null {
  if (place.kind === "behind") {
    if (place.from.node === nodeId || connectProblem(without, place.from, nodeId) !== null) return null;
    return [newEdge(without, place.from, nodeId)];
  }
  const node = nodeById(without, nodeId);
  const main = node === undefined ? undefined : mainHandle(viewOf(node));
  const named = doc.edges.filter((edge) => place.edgeIds.includes(edge.id));
  // Lines that lead to the step or away from it: it stands there already.
  if (main === undefined || named.some((edge) => edge.to === nodeId || edge.from.node === nodeId)) return null;
  const edges = without.edges.filter((edge) => place.edgeIds.includes(edge.id));
  const target = edges[0]?.to;
  if (target === undefined || edges.some((edge) => edge.to !== target)) return null;
  const from = { node: nodeId, handle: main.id };
  if (targetProblem(without, from, target) !== null) return null;
  return [
    ...edges.map((edge): Operation => ({ kind: "set-edge", edge: { ...edge, to: nodeId } })),
    newEdge(without, from, target),
  ];
}

/**
 * Puts a new step of another type in a step's place: the same lines lead to it, its main way on leads where the old one's did,
 * and ways on of the same name keep their targets. It has an id of its own, because accounts are followed by it. Null for an
 * entry, an unknown type, and where the new step would cut off what follows.
 */
export function replaceStep(doc: StrategyDoc, nodeId: string, type: string): WithStep | null {
  const old = nodeById(doc, nodeId);
  const made = newNode(doc, type);
  if (old === undefined || made === null || isFixedEntry(doc, nodeId)) return null;
  if (viewOf(made).definition?.group === "entry") return null;
  const node = old.note === undefined ? made : { ...made, note: old.note };
  const [before, after] = [viewOf(old), viewOf(node)];
  const mains = { before: mainHandle(before)?.id, after: mainHandle(after)?.id };
  const leads = mains.before !== undefined && edgeFrom(doc, { node: nodeId, handle: mains.before }) !== undefined;
  if (leads && mains.after === undefined) return null;
  const known = new Set(after.handles.map(({ id }) => id));
  const rewired = doc.edges.flatMap((edge): readonly Operation[] => {
    if (edge.to === nodeId) return [{ kind: "set-edge", edge: { ...edge, to: node.id } }];
    if (edge.from.node !== nodeId) return [];
    const isMain = edge.from.handle === mains.before;
    const handle = isMain ? mains.after : edge.from.handle;
    const free = handle !== undefined && known.has(handle) && (isMain || handle !== mains.after || !leads);
    if (!free) return [{ kind: "remove-edge", edgeId: edge.id }];
    return [{ kind: "set-edge", edge: { ...edge, from: { node: node.id, handle } } }];
  });
  const frames = doc.frames.map((frame) => ({
    ...frame,
    nodes: frame.nodes.map((id) => (id === nodeId ? node.id : id)),
  }));
  const entry = doc.entry.node === nodeId ? { node: node.id } : doc.entry;
  const framed = doc.frames.some((frame) => frame.nodes.includes(nodeId));
  const position = doc.layout.positions[nodeId];
  const operations: readonly Operation[] = [
    { kind: "add-node", index: doc.nodes.indexOf(old), node },
    ...rewired,
    ...(framed || entry !== doc.entry
      ? [{ kind: "set-details" as const, details: { ...detailsOf(doc), frames, entry } }]
      : []),
    ...(position === undefined
      ? []
      : [{ kind: "place" as const, mode: doc.layout.mode, positions: { [nodeId]: null, [node.id]: position } }]),
    { kind: "remove-node", nodeId },
  ];
  const params = { step: stepTitle(old), by: stepTitle(node) };
  return { nodeId: node.id, change: { label: { code: "replace-step", params }, operations } };
}
