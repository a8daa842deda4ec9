"use client";

import {
  Background,
  BackgroundVariant,
  MiniMap,
  Panel,
  ReactFlow,
  type ReactFlowInstance,
  type ReactFlowState,
  useReactFlow,
  useStore,
  type Viewport,
} from "@xyflow/react";
import { LayoutGrid, Maximize, ZoomIn, ZoomOut } from "lucide-react";
import { type DragEvent, useCallback, useEffect, useMemo, useRef } from "react";
import type { NodeGroup } from "#engine";
import { tidy } from "../commands/steps";
import { IconButton } from "../controls/icon-button";
import { DRAGGED_TYPE } from "../palette/dragged-type";
import { stepAt } from "../palette/placement";
import { useDesigner, useDesignerContext, useDrawing, useText } from "../store/context";
import { overlayOf, type PickerPlace } from "../store/store";
import { type BundleEdge, BundleLine } from "./bundle-line";
import type { Drawing } from "./drawing";
import { canvasEdges, canvasNodes, problemsByStep } from "./elements";
import { sizeOf } from "./geometry";
import type { Size } from "./layout";
import { StepCard, type StepNode } from "./step-card";
import { useLineChanges, useStepChanges } from "./use-canvas-changes";

const nodeTypes = { step: StepCard };
const edgeTypes = { bundle: BundleLine };
const ZOOM_MIN = 0.08;
const ZOOM_MAX = 2;
const OPEN_ZOOM_MIN = 0.8;
const OPEN_MARGIN = 40;
const FIT = { padding: 0.12, maxZoom: 1, minZoom: 0.35, duration: 160 } as const;
/** From here on only what is in view is kept in the page. */
const CULLED_FROM_STEPS = 120;
const BRIEF_ZOOM = 0.62;
const BLOCK_ZOOM = 0.4;

const detailOf = (state: ReactFlowState): "full" | "brief" | "block" => {
  const zoom = state.transform[2];
  if (zoom < BLOCK_ZOOM) return "block";
  return zoom < BRIEF_ZOOM ? "brief" : "full";
};

/** Values and flow are a kind of deciding: they share its hue, as they share its shape. */
function hueOf(group: NodeGroup | undefined): string {
  if (group === undefined) return "var(--breach)";
  return `var(--group-${group === "control" ? "decide" : group})`;
}

/** The elements React Flow draws, rebuilt only where the document, the selection or the problems changed. */
function useElements(dragged: ReturnType<typeof useStepChanges>["dragged"]) {
  const drawing = useDrawing();
  const doc = useDesigner((state) => state.doc);
  const issues = useDesigner((state) => state.issues);
  const selection = useDesigner((state) => state.selection);
  const before = useRef<ReadonlyMap<string, StepNode>>(new Map());
  const edgesBefore = useRef<ReadonlyMap<string, BundleEdge>>(new Map());
  const problems = useMemo(() => problemsByStep(issues), [issues]);
  const nodes = useMemo(() => {
    const made = canvasNodes({ doc, drawing, problems, selected: selection.nodes, dragged }, before.current);
    before.current = new Map(made.map((node) => [node.id, node]));
    return [...made];
  }, [doc, drawing, problems, selection.nodes, dragged]);
  const edges = useMemo(() => {
    const made = canvasEdges({ doc, drawing, selected: selection.bundle, dragged }, edgesBefore.current);
    edgesBefore.current = new Map(made.map((edge) => [edge.id, edge]));
    return [...made];
  }, [doc, drawing, selection.bundle, dragged]);
  return { nodes, edges };
}

export function Canvas() {
  const text = useText();
  const { store } = useDesignerContext();
  const drawing = useDrawing();
  const readOnly = useDesigner((state) => state.readOnly);
  const overlayKind = useDesigner((state) => (overlayOf(state) === null ? undefined : state.overlayKind));
  // A strategy inside keeps no positions.
  const movable = useDesigner((state) => !state.readOnly && state.opened === null);
  const steps = useStepChanges();
  const lines = useLineChanges();
  const { nodes, edges } = useElements(steps.dragged);
  const detail = useStore(detailOf);
  const flow = useReactFlow();
  const host = useRef<HTMLDivElement>(null);

  const openAt = useCallback(
    (instance: ReactFlowInstance<StepNode, BundleEdge>) => {
      const { width, height } = host.current?.getBoundingClientRect() ?? { width: 0, height: 0 };
      instance.setViewport(firstView(drawing, store.getState().doc.entry.node, { width, height }));
    },
    [drawing, store],
  );
  const onDrop = useCallback(
    (event: DragEvent) => {
      const type = event.dataTransfer.getData(DRAGGED_TYPE);
      if (type === "") return;
      event.preventDefault();
      const { doc, dispatch, select } = store.getState();
      const made = stepAt(doc, drawing.positions, {
        type,
        place: dropPlace(event, drawing, flow.screenToFlowPosition),
      });
      if (made === null) return;
      dispatch(made.change);
      select({ nodes: [made.nodeId] });
    },
    [store, drawing, flow],
  );

  return (
    <div ref={host} className="dz-canvas" data-detail={detail} data-overlay={overlayKind}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={steps.onNodesChange}
        onEdgesChange={lines.onEdgesChange}
        onConnect={lines.onConnect}
        onConnectEnd={lines.onConnectEnd}
        onReconnect={lines.onReconnect}
        onReconnectStart={() => lines.markReconnecting(true)}
        onReconnectEnd={() => lines.markReconnecting(false)}
        isValidConnection={lines.isValidConnection}
        onDragOver={(event) => {
          if (event.dataTransfer.types.includes(DRAGGED_TYPE)) event.preventDefault();
        }}
        onDrop={onDrop}
        nodesDraggable={movable}
        nodesConnectable={!readOnly}
        edgesReconnectable={!readOnly}
        connectOnClick={false}
        connectionRadius={36}
        deleteKeyCode={null}
        selectionKeyCode="Shift"
        multiSelectionKeyCode={["Meta", "Control"]}
        panOnScroll
        zoomOnDoubleClick={false}
        onlyRenderVisibleElements={nodes.length > CULLED_FROM_STEPS}
        minZoom={ZOOM_MIN}
        maxZoom={ZOOM_MAX}
        nodeDragThreshold={4}
        onInit={openAt}
        ariaLabelConfig={{
          "node.a11yDescription.default": text("canvas.step-keys"),
          "edge.a11yDescription.default": text("canvas.line-keys"),
          "minimap.ariaLabel": text("canvas.minimap"),
          "handle.ariaLabel": text("canvas.way-on"),
        }}
      >
        <ArrowHead />
        <Background variant={BackgroundVariant.Dots} gap={20} size={1} />
        <MiniMap
          pannable
          zoomable
          position="bottom-right"
          nodeColor={(node) => hueOf((node as StepNode).data.view.definition?.group)}
          nodeStrokeWidth={0}
          className="dz-minimap"
        />
        <ViewTools />
        <BringIntoView />
        {readOnly && <KeepInView />}
      </ReactFlow>
    </div>
  );
}

/**
 * The whole strategy when it can be read at that size; else its beginning, entry at the top: nobody starts to read a
 * chart from dust.
 */
function firstView(drawing: Drawing, entryId: string, room: Size): Viewport {
  const corners = Object.values(drawing.positions);
  const card = sizeOf(undefined);
  const left = Math.min(...corners.map(({ x }) => x));
  const top = Math.min(...corners.map(({ y }) => y));
  const width = Math.max(...corners.map(({ x }) => x)) + card.width - left;
  const height = Math.max(...corners.map(({ y }) => y)) + card.height - top;
  const whole = Math.min(1, (room.width - 2 * OPEN_MARGIN) / width, (room.height - 2 * OPEN_MARGIN) / height);
  if (whole >= OPEN_ZOOM_MIN) {
    return { x: (room.width - width * whole) / 2 - left * whole, y: OPEN_MARGIN - top * whole, zoom: whole };
  }
  const zoom = OPEN_ZOOM_MIN;
  const entry = drawing.positions[entryId] ?? { x: left, y: top };
  // As much of the chart as fits, but never without its entry.
  const middle = width * zoom < room.width ? left + width / 2 : entry.x;
  return { x: room.width / 2 - middle * zoom, y: OPEN_MARGIN - entry.y * zoom, zoom };
}

type ToFlow = ReturnType<typeof useReactFlow>["screenToFlowPosition"];

/** On a line: into it. Anywhere else: where it was let go, middle under the pointer. */
function dropPlace(event: DragEvent, drawing: Drawing, toFlow: ToFlow): PickerPlace {
  const under = document.elementFromPoint(event.clientX, event.clientY);
  const line =
    under?.closest("[data-line]")?.getAttribute("data-line") ??
    under?.closest(".react-flow__edge")?.getAttribute("data-id");
  const bundle = drawing.flow.bundles.find((candidate) => candidate.id === line);
  if (bundle !== undefined) return { kind: "on-edges", edgeIds: bundle.members.map(({ edge }) => edge.id) };
  const { x, y } = toFlow({ x: event.clientX, y: event.clientY });
  const { width, height } = sizeOf(undefined);
  return { kind: "loose", at: { x: Math.round(x - width / 2), y: Math.round(y - height / 2) } };
}

function ArrowHead() {
  return (
    <svg className="dz-defs" aria-hidden>
      <defs>
        <marker id="dz-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
          <path d="M 0.5 0.5 L 7.5 4 L 0.5 7.5 Z" fill="context-stroke" />
        </marker>
      </defs>
    </svg>
  );
}

function ViewTools() {
  const text = useText();
  const flow = useReactFlow();
  const { store } = useDesignerContext();
  const readOnly = useDesigner((state) => state.readOnly);
  const isTidy = useDesigner((state) => state.doc.layout.mode === "auto");
  const zoom = useStore((state) => Math.round(state.transform[2] * 100));
  return (
    <Panel position="bottom-left" className="dz-tools">
      <IconButton label={text("canvas.zoom-out")} onClick={() => flow.zoomOut({ duration: 140 })}>
        <ZoomOut size={16} aria-hidden />
      </IconButton>
      <button
        type="button"
        className="dz-zoom"
        title={text("canvas.zoom-actual")}
        onClick={() => flow.zoomTo(1, { duration: 140 })}
      >
        {zoom}%
      </button>
      <IconButton label={text("canvas.zoom-in")} onClick={() => flow.zoomIn({ duration: 140 })}>
        <ZoomIn size={16} aria-hidden />
      </IconButton>
      <IconButton label={`${text("canvas.fit")} (F)`} onClick={() => flow.fitView(FIT)}>
        <Maximize size={16} aria-hidden />
      </IconButton>
      {!readOnly && (
        <IconButton
          label={isTidy ? text("canvas.tidy-already") : text("canvas.tidy")}
          disabled={isTidy}
          onClick={() => store.getState().dispatch(tidy(store.getState().doc))}
        >
          <LayoutGrid size={16} aria-hidden />
        </IconButton>
      )}
    </Panel>
  );
}

/** Moves the view to a step that was selected elsewhere (a problem, the outline, a search) when it cannot be seen. */
function BringIntoView() {
  const flow = useReactFlow();
  const drawing = useDrawing();
  const nodeId = useDesigner((state) => (state.selection.nodes.length === 1 ? state.selection.nodes[0] : undefined));
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const corner = nodeId === undefined ? undefined : drawing.positions[nodeId];
  const shown = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (nodeId === shown.current || corner === undefined || width === 0) return;
    shown.current = nodeId;
    const { x, y, zoom } = flow.getViewport();
    const card = sizeOf(undefined);
    const middleX = (corner.x + card.width / 2) * zoom + x;
    const middleY = (corner.y + card.height / 2) * zoom + y;
    const inside = middleX >= 0 && middleY >= 0 && middleX <= width && middleY <= height;
    if (inside) return;
    flow.setCenter(corner.x + card.width / 2, corner.y + card.height / 2, { zoom: Math.max(zoom, 0.7), duration: 160 });
  }, [nodeId, corner, flow, width, height]);
  return null;
}

/**
 * A list that opens beside a drawing takes room from it: what was seen before is seen after, smaller, and as it was when the
 * list closes. An author at work keeps the size the drawing was given.
 */
function KeepInView() {
  const flow = useReactFlow();
  const width = useStore((state) => state.width);
  const before = useRef(width);
  useEffect(() => {
    const ratio = before.current === 0 ? 1 : width / before.current;
    if (width > 0) before.current = width;
    if (ratio === 1 || ratio === 0) return;
    const { x, y, zoom } = flow.getViewport();
    const next = Math.min(ZOOM_MAX, Math.max(ZOOM_MIN, zoom * ratio));
    const scale = next / zoom;
    flow.setViewport({ x: x * scale, y: y * scale, zoom: next });
  }, [flow, width]);
  return null;
}
