import { describe, expect, it } from "vitest";
import { emptyStrategy } from "#engine/graph/new";
import type { StrategyDoc } from "#engine/model/strategy";
import { createDraftSaver, type SaveAnswer } from "./draft-saver";
import type { KeptEdits } from "./kept-edits";

const BLANK = emptyStrategy({ id: "strat_m1", key: "m1", name: { en: "M1" }, market: "cn" });
const named = (name: string): StrategyDoc => ({ ...BLANK, name: { en: name } });

/** A server that keeps one draft, a device that keeps edits, and a clock that moves when told to. */
function aDesk() {
  const server = { revision: 1, doc: BLANK, saves: 0, reachable: true, answers: true };
  const device: { kept: KeptEdits | null; works: boolean } = { kept: null, works: true };
  const timers = new Set<() => void>();
  const saver = createDraftSaver(
    { doc: BLANK, revision: 1, savedAtMs: 0 },
    {
      save: async (doc, baseRevision): Promise<SaveAnswer> => {
        if (!server.reachable) throw new Error("no answer");
        if (baseRevision !== server.revision) return { kind: "conflict", revision: server.revision };
        server.revision += 1;
        server.doc = doc;
        server.saves += 1;
        if (!server.answers) throw new Error("no answer");
        return { kind: "saved", revision: server.revision, atMs: 1000 * server.revision };
      },
      schedule: (run) => {
        timers.add(run);
        return () => timers.delete(run);
      },
      nowMs: () => 7,
      edits: {
        write: async (edits) => {
          if (!device.works) throw new Error("the disk is full");
          device.kept = edits;
        },
        clear: async () => {
          device.kept = null;
        },
      },
    },
  );
  const timePasses = async () => {
    const due = [...timers];
    timers.clear();
    for (const run of due) run();
    // The fake server answers within a few microtasks.
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };
  return { server, device, saver, timePasses };
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

  it("goes on from what both were put together to, and saves it on top of theirs", async () => {
    const { server, saver, timePasses } = aDesk();
    server.revision = 7;
    saver.change(named("mine"));
    await timePasses();
    const theirs = { doc: named("theirs"), revision: 7, atMs: 5 };
    expect(saver.baseFor(theirs.doc)).toEqual(BLANK);
    saver.rebase(named("both"), theirs);
    await timePasses();
    expect(server).toMatchObject({ revision: 8, doc: named("both") });
    expect(saver.state().kind).toBe("saved");
  });

  it("saves nothing where theirs is what both were put together to, and goes on from their revision", async () => {
    const { server, device, saver, timePasses } = aDesk();
    server.revision = 7;
    saver.change(named("mine"));
    await timePasses();
    saver.rebase(named("theirs"), { doc: named("theirs"), revision: 7, atMs: 5 });
    await timePasses();
    expect(server.saves).toBe(0);
    expect(device.kept).toBeNull();
    expect(saver.state()).toEqual({ kind: "saved", atMs: 5 });
    saver.change(named("on top of theirs"));
    await timePasses();
    expect(server).toMatchObject({ revision: 8, doc: named("on top of theirs") });
  });

  it("knows its own save again when the answer to it was lost", async () => {
    const { server, saver, timePasses } = aDesk();
    server.answers = false;
    saver.change(named("first"));
    await timePasses();
    server.answers = true;
    saver.change(named("first and second"));
    await timePasses();
    expect(saver.state()).toEqual({ kind: "conflict", theirRevision: 2 });
    // Put together from this base, theirs changed nothing: only mine goes on.
    expect(saver.baseFor(structuredClone(server.doc))).toEqual(named("first"));
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

  it("keeps on the device what the server has not taken, and forgets it once it has", async () => {
    const { server, device, saver, timePasses } = aDesk();
    server.reachable = false;
    saver.change(named("offline"));
    expect(saver.isSafe()).toBe(false);
    await timePasses();
    expect(saver.state()).toEqual({ kind: "unsaved", kept: true });
    expect(device.kept).toEqual({ doc: named("offline"), base: BLANK, baseRevision: 1, atMs: 7 });
    expect(saver.isSafe()).toBe(true);
    server.reachable = true;
    await timePasses();
    expect(saver.state().kind).toBe("saved");
    expect(device.kept).toBeNull();
  });

  it("says so when the device keeps nothing either", async () => {
    const { server, device, saver, timePasses } = aDesk();
    server.reachable = false;
    device.works = false;
    saver.change(named("offline"));
    await timePasses();
    expect(saver.state()).toEqual({ kind: "unsaved", kept: false });
    expect(saver.isSafe()).toBe(false);
  });

  it("goes on with kept edits: sent where the server still has what they began from, else a conflict", async () => {
    const kept = { doc: named("kept"), base: BLANK, baseRevision: 1, atMs: 3 };
    const same = aDesk();
    same.saver.resume(kept, { doc: BLANK, revision: 1 });
    await same.timePasses();
    expect(same.server.doc).toEqual(named("kept"));

    const other = aDesk();
    other.server.revision = 4;
    other.saver.resume(kept, { doc: named("theirs"), revision: 4 });
    await other.timePasses();
    expect(other.saver.state()).toEqual({ kind: "conflict", theirRevision: 4 });
    expect(other.server.saves).toBe(0);
  });
});
