"use client";

import {
  getViewportForBounds,
  MiniMap,
  type Node,
  Panel,
  type ReactFlowState,
  useReactFlow,
  useStore,
  useStoreApi,
  type Viewport,
} from "@xyflow/react";
import { LayoutGrid, Maximize, Move, ZoomIn, ZoomOut } from "lucide-react";
import { useCallback, useEffect, useRef } from "react";
import type { NodeGroup } from "#engine";
import { freeLayout, tidy } from "../commands/steps";
import { IconButton } from "../controls/icon-button";
import { useDesigner, useDesignerContext, useDrawing, useText } from "../store/context";
import { boundsOf, type Drawing } from "./drawing";
import { sizeOf } from "./geometry";
import type { Size } from "./layout/layout";
import { glide } from "./motion";
import type { StepNode } from "./step-card";

/* What of the drawing is seen: at first, as a whole, around a step; and the map of it. */

export const ZOOM_MIN = 0.08;
export const ZOOM_MAX = 2;
const OPEN_ZOOM_MIN = 0.8;
const OPEN_MARGIN = 40;
const FIT_PADDING = 0.06;

/**
 * The whole strategy when it can be read at that size; else its beginning, entry at the top: nobody starts to read a
 * chart from dust.
 */
export function firstView(drawing: Drawing, entryId: string, room: Size): Viewport {
  const { x: left, y: top, width, height } = boundsOf(drawing);
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

/** Shows the drawing as a whole, what leads around its steps included. */
export function useFitChart(drawing: Drawing): () => void {
  const flow = useReactFlow();
  const chart = useStoreApi();
  return useCallback(() => {
    const { width, height } = chart.getState();
    void flow.setViewport(getViewportForBounds(boundsOf(drawing), width, height, ZOOM_MIN, 1, FIT_PADDING), glide());
  }, [flow, chart, drawing]);
}

/** Values and flow are a kind of deciding: they share its hue, as they share its shape. */
function hueOf(group: NodeGroup | undefined): string {
  if (group === undefined) return "var(--breach)";
  return `var(--group-${group === "control" ? "decide" : group})`;
}

/** Frames are seen through on the map, and notes are paper. */
function mapColour(node: Node): string {
  if (node.type === "note") return "var(--waiting-soft)";
  return node.type === "frame" ? "transparent" : hueOf((node as StepNode).data.view.definition?.group);
}

/** A map of the drawing, as long as some of it cannot be seen: otherwise it would only stand before what it shows. */
export function ChartMap() {
  const drawing = useDrawing();
  const { x, y, width, height } = boundsOf(drawing);
  const allSeen = useStore(({ transform: [left, top, zoom], width: roomX, height: roomY }: ReactFlowState) => {
    const inside = (start: number, length: number, room: number) => start >= 0 && start + length <= room;
    return inside(x * zoom + left, width * zoom, roomX) && inside(y * zoom + top, height * zoom, roomY);
  });
  if (allSeen) return null;
  return (
    <MiniMap
      pannable
      zoomable
      position="bottom-right"
      nodeColor={mapColour}
      nodeStrokeWidth={0}
      className="dz-minimap"
    />
  );
}

export function ViewTools() {
  const text = useText();
  const flow = useReactFlow();
  const { store } = useDesignerContext();
  const readOnly = useDesigner((state) => state.readOnly);
  const isTidy = useDesigner((state) => state.doc.layout.mode === "auto");
  // A strategy inside keeps no positions.
  const atTheTop = useDesigner((state) => state.opened === null);
  const drawing = useDrawing();
  const showAll = useFitChart(drawing);
  const zoom = useStore((state) => Math.round(state.transform[2] * 100));
  return (
    <Panel position="bottom-left" className="dz-tools">
      <IconButton label={text("canvas.zoom-out")} onClick={() => flow.zoomOut(glide())}>
        <ZoomOut size={16} aria-hidden />
      </IconButton>
      <button
        type="button"
        className="dz-zoom"
        title={text("canvas.zoom-actual")}
        onClick={() => flow.zoomTo(1, glide())}
      >
        {zoom}%
      </button>
      <IconButton label={text("canvas.zoom-in")} onClick={() => flow.zoomIn(glide())}>
        <ZoomIn size={16} aria-hidden />
      </IconButton>
      <IconButton label={`${text("canvas.fit")} (F)`} onClick={showAll}>
        <Maximize size={16} aria-hidden />
      </IconButton>
      {!readOnly && !isTidy && (
        <IconButton label={text("canvas.tidy")} onClick={() => store.getState().dispatch(tidy(store.getState().doc))}>
          <LayoutGrid size={16} aria-hidden />
        </IconButton>
      )}
      {!readOnly && isTidy && atTheTop && (
        <IconButton
          label={text("actions.free-layout")}
          onClick={() => store.getState().dispatch(freeLayout(store.getState().doc, drawing.positions))}
        >
          <Move size={16} aria-hidden />
        </IconButton>
      )}
    </Panel>
  );
}

/** Moves the view to a step that was selected elsewhere (a problem, the outline, a search) when it cannot be seen. */
export function BringIntoView() {
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
    flow.setCenter(corner.x + card.width / 2, corner.y + card.height / 2, { zoom: Math.max(zoom, 0.7), ...glide() });
  }, [nodeId, corner, flow, width, height]);
  return null;
}

/**
 * A list that opens beside a drawing takes room from it: what was seen before is seen after, smaller, and as it was when the
 * list closes. An author at work keeps the size the drawing was given.
 */
export function KeepInView() {
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
