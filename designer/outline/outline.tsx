"use client";

import { type KeyboardEvent, useMemo, useRef } from "react";
import { type StrategyNode, stepSummary } from "#engine";
import { stepName } from "../canvas/drawing";
import { problemsByStep } from "../canvas/elements";
import { iconOf } from "../canvas/icons";
import { viewOf } from "../commands/step-view";
import { WayOnRows } from "../inspector/ways-on";
import { useDesigner, useDrawing, useText, useWords } from "../store/context";

/**
 * The strategy as a list, in the order an account may meet its steps: everything the canvas can do about steps and ways
 * on, for keyboards, screen readers and small screens.
 */
export function Outline() {
  const text = useText();
  const doc = useDesigner((state) => state.doc);
  const issues = useDesigner((state) => state.issues);
  const drawing = useDrawing();
  const list = useRef<HTMLOListElement>(null);
  const problems = useMemo(() => problemsByStep(issues), [issues]);
  const nodes = useMemo(() => {
    const byId = new Map(doc.nodes.map((node) => [node.id, node]));
    return drawing.flow.order.flatMap((id) => byId.get(id) ?? []);
  }, [doc.nodes, drawing.flow.order]);

  const walk = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0 || !(event.target instanceof HTMLButtonElement)) return;
    const heads = [...(list.current?.querySelectorAll<HTMLButtonElement>("[data-head]") ?? [])];
    const at = heads.indexOf(event.target);
    if (at === -1) return;
    event.preventDefault();
    heads[at + step]?.focus();
  };

  return (
    <ol className="dz-outline-list" aria-label={text("outline.title")} ref={list} onKeyDown={walk}>
      {nodes.map((node, index) => (
        <OutlineStep key={node.id} node={node} number={index + 1} problemCount={problems.get(node.id)?.count ?? 0} />
      ))}
    </ol>
  );
}

function OutlineStep({
  node,
  number,
  problemCount,
}: {
  readonly node: StrategyNode;
  readonly number: number;
  readonly problemCount: number;
}) {
  const text = useText();
  const words = useWords();
  const select = useDesigner((state) => state.select);
  const selected = useDesigner((state) => state.selection.nodes.includes(node.id));
  const view = viewOf(node);
  const Icon = iconOf(view.definition);
  return (
    <li className="dz-outline-step" data-group={view.definition?.group ?? "unknown"} data-selected={selected}>
      <button
        type="button"
        data-head
        className="dz-outline-head"
        aria-pressed={selected}
        onClick={() => select({ nodes: [node.id] })}
      >
        <span className="dz-outline-number">{number}</span>
        <span className="dz-icon">
          <Icon size={15} aria-hidden />
        </span>
        <span className="dz-outline-name">{stepName(node, words)}</span>
        <span className="dz-outline-summary">{stepSummary(node, words) ?? node.type}</span>
        {problemCount > 0 && (
          <span className="dz-outline-problems">{text("canvas.problems", { count: problemCount })}</span>
        )}
      </button>
      {view.handles.length > 0 && <WayOnRows view={view} />}
    </li>
  );
}
