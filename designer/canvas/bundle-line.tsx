"use client";

import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps, type ReactFlowState, useStore } from "@xyflow/react";
import { Plus } from "lucide-react";
import { memo } from "react";
import type { Position } from "../commands/operation";
import { countText, shareText } from "../overlay/figure-text";
import { useShownOverlay } from "../overlay/overlay-context";
import { useDesigner, useDesignerContext, useText } from "../store/context";
import { isFar } from "./detail";
import { type Route, routeOf } from "./route";

/** What a line takes of the drawing, in its pixels. */
export type Reach = { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };

export type BundleEdge = Edge<
  {
    /** Whether it flows into a trunk that another line draws: then it is drawn to the trunk, and as a whole when selected. */
    readonly shared: boolean;
    readonly reach: Reach | null;
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
    /** The same with a number behind its words. */
    readonly countedRoom: number;
    /** Right side of everything a loop passes, or null where that is not known: while steps are moved. */
    readonly side: number | null;
    /** Distance from the left side of its card to where the first way on leaves it. */
    readonly fromLeft: number;
    /** Distances from the line's ends to the right sides of both cards. */
    readonly toRight: { readonly source: number; readonly target: number };
  },
  "bundle"
>;

/** React Flow measures ends at the rim of the handle's dot; lines begin at the card. */
const HANDLE_RIM = 5;

/** Lines this far outside the view are not drawn yet, in pixels of the screen. */
const VIEW_MARGIN = 300;

/** React Flow asks whether the box between two steps is in view; of hundreds of lines to one far exit that is true everywhere. */
function isInView(reach: Reach | null | undefined) {
  return ({ transform: [x, y, zoom], width, height }: ReactFlowState): boolean =>
    reach === null ||
    reach === undefined ||
    (reach.left * zoom + x < width + VIEW_MARGIN &&
      reach.right * zoom + x > -VIEW_MARGIN &&
      reach.top * zoom + y < height + VIEW_MARGIN &&
      reach.bottom * zoom + y > -VIEW_MARGIN);
}

type Ends = { readonly start: Position; readonly end: Position };

/** The way of a line between its ends: where its first way on leaves the card, and the middle of the target's upper side. */
export function lineRoute(data: NonNullable<BundleEdge["data"]>, { start, end }: Ends, untilTrunk: boolean): Route {
  return routeOf({
    starts: data.offsets.map((offset) => ({ x: start.x + offset, y: start.y })),
    end,
    lanes: data.lanes,
    level: data.level,
    loop: data.loop,
    untilTrunk,
    right: data.side ?? Math.max(start.x + data.toRight.source, end.x + data.toRight.target),
  });
}

export const BundleLine = memo(function BundleLine(props: EdgeProps<BundleEdge>) {
  const inView = useStore(isInView(props.data?.reach));
  return inView || props.selected === true ? <DrawnLine {...props} /> : null;
});

function DrawnLine(props: EdgeProps<BundleEdge>) {
  const { id, sourceX, sourceY, targetX, targetY, selected, data, markerEnd } = props;
  const text = useText();
  const { store } = useDesignerContext();
  const readOnly = useDesigner((state) => state.readOnly);
  const openPicker = useDesigner((state) => state.openPicker);
  const far = useStore(isFar);
  const passed = usePassed(id);
  if (data === undefined) return null;
  const untilTrunk = data.shared && data.lanes !== null && selected !== true;
  const ends = {
    start: { x: sourceX, y: sourceY - HANDLE_RIM },
    end: { x: targetX, y: targetY + HANDLE_RIM - 2 },
  };
  const { trunk, stubs, label, plus } = lineRoute(data, ends, untilTrunk);
  const room = passed === null ? data.labelRoom : data.countedRoom;
  const state = { "data-selected": selected === true, "data-loop": data.loop };
  return (
    <>
      {stubs.map((stub) => (
        <path key={stub} d={stub} className="dz-stub" fill="none" {...state} />
      ))}
      <g className="dz-trunk" {...state}>
        <BaseEdge
          path={trunk}
          interactionWidth={18}
          {...(markerEnd === undefined || untilTrunk ? {} : { markerEnd })}
        />
      </g>
      <EdgeLabelRenderer>
        {room > 0 && !far && (
          // biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: the line itself is what the keyboard reaches
          <div
            className="dz-label nodrag nopan"
            data-selected={selected === true}
            style={{
              maxWidth: room,
              transform: `translate(-50%, -50%) translate(${label.x}px, ${label.y}px)`,
            }}
            title={data.fullLabel}
            onClick={() => store.getState().select({ bundle: id })}
          >
            <span>{data.label}</span>
            {passed !== null && <b>{passed}</b>}
          </div>
        )}
        {!readOnly && !far && (
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
}

/** How many went this way, as it stands behind the words of the line; null where that is not shown or nobody did. */
function usePassed(id: string): string | null {
  const locale = useDesigner((state) => state.locale);
  const shown = useShownOverlay();
  const flow = shown?.overlay.flows[id] ?? 0;
  if (shown === null || flow === 0) return null;
  return shown.inShares ? shareText(shown.shares.get(id) ?? 0, locale) : countText(flow, locale);
}
