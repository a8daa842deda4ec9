"use client";

import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps } from "@xyflow/react";
import { Plus } from "lucide-react";
import { memo } from "react";
import type { Position } from "../commands/operation";
import { useDesigner, useDesignerContext, useText } from "../store/context";
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
    readonly fullLabel: string;
    /** Width the label may take; 0 = it has no room. */
    readonly labelRoom: number;
    /** Right side of everything a loop passes, or null where that is not known: while steps are moved. */
    readonly side: number | null;
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
  const { store } = useDesignerContext();
  const readOnly = useDesigner((state) => state.readOnly);
  const openPicker = useDesigner((state) => state.openPicker);
  if (data === undefined) return null;
  const { trunk, stubs, label, plus } = routeOf({
    starts: data.offsets.map((offset) => ({ x: sourceX + offset, y: sourceY - HANDLE_RIM })),
    end: { x: targetX, y: targetY + HANDLE_RIM - 2 },
    lanes: data.lanes,
    level: data.level,
    loop: data.loop,
    right: data.side ?? Math.max(sourceX + data.toRight.source, targetX + data.toRight.target),
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
        {data.labelRoom > 0 && (
          // biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: the line itself is what the keyboard reaches
          <div
            className="dz-label nodrag nopan"
            data-selected={selected === true}
            style={{
              maxWidth: data.labelRoom,
              transform: `translate(-50%, -50%) translate(${label.x}px, ${label.y}px)`,
            }}
            title={data.fullLabel}
            onClick={() => store.getState().select({ bundle: id })}
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
