import { createStore, type StoreApi } from "zustand/vanilla";
import { type Issue, type Locale, linterOf, type MarketPack, type StrategyDoc, writeStrategy } from "#engine";
import { replaceDoc } from "../commands/details";
import { innerDoc } from "../commands/inner-doc";
import { applyOperations, type Change, type ChangeLabel, type Operation } from "../commands/operation";
import { exitsFollowed } from "../commands/uses";
import type { WayOn } from "../commands/wiring";
import type { Overlay, OverlayKind } from "../overlay/overlay";
import { issuesIn } from "./issues-in";
import { rebasedHistory } from "./rebase";

/** Gestures that can be undone; older ones are forgotten. */
export const HISTORY_MAX = 200;
/** Changes of one burst (typing, arrow keys) closer together than this are one history entry. */
export const BURST_MS = 1200;
/** A document that lints faster than this is linted with every change, so that problems show while one types. */
export const LINT_AT_ONCE_MS = 12;
export const LINT_DELAY_MS = 250;

export type HistoryEntry = {
  readonly label: ChangeLabel;
  readonly operations: readonly Operation[];
  readonly inverse: readonly Operation[];
  readonly burst: string | null;
  readonly atMs: number;
  /** The strategy that was open when it was done: undoing shows what it undoes. */
  readonly opened: string | null;
};

/** What is selected is never part of the history: undo changes the drawing, not where one looks. */
export type Selection = {
  readonly nodes: readonly string[];
  readonly bundle: string | null;
  /** A frame or a note on the chart. */
  readonly mark: Mark | null;
};
export type Mark = { readonly kind: "frame" | "note"; readonly id: string };

/** Where a step that is being chosen will stand. */
export type PickerPlace =
  | { readonly kind: "behind"; readonly from: WayOn }
  | { readonly kind: "on-edges"; readonly edgeIds: readonly string[] }
  /** Before the first step of a strategy inside. */
  | { readonly kind: "first" }
  | { readonly kind: "loose"; readonly at: { readonly x: number; readonly y: number } | null };
type Screen = { readonly screen: { readonly x: number; readonly y: number } };
/** What is being chosen: a step for a place, a step instead of another, or another place for a step. */
export type Picker = Screen &
  ({ readonly place: PickerPlace } | { readonly replaces: string } | { readonly moves: string });

/** What the designer has to say about the last act, in the status line, until the next one. */
export type Notice =
  | { readonly code: "copied" | "cut"; readonly count: number }
  | { readonly code: "pasted"; readonly count: number; readonly nodeIds: readonly string[] }
  | { readonly code: "nothing-to-copy" | "unreadable" | "full" | "blocked" };

export type DesignerData = {
  /** The whole document: what comes in and goes out. */
  readonly whole: StrategyDoc;
  /** Key of the strategy inside that is open, or null: the author is at the top. */
  readonly opened: string | null;
  /** What is drawn and edited: the whole document, or the strategy that is open as a document of its own. */
  readonly doc: StrategyDoc;
  readonly pack: MarketPack;
  readonly locale: Locale;
  readonly readOnly: boolean;
  readonly selection: Selection;
  readonly past: readonly HistoryEntry[];
  readonly future: readonly HistoryEntry[];
  /** Everything that is wrong anywhere in the document. */
  readonly allIssues: readonly Issue[];
  /** What is wrong in what is drawn, with paths that begin there. */
  readonly issues: readonly Issue[];
  /** How long the last lint took; decides whether the next one waits for a pause. */
  readonly lintMs: number;
  readonly picker: Picker | null;
  readonly notice: Notice | null;
  readonly overlay: Overlay | null;
  readonly overlayKind: OverlayKind;
};

export type DesignerActions = {
  /** Does a change of `doc` as one history entry; changes of the same burst join the entry before. Null does nothing. */
  readonly dispatch: (change: Change | null, burst?: string) => boolean;
  /** The same for a change of the whole document, whatever is open. */
  readonly dispatchWhole: (change: Change | null, burst?: string) => boolean;
  /** Opens a strategy inside the document, or goes back to the top; nothing stays selected. */
  readonly open: (strategy: string | null) => void;
  readonly undo: () => ChangeLabel | null;
  readonly redo: () => ChangeLabel | null;
  readonly select: (selection: Partial<Selection>) => void;
  readonly openPicker: (picker: Picker | null) => void;
  readonly notify: (notice: Notice | null) => void;
  /**
   * Takes over a document from outside; what stood before can be undone to. With `of`, the document is the present one put together
   * with somebody else's: so is what every gesture of the history left, and undoing takes back the author's own gestures alone.
   */
  readonly adopt: (doc: StrategyDoc, of?: (doc: StrategyDoc) => StrategyDoc) => void;
  readonly configure: (
    settings: Partial<Pick<DesignerData, "pack" | "locale" | "readOnly" | "overlay" | "overlayKind">>,
  ) => void;
};

export type DesignerState = DesignerData & DesignerActions;
export type DesignerStore = StoreApi<DesignerState>;

/** Clock, timer and outlet come in, so that the store can be told a story in a test. */
export type StoreSetup = Pick<DesignerData, "doc" | "pack" | "locale" | "readOnly"> & {
  readonly nowMs: () => number;
  /** Runs later and returns how to call it off. */
  readonly later: (run: () => void, delayMs: number) => () => void;
  readonly onChange: (doc: StrategyDoc) => void;
};

const NOTHING_SELECTED: Selection = { nodes: [], bundle: null, mark: null };

/** Figures of what is drawn. They are known of the steps at the top; those inside a strategy are counted with the step that uses it. */
export function overlayOf(state: Pick<DesignerData, "overlay" | "opened">): Overlay | null {
  return state.opened === null ? state.overlay : null;
}

/** The entry with a further change of the same burst in it: undone together. */
function joined(before: HistoryEntry, next: HistoryEntry): HistoryEntry {
  return {
    ...next,
    label: before.label,
    operations: [...before.operations, ...next.operations],
    inverse: [...next.inverse, ...before.inverse],
  };
}

function withEntry(past: readonly HistoryEntry[], entry: HistoryEntry): readonly HistoryEntry[] {
  const last = past.at(-1);
  if (last !== undefined && entry.burst !== null && last.burst === entry.burst && entry.atMs - last.atMs < BURST_MS) {
    return [...past.slice(0, -1), joined(last, entry)];
  }
  return [...past.slice(-(HISTORY_MAX - 1)), entry];
}

/** What is selected and still exists. */
function surviving(selection: Selection, doc: StrategyDoc): Selection {
  const known = new Set(doc.nodes.map((node) => node.id));
  const nodes = selection.nodes.filter((id) => known.has(id));
  const { mark } = selection;
  const marks = mark?.kind === "frame" ? doc.frames : doc.notes;
  const gone = mark !== null && !marks.some(({ id }) => id === mark.id);
  if (nodes.length === selection.nodes.length && !gone) return selection;
  return { ...selection, nodes, mark: gone ? null : mark };
}

/** Operations on a strategy inside, as operations on the document around it. */
function inside(strategy: string | null, operations: readonly Operation[]): readonly Operation[] {
  if (strategy === null) return operations;
  return operations.map((operation) => ({ kind: "in-strategy", strategy, operation }));
}

type Shown = Pick<DesignerData, "whole" | "opened" | "doc">;

/** What is drawn of a document; a strategy that is gone closes by itself. */
function shownOf(whole: StrategyDoc, wished: string | null): Shown {
  const inner = wished === null ? null : innerDoc(whole, wished);
  return inner === null ? { whole, opened: null, doc: whole } : { whole, opened: wished, doc: inner };
}

/** A change with what must follow it: ways on of steps that use strategies whose exits changed. */
function withFollowing(whole: StrategyDoc, operations: readonly Operation[]) {
  const done = applyOperations(whole, operations);
  const following = exitsFollowed(done.doc);
  if (following.length === 0) return { ...done, operations };
  const settled = applyOperations(done.doc, following);
  return {
    doc: settled.doc,
    operations: [...operations, ...following],
    inverse: [...settled.inverse, ...done.inverse],
  };
}

type Set = StoreApi<DesignerState>["setState"];
type Get = StoreApi<DesignerState>["getState"];
type Reach = { readonly set: Set; readonly get: Get };
/** Remembers the steps it has looked at: after an edit only what was edited is looked into again. */
type Lint = ReturnType<typeof linterOf>;
/** What the store does by itself when something changed: it shows, lints and tells the host. */
type Desk = {
  readonly lint: () => void;
  readonly lintSoon: () => void;
  /** Shows a document; what is selected stays selected as long as it is there. */
  readonly show: (whole: StrategyDoc, wished: string | null) => void;
  readonly settle: (whole: StrategyDoc, wished: string | null) => void;
};

function createDesk({ nowMs, later, onChange }: StoreSetup, lintStrategy: Lint, { set, get }: Reach): Desk {
  let callOff: (() => void) | null = null;
  const lint = (): void => {
    callOff = null;
    const startMs = nowMs();
    const { whole, pack, opened } = get();
    const allIssues = lintStrategy(whole, pack);
    set({ allIssues, issues: issuesIn(allIssues, whole, opened), lintMs: nowMs() - startMs });
  };
  const lintSoon = (): void => {
    callOff?.();
    if (get().lintMs <= LINT_AT_ONCE_MS) lint();
    else callOff = later(lint, LINT_DELAY_MS);
  };
  const show: Desk["show"] = (whole, wished) => {
    const { opened, selection, allIssues } = get();
    const shown = shownOf(whole, wished);
    set({
      ...shown,
      selection: shown.opened === opened ? surviving(selection, shown.doc) : NOTHING_SELECTED,
      issues: issuesIn(allIssues, whole, shown.opened),
    });
  };
  const settle: Desk["settle"] = (whole, wished) => {
    show(whole, wished);
    lintSoon();
    onChange(whole);
  };
  return { lint, lintSoon, show, settle };
}

type HistoryActions = Pick<DesignerActions, "dispatch" | "dispatchWhole" | "undo" | "redo">;

function historyActions(desk: Desk, nowMs: () => number, { set, get }: Reach): HistoryActions {
  const perform = (change: Change, operations: readonly Operation[], burst: string | undefined): void => {
    const { whole, opened, past } = get();
    const { doc, ...done } = withFollowing(whole, operations);
    const entry = { ...change, ...done, burst: burst ?? null, atMs: nowMs(), opened };
    set({ past: withEntry(past, entry), future: [], notice: null });
    desk.settle(doc, opened);
  };
  return {
    dispatch: (change, burst) => {
      const { readOnly, opened } = get();
      if (change === null || readOnly) return false;
      perform(change, inside(opened, change.operations), burst);
      return true;
    },
    dispatchWhole: (change, burst) => {
      if (change === null || get().readOnly) return false;
      perform(change, change.operations, burst);
      return true;
    },
    undo: () => {
      const { whole, past, future, readOnly } = get();
      const entry = past.at(-1);
      if (entry === undefined || readOnly) return null;
      set({ past: past.slice(0, -1), future: [entry, ...future] });
      desk.settle(applyOperations(whole, entry.inverse).doc, entry.opened);
      return entry.label;
    },
    redo: () => {
      const { whole, past, future, readOnly } = get();
      const [entry, ...rest] = future;
      if (entry === undefined || readOnly) return null;
      set({ past: [...past, { ...entry, burst: null }], future: rest });
      desk.settle(applyOperations(whole, entry.operations).doc, entry.opened);
      return entry.label;
    },
  };
}

export function createDesignerStore(setup: StoreSetup): DesignerStore {
  const { nowMs, later: _later, onChange: _onChange, ...first } = setup;
  return createStore<DesignerState>((set, get) => {
    const lint = linterOf();
    const desk = createDesk(setup, lint, { set, get });
    const issues = lint(first.doc, first.pack);
    return {
      ...first,
      whole: first.doc,
      opened: null,
      selection: NOTHING_SELECTED,
      past: [],
      future: [],
      allIssues: issues,
      issues: issuesIn(issues, first.doc, null),
      lintMs: 0,
      picker: null,
      notice: null,
      overlay: null,
      overlayKind: "live",
      ...historyActions(desk, nowMs, { set, get }),
      open: (strategy) => {
        if (strategy !== get().opened) desk.show(get().whole, strategy);
      },
      select: (selection) => set({ selection: { ...NOTHING_SELECTED, ...selection } }),
      openPicker: (picker) => set({ picker: get().readOnly ? null : picker }),
      notify: (notice) => set({ notice }),
      adopt: (doc, of) => {
        const { whole, opened, past, future } = get();
        if (doc === whole || writeStrategy(doc) === writeStrategy(whole)) return;
        if (of !== undefined) {
          set(rebasedHistory({ past, future, whole }, of));
          desk.show(doc, opened);
          desk.lintSoon();
          return;
        }
        const change = replaceDoc(doc);
        const { inverse } = applyOperations(whole, change.operations);
        const entry = { ...change, inverse, burst: null, atMs: nowMs(), opened };
        set({ past: withEntry(past, entry), future: [] });
        desk.show(doc, opened);
        desk.lintSoon();
      },
      configure: (settings) => {
        const packChanged = settings.pack !== undefined && settings.pack !== get().pack;
        set(settings);
        if (packChanged) desk.lint();
      },
    };
  });
}
