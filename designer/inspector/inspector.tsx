"use client";

import { Copy, Play, Trash2 } from "lucide-react";
import { useEffect, useId, useRef } from "react";
import { handleText, type NodeGroup } from "#engine";
import { stepChoices, stepName } from "../canvas/drawing";
import { iconOf } from "../canvas/icons";
import { nodeById, type StepView, viewOf } from "../commands/step-view";
import { duplicateSteps, noteStep, removeSteps, renameStep, setFirst } from "../commands/steps";
import { disconnect, redirectAll } from "../commands/wiring";
import { IconButton } from "../controls/icon-button";
import { LabelledField, Select, TextArea, TextButton } from "../controls/inputs";
import { useIssueText } from "../problems/problems";
import { useDesigner, useDesignerContext, useDrawing, useText, useWords } from "../store/context";
import { LocalTextField } from "./local-text-field";
import { MarkPanel, StageOfStep } from "./mark-panel";
import { SettingsPanel } from "./settings-panel";
import { otherIssues, StepForm } from "./step-form";
import { WayOnRows } from "./ways-on";

const NAME_MAX = 80;
const NOTE_MAX = 2000;
const UNWIRED = "graph.dangling-handle";

/** What is selected, and how to change it: a step, a line, several steps, or the strategy itself. */
export function Inspector() {
  const text = useText();
  const doc = useDesigner((state) => state.doc);
  const selection = useDesigner((state) => state.selection);
  const only = selection.nodes.length === 1 ? selection.nodes[0] : undefined;
  const node = only === undefined ? undefined : nodeById(doc, only);
  const aside = useRef<HTMLElement>(null);
  const shown = only ?? selection.bundle;
  // What is chosen next is read from its top, however far down the one before was scrolled.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the selection is what calls for it
  useEffect(() => aside.current?.scrollTo({ top: 0 }), [shown]);
  return (
    <aside ref={aside} className="dz-inspector" aria-label={text("inspector.title")}>
      {node !== undefined && <StepInspector key={node.id} view={viewOf(node)} />}
      {selection.nodes.length > 1 && <ManySteps nodeIds={selection.nodes} />}
      {selection.nodes.length === 0 && selection.bundle !== null && <LineInspector bundleId={selection.bundle} />}
      {selection.mark !== null && <MarkPanel key={selection.mark.id} mark={selection.mark} />}
      {selection.nodes.length === 0 && selection.bundle === null && selection.mark === null && <SettingsPanel />}
    </aside>
  );
}

function StepInspector({ view }: { readonly view: StepView }) {
  const id = useId();
  const text = useText();
  const words = useWords();
  const { store } = useDesignerContext();
  const locale = useDesigner((state) => state.locale);
  const readOnly = useDesigner((state) => state.readOnly);
  const isEntry = useDesigner((state) => state.doc.entry.node === view.node.id);
  const { node, definition } = view;
  const Icon = iconOf(definition);
  return (
    <>
      <header className="dz-inspector-head" data-group={definition?.group ?? "unknown"}>
        <span className="dz-icon">
          <Icon size={18} aria-hidden />
        </span>
        <div className="dz-inspector-title">
          <h2 title={stepName(node, words)}>{stepName(node, words)}</h2>
          <p>
            {definition?.texts[locale].title ?? node.type} · {node.id}
          </p>
        </div>
        {!readOnly && definition?.group !== "entry" && <StepTools nodeId={node.id} />}
      </header>
      <div className="dz-inspector-body">
        <StepProblems view={view} />
        <FirstStep nodeId={node.id} isFirst={isEntry} group={definition?.group} />
        <LocalTextField
          label={text("inspector.name")}
          value={node.name}
          placeholder={(of) => definition?.texts[of].title ?? ""}
          maximum={NAME_MAX}
          readOnly={readOnly}
          onValue={(name, of) => {
            const { doc, dispatch } = store.getState();
            dispatch(renameStep(doc, node.id, name), `${node.id}:name:${of}`);
          }}
        />
        {view.data === null && <pre className="dz-raw">{JSON.stringify(node.data, null, 2)}</pre>}
        <StepForm view={view} />
        {view.handles.length > 0 && (
          <section className="dz-field">
            <h3 className="dz-field-label">{text("inspector.ways-on")}</h3>
            <WayOnRows view={view} />
          </section>
        )}
        <StageOfStep nodeId={node.id} />
        <LabelledField id={`${id}-note`} label={text("inspector.note")}>
          <TextArea
            id={`${id}-note`}
            rows={2}
            maxLength={NOTE_MAX}
            value={node.note ?? ""}
            readOnly={readOnly}
            onChange={(event) => {
              const { doc, dispatch } = store.getState();
              dispatch(noteStep(doc, node.id, event.target.value), `${node.id}:note`);
            }}
          />
        </LabelledField>
        {definition !== undefined && <p className="dz-help">{definition.texts[locale].help}</p>}
      </div>
    </>
  );
}

/** In a strategy without an entry of its own any step may be the first. */
function FirstStep({
  nodeId,
  isFirst,
  group,
}: {
  readonly nodeId: string;
  readonly isFirst: boolean;
  readonly group: NodeGroup | undefined;
}) {
  const text = useText();
  const { store } = useDesignerContext();
  const opened = useDesigner((state) => state.opened);
  const readOnly = useDesigner((state) => state.readOnly);
  if (opened === null || group === "entry") return null;
  if (isFirst) return <p className="dz-hint">{text("inspector.is-first")}</p>;
  if (readOnly) return null;
  return (
    <TextButton onClick={() => store.getState().dispatch(setFirst(store.getState().doc, nodeId))}>
      <Play size={13} aria-hidden />
      {text("inspector.make-first")}
    </TextButton>
  );
}

function StepTools({ nodeId }: { readonly nodeId: string }) {
  const text = useText();
  const { store } = useDesignerContext();
  return (
    <>
      <IconButton
        label={`${text("actions.duplicate")} (Ctrl+D)`}
        onClick={() => {
          const { doc, dispatch, select } = store.getState();
          const made = duplicateSteps(doc, [nodeId]);
          if (made !== null && dispatch(made.change)) select({ nodes: made.nodeIds });
        }}
      >
        <Copy size={15} aria-hidden />
      </IconButton>
      <IconButton
        label={`${text("actions.remove")} (Delete)`}
        onClick={() => store.getState().dispatch(removeSteps(store.getState().doc, [nodeId]))}
      >
        <Trash2 size={15} aria-hidden />
      </IconButton>
    </>
  );
}

/** Ways on that lead nowhere are marked where they are chosen: here one line says how many. */
function StepProblems({ view }: { readonly view: StepView }) {
  const text = useText();
  const issues = useDesigner((state) => state.issues);
  const say = useIssueText();
  const found = otherIssues(view, issues);
  const unwired = found.filter(({ code }) => code === UNWIRED);
  const listed = unwired.length > 1 ? found.filter(({ code }) => code !== UNWIRED) : found;
  if (found.length === 0) return null;
  return (
    <ul className="dz-field-problems">
      {listed.map((issue) => (
        <li key={`${issue.path} ${issue.code} ${say(issue)}`} data-worst={issue.severity} title={say(issue)}>
          {say(issue)}
        </li>
      ))}
      {unwired.length > 1 && (
        <li data-worst="error" title={unwired.map((issue) => say(issue)).join("\n")}>
          {text("inspector.ways-unwired", { count: unwired.length })}
        </li>
      )}
    </ul>
  );
}

function ManySteps({ nodeIds }: { readonly nodeIds: readonly string[] }) {
  const text = useText();
  const { store } = useDesignerContext();
  const readOnly = useDesigner((state) => state.readOnly);
  return (
    <div className="dz-inspector-body">
      <h2>{text("inspector.many", { count: nodeIds.length })}</h2>
      {!readOnly && (
        <div className="dz-group-tools">
          <TextButton
            onClick={() => {
              const { doc, dispatch, select } = store.getState();
              const made = duplicateSteps(doc, nodeIds);
              if (made !== null && dispatch(made.change)) select({ nodes: made.nodeIds });
            }}
          >
            <Copy size={13} aria-hidden />
            {text("actions.duplicate")}
          </TextButton>
          <TextButton onClick={() => store.getState().dispatch(removeSteps(store.getState().doc, nodeIds))}>
            <Trash2 size={13} aria-hidden />
            {text("actions.remove")}
          </TextButton>
        </div>
      )}
    </div>
  );
}

/** A line: which ways on it carries, where it leads, and how to take it away. */
function LineInspector({ bundleId }: { readonly bundleId: string }) {
  const id = useId();
  const text = useText();
  const words = useWords();
  const { store } = useDesignerContext();
  const doc = useDesigner((state) => state.doc);
  const readOnly = useDesigner((state) => state.readOnly);
  const bundle = useDrawing().flow.bundles.find((candidate) => candidate.id === bundleId);
  const source = bundle === undefined ? undefined : nodeById(doc, bundle.source);
  const view = source === undefined ? undefined : viewOf(source);
  const definition = view?.definition;
  if (bundle === undefined || view === undefined || definition === undefined) return <SettingsPanel />;
  const edgeIds = bundle.members.map(({ edge }) => edge.id);
  const targets = doc.nodes.filter((node) => node.id !== bundle.source && viewOf(node).definition?.group !== "entry");
  return (
    <div className="dz-inspector-body">
      <h2>{text("inspector.line")}</h2>
      <p className="dz-hint">{text("inspector.line-from", { step: stepName(view.node, words) })}</p>
      <ul className="dz-line-ways">
        {bundle.members.map(({ edge, handle }) => (
          <li key={edge.id}>{handle === undefined ? edge.from.handle : handleText(definition, handle, words)}</li>
        ))}
      </ul>
      <LabelledField id={id} label={text("inspector.line-to")}>
        <Select
          id={id}
          value={bundle.target}
          disabled={readOnly}
          choices={stepChoices(targets, words)}
          onValue={(to) => {
            const { dispatch, select } = store.getState();
            if (dispatch(redirectAll(doc, edgeIds, to))) select({ bundle: `${bundle.source}>${to}` });
          }}
        />
      </LabelledField>
      {!readOnly && (
        <TextButton onClick={() => store.getState().dispatch(disconnect(doc, edgeIds))}>
          <Trash2 size={13} aria-hidden />
          {text("inspector.line-remove")}
        </TextButton>
      )}
    </div>
  );
}
