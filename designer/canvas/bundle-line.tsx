"use client";

import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps } from "@xyflow/react";
import { Plus } from "lucide-react";
import { memo } from "react";
import type { Position } from "../commands/operation";
import { useDesigner, useText } from "../store/context";
import { routeOf } from "./route";

export type BundleEdge = Edge<
  {
    readonly edgeIds: readonly string[];
    /** Where each way on leaves the card, from where the first one does. */
    readonly offsets: readonly number[];
    readonly lanes: readonly Position[] | null;
    readonly level: number;
    readonly loop: boolean;
    readonly label: string;
    /** Distances from the line's ends to the right sides of both cards. */
    readonly toRight: { readonly source: number; readonly target: number };
  },
  "bundle"
>;

/** React Flow measures ends at the rim of the handle's dot; lines begin at the card. */
const HANDLE_RIM = 5;

export const BundleLine = memo(function BundleLine(props: EdgeProps<BundleEdge>) {
  const { id, sourceX, sourceY, targetX, targetY, selected, data, markerEnd } = props;
  const text = useText();
  const readOnly = useDesigner((state) => state.readOnly);
  const openPicker = useDesigner((state) => state.openPicker);
  if (data === undefined) return null;
  const { trunk, stubs, label, plus } = routeOf({
    starts: data.offsets.map((offset) => ({ x: sourceX + offset, y: sourceY - HANDLE_RIM })),
    end: { x: targetX, y: targetY + HANDLE_RIM - 2 },
    lanes: data.lanes,
    level: data.level,
    loop: data.loop,
    right: Math.max(sourceX + data.toRight.source, targetX + data.toRight.target),
  });
  const state = { "data-selected": selected === true, "data-loop": data.loop };
  return (
    <>
      {stubs.map((stub) => (
        <path key={stub} d={stub} className="dz-stub" fill="none" {...state} />
      ))}
      <g className="dz-trunk" {...state}>
        <BaseEdge path={trunk} interactionWidth={18} {...(markerEnd === undefined ? {} : { markerEnd })} />
      </g>
      <EdgeLabelRenderer>
        {data.label !== "" && (
          <div
            className="dz-label nodrag nopan"
            data-selected={selected === true}
            style={{ transform: `translate(-50%, -50%) translate(${label.x}px, ${label.y}px)` }}
            title={data.label}
          >
            {data.label}
          </div>
        )}
        {!readOnly && (
          <button
            type="button"
            className="dz-plus nodrag nopan"
            data-selected={selected === true}
            data-line={id}
            style={{ transform: `translate(-50%, -50%) translate(${plus.x}px, ${plus.y}px)` }}
            title={text("canvas.insert-here")}
            aria-label={text("canvas.insert-here")}
            onClick={(event) => {
              event.stopPropagation();
              const place = { kind: "on-edges", edgeIds: data.edgeIds } as const;
              openPicker({ place, screen: { x: event.clientX, y: event.clientY } });
            }}
          >
            <Plus size={12} aria-hidden />
          </button>
        )}
      </EdgeLabelRenderer>
    </>
  );
});
