import { describe, expect, it } from "vitest";
import { emptyStrategy } from "#engine/graph/new";
import type { StrategyDoc } from "#engine/model/strategy";
import { createDraftSaver, type SaveAnswer } from "./draft-saver";

const BLANK = emptyStrategy({ id: "strat_m1", key: "m1", name: { en: "M1" }, market: "cn" });
const named = (name: string): StrategyDoc => ({ ...BLANK, name: { en: name } });

/** A server that keeps one draft, and a clock that moves when told to. */
function aDesk() {
  const server = { revision: 1, doc: BLANK, saves: 0, reachable: true };
  const timers = new Set<() => void>();
  const saver = createDraftSaver(
    { revision: 1, savedAtMs: 0 },
    {
      save: async (doc, baseRevision): Promise<SaveAnswer> => {
        if (!server.reachable) throw new Error("no answer");
        if (baseRevision !== server.revision) return { kind: "conflict", revision: server.revision };
        server.revision += 1;
        server.doc = doc;
        server.saves += 1;
        return { kind: "saved", revision: server.revision, atMs: 1000 * server.revision };
      },
      schedule: (run) => {
        timers.add(run);
        return () => timers.delete(run);
      },
    },
  );
  const timePasses = async () => {
    const due = [...timers];
    timers.clear();
    for (const run of due) run();
    // The fake server answers within a few microtasks.
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  };
  return { server, saver, timePasses };
}

describe("autosave of a draft", () => {
  it("saves once after several quick changes, and the last one wins", async () => {
    const { server, saver, timePasses } = aDesk();
    saver.change(named("a"));
    saver.change(named("b"));
    saver.change(named("c"));
    expect(saver.state().kind).toBe("changed");
    await timePasses();
    expect(server).toMatchObject({ saves: 1, doc: named("c") });
    expect(saver.state()).toEqual({ kind: "saved", atMs: 2000 });
  });

  it("saves a change made while a save is under way in the next one", async () => {
    const { server, saver, timePasses } = aDesk();
    saver.change(named("a"));
    const saving = saver.flush();
    saver.change(named("b"));
    await saving;
    expect(server.doc).toEqual(named("a"));
    await timePasses();
    expect(server.doc).toEqual(named("b"));
  });

  it("sends nothing more after a colleague saved in between, until the author has chosen", async () => {
    const { server, saver, timePasses } = aDesk();
    server.revision = 7;
    saver.change(named("mine"));
    await timePasses();
    expect(saver.state()).toEqual({ kind: "conflict", theirRevision: 7 });
    saver.change(named("mine too"));
    await timePasses();
    await saver.flush();
    expect(server.saves).toBe(0);
  });

  it("keeps mine over theirs when told so, the newest of mine", async () => {
    const { server, saver, timePasses } = aDesk();
    server.revision = 7;
    saver.change(named("mine"));
    await timePasses();
    saver.change(named("mine, newer"));
    saver.resolve("mine", 7);
    await timePasses();
    expect(server.doc).toEqual(named("mine, newer"));
    expect(saver.state().kind).toBe("saved");
  });

  it("drops mine when theirs is taken, and goes on from their revision", async () => {
    const { server, saver, timePasses } = aDesk();
    server.revision = 7;
    saver.change(named("mine"));
    await timePasses();
    saver.resolve("theirs", 7);
    await timePasses();
    expect(server.saves).toBe(0);
    saver.change(named("on top of theirs"));
    await timePasses();
    expect(server).toMatchObject({ revision: 8, doc: named("on top of theirs") });
  });

  it("keeps the change and tries again when the server gave no answer", async () => {
    const { server, saver, timePasses } = aDesk();
    server.reachable = false;
    saver.change(named("a"));
    await timePasses();
    expect(saver.state().kind).toBe("unsaved");
    server.reachable = true;
    await timePasses();
    expect(server.doc).toEqual(named("a"));
  });
});
