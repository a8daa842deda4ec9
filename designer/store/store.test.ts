import { describe, expect, it } from "vitest";
import { emptyStrategy, type MarketPack, type StrategyDoc } from "#engine";
import { setName } from "../commands/details";
import { insertOnEdges, moveSteps, removeSteps, renameStep } from "../commands/steps";
import { REBASED_MAX } from "./rebase";
import { BURST_MS, createDesignerStore, HISTORY_MAX, LINT_DELAY_MS } from "./store";

const pack: MarketPack = { market: "cn", version: "1", fields: {}, contents: {}, lexicons: {}, rulePacks: {} };
const doc = emptyStrategy({ id: "strat_m1", key: "m1", name: { en: "M1" }, market: "cn" });

/** A store whose clock and timers the test turns. `tickMs` is how far the clock moves each time it is read. */
function aDesk(settings: { readonly readOnly?: boolean; readonly tickMs?: number } = {}) {
  let now = 0;
  const waiting: { run: () => void; delayMs: number }[] = [];
  const emitted: StrategyDoc[] = [];
  const store = createDesignerStore({
    doc,
    pack,
    locale: "en",
    readOnly: settings.readOnly ?? false,
    nowMs: () => {
      now += settings.tickMs ?? 0;
      return now;
    },
    later: (run, delayMs) => {
      const timer = { run, delayMs };
      waiting.push(timer);
      return () => waiting.splice(waiting.indexOf(timer), 1);
    },
    onChange: (changed) => emitted.push(changed),
  });
  const pass = (ms: number): void => {
    now += ms;
  };
  return { store, emitted, waiting, pass };
}

describe("the history", () => {
  it("keeps a burst of typing as one entry, and a later word as another", () => {
    const { store, pass } = aDesk();
    const type = (text: string) =>
      store.getState().dispatch(renameStep(store.getState().doc, "done", { en: text }), "name:done");
    for (const text of ["L", "Le", "Left"]) {
      type(text);
      pass(100);
    }
    pass(BURST_MS);
    type("Left alone");
    expect(store.getState().past).toHaveLength(2);
    store.getState().undo();
    expect(store.getState().doc.nodes[1]?.name).toEqual({ en: "Left" });
    store.getState().undo();
    expect(store.getState().doc).toEqual(doc);
  });

  it("names what it undoes, and redoes it", () => {
    const { store } = aDesk();
    store.getState().dispatch(setName(doc, { en: "Late" }));
    expect(store.getState().undo()).toMatchObject({ code: "edit-settings" });
    expect(store.getState().redo()).toMatchObject({ code: "edit-settings" });
    expect(store.getState().doc.name).toEqual({ en: "Late" });
  });

  it("has no entry for a selection, and forgets what was undone once something else is done", () => {
    const { store } = aDesk();
    store.getState().dispatch(setName(doc, { en: "Late" }));
    store.getState().select({ nodes: ["start"] });
    store.getState().undo();
    store.getState().dispatch(moveSteps(store.getState().doc, { start: { x: 40, y: 0 } }));
    expect(store.getState().future).toEqual([]);
    expect(store.getState().past).toHaveLength(1);
    expect(store.getState().selection.nodes).toEqual(["start"]);
  });

  it(`remembers at most ${HISTORY_MAX} gestures`, () => {
    const { store } = aDesk();
    for (let x = 1; x <= HISTORY_MAX + 20; x += 1) {
      store.getState().dispatch(moveSteps(store.getState().doc, { start: { x, y: 0 } }));
    }
    expect(store.getState().past).toHaveLength(HISTORY_MAX);
  });
});

describe("a document of others", () => {
  it("changes nothing in a reader's hands", () => {
    const { store, emitted } = aDesk({ readOnly: true });
    expect(store.getState().dispatch(setName(doc, { en: "Late" }))).toBe(false);
    expect(store.getState().doc).toBe(doc);
    expect(emitted).toEqual([]);
  });

  it("can be taken over and undone to one's own, and its echo is no change", () => {
    const { store } = aDesk();
    const theirs = { ...doc, name: { en: "Theirs" } };
    store.getState().adopt(structuredClone(doc));
    expect(store.getState().past).toEqual([]);
    store.getState().adopt(theirs);
    expect(store.getState().doc).toBe(theirs);
    store.getState().undo();
    expect(store.getState().doc).toBe(doc);
  });
});

describe("somebody else's changes", () => {
  const theirs = (mine: StrategyDoc): StrategyDoc => ({ ...mine, description: { en: "Theirs" } });

  it("stay when the author undoes and does again: undo takes back the author's own gestures alone", () => {
    const { store, emitted } = aDesk();
    const { dispatch, adopt, undo, redo } = store.getState();
    dispatch(setName(doc, { en: "One" }));
    dispatch(setName(store.getState().doc, { en: "Two" }));
    dispatch(setName(store.getState().doc, { en: "Three" }));
    undo();
    adopt(theirs(store.getState().doc), theirs);
    const seen = () => [store.getState().doc.name.en, store.getState().doc.description?.en];
    expect(seen()).toEqual(["Two", "Theirs"]);
    expect(undo()).toMatchObject({ code: "edit-settings" });
    expect(seen()).toEqual(["One", "Theirs"]);
    undo();
    expect(store.getState().doc).toEqual(theirs(doc));
    redo();
    redo();
    redo();
    expect(seen()).toEqual(["Three", "Theirs"]);
    expect(emitted.at(-1)).toBe(store.getState().doc);
  });

  it("leave room in the history for the newest gestures", () => {
    const { store } = aDesk();
    for (let x = 1; x <= REBASED_MAX + 5; x += 1) {
      store.getState().dispatch(moveSteps(store.getState().doc, { start: { x, y: 0 } }));
    }
    store.getState().adopt(theirs(store.getState().doc), theirs);
    expect(store.getState().past).toHaveLength(REBASED_MAX);
  });
});

describe("the problems", () => {
  it("show with every change while linting is quick", () => {
    const { store, waiting } = aDesk();
    const made = insertOnEdges(doc, { edgeIds: doc.edges.map((edge) => edge.id), type: "wait" });
    store.getState().dispatch(made?.change ?? null);
    expect(waiting).toEqual([]);
    const before = store.getState().issues;
    store.getState().dispatch(removeSteps(store.getState().doc, ["done"]));
    expect(store.getState().issues).not.toEqual(before);
  });

  it("wait for a pause when linting is slow, and only the last change is linted", () => {
    const { store, waiting } = aDesk({ tickMs: 100 });
    store.getState().dispatch(setName(doc, { en: "A" }));
    expect(store.getState().lintMs).toBeGreaterThan(0);
    store.getState().dispatch(setName(doc, { en: "B" }));
    store.getState().dispatch(setName(doc, { en: "C" }));
    expect(waiting.map((timer) => timer.delayMs)).toEqual([LINT_DELAY_MS]);
  });
});

describe("the selection", () => {
  it("lets go of a step that is taken away", () => {
    const { store } = aDesk();
    store.getState().select({ nodes: ["done"] });
    store.getState().dispatch(removeSteps(doc, ["done"]));
    expect(store.getState().selection.nodes).toEqual([]);
  });
});
