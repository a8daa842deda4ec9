import { type AnyNodeDefinition, definitionOf, type StrategyDoc } from "#engine";
import type { Drawing } from "../canvas/drawing";
import { sizeOf } from "../canvas/geometry";
import type { Position } from "../commands/operation";
import { mainHandle, nodeById, viewOf } from "../commands/step-view";
import { addStep, insertFirst, insertOnEdges, type WithStep } from "../commands/steps";
import { edgeFrom, type WayOn } from "../commands/wiring";
import type { PickerPlace, Selection } from "../store/store";

const ROW = 160;
const COLUMN = 268;
/** Attempts to find a free spot before standing on another step is accepted. */
const SPOTS_MAX = 60;

type Positions = Drawing["positions"];

/** Why a step type cannot stand somewhere; the words are the designer's `palette.refused.<code>`. */
export type Refusal = "one-entry" | "ends-path";

export function refusalOf(definition: AnyNodeDefinition, place: PickerPlace): Refusal | null {
  if (definition.group === "entry") return "one-entry";
  const leadsOn = definition.handles(definition.initial()).some((handle) => handle.role === "main");
  return (place.kind === "on-edges" || place.kind === "first") && !leadsOn ? "ends-path" : null;
}

/** A way on of a step that leads nowhere yet: the usual one first. */
export function freeWayOn(doc: StrategyDoc, nodeId: string): WayOn | null {
  const node = nodeById(doc, nodeId);
  if (node === undefined) return null;
  const view = viewOf(node);
  const inOrder = [mainHandle(view), ...view.handles].filter((handle) => handle !== undefined);
  const free = inOrder.find((handle) => edgeFrom(doc, { node: nodeId, handle: handle.id }) === undefined);
  return free === undefined ? null : { node: nodeId, handle: free.id };
}

/** Where the next step goes when the author says no more than "add": behind what is selected. */
export function nextPlace(doc: StrategyDoc, drawing: Drawing, selection: Selection): PickerPlace {
  const bundle = drawing.flow.bundles.find((candidate) => candidate.id === selection.bundle);
  if (bundle !== undefined) return { kind: "on-edges", edgeIds: bundle.members.map(({ edge }) => edge.id) };
  const nodeId = selection.nodes.length === 1 ? selection.nodes[0] : undefined;
  if (nodeId === undefined) return beginning(doc);
  const from = freeWayOn(doc, nodeId);
  if (from !== null) return { kind: "behind", from };
  const node = nodeById(doc, nodeId);
  const main = node === undefined ? undefined : mainHandle(viewOf(node));
  const edge = main === undefined ? undefined : edgeFrom(doc, { node: nodeId, handle: main.id });
  return edge === undefined ? { kind: "loose", at: null } : { kind: "on-edges", edgeIds: [edge.id] };
}

/** A strategy inside that is nothing but an exit yet grows from its beginning. */
function beginning(doc: StrategyDoc): PickerPlace {
  const first = nodeById(doc, doc.entry.node);
  const isExit = first !== undefined && viewOf(first).definition?.group === "exit";
  return isExit ? { kind: "first" } : { kind: "loose", at: null };
}

function isTaken(positions: Positions, { x, y }: Position): boolean {
  return Object.values(positions).some((other) => Math.abs(other.x - x) < COLUMN && Math.abs(other.y - y) < ROW / 2);
}

/** The first free spot to the right of a wished one. */
function freeSpot(positions: Positions, wished: Position): Position {
  let spot = wished;
  for (let tried = 0; tried < SPOTS_MAX && isTaken(positions, spot); tried += 1)
    spot = { x: spot.x + COLUMN, y: spot.y };
  return spot;
}

function below(doc: StrategyDoc, positions: Positions, nodeId: string): Position {
  const node = nodeById(doc, nodeId);
  const corner = positions[nodeId] ?? { x: 0, y: 0 };
  const inset = (sizeOf(undefined).width - sizeOf(node && viewOf(node).definition?.group).width) / 2;
  return { x: corner.x - inset, y: corner.y + ROW };
}

/** Everything that stands at or below a height, moved down by a row. */
function moved(positions: Positions, fromY: number): { readonly [nodeId: string]: Position } {
  const lower = Object.entries(positions).filter(([, position]) => position.y >= fromY);
  return Object.fromEntries(lower.map(([id, { x, y }]) => [id, { x, y: y + ROW }]));
}

function onEdges(doc: StrategyDoc, positions: Positions, step: { type: string; edgeIds: readonly string[] }) {
  const edge = doc.edges.find((candidate) => step.edgeIds.includes(candidate.id));
  const target = edge === undefined ? undefined : positions[edge.to];
  if (doc.layout.mode === "auto" || edge === undefined || target === undefined) return insertOnEdges(doc, step);
  const source = positions[edge.from.node];
  const room = source !== undefined && target.y - source.y >= 2 * ROW - sizeOf(undefined).height / 2;
  const node = nodeById(doc, edge.to);
  const inset = (sizeOf(undefined).width - sizeOf(node && viewOf(node).definition?.group).width) / 2;
  const position = { x: target.x - inset, y: room ? target.y - ROW : target.y };
  return insertOnEdges(doc, { ...step, position, shifted: room ? undefined : moved(positions, target.y) });
}

/** A step dropped at a point of its own makes the whole layout one placed by hand: everything stays where it is seen. */
function loose(doc: StrategyDoc, positions: Positions, step: { type: string; at: Position | null }): WithStep | null {
  const free = doc.layout.mode === "free";
  if (!free && step.at === null) return addStep(doc, { type: step.type });
  const lowest = Math.max(0, ...Object.values(positions).map((position) => position.y));
  const position = step.at ?? freeSpot(positions, { x: 0, y: lowest + ROW });
  const frozen = { ...doc, layout: { mode: "free" as const, positions: { ...positions } } };
  const made = addStep(frozen, { type: step.type, position });
  if (made === null || free) return made;
  const freeze = { kind: "place" as const, mode: "free" as const, positions };
  return { ...made, change: { ...made.change, operations: [freeze, ...made.change.operations] } };
}

/** A new step at a place, with positions found where they are stored. Null when it may not stand there. */
export function stepAt(
  doc: StrategyDoc,
  positions: Positions,
  step: { type: string; place: PickerPlace },
): WithStep | null {
  const { type, place } = step;
  const definition = definitionOf(type);
  if (definition === undefined || refusalOf(definition, place) !== null) return null;
  if (place.kind === "first") return insertFirst(doc, type);
  if (place.kind === "on-edges") return onEdges(doc, positions, { type, edgeIds: place.edgeIds });
  if (place.kind === "loose") return loose(doc, positions, { type, at: place.at });
  const position = doc.layout.mode === "auto" ? undefined : freeSpot(positions, below(doc, positions, place.from.node));
  return addStep(doc, { type, from: place.from, position });
}
