import { createStore, type StoreApi } from "zustand/vanilla";
import { type Issue, type Locale, lintStrategy, type MarketPack, type StrategyDoc, writeStrategy } from "#engine";
import { replaceDoc } from "../commands/details";
import { applyOperations, type Change, type ChangeLabel, type Operation } from "../commands/operation";
import type { WayOn } from "../commands/wiring";
import type { Overlay, OverlayKind } from "./overlay";

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
};

/** What is selected is never part of the history: undo changes the drawing, not where one looks. */
export type Selection = { readonly nodes: readonly string[]; readonly bundle: string | null };

/** Where a step that is being chosen will stand. */
export type PickerPlace =
  | { readonly kind: "behind"; readonly from: WayOn }
  | { readonly kind: "on-edges"; readonly edgeIds: readonly string[] }
  | { readonly kind: "loose"; readonly at: { readonly x: number; readonly y: number } | null };
export type Picker = { readonly place: PickerPlace; readonly screen: { readonly x: number; readonly y: number } };

export type DesignerData = {
  readonly doc: StrategyDoc;
  readonly pack: MarketPack;
  readonly locale: Locale;
  readonly readOnly: boolean;
  readonly selection: Selection;
  readonly past: readonly HistoryEntry[];
  readonly future: readonly HistoryEntry[];
  readonly issues: readonly Issue[];
  /** How long the last lint took; decides whether the next one waits for a pause. */
  readonly lintMs: number;
  readonly picker: Picker | null;
  readonly overlay: Overlay | null;
  readonly overlayKind: OverlayKind;
};

export type DesignerActions = {
  /** Does a change as one history entry; changes of the same burst join the entry before. Null does nothing. */
  readonly dispatch: (change: Change | null, burst?: string) => boolean;
  readonly undo: () => ChangeLabel | null;
  readonly redo: () => ChangeLabel | null;
  readonly select: (selection: Partial<Selection>) => void;
  readonly openPicker: (picker: Picker | null) => void;
  /** Takes over a document from outside; what stood before can be undone to. */
  readonly adopt: (doc: StrategyDoc) => void;
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

const NOTHING_SELECTED: Selection = { nodes: [], bundle: null };

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

/** Selected steps that still exist. */
function surviving(selection: Selection, doc: StrategyDoc): Selection {
  const nodes = selection.nodes.filter((id) => doc.nodes.some((node) => node.id === id));
  return nodes.length === selection.nodes.length ? selection : { ...selection, nodes };
}

export function createDesignerStore(setup: StoreSetup): DesignerStore {
  const { nowMs, later, onChange, ...first } = setup;
  let callOff: (() => void) | null = null;
  return createStore<DesignerState>((set, get) => {
    const lint = (): void => {
      callOff = null;
      const startMs = nowMs();
      const issues = lintStrategy(get().doc, get().pack);
      set({ issues, lintMs: nowMs() - startMs });
    };
    const lintSoon = (): void => {
      callOff?.();
      if (get().lintMs <= LINT_AT_ONCE_MS) lint();
      else callOff = later(lint, LINT_DELAY_MS);
    };
    const settle = (doc: StrategyDoc): void => {
      set({ selection: surviving(get().selection, doc) });
      lintSoon();
      onChange(doc);
    };
    return {
      ...first,
      selection: NOTHING_SELECTED,
      past: [],
      future: [],
      issues: lintStrategy(first.doc, first.pack),
      lintMs: 0,
      picker: null,
      overlay: null,
      overlayKind: "live",
      dispatch: (change, burst) => {
        const { doc, past, readOnly } = get();
        if (change === null || readOnly) return false;
        const applied = applyOperations(doc, change.operations);
        const entry = { ...change, inverse: applied.inverse, burst: burst ?? null, atMs: nowMs() };
        set({ doc: applied.doc, past: withEntry(past, entry), future: [] });
        settle(applied.doc);
        return true;
      },
      undo: () => {
        const { doc, past, future, readOnly } = get();
        const entry = past.at(-1);
        if (entry === undefined || readOnly) return null;
        const before = applyOperations(doc, entry.inverse).doc;
        set({ doc: before, past: past.slice(0, -1), future: [entry, ...future] });
        settle(before);
        return entry.label;
      },
      redo: () => {
        const { doc, past, future, readOnly } = get();
        const [entry, ...rest] = future;
        if (entry === undefined || readOnly) return null;
        const after = applyOperations(doc, entry.operations).doc;
        set({ doc: after, past: [...past, { ...entry, burst: null }], future: rest });
        settle(after);
        return entry.label;
      },
      select: (selection) => set({ selection: { ...NOTHING_SELECTED, ...selection } }),
      openPicker: (picker) => set({ picker: get().readOnly ? null : picker }),
      adopt: (doc) => {
        const { doc: before, past } = get();
        if (doc === before || writeStrategy(doc) === writeStrategy(before)) return;
        const change = replaceDoc(doc);
        const applied = applyOperations(before, change.operations);
        const entry = { ...change, inverse: applied.inverse, burst: null, atMs: nowMs() };
        set({ doc, past: withEntry(past, entry), future: [], selection: surviving(get().selection, doc) });
        lintSoon();
      },
      configure: (settings) => {
        const packChanged = settings.pack !== undefined && settings.pack !== get().pack;
        set(settings);
        if (packChanged) lint();
      },
    };
  });
}
