"use client";

import { Command } from "cmdk";
import { useMemo } from "react";
import { handleText } from "#engine";
import { stepName } from "../canvas/drawing";
import { iconOf } from "../canvas/icons";
import { moveStep, type PathPlace } from "../commands/rearrange";
import { viewOf } from "../commands/step-view";
import { edgeFrom } from "../commands/wiring";
import { useDesigner, useDesignerContext, useDrawing, useText, useWords } from "../store/context";
import { score } from "./entries";

/** Places offered at once; an author with more searches. */
const TARGETS_MAX = 100;

/** Everywhere a step may be moved to: behind each way on of the other steps, in the order an account meets them. */
export function MoveTargets({ nodeId, search }: { readonly nodeId: string; readonly search: string }) {
  const { store } = useDesignerContext();
  const drawing = useDrawing();
  const doc = useDesigner((state) => state.doc);
  const words = useWords();
  const text = useText();
  const targets = useMemo(() => {
    const byId = new Map(doc.nodes.map((node) => [node.id, node]));
    const lines = drawing.flow.order.flatMap((id) => {
      const node = byId.get(id);
      const view = node === undefined ? undefined : viewOf(node);
      const definition = view?.definition;
      if (id === nodeId || view === undefined || definition === undefined) return [];
      const name = stepName(view.node, words);
      if (score(search, [`${name}\n${id}`]) === 0) return [];
      return view.handles.map((handle) => {
        const from = { node: id, handle: handle.id };
        const edge = edgeFrom(doc, from);
        const place: PathPlace =
          edge === undefined ? { kind: "behind", from } : { kind: "on-edges", edgeIds: [edge.id] };
        const way = view.handles.length > 1 ? handleText(definition, handle, words) : text("move.behind");
        return { key: `${id} ${handle.id}`, definition, name, way, place };
      });
    });
    return lines.filter(({ place }) => moveStep(doc, nodeId, place) !== null).slice(0, TARGETS_MAX);
  }, [doc, drawing, nodeId, search, words, text]);
  if (targets.length === 0) return <p className="dz-hint">{text("move.refused")}</p>;
  return targets.map(({ key, definition, name, way, place }) => {
    const Icon = iconOf(definition);
    return (
      <Command.Item
        key={key}
        value={key}
        className="dz-picker-item"
        data-group={definition.group}
        onSelect={() => {
          const { doc: now, dispatch, openPicker } = store.getState();
          openPicker(null);
          dispatch(moveStep(now, nodeId, place));
        }}
      >
        <span className="dz-icon">
          <Icon size={15} aria-hidden />
        </span>
        <span className="dz-picker-name">{name}</span>
        <span className="dz-picker-why">{way}</span>
      </Command.Item>
    );
  });
}
