import type { StrategyDoc } from "#engine";

/** A draft is saved this long after the last change: long enough to type a word, short enough to lose nothing. */
export const SAVE_DELAY_MS = 800;
/** After a save that got no answer. */
export const RETRY_DELAY_MS = 5_000;

export type SaveState =
  | { readonly kind: "saved"; readonly atMs: number }
  /** Changed here and not yet sent. */
  | { readonly kind: "changed" }
  | { readonly kind: "saving" }
  /** Somebody else saved in between. Nothing is sent until the author has chosen. */
  | { readonly kind: "conflict"; readonly theirRevision: number }
  /** No answer; tried again by itself. The change is still here. */
  | { readonly kind: "unsaved" };

export type SaveAnswer =
  | { readonly kind: "saved"; readonly revision: number; readonly atMs: number }
  | { readonly kind: "conflict"; readonly revision: number };

export type DraftSaverPorts = {
  /** Compare-and-set: takes the document only when the draft is still at `baseRevision`. Rejects when there was no answer. */
  readonly save: (doc: StrategyDoc, baseRevision: number) => Promise<SaveAnswer>;
  /** Runs something later; returns how to call it off. */
  readonly schedule: (run: () => void, delayMs: number) => () => void;
};

export type DraftSaver = {
  readonly state: () => SaveState;
  readonly revision: () => number;
  readonly subscribe: (listener: () => void) => () => void;
  readonly change: (doc: StrategyDoc) => void;
  /** Sends what is waiting now; resolves when the draft on the server is what is on the screen, or cannot be made so. */
  readonly flush: () => Promise<SaveState>;
  /** Ends a conflict: `mine` saves over theirs, `theirs` takes their revision and drops what was waiting here. */
  readonly resolve: (choice: "mine" | "theirs", theirRevision: number) => void;
  readonly dispose: () => void;
};

/** Autosave of one draft: one save at a time, the newest document wins, a conflict freezes it. */
export function createDraftSaver(
  first: { readonly revision: number; readonly savedAtMs: number },
  ports: DraftSaverPorts,
): DraftSaver {
  let revision = first.revision;
  let state: SaveState = { kind: "saved", atMs: first.savedAtMs };
  let waiting: StrategyDoc | null = null;
  let callOff: (() => void) | null = null;
  let running: Promise<void> | null = null;
  const listeners = new Set<() => void>();

  const become = (next: SaveState) => {
    state = next;
    for (const listener of listeners) listener();
  };
  const later = (delayMs: number) => {
    callOff?.();
    callOff = ports.schedule(() => {
      callOff = null;
      void send();
    }, delayMs);
  };

  async function sendOnce(doc: StrategyDoc): Promise<void> {
    become({ kind: "saving" });
    try {
      const answer = await ports.save(doc, revision);
      if (answer.kind === "conflict") {
        waiting ??= doc;
        become({ kind: "conflict", theirRevision: answer.revision });
        return;
      }
      revision = answer.revision;
      become(waiting === null ? { kind: "saved", atMs: answer.atMs } : { kind: "changed" });
      if (waiting !== null) later(SAVE_DELAY_MS);
    } catch {
      waiting ??= doc;
      become({ kind: "unsaved" });
      later(RETRY_DELAY_MS);
    }
  }

  async function send(): Promise<void> {
    if (running !== null) await running;
    if (waiting === null || state.kind === "conflict") return;
    const doc = waiting;
    waiting = null;
    running = sendOnce(doc);
    await running;
    running = null;
  }

  return {
    state: () => state,
    revision: () => revision,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    change: (doc) => {
      waiting = doc;
      if (state.kind === "conflict") return;
      if (state.kind !== "saving") become({ kind: "changed" });
      later(SAVE_DELAY_MS);
    },
    flush: async () => {
      callOff?.();
      callOff = null;
      await send();
      return state;
    },
    resolve: (choice, theirRevision) => {
      revision = theirRevision;
      if (choice === "theirs") waiting = null;
      become(waiting === null ? { kind: "saved", atMs: first.savedAtMs } : { kind: "changed" });
      if (waiting !== null) later(0);
    },
    dispose: () => callOff?.(),
  };
}
