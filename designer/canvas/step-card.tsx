"use client";

import { Handle, type Node, type NodeProps, Position, useStore } from "@xyflow/react";
import { CircleAlert, Plus, TriangleAlert } from "lucide-react";
import { memo } from "react";
import { handleText, type IssueSeverity, stepSummary } from "#engine";
import type { StepView } from "../commands/step-view";
import type { StepFigures } from "../overlay/overlay";
import { FigureBar, FigureChip, FiguresLine, useStepFigures } from "../overlay/step-figures";
import { useDesigner, useDesignerContext, useText, useWords } from "../store/context";
import { isFar } from "./detail";
import { stepName } from "./drawing";
import { handleX, outlineOf, shapeOf, sizeOf } from "./geometry";
import { iconOf } from "./icons";

export type Problems = { readonly worst: IssueSeverity; readonly count: number };
export type StepNode = Node<
  { readonly view: StepView; readonly problems: Problems | null; readonly wired: readonly string[] },
  "step"
>;

/** Below this distance between ways on, their words would run into each other. */
const LABEL_ROOM = 72;

export const StepCard = memo(function StepCard({ id, data, selected }: NodeProps<StepNode>) {
  const { view, problems } = data;
  const words = useWords();
  const figures = useStepFigures(id);
  const group = view.definition?.group;
  const far = useStore(isFar);
  const size = sizeOf(group);
  const shape = shapeOf(group);
  const outline = outlineOf(shape, size);
  const Icon = iconOf(view.definition);
  const name = stepName(view.node, words);
  const summary = stepSummary(view.node, words);
  return (
    <div
      className="dz-step"
      data-group={group ?? "unknown"}
      data-shape={shape}
      data-selected={selected}
      data-problem={problems?.worst}
      data-step={id}
      data-testid={`step-${id}`}
      style={{ width: size.width, height: size.height }}
    >
      <svg className="dz-outline" width={size.width} height={size.height} aria-hidden>
        <path d={outline} />
      </svg>
      {shape !== "disc" && <div className="dz-bar" style={{ clipPath: `path("${outline}")` }} />}
      {group !== "entry" && <Beginning id={id} />}
      {group !== "entry" && !far && (
        <Handle id="in" type="target" position={Position.Top} className="dz-handle dz-handle-in" />
      )}
      <div className="dz-face">
        <span className="dz-icon">
          <Icon size={18} aria-hidden />
        </span>
        <span className="dz-words">
          <span className="dz-name" title={name}>
            {name}
          </span>
          {figures === null ? (
            <span className="dz-summary" title={summary ?? undefined}>
              {summary ?? <UnknownStep type={view.node.type} />}
            </span>
          ) : (
            <FiguresLine figures={figures} />
          )}
        </span>
        <RightSide id={id} problems={problems} figures={figures} />
      </div>
      {figures !== null && <FigureBar figures={figures} />}
      {!far && <WaysOn id={id} data={data} width={size.width} />}
    </div>
  );
});

/** Where accounts begin in a strategy that has no entry of its own, and how to put a step before. */
function Beginning({ id }: { readonly id: string }) {
  const text = useText();
  const { store } = useDesignerContext();
  const isFirst = useDesigner((state) => state.doc.entry.node === id);
  const readOnly = useDesigner((state) => state.readOnly);
  if (!isFirst) return null;
  return (
    <span className="dz-beginning">
      <span>{text("canvas.begins")}</span>
      {!readOnly && (
        <button
          type="button"
          className="nodrag nopan"
          aria-label={text("canvas.insert-first")}
          title={text("canvas.insert-first")}
          onClick={(event) => {
            event.stopPropagation();
            const { left, bottom } = event.currentTarget.getBoundingClientRect();
            store.getState().openPicker({ place: { kind: "first" }, screen: { x: left, y: bottom } });
          }}
        >
          <Plus size={11} aria-hidden />
        </button>
      )}
    </span>
  );
}

function UnknownStep({ type }: { readonly type: string }) {
  const text = useText();
  return text("canvas.unknown-step", { type });
}

function RightSide({
  id,
  problems,
  figures,
}: {
  readonly id: string;
  readonly problems: Problems | null;
  readonly figures: StepFigures | null;
}) {
  const text = useText();
  if (figures !== null) return <FigureChip id={id} figures={figures} />;
  if (problems === null) return null;
  const Mark = problems.worst === "error" ? CircleAlert : TriangleAlert;
  return (
    <span className="dz-problem" data-worst={problems.worst} title={text("canvas.problems", { count: problems.count })}>
      <Mark size={14} aria-hidden />
      {problems.count}
      <span className="sr-only">{text("canvas.problems", { count: problems.count })}</span>
    </span>
  );
}

/** A dot per way on. A free one carries its word where there is room, and a plus to add the next step behind it. */
function WaysOn({ id, data, width }: { readonly id: string; readonly data: StepNode["data"]; readonly width: number }) {
  const { view, wired } = data;
  const words = useWords();
  const text = useText();
  const openPicker = useDesigner((state) => state.openPicker);
  const { definition, handles } = view;
  if (definition === undefined) return null;
  const room = width / Math.max(1, handles.length) >= LABEL_ROOM;
  return handles.map((handle, index) => {
    const left = handleX(index, handles.length, width);
    const free = !wired.includes(handle.id);
    const label = handleText(definition, handle, words);
    return (
      <Handle
        key={handle.id}
        id={handle.id}
        type="source"
        position={Position.Bottom}
        className="dz-handle dz-handle-out"
        data-role={handle.role}
        data-free={free}
        data-room={room && handles.length > 1}
        isConnectableStart={free}
        style={{ left }}
        title={free ? text("canvas.add-behind", { way: label }) : label}
        onClick={(event) => {
          if (!free) return;
          event.stopPropagation();
          const place = { kind: "behind", from: { node: id, handle: handle.id } } as const;
          openPicker({ place, screen: { x: event.clientX, y: event.clientY } });
        }}
      >
        {free && <Plus size={9} aria-hidden className="dz-handle-plus" />}
        {free && <span className="dz-handle-label">{label}</span>}
      </Handle>
    );
  });
}
