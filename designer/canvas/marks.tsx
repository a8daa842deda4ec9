"use client";

import type { NodeProps } from "@xyflow/react";
import { memo } from "react";
import { inLocale } from "#engine";
import { changeNote } from "../commands/marks";
import { useDesigner, useDesignerContext, useText } from "../store/context";
import type { FrameNode, NoteNode } from "./mark-elements";

const NOTE_MAX = 2000;

/** A frame around the steps of a stage. */
export const StageFrame = memo(function StageFrame({ data, selected }: NodeProps<FrameNode>) {
  const locale = useDesigner((state) => state.locale);
  const { store } = useDesignerContext();
  const title = inLocale(data.frame.title, locale);
  return (
    <div className="dz-frame" data-selected={selected}>
      <button
        type="button"
        className="dz-frame-title nodrag nopan"
        title={title}
        onClick={(event) => {
          event.stopPropagation();
          store.getState().select({ mark: { kind: "frame", id: data.frame.id } });
        }}
      >
        {title}
      </button>
    </div>
  );
});

/** A note on the chart: read where it stands, written where it is selected. */
export const ChartNote = memo(function ChartNote({ data, selected }: NodeProps<NoteNode>) {
  const text = useText();
  const { store } = useDesignerContext();
  const readOnly = useDesigner((state) => state.readOnly);
  const { note } = data;
  return (
    <div className="dz-chart-note" data-selected={selected}>
      {selected && !readOnly ? (
        <textarea
          // The note was selected to be written.
          // biome-ignore lint/a11y/noAutofocus: an empty note is made to be written at once
          autoFocus
          className="nodrag nowheel"
          value={note.text}
          maxLength={NOTE_MAX}
          aria-label={text("note.text")}
          onChange={(event) => {
            const { doc, dispatch } = store.getState();
            dispatch(changeNote(doc, note.id, { text: event.target.value }), `note:${note.id}`);
          }}
        />
      ) : (
        <p data-empty={note.text === ""}>{note.text === "" ? text("note.empty") : note.text}</p>
      )}
    </div>
  );
});
