"use client";

import { Trash2 } from "lucide-react";
import { useId } from "react";
import { inLocale } from "#engine";
import { moveToFrame, removeFrame, removeNote, renameFrame } from "../commands/marks";
import { LabelledField, Select, TextButton } from "../controls/inputs";
import { useDesigner, useDesignerContext, useText } from "../store/context";
import type { Mark } from "../store/store";
import { LocalTextField } from "./local-text-field";

const TITLE_MAX = 40;
const NO_FRAME = "";

/** A frame or a note that is selected on the chart. */
export function MarkPanel({ mark }: { readonly mark: Mark }) {
  return mark.kind === "frame" ? <FramePanel frameId={mark.id} /> : <NotePanel noteId={mark.id} />;
}

function FramePanel({ frameId }: { readonly frameId: string }) {
  const text = useText();
  const { store } = useDesignerContext();
  const readOnly = useDesigner((state) => state.readOnly);
  const frame = useDesigner((state) => state.doc.frames.find(({ id }) => id === frameId));
  if (frame === undefined) return null;
  return (
    <div className="dz-inspector-body">
      <h2>{text("frame.title")}</h2>
      <LocalTextField
        label={text("frame.name")}
        value={frame.title}
        placeholder={(locale) => inLocale(frame.title, locale)}
        maximum={TITLE_MAX}
        readOnly={readOnly}
        onValue={(title, of) => {
          const { doc, dispatch } = store.getState();
          if (title !== undefined) dispatch(renameFrame(doc, frameId, title), `frame:${frameId}:${of}`);
        }}
      />
      <p className="dz-hint">{text("status.steps", { count: frame.nodes.length })}</p>
      {!readOnly && (
        <TextButton onClick={() => store.getState().dispatch(removeFrame(store.getState().doc, frameId))}>
          <Trash2 size={13} aria-hidden />
          {text("frame.remove")}
        </TextButton>
      )}
    </div>
  );
}

function NotePanel({ noteId }: { readonly noteId: string }) {
  const text = useText();
  const { store } = useDesignerContext();
  const readOnly = useDesigner((state) => state.readOnly);
  return (
    <div className="dz-inspector-body">
      <h2>{text("note.title")}</h2>
      {!readOnly && (
        <TextButton onClick={() => store.getState().dispatch(removeNote(store.getState().doc, noteId))}>
          <Trash2 size={13} aria-hidden />
          {text("note.remove")}
        </TextButton>
      )}
    </div>
  );
}

/** The stage a step stands in; shown once there is one. */
export function StageOfStep({ nodeId }: { readonly nodeId: string }) {
  const id = useId();
  const text = useText();
  const { store } = useDesignerContext();
  const locale = useDesigner((state) => state.locale);
  const readOnly = useDesigner((state) => state.readOnly);
  const frames = useDesigner((state) => state.doc.frames);
  if (frames.length === 0) return null;
  const choices = [
    { value: NO_FRAME, label: text("frame.none") },
    ...frames.map((frame) => ({ value: frame.id, label: inLocale(frame.title, locale) })),
  ];
  return (
    <LabelledField id={id} label={text("frame.of-step")}>
      <Select
        id={id}
        value={frames.find((frame) => frame.nodes.includes(nodeId))?.id ?? NO_FRAME}
        disabled={readOnly}
        choices={choices}
        onValue={(frameId) => {
          const { doc, dispatch } = store.getState();
          dispatch(moveToFrame(doc, nodeId, frameId === NO_FRAME ? null : frameId));
        }}
      />
    </LabelledField>
  );
}
