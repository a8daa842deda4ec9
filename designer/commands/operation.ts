import { InvariantError, type LocalText, type StrategyDoc, type StrategyEdge, type StrategyNode } from "#engine";
import { innerDoc, withInnerDoc } from "./inner-doc";

export type Position = { readonly x: number; readonly y: number };
export type LayoutMode = StrategyDoc["layout"]["mode"];

/** Members of a document that are set as a whole; steps, edges and positions have operations of their own. */
export type Details = Pick<
  StrategyDoc,
  "name" | "entry" | "settings" | "contents" | "strategies" | "frames" | "notes" | "tests"
> & {
  readonly description: StrategyDoc["description"];
};

/**
 * The smallest acts on a document. Each is plain JSON and knows its exact inverse, so that undo, audit and an API can be
 * the same thing (design D10). `index` is the place in the list, so that an undone removal stands where it stood.
 */
export type Operation =
  | { readonly kind: "add-node"; readonly index: number; readonly node: StrategyNode }
  | { readonly kind: "remove-node"; readonly nodeId: string }
  | { readonly kind: "set-node"; readonly node: StrategyNode }
  | { readonly kind: "add-edge"; readonly index: number; readonly edge: StrategyEdge }
  | { readonly kind: "remove-edge"; readonly edgeId: string }
  | { readonly kind: "set-edge"; readonly edge: StrategyEdge }
  /** `null` takes the stored position away. */
  | {
      readonly kind: "place";
      readonly mode: LayoutMode;
      readonly positions: { readonly [nodeId: string]: Position | null };
    }
  | { readonly kind: "set-details"; readonly details: Details }
  /** An act on a strategy the document carries, as if it were a document of its own (`innerDoc`). */
  | { readonly kind: "in-strategy"; readonly strategy: string; readonly operation: Operation }
  | { readonly kind: "replace-doc"; readonly doc: StrategyDoc };

/** Words of a history entry: a key into the designer's texts (`history.<code>`) and what to fill in. */
export type ChangeLabel = {
  readonly code: ChangeCode;
  /** Names are kept in every language they have: the step they name may be gone when the history is read. */
  readonly params: { readonly [name: string]: string | number | LocalText };
};

export const CHANGE_CODES = [
  "add-step",
  "insert-step",
  "set-first",
  "remove-step",
  "remove-steps",
  "move-step",
  "bypass-step",
  "replace-step",
  "cut-steps",
  "paste-step",
  "paste-steps",
  "free-layout",
  "add-frame",
  "edit-frame",
  "remove-frame",
  "add-note",
  "edit-note",
  "move-note",
  "remove-note",
  "move-steps",
  "tidy",
  "tidy-selection",
  "connect",
  "redirect",
  "disconnect",
  "edit-step",
  "rename-step",
  "duplicate-steps",
  "edit-settings",
  "edit-content",
  "edit-variables",
  "rename-variable",
  "edit-fields",
  "edit-tests",
  "add-strategy",
  "rename-strategy",
  "remove-strategy",
  "replace",
] as const;
export type ChangeCode = (typeof CHANGE_CODES)[number];

/** One gesture of the author: what to do, and what to call it in the history. */
export type Change = { readonly label: ChangeLabel; readonly operations: readonly Operation[] };

export type Applied = { readonly doc: StrategyDoc; readonly inverse: readonly Operation[] };

function indexOf(items: readonly { readonly id: string }[], id: string, kind: Operation["kind"]): number {
  const index = items.findIndex((item) => item.id === id);
  if (index === -1) throw new InvariantError("designer.operation-target-missing", { kind, id });
  return index;
}

function replaced<TItem>(items: readonly TItem[], index: number, item: TItem): TItem[] {
  return items.map((known, position) => (position === index ? item : known));
}

/** The document as `Details` see it. */
export function detailsOf(doc: StrategyDoc): Details {
  const { name, description, entry, settings, contents, strategies, frames, notes, tests } = doc;
  return { name, description, entry, settings, contents, strategies, frames, notes, tests };
}

function withDetails(doc: StrategyDoc, details: Details): StrategyDoc {
  const { description: _before, ...rest } = doc;
  const { description, ...set } = details;
  return { ...rest, ...set, ...(description === undefined ? {} : { description }) };
}

type NodeOperation = Extract<Operation, { readonly kind: "add-node" | "remove-node" | "set-node" }>;
type EdgeOperation = Extract<Operation, { readonly kind: "add-edge" | "remove-edge" | "set-edge" }>;

function applyToNodes(doc: StrategyDoc, operation: NodeOperation): Applied {
  const { nodes } = doc;
  if (operation.kind === "add-node") {
    const { node, index } = operation;
    const inverse = [{ kind: "remove-node", nodeId: node.id } as const];
    return { doc: { ...doc, nodes: nodes.toSpliced(index, 0, node) }, inverse };
  }
  const id = operation.kind === "set-node" ? operation.node.id : operation.nodeId;
  const index = indexOf(nodes, id, operation.kind);
  const before = nodes[index] as StrategyNode;
  if (operation.kind === "set-node") {
    const after = replaced(nodes, index, operation.node);
    return { doc: { ...doc, nodes: after }, inverse: [{ kind: "set-node", node: before }] };
  }
  return { doc: { ...doc, nodes: nodes.toSpliced(index, 1) }, inverse: [{ kind: "add-node", index, node: before }] };
}

function applyToEdges(doc: StrategyDoc, operation: EdgeOperation): Applied {
  const { edges } = doc;
  if (operation.kind === "add-edge") {
    const { edge, index } = operation;
    const inverse = [{ kind: "remove-edge", edgeId: edge.id } as const];
    return { doc: { ...doc, edges: edges.toSpliced(index, 0, edge) }, inverse };
  }
  const id = operation.kind === "set-edge" ? operation.edge.id : operation.edgeId;
  const index = indexOf(edges, id, operation.kind);
  const before = edges[index] as StrategyEdge;
  if (operation.kind === "set-edge") {
    const after = replaced(edges, index, operation.edge);
    return { doc: { ...doc, edges: after }, inverse: [{ kind: "set-edge", edge: before }] };
  }
  return { doc: { ...doc, edges: edges.toSpliced(index, 1) }, inverse: [{ kind: "add-edge", index, edge: before }] };
}

function applyPlace(doc: StrategyDoc, operation: Extract<Operation, { readonly kind: "place" }>): Applied {
  const { layout } = doc;
  const positions: { [nodeId: string]: Position } = { ...layout.positions };
  const before: { [nodeId: string]: Position | null } = {};
  for (const [nodeId, position] of Object.entries(operation.positions)) {
    before[nodeId] = layout.positions[nodeId] ?? null;
    if (position === null) delete positions[nodeId];
    else positions[nodeId] = position;
  }
  return {
    doc: { ...doc, layout: { mode: operation.mode, positions } },
    inverse: [{ kind: "place", mode: layout.mode, positions: before }],
  };
}

function applyInside(doc: StrategyDoc, { strategy, operation }: Extract<Operation, { kind: "in-strategy" }>): Applied {
  const inner = innerDoc(doc, strategy);
  if (inner === null) throw new InvariantError("designer.operation-target-missing", { kind: "in-strategy", strategy });
  const applied = applyOperation(inner, operation);
  return {
    doc: withInnerDoc(doc, strategy, applied.doc),
    inverse: applied.inverse.map((undone) => ({ kind: "in-strategy", strategy, operation: undone })),
  };
}

/** Does one operation. Throws InvariantError when it names a step or an edge that is not there: commands never build one. */
export function applyOperation(doc: StrategyDoc, operation: Operation): Applied {
  switch (operation.kind) {
    case "add-node":
    case "remove-node":
    case "set-node":
      return applyToNodes(doc, operation);
    case "add-edge":
    case "remove-edge":
    case "set-edge":
      return applyToEdges(doc, operation);
    case "place":
      return applyPlace(doc, operation);
    case "set-details":
      return {
        doc: withDetails(doc, operation.details),
        inverse: [{ kind: "set-details", details: detailsOf(doc) }],
      };
    case "in-strategy":
      return applyInside(doc, operation);
    case "replace-doc":
      return { doc: operation.doc, inverse: [{ kind: "replace-doc", doc }] };
    default:
      throw new InvariantError("designer.operation-unknown", { operation: operation satisfies never });
  }
}

/** Does a list of operations in order; `inverse` undoes all of them, last first. */
export function applyOperations(doc: StrategyDoc, operations: readonly Operation[]): Applied {
  let current = doc;
  let inverse: readonly Operation[] = [];
  for (const operation of operations) {
    const applied = applyOperation(current, operation);
    current = applied.doc;
    inverse = [...applied.inverse, ...inverse];
  }
  return { doc: current, inverse };
}
