"use client";

import { ReactFlowProvider, useReactFlow } from "@xyflow/react";
import { ChevronDown, ChevronUp, CircleAlert, CircleCheck, TriangleAlert } from "lucide-react";
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useStore } from "zustand";
import type { Locale, MarketPack, StrategyDoc } from "#engine";
import type { ActionTools, PaletteKind } from "./actions/action";
import { CommandPalette } from "./actions/command-palette";
import { ChartMenu } from "./actions/context-menu";
import { HelpSheet } from "./actions/help-sheet";
import { Toolbar } from "./actions/toolbar";
import { useActionKeys } from "./actions/use-action-keys";
import { useClipboard } from "./actions/use-clipboard";
import { Canvas } from "./canvas/canvas";
import { glide } from "./canvas/motion";
import { useDrawingOf } from "./canvas/use-drawing-of";
import { useFitChart } from "./canvas/view";
import { Inspector } from "./inspector/inspector";
import { Outline } from "./outline/outline";
import type { Overlay, OverlayKind } from "./overlay/overlay";
import { OverlayPending } from "./overlay/overlay-bar";
import { Palette } from "./palette/palette";
import { Picker } from "./palette/picker";
import { NoticeLine } from "./problems/notice-line";
import { countBySeverity, ProblemsPanel } from "./problems/problems";
import type { AccountDesk } from "./store/accounts";
import { DesignerProvider, type OpenAccounts, useDesigner, useText, useWords } from "./store/context";
import { issueInside, strategyOfIssue } from "./store/issues-in";
import { createDesignerStore, type DesignerStore } from "./store/store";
import { useWordsOf } from "./store/use-words-of";

export { adoptContent, replaceDoc, setContent, setDescription, setName, setSettings } from "./commands/details";
export { applyOperation, applyOperations, type Change, type ChangeLabel, type Operation } from "./commands/operation";
export {
  addStep,
  changed,
  duplicateSteps,
  insertOnEdges,
  moveSteps,
  noteStep,
  removeSteps,
  renameStep,
  tidy,
  updateData,
} from "./commands/steps";
export { connect, connectProblem, disconnect, redirect, redirectAll } from "./commands/wiring";
export { ChartPrint } from "./export/chart-print";
export { flowsOf, type Overlay, type OverlayKind, type StepFigures } from "./overlay/overlay";
export { StrategyCompare } from "./review/compare";
export { ChangeSentences } from "./review/sentences";
export type { AccountDesk, ShownAccount } from "./store/accounts";
export { StrategyWalk } from "./walk/strategy-walk";
export type { WalkWords } from "./walk/walk-parts";
export { WhyRules } from "./why/why-rules";

export type StrategyDesignerProps = {
  /** The document. Give back what `onChange` gave; another document replaces it, and can be undone. */
  readonly doc: StrategyDoc;
  readonly pack: MarketPack;
  readonly locale: Locale;
  readonly readOnly?: boolean;
  readonly onChange: (doc: StrategyDoc) => void;
  /** When `doc` is what the author had put together with somebody else's changes: how the documents of the history are. */
  readonly rebase?: { readonly into: StrategyDoc; readonly of: (mine: StrategyDoc) => StrategyDoc } | null;
  /** Figures per step: live, or violet when they are simulated. */
  readonly overlay?: Overlay | undefined;
  readonly overlayKind?: OverlayKind;
  /** Whether figures are on their way. */
  readonly overlayPending?: boolean;
  /** Opens the accounts behind a figure of a step. */
  readonly onOpenAccounts?: OpenAccounts;
  /** The lender's accounts: conditions are asked of them and texts shown for one while they are written. Stays the same object. */
  readonly accounts?: AccountDesk;
  /** What the host has to say about saving; stands at the end of the toolbar. */
  readonly saveState?: ReactNode;
  /** A step to select and bring into view; `selectInside` is the key of the strategy inside that holds it. */
  readonly selectNodeId?: string | undefined;
  readonly selectInside?: string | null | undefined;
  /** Searches the other strategies too. */
  readonly onFindEverywhere?: (() => void) | undefined;
};

/** One store per mounted designer. Clock and timer are the browser's; everything the store does with them is tested apart. */
function useDesignerStore(props: StrategyDesignerProps): DesignerStore {
  const onChange = useRef(props.onChange);
  onChange.current = props.onChange;
  const [store] = useState(() =>
    createDesignerStore({
      doc: props.doc,
      pack: props.pack,
      locale: props.locale,
      readOnly: props.readOnly ?? false,
      nowMs: () => performance.now(),
      later: (run, delayMs) => {
        const timer = setTimeout(run, delayMs);
        return () => clearTimeout(timer);
      },
      onChange: (doc) => onChange.current(doc),
    }),
  );
  const {
    doc,
    pack,
    locale,
    readOnly = false,
    rebase,
    overlay = null,
    overlayKind = "live",
    selectNodeId,
    selectInside = null,
  } = props;
  useEffect(() => {
    store.getState().configure({ pack, locale, readOnly, overlay, overlayKind });
  }, [store, pack, locale, readOnly, overlay, overlayKind]);
  useEffect(() => store.getState().adopt(doc, rebase?.into === doc ? rebase.of : undefined), [store, doc, rebase]);
  useEffect(() => {
    if (selectNodeId === undefined) return;
    store.getState().open(selectInside);
    store.getState().select({ nodes: [selectNodeId] });
  }, [store, selectNodeId, selectInside]);
  return store;
}

/** Draws and edits a strategy. Knows no server: a document comes in, changed documents go out. */
export function StrategyDesigner(props: StrategyDesignerProps) {
  const store = useDesignerStore(props);
  const doc = useStore(store, (state) => state.doc);
  const { onOpenAccounts, accounts } = props;
  const words = useWordsOf(store);
  const drawing = useDrawingOf(doc, words);
  const openAccounts = useRef(onOpenAccounts);
  openAccounts.current = onOpenAccounts;
  const opens = onOpenAccounts !== undefined;
  const value = useMemo(
    () => ({
      store,
      onOpenAccounts: opens ? (...about: Parameters<OpenAccounts>) => openAccounts.current?.(...about) : undefined,
      accounts,
    }),
    [store, opens, accounts],
  );
  return (
    <DesignerProvider value={value} drawing={drawing} words={words}>
      <ReactFlowProvider>
        <Frame
          store={store}
          drawing={drawing}
          saveState={props.saveState}
          figuresPending={props.overlayPending === true && props.overlay === undefined}
          onFindEverywhere={props.onFindEverywhere}
        />
      </ReactFlowProvider>
    </DesignerProvider>
  );
}

function Frame({
  store,
  drawing,
  saveState,
  figuresPending,
  onFindEverywhere,
}: Pick<ActionTools, "store" | "drawing"> &
  Pick<StrategyDesignerProps, "saveState" | "onFindEverywhere"> & { readonly figuresPending: boolean }) {
  const text = useText();
  const words = useWords();
  const showAll = useFitChart(drawing);
  const root = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<"canvas" | "outline">("canvas");
  const [helpOpen, setHelpOpen] = useState(false);
  const [problemsOpen, setProblemsOpen] = useState(false);
  const [current, setCurrent] = useState(-1);
  const [palette, setPalette] = useState<PaletteKind | null>(null);
  const chart = useReactFlow();
  const readOnly = useDesigner((state) => state.readOnly);
  const opened = useDesigner((state) => state.opened);

  const showProblem = useCallback(
    (index: number) => {
      const { allIssues, whole, open, select } = store.getState();
      const issue = allIssues[index];
      setCurrent(index);
      setProblemsOpen(true);
      if (issue === undefined) return;
      const { nodeId } = issueInside(issue, whole);
      open(strategyOfIssue(issue, whole));
      select({ nodes: nodeId === undefined ? [] : [nodeId] });
    },
    [store],
  );
  const middle = useCallback(() => {
    const box = root.current?.querySelector(".dz-canvas")?.getBoundingClientRect();
    return box === undefined ? { x: 0, y: 0 } : { x: box.x + box.width / 2, y: box.y + box.height / 3 };
  }, []);
  const middleOnChart = useCallback(() => chart.screenToFlowPosition(middle()), [chart, middle]);
  const clipboard = useClipboard(root, { store, drawing, middleOnChart });
  const tools = useMemo<ActionTools>(
    () => ({
      store,
      drawing,
      words,
      showAll,
      zoom: (step) => (step > 0 ? chart.zoomIn(glide()) : chart.zoomOut(glide())),
      middle,
      middleOnChart,
      nextProblem: (step) => {
        const count = store.getState().allIssues.length;
        showProblem((((current + step) % count) + count) % count);
      },
      toggleOutline: () => setView((before) => (before === "canvas" ? "outline" : "canvas")),
      toggleHelp: () => setHelpOpen((before) => !before),
      openPalette: setPalette,
      findEverywhere: onFindEverywhere ?? null,
      clipboard,
    }),
    [store, drawing, words, showAll, chart, middle, middleOnChart, current, showProblem, clipboard, onFindEverywhere],
  );
  useActionKeys(root, tools);

  return (
    <div className="dz" ref={root} data-read-only={readOnly}>
      <Toolbar tools={tools} view={view} onView={setView} saveState={saveState} />
      {!readOnly && <Palette />}
      <section className="dz-main" aria-label={text("canvas.title")}>
        {view === "canvas" ? (
          <ChartMenu tools={tools}>
            <div className="dz-stage">
              <Canvas key={opened}>{figuresPending && <OverlayPending />}</Canvas>
            </div>
          </ChartMenu>
        ) : (
          <Outline />
        )}
      </section>
      <Inspector />
      <footer className="dz-bottom">
        {problemsOpen && <ProblemsPanel current={current} onChoose={showProblem} />}
        <ProblemsBar open={problemsOpen} onOpen={setProblemsOpen} />
      </footer>
      <Picker />
      <HelpSheet open={helpOpen} onOpen={setHelpOpen} />
      <CommandPalette palette={palette} tools={tools} onClose={() => setPalette(null)} />
    </div>
  );
}

function ProblemsBar({ open, onOpen }: { readonly open: boolean; readonly onOpen: (open: boolean) => void }) {
  const text = useText();
  const issues = useDesigner((state) => state.allIssues);
  const steps = useDesigner((state) => state.doc.nodes.length);
  const count = countBySeverity(issues);
  const Chevron = open ? ChevronDown : ChevronUp;
  return (
    <div className="dz-status">
      <button type="button" className="dz-status-problems" aria-expanded={open} onClick={() => onOpen(!open)}>
        <Chevron size={14} aria-hidden />
        {text("problems.title")}
        {issues.length === 0 && (
          <span data-worst="none">
            <CircleCheck size={14} aria-hidden />
            {text("problems.none-short")}
          </span>
        )}
        {count.error > 0 && (
          <span data-worst="error">
            <CircleAlert size={14} aria-hidden />
            {text("problems.errors", { count: count.error })}
          </span>
        )}
        {count.warning + count.info > 0 && (
          <span data-worst="warning">
            <TriangleAlert size={14} aria-hidden />
            {text("problems.warnings", { count: count.warning + count.info })}
          </span>
        )}
      </button>
      <NoticeLine />
      <span className="dz-status-note">{text("status.steps", { count: steps })}</span>
    </div>
  );
}
