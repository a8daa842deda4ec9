import { describe, expect, it } from "vitest";
import { DAY_MS } from "../model/time";
import { aState } from "../testing/builders";
import {
  asking,
  enteringTo,
  type HandMade,
  handMadeProgram,
  LATE_ONES,
  LEAVE,
  TO_PEOPLE,
} from "../testing/hand-made-program";
import { carriedInto, checkMigration, moveOf, proposeMigration, type StepPopulation } from "./migration";
import { SMALL_MARKET } from "./testing/small-market";

const waiting = (days: number, to: string) => ({
  spec: {
    kind: "wait",
    wait: { mode: "duration", durationMs: days * DAY_MS },
    elapsed: "elapsed",
    happened: null,
    unknown: null,
  } as const,
  handles: { elapsed: to },
});
const task = { kind: "task", task: "approval", desk: { queue: "q", priority: 1, dueMs: DAY_MS }, details: {} } as const;
const asks = asking(task, { approved: "done" }, { otherwise: "people", days: 7 });

const OLD: HandMade = {
  rules: LATE_ONES,
  steps: {
    start: enteringTo("ask"),
    ask: asks,
    rest: waiting(3, "gone"),
    gone: waiting(1, "done"),
    done: LEAVE,
    people: TO_PEOPLE,
  },
};
/** The rest is longer, `gone` is gone, and an agency is new. */
const NEW: HandMade = {
  rules: LATE_ONES,
  steps: {
    start: enteringTo("ask"),
    ask: asks,
    rest: waiting(5, "later"),
    later: {
      ...waiting(1, "done"),
      spec: { ...waiting(1, "done").spec, wait: { mode: "until-dpd", dpd: 30, at: "09:00" } },
    },
    done: LEAVE,
    people: TO_PEOPLE,
  },
};
const from = handMadeProgram(SMALL_MARKET, OLD);
const to = handMadeProgram(SMALL_MARKET, NEW);
const stand = (nodeId: string, accounts: number): StepPopulation => ({
  nodeId,
  accounts,
  held: 0,
  contactOut: 0,
  promised: 0,
});

describe("moving accounts to another version", () => {
  it("maps steps of one name, says which do something else now, and leaves the choice about removed ones to a person", () => {
    const { groups } = proposeMigration(from, to, [stand("gone", 2), stand("ask", 5), stand("rest", 5)]);
    expect(groups).toMatchObject([
      { nodeId: "ask", removed: false, changed: false, leaves: "task", proposed: { act: "move", to: "ask" } },
      { nodeId: "rest", removed: false, changed: true, leaves: "wait", proposed: { act: "move", to: "rest" } },
      { nodeId: "gone", removed: true, changed: false, leaves: "wait", proposed: { act: "stay" } },
    ]);
  });

  it("says of every step somebody may be moved to what happens there first", () => {
    const { targets } = proposeMigration(from, to, []);
    expect(targets).toEqual([
      { nodeId: "ask", does: "asks-people", exit: null },
      { nodeId: "done", does: "leaves", exit: "completed" },
      { nodeId: "later", does: "waits-until", exit: null },
      { nodeId: "people", does: "leaves", exit: "handed-to-people" },
      { nodeId: "rest", does: "waits-anew", exit: null },
    ]);
  });

  it("refuses a plan over steps nobody has, the entry, another strategy and other money", () => {
    const codes = (plan: Parameters<typeof checkMigration>[2], other = to) =>
      checkMigration(from, other, plan).map(({ code }) => code);
    expect(
      codes({ steps: { gone: { act: "move", to: "later" }, rest: { act: "exit", reason: "escalated" } } }),
    ).toEqual([]);
    expect(codes({ steps: { nowhere: { act: "stay" } } })).toEqual(["migration.step-unknown"]);
    for (const target of ["gone", "start", "constructor"])
      expect(codes({ steps: { gone: { act: "move", to: target } } })).toEqual(["migration.target-unknown"]);
    expect(codes({ steps: {} }, { ...to, strategyKey: "other" })).toEqual(["migration.other-strategy"]);
    const dollars = { ...to, settings: { ...to.settings, currency: "USD" as const } };
    expect(codes({ steps: {} }, dollars)).toEqual(["migration.currency-differs"]);
  });

  it("asks again of whoever stands elsewhere by now: the step of the same name, or they stay", () => {
    expect(moveOf({ steps: { rest: { act: "stay" } } }, to, "rest")).toEqual({ act: "stay" });
    expect(moveOf({ steps: {} }, to, "rest")).toEqual({ act: "move", to: "rest" });
    for (const nodeId of ["gone", "start", "constructor"])
      expect(moveOf({ steps: {} }, to, nodeId)).toEqual({ act: "stay" });
  });

  it("carries variables of one name and type and rounds of repeats both have; the rest begins or ends", () => {
    const declared = (variables: typeof to.settings.variables) => ({ ...to, settings: { ...to.settings, variables } });
    const old = declared([
      { name: "score", type: "number", initial: null },
      { name: "tone", type: "text", initial: "soft" },
      { name: "gone", type: "number", initial: 1 },
    ]);
    const next = declared([
      { name: "score", type: "number", initial: 7 },
      { name: "tone", type: "number", initial: 3 },
      { name: "new", type: "text", initial: "x" },
      { name: "unset", type: "text", initial: null },
    ]);
    const state = aState({ vars: { score: 12, tone: "firm", gone: 4 }, loopCounts: { rest: 2, again: 1 } });
    expect(carriedInto(state, old, next)).toMatchObject({ vars: { score: 12, tone: 3, new: "x" }, loopCounts: {} });
    // A value that became unknown stays unknown, whatever the new version begins with.
    expect(carriedInto({ ...state, vars: {} }, old, next).vars).toEqual({ tone: 3, new: "x" });
    const repeat = {
      spec: { kind: "repeat", maxTimes: 3, again: "again", done: "done", whileRuleSet: null, unknown: null } as const,
      handles: { again: "ask", done: "done" },
    };
    const round = handMadeProgram(SMALL_MARKET, { ...NEW, steps: { ...NEW.steps, again: repeat } });
    expect(carriedInto(state, from, round).loopCounts).toEqual({ again: 1 });
  });
});
