import type { Connection, EdgeChange, NodeChange, OnConnectEnd } from "@xyflow/react";
import { useCallback, useRef, useState } from "react";
import { changeNote } from "../commands/marks";
import type { Position } from "../commands/operation";
import { moveStep } from "../commands/rearrange";
import { moveSteps } from "../commands/steps";
import { connect, connectProblem, edgeFrom, redirectAll, targetProblem, type WayOn } from "../commands/wiring";
import { useDesignerContext, useDrawing } from "../store/context";
import type { BundleEdge } from "./bundle-line";
import { markOf } from "./mark-elements";

/** The line under a point of the screen, also below a card that is dragged over it. */
export function lineUnder(x: number, y: number): string | null {
  for (const element of document.elementsFromPoint(x, y)) {
    const line = element.closest("[data-line]")?.getAttribute("data-line");
    const edge = line ?? element.closest(".react-flow__edge")?.getAttribute("data-id");
    if (edge !== null && edge !== undefined) return edge;
  }
  return null;
}

function pointOf(event: MouseEvent | TouchEvent): Position | null {
  const at = "clientX" in event ? event : event.changedTouches[0];
  return at === undefined ? null : { x: at.clientX, y: at.clientY };
}

const NOTHING: { readonly [nodeId: string]: Position } = {};

/** Selected ids after React Flow's `select` changes. */
function selectedAfter(
  before: readonly string[],
  changes: readonly { id: string; selected: boolean }[],
): readonly string[] {
  const selected = new Set(before);
  for (const change of changes) {
    if (change.selected) selected.add(change.id);
    else selected.delete(change.id);
  }
  return [...selected];
}

function wayOf(connection: { readonly source: string | null; readonly sourceHandle?: string | null }): WayOn {
  return { node: connection.source ?? "", handle: connection.sourceHandle ?? "" };
}

/**
 * Selections and moves React Flow reports. Where the program lays out, a step dragged onto a line moves into it, and goes back to its
 * place anywhere else; where the author places the steps, it stays where it was let go. Only a drag under way is held here.
 */
export function useStepChanges() {
  const { store } = useDesignerContext();
  const drawing = useDrawing();
  const [dragged, setDragged] = useState(NOTHING);

  const commitMove = useCallback(
    (positions: { readonly [nodeId: string]: Position }) => {
      const { doc, dispatch } = store.getState();
      for (const [id, position] of Object.entries(positions)) {
        const mark = markOf(id);
        if (mark?.kind === "note") dispatch(changeNote(doc, mark.id, { position }), "move");
      }
      const steps = Object.entries(positions).filter(([id, { x, y }]) => {
        const before = drawing.positions[id];
        return before !== undefined && (before.x !== x || before.y !== y);
      });
      if (steps.length > 0 && doc.layout.mode === "free") dispatch(moveSteps(doc, Object.fromEntries(steps)), "move");
    },
    [store, drawing],
  );

  const onNodesChange = useCallback(
    (changes: readonly NodeChange[]) => {
      const { selection, select } = store.getState();
      const selects = changes.filter((change) => change.type === "select");
      if (selects.length > 0) {
        const nodes = selectedAfter(
          selection.nodes,
          selects.filter(({ id }) => markOf(id) === null),
        );
        const chosen = selects.find(({ id, selected }) => selected && markOf(id) !== null);
        const mark = chosen === undefined ? null : markOf(chosen.id);
        const stays = selects.every(({ id }) => markOf(id) === null) && nodes.length === 0;
        const bundle = nodes.length > 0 || mark !== null ? null : selection.bundle;
        select({ nodes: mark === null ? nodes : [], bundle, mark: stays ? selection.mark : mark });
      }
      const moves = changes.flatMap((change) =>
        change.type === "position" && change.position !== undefined ? [{ ...change, position: change.position }] : [],
      );
      if (moves.length === 0) return;
      const positions = Object.fromEntries(
        moves.map(({ id, position }) => [id, { x: Math.round(position.x), y: Math.round(position.y) }]),
      );
      if (moves.some((move) => move.dragging === true)) {
        setDragged((before) => ({ ...before, ...positions }));
        return;
      }
      setDragged(NOTHING);
      commitMove(positions);
    },
    [store, commitMove],
  );

  /** The line a dragged step would move into, marked while the pointer is on it. */
  const [aimed, setAimed] = useState<string | null>(null);
  const moveInto = useCallback(
    (nodeId: string, line: string | null) => {
      const { doc } = store.getState();
      const bundle = drawing.flow.bundles.find(({ id }) => id === line);
      if (bundle === undefined || doc.layout.mode === "free" || markOf(nodeId) !== null) return null;
      return moveStep(doc, nodeId, { kind: "on-edges", edgeIds: bundle.members.map(({ edge }) => edge.id) });
    },
    [store, drawing],
  );
  const onNodeDrag = useCallback(
    (event: MouseEvent | TouchEvent, node: { readonly id: string }) => {
      const at = pointOf(event);
      const line = at === null ? null : lineUnder(at.x, at.y);
      setAimed(line !== null && moveInto(node.id, line) !== null ? line : null);
    },
    [moveInto],
  );
  const onNodeDragStop = useCallback(
    (event: MouseEvent | TouchEvent, node: { readonly id: string }) => {
      setAimed(null);
      const at = pointOf(event);
      const change = at === null ? null : moveInto(node.id, lineUnder(at.x, at.y));
      if (change !== null) store.getState().dispatch(change);
    },
    [store, moveInto],
  );

  return { dragged, aimed, onNodesChange, onNodeDrag, onNodeDragStop };
}

/** Connecting, leading elsewhere, and letting a line go over nothing, which asks which step should stand there. */
export function useLineChanges() {
  const { store } = useDesignerContext();
  const reconnecting = useRef(false);

  const onEdgesChange = useCallback(
    (changes: readonly EdgeChange<BundleEdge>[]) => {
      const { selection, select } = store.getState();
      for (const change of changes) {
        if (change.type !== "select") continue;
        if (change.selected) select({ nodes: [], bundle: change.id });
        else if (selection.bundle === change.id) select({ nodes: selection.nodes, bundle: null });
      }
    },
    [store],
  );

  const isValidConnection = useCallback(
    (connection: Connection | BundleEdge) => {
      const problem = reconnecting.current ? targetProblem : connectProblem;
      return problem(store.getState().doc, wayOf(connection), connection.target) === null;
    },
    [store],
  );

  const onConnect = useCallback(
    (connection: Connection) => {
      const { doc, dispatch } = store.getState();
      dispatch(connect(doc, wayOf(connection), connection.target));
    },
    [store],
  );

  const onReconnect = useCallback(
    (edge: BundleEdge, connection: Connection) => {
      const { doc, dispatch } = store.getState();
      dispatch(redirectAll(doc, edge.data?.edgeIds ?? [], connection.target));
    },
    [store],
  );

  const onConnectEnd = useCallback<OnConnectEnd>(
    (event, connection) => {
      const { doc, dispatch, openPicker } = store.getState();
      const { fromNode, fromHandle, isValid } = connection;
      if (reconnecting.current || isValid === true || fromNode === null || fromHandle?.type !== "source") return;
      const from = { node: fromNode.id, handle: fromHandle.id ?? "" };
      if (edgeFrom(doc, from) !== undefined) return;
      const point = "changedTouches" in event ? event.changedTouches[0] : event;
      if (point === undefined) return;
      // A card is a larger target than the dot on it.
      const under = document.elementsFromPoint(point.clientX, point.clientY);
      const target = under.map((element) => element.closest("[data-step]")?.getAttribute("data-step")).find(Boolean);
      if (target !== undefined && target !== null) {
        dispatch(connect(doc, from, target));
        return;
      }
      openPicker({ place: { kind: "behind", from }, screen: { x: point.clientX, y: point.clientY } });
    },
    [store],
  );

  const markReconnecting = useCallback((value: boolean) => {
    reconnecting.current = value;
  }, []);

  return { onEdgesChange, isValidConnection, onConnect, onReconnect, onConnectEnd, markReconnecting };
}
