"use client";

import {
  Background,
  BackgroundVariant,
  ReactFlow,
  type ReactFlowInstance,
  useReactFlow,
  useStore,
} from "@xyflow/react";
import { type DragEvent, type ReactNode, useCallback, useMemo, useRef } from "react";
import { FlowLayer, useFlows } from "../overlay/flow-layer";
import { OverlayBar } from "../overlay/overlay-bar";
import { OverlayProvider } from "../overlay/overlay-context";
import { DRAGGED_TYPE } from "../palette/dragged-type";
import { stepAt } from "../palette/placement";
import { useDesigner, useDesignerContext, useDrawing, useText } from "../store/context";
import { overlayOf, type PickerPlace } from "../store/store";
import { type BundleEdge, BundleLine } from "./bundle-line";
import { detailOf } from "./detail";
import type { Drawing } from "./drawing";
import { canvasEdges, canvasNodes, edgesAside, nodesAside, problemsByStep } from "./elements";
import { sizeOf } from "./geometry";
import { type FrameNode, frameNodes, type NoteNode, noteNodes } from "./mark-elements";
import { ChartNote, StageFrame } from "./marks";
import { useMarked } from "./spotlight";
import { StepCard, type StepNode } from "./step-card";
import { lineUnder, useLineChanges, useStepChanges } from "./use-canvas-changes";
import { BringIntoView, ChartMap, firstView, KeepInView, ViewTools, ZOOM_MAX, ZOOM_MIN } from "./view";

const nodeTypes = { step: StepCard, frame: StageFrame, note: ChartNote };
type ChartNode = StepNode | FrameNode | NoteNode;
const edgeTypes = { bundle: BundleLine };
/** From here on only what is in view is kept in the page. */
const CULLED_FROM_STEPS = 120;
/** The elements React Flow draws, rebuilt only where the document, the selection or the problems changed. */
function useElements({ dragged, aimed }: Pick<ReturnType<typeof useStepChanges>, "dragged" | "aimed">) {
  const drawing = useDrawing();
  const doc = useDesigner((state) => state.doc);
  const issues = useDesigner((state) => state.issues);
  const selection = useDesigner((state) => state.selection);
  const before = useRef<ReadonlyMap<string, StepNode>>(new Map());
  // A drawing stays the same as long as the document's lines do: a letter more in a form makes no line anew.
  const drawn = useRef(doc);
  drawn.current = doc;
  const edgesBefore = useRef<ReadonlyMap<string, BundleEdge>>(new Map());
  const problems = useMemo(() => problemsByStep(issues), [issues]);
  const nodes = useMemo(() => {
    const made = canvasNodes({ doc, drawing, problems, selected: selection.nodes }, before.current);
    before.current = new Map(made.map((node) => [node.id, node]));
    return [...made];
  }, [doc, drawing, problems, selection.nodes]);
  const readOnly = useDesigner((state) => state.readOnly);
  const all = useMemo((): ChartNode[] => {
    const parts = { doc, positions: drawing.positions, selected: selection.mark, readOnly, dragged };
    return [...frameNodes(parts), ...nodesAside(nodes, dragged), ...noteNodes(parts)];
  }, [doc, drawing.positions, selection.mark, readOnly, dragged, nodes]);
  const edges = useMemo(() => {
    const made = canvasEdges({ doc: drawn.current, drawing, selected: selection.bundle }, edgesBefore.current);
    edgesBefore.current = new Map(made.map((edge) => [edge.id, edge]));
    return made;
  }, [drawing, selection.bundle]);
  // Which steps are dragged changes twice in a drag, where they are at every frame: React Flow takes the lines over only when they change.
  const moving = Object.keys(dragged).join();
  const lines = useMemo(
    () =>
      edgesAside(edges, new Set(moving === "" ? [] : moving.split(","))).map((edge) =>
        edge.id === aimed ? { ...edge, className: "dz-aimed" } : edge,
      ),
    [edges, moving, aimed],
  );
  return { nodes: all, edges: lines };
}

/** `children` are drawn over the chart, in its own coordinates where they stand in a `ViewportPortal`. */
export function Canvas({ children }: { readonly children?: ReactNode }) {
  return (
    <OverlayProvider>
      <Chart>{children}</Chart>
    </OverlayProvider>
  );
}

function Chart({ children }: { readonly children: ReactNode }) {
  const text = useText();
  const { store } = useDesignerContext();
  const drawing = useDrawing();
  const readOnly = useDesigner((state) => state.readOnly);
  const overlayKind = useDesigner((state) => (overlayOf(state) === null ? undefined : state.overlayKind));
  const steps = useStepChanges();
  const lines = useLineChanges();
  const { nodes, edges } = useMarked(useElements(steps));
  const flows = useFlows(edges);
  const detail = useStore(detailOf);
  const isDragging = Object.keys(steps.dragged).length > 0;
  const flow = useReactFlow();
  const host = useRef<HTMLDivElement>(null);

  const openAt = useCallback(
    (instance: ReactFlowInstance<ChartNode, BundleEdge>) => {
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
    <div ref={host} className="dz-canvas" data-detail={detail} data-overlay={overlayKind} data-dragging={isDragging}>
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
        nodesDraggable={!readOnly}
        onNodeDrag={steps.onNodeDrag}
        onNodeDragStop={steps.onNodeDragStop}
        nodesConnectable={!readOnly}
        edgesReconnectable={!readOnly}
        connectOnClick={false}
        connectionRadius={36}
        deleteKeyCode={null}
        selectionKeyCode="Shift"
        multiSelectionKeyCode={["Meta", "Control", "Shift"]}
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
        <ChartMap />
        <ViewTools />
        <BringIntoView />
        {readOnly && <KeepInView />}
        {flows !== null && <FlowLayer flows={flows} />}
        {flows !== null && <OverlayBar widest={flows.widest} />}
        {children}
      </ReactFlow>
    </div>
  );
}

type ToFlow = ReturnType<typeof useReactFlow>["screenToFlowPosition"];

/** On a line: into it. Anywhere else: where it was let go, middle under the pointer. */
function dropPlace(event: DragEvent, drawing: Drawing, toFlow: ToFlow): PickerPlace {
  const line = lineUnder(event.clientX, event.clientY);
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
