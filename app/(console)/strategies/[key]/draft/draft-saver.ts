import { canonicalJson, type StrategyDoc } from "#engine";
import type { EditStore, KeptEdits } from "./kept-edits";

/** A draft is saved this long after the last change: long enough to type a word, short enough to lose nothing. */
export const SAVE_DELAY_MS = 800;
/** It is kept on the device sooner: a tab may be closed in between. */
export const KEEP_DELAY_MS = 150;
/** After a save that got no answer. */
export const RETRY_DELAY_MS = 5_000;
/** Documents sent without an answer that are remembered: one of them may be what the server has. */
const UNANSWERED_MAX = 5;

export type SaveState =
  | { readonly kind: "saved"; readonly atMs: number }
  /** Changed here and not yet sent. */
  | { readonly kind: "changed" }
  | { readonly kind: "saving" }
  /** Somebody else saved in between. Nothing is sent until both are put together. */
  | { readonly kind: "conflict"; readonly theirRevision: number }
  /** No answer; tried again by itself. `kept` = this device has the change, whatever becomes of the tab. */
  | { readonly kind: "unsaved"; readonly kept: boolean };

export type SaveAnswer =
  | { readonly kind: "saved"; readonly revision: number; readonly atMs: number }
  | { readonly kind: "conflict"; readonly revision: number };

export type DraftSaverPorts = {
  /** Compare-and-set: takes the document only when the draft is still at `baseRevision`. Rejects when there was no answer. */
  readonly save: (doc: StrategyDoc, baseRevision: number) => Promise<SaveAnswer>;
  /** Runs something later; returns how to call it off. */
  readonly schedule: (run: () => void, delayMs: number) => () => void;
  readonly edits: Pick<EditStore, "write" | "clear">;
  readonly nowMs: () => number;
};

/** What the server has, as far as one knows. */
export type ServerDraft = { readonly doc: StrategyDoc; readonly revision: number };

export type DraftSaver = {
  readonly state: () => SaveState;
  readonly revision: () => number;
  /** What was changed here began from this. Of documents that were sent without an answer, the one that turns out to be `theirs`. */
  readonly baseFor: (theirs: StrategyDoc) => StrategyDoc;
  readonly subscribe: (listener: () => void) => () => void;
  readonly change: (doc: StrategyDoc) => void;
  /** Goes on with edits this device kept; they are sent when the server still has what they began from, else it is a conflict. */
  readonly resume: (kept: KeptEdits, server: ServerDraft) => void;
  /** Sends what is waiting now; resolves when the draft on the server is what is on the screen, or cannot be made so. */
  readonly flush: () => Promise<SaveState>;
  /** Keeps what is waiting on the device now: the page is going. */
  readonly keep: () => void;
  /** Whether closing the tab loses nothing. */
  readonly isSafe: () => boolean;
  /** Goes on from what the server has; `doc` is what shall stand there, saved at once unless it is that already. */
  readonly rebase: (doc: StrategyDoc, theirs: ServerDraft & { readonly atMs: number }) => void;
  readonly dispose: () => void;
};

type First = ServerDraft & { readonly savedAtMs: number };

/** Autosave of one draft: one save at a time, the newest document wins, a conflict freezes it; what is not saved is kept on the device. */
class Saver {
  #base: StrategyDoc;
  #revision: number;
  #state: SaveState;
  #waiting: StrategyDoc | null = null;
  #unanswered: readonly StrategyDoc[] = [];
  #kept: StrategyDoc | null = null;
  #callOff: (() => void) | null = null;
  #keepLater: (() => void) | null = null;
  #running: Promise<void> | null = null;
  /** Writing to the device and clearing it go one after the other. */
  #keeping: Promise<void> = Promise.resolve();
  readonly #listeners = new Set<() => void>();
  readonly #ports: DraftSaverPorts;

  constructor(first: First, ports: DraftSaverPorts) {
    this.#base = first.doc;
    this.#revision = first.revision;
    this.#state = { kind: "saved", atMs: first.savedAtMs };
    this.#ports = ports;
  }

  readonly state = () => this.#state;
  readonly revision = () => this.#revision;
  readonly isSafe = () => this.#waiting === null || this.#kept === this.#waiting;

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly baseFor = (theirs: StrategyDoc): StrategyDoc => {
    const text = canonicalJson(theirs);
    return this.#unanswered.find((sent) => canonicalJson(sent) === text) ?? this.#base;
  };

  readonly change = (doc: StrategyDoc): void => {
    this.#waiting = doc;
    this.#keepSoon();
    if (this.#state.kind === "conflict") return;
    if (this.#state.kind !== "saving") this.#become({ kind: "changed" });
    this.#later(SAVE_DELAY_MS);
  };

  readonly resume = (kept: KeptEdits, server: ServerDraft): void => {
    this.#base = kept.base;
    this.#revision = kept.baseRevision;
    this.#waiting = kept.doc;
    this.#kept = kept.doc;
    if (kept.baseRevision === server.revision) {
      this.#become({ kind: "changed" });
      this.#later(SAVE_DELAY_MS);
    } else this.#become({ kind: "conflict", theirRevision: server.revision });
  };

  readonly flush = async (): Promise<SaveState> => {
    this.#callOff?.();
    this.#callOff = null;
    await this.#send();
    return this.#state;
  };

  readonly rebase = (doc: StrategyDoc, theirs: ServerDraft & { readonly atMs: number }): void => {
    this.#base = theirs.doc;
    this.#revision = theirs.revision;
    this.#unanswered = [];
    const same = doc === theirs.doc || canonicalJson(doc) === canonicalJson(theirs.doc);
    this.#waiting = same ? null : doc;
    this.#become(same ? { kind: "saved", atMs: theirs.atMs } : { kind: "changed" });
    if (same) this.#clearKept();
    else {
      this.#keepSoon();
      this.#later(0);
    }
  };

  readonly keep = (): void => {
    this.#keepLater?.();
    this.#keepLater = null;
    const doc = this.#waiting;
    if (doc === null || doc === this.#kept) return;
    const edits = { doc, base: this.#base, baseRevision: this.#revision, atMs: this.#ports.nowMs() };
    this.#keeping = this.#keeping.then(async () => {
      const kept = await this.#ports.edits.write(edits).then(
        () => true,
        () => false,
      );
      this.#kept = kept ? doc : null;
      if (this.#state.kind === "unsaved") this.#become({ kind: "unsaved", kept: this.isSafe() });
    });
  };

  readonly dispose = (): void => {
    this.#callOff?.();
    this.keep();
  };

  #become(next: SaveState): void {
    this.#state = next;
    for (const listener of this.#listeners) listener();
  }

  #later(delayMs: number): void {
    this.#callOff?.();
    this.#callOff = this.#ports.schedule(() => {
      this.#callOff = null;
      void this.#send();
    }, delayMs);
  }

  #keepSoon(): void {
    this.#keepLater ??= this.#ports.schedule(this.keep, KEEP_DELAY_MS);
  }

  #clearKept(): void {
    this.#keepLater?.();
    this.#keepLater = null;
    this.#kept = null;
    // What could not be cleared is found to be what the server has at the next opening.
    this.#keeping = this.#keeping.then(() => this.#ports.edits.clear().catch(() => undefined));
  }

  async #send(): Promise<void> {
    if (this.#running !== null) await this.#running;
    if (this.#waiting === null || this.#state.kind === "conflict") return;
    const doc = this.#waiting;
    this.#running = this.#sendOnce(doc);
    await this.#running;
    this.#running = null;
  }

  async #sendOnce(doc: StrategyDoc): Promise<void> {
    this.#become({ kind: "saving" });
    try {
      const answer = await this.#ports.save(doc, this.#revision);
      if (answer.kind === "conflict") return this.#become({ kind: "conflict", theirRevision: answer.revision });
      this.#base = doc;
      this.#revision = answer.revision;
      this.#unanswered = [];
      const newer = this.#waiting !== doc;
      this.#become(newer ? { kind: "changed" } : { kind: "saved", atMs: answer.atMs });
      if (newer) return this.#later(SAVE_DELAY_MS);
      this.#waiting = null;
      this.#clearKept();
    } catch {
      this.#unanswered = [...this.#unanswered, doc].slice(-UNANSWERED_MAX);
      this.#become({ kind: "unsaved", kept: this.isSafe() });
      this.keep();
      this.#later(RETRY_DELAY_MS);
    }
  }
}

export function createDraftSaver(first: First, ports: DraftSaverPorts): DraftSaver {
  return new Saver(first, ports);
}
