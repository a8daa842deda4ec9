import type { Node } from "@xyflow/react";
import type { StrategyDoc } from "#engine";
import type { Frame, Note } from "../commands/marks";
import type { Position } from "../commands/operation";
import { viewOf } from "../commands/step-view";
import type { Mark, Selection } from "../store/store";
import type { Drawing } from "./drawing";
import { sizeOf } from "./geometry";
import type { Size } from "./layout/layout";

export type FrameNode = Node<{ readonly frame: Frame }, "frame">;
export type NoteNode = Node<{ readonly note: Note }, "note">;

/** Ids of steps hold no colon. */
const FRAME = "frame:";
const NOTE = "note:";
const FRAME_PADDING = 22;
/** Room for the frame's title above its steps. */
const FRAME_HEAD = 36;
export const NOTE_SIZE: Size = { width: 208, height: 96 };
/** Below the lines and the steps; notes above them. */
const BEHIND = -1;

/** The mark an element of the chart stands for, or null: a step. */
export function markOf(elementId: string): Mark | null {
  if (elementId.startsWith(FRAME)) return { kind: "frame", id: elementId.slice(FRAME.length) };
  if (elementId.startsWith(NOTE)) return { kind: "note", id: elementId.slice(NOTE.length) };
  return null;
}

type Positions = Drawing["positions"];

/** The box around the steps of a frame; null when none of them is drawn. */
export function frameBox(
  frame: Frame,
  doc: Pick<StrategyDoc, "nodes">,
  positions: Positions,
): (Position & Size) | null {
  const members = new Set(frame.nodes);
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const node of doc.nodes) {
    const corner = members.has(node.id) ? positions[node.id] : undefined;
    if (corner === undefined) continue;
    const { width, height } = sizeOf(viewOf(node).definition?.group);
    left = Math.min(left, corner.x);
    top = Math.min(top, corner.y);
    right = Math.max(right, corner.x + width);
    bottom = Math.max(bottom, corner.y + height);
  }
  if (left === Infinity) return null;
  return {
    x: left - FRAME_PADDING,
    y: top - FRAME_HEAD,
    width: right - left + 2 * FRAME_PADDING,
    height: bottom - top + FRAME_HEAD + FRAME_PADDING,
  };
}

export type MarkParts = {
  readonly doc: StrategyDoc;
  readonly positions: Positions;
  readonly selected: Selection["mark"];
  readonly readOnly: boolean;
  /** Where elements stand that are being dragged right now. */
  readonly dragged: Positions;
};

/** Frames follow their steps, also while these are dragged. */
export function frameNodes({ doc, positions, selected, dragged }: MarkParts): readonly FrameNode[] {
  if (doc.frames.length === 0) return [];
  const now = { ...positions, ...dragged };
  return doc.frames.flatMap((frame): readonly FrameNode[] => {
    const box = frameBox(frame, doc, now);
    if (box === null) return [];
    const { x, y, width, height } = box;
    return [
      {
        id: `${FRAME}${frame.id}`,
        type: "frame",
        position: { x, y },
        width,
        height,
        measured: { width, height },
        data: { frame },
        selected: selected?.kind === "frame" && selected.id === frame.id,
        zIndex: BEHIND,
        draggable: false,
        selectable: false,
        focusable: false,
        // Only its title is touched: between its steps lies the chart.
        style: { pointerEvents: "none" },
      },
    ];
  });
}

export function noteNodes({ doc, selected, dragged, readOnly }: MarkParts): readonly NoteNode[] {
  return doc.notes.map((note) => ({
    id: `${NOTE}${note.id}`,
    type: "note",
    position: dragged[`${NOTE}${note.id}`] ?? note.position,
    ...NOTE_SIZE,
    measured: NOTE_SIZE,
    data: { note },
    selected: selected?.kind === "note" && selected.id === note.id,
    draggable: !readOnly,
    connectable: false,
  }));
}
