import type { Connection, EdgeChange, NodeChange, OnConnectEnd } from "@xyflow/react";
import { useCallback, useRef, useState } from "react";
import type { Position } from "../commands/operation";
import { moveSteps } from "../commands/steps";
import { connect, connectProblem, edgeFrom, redirectAll, targetProblem, type WayOn } from "../commands/wiring";
import { useDesignerContext, useDrawing } from "../store/context";
import type { BundleEdge } from "./bundle-line";
import type { StepNode } from "./step-card";

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

/** Selections and moves React Flow reports. Positions live in the document; only a drag under way is held here. */
export function useStepChanges() {
  const { store } = useDesignerContext();
  const drawing = useDrawing();
  const [dragged, setDragged] = useState(NOTHING);

  const commitMove = useCallback(
    (positions: { readonly [nodeId: string]: Position }) => {
      const { doc, dispatch } = store.getState();
      const moved = Object.entries(positions).some(([id, { x, y }]) => {
        const before = drawing.positions[id];
        return before?.x !== x || before.y !== y;
      });
      if (!moved) return;
      // A step placed by hand makes the layout a free one, and everything else stays where it is seen.
      const all = doc.layout.mode === "auto" ? { ...drawing.positions, ...positions } : positions;
      dispatch(moveSteps(doc, all), "move");
    },
    [store, drawing],
  );

  const onNodesChange = useCallback(
    (changes: readonly NodeChange<StepNode>[]) => {
      const { selection, select } = store.getState();
      const selects = changes.filter((change) => change.type === "select");
      if (selects.length > 0) {
        const nodes = selectedAfter(selection.nodes, selects);
        select({ nodes, bundle: nodes.length > 0 ? null : selection.bundle });
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

  return { dragged, onNodesChange };
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
