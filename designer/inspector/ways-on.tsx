"use client";

import { useId, useMemo, useState } from "react";
import { type Handle, handleText } from "#engine";
import { stepChoices } from "../canvas/drawing";
import type { StepView } from "../commands/step-view";
import { disconnect, edgeFrom, redirect, targetProblem } from "../commands/wiring";
import { Select } from "../controls/inputs";
import { useDesigner, useDesignerContext, useText, useWords } from "../store/context";

const NOWHERE = "";
/** Lists of targets are only made when one is about to be opened: a large outline has thousands of ways on. */
const READY_UP_TO_STEPS = 60;

/** Where a way on leads, as a list to choose from: connecting without a mouse. */
function WayOnSelect({
  nodeId,
  handle,
  label,
}: {
  readonly nodeId: string;
  readonly handle: Handle;
  readonly label: string;
}) {
  const id = useId();
  const text = useText();
  const words = useWords();
  const { store } = useDesignerContext();
  const doc = useDesigner((state) => state.doc);
  const readOnly = useDesigner((state) => state.readOnly);
  const from = useMemo(() => ({ node: nodeId, handle: handle.id }), [nodeId, handle.id]);
  const edge = edgeFrom(doc, from);
  const [opened, setOpened] = useState(false);
  const ready = opened || doc.nodes.length <= READY_UP_TO_STEPS;
  const choices = useMemo(() => {
    const candidates = ready ? doc.nodes : doc.nodes.filter((node) => node.id === edge?.to);
    const targets = candidates.filter((node) => targetProblem(doc, from, node.id) === null);
    return [{ value: NOWHERE, label: text("ways.nowhere") }, ...stepChoices(targets, words)];
  }, [doc, from, words, text, ready, edge]);
  const lead = (target: string): void => {
    const { dispatch } = store.getState();
    if (target !== NOWHERE) dispatch(redirect(doc, from, target));
    else if (edge !== undefined) dispatch(disconnect(doc, [edge.id]));
  };
  return (
    <div className="dz-way" data-missing={edge === undefined && handle.required}>
      <label htmlFor={id} className="dz-way-label" title={label}>
        <span className="dz-way-dot" data-role={handle.role} aria-hidden />
        <span className="dz-way-name">{label}</span>
      </label>
      <Select
        id={id}
        value={edge?.to ?? NOWHERE}
        choices={choices}
        disabled={readOnly}
        aria-invalid={edge === undefined && handle.required}
        onFocus={() => setOpened(true)}
        onPointerDown={() => setOpened(true)}
        onValue={lead}
      />
    </div>
  );
}

/** A row per way on: its words and where it leads. */
export function WayOnRows({ view }: { readonly view: StepView }) {
  const words = useWords();
  const { definition } = view;
  if (definition === undefined) return null;
  return (
    <ul className="dz-ways">
      {view.handles.map((handle) => (
        <li key={handle.id}>
          <WayOnSelect nodeId={view.node.id} handle={handle} label={handleText(definition, handle, words)} />
        </li>
      ))}
    </ul>
  );
}
