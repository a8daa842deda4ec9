import { describe, expect, test } from "vitest";
import { briefly, contextWith } from "../testing/context";
import { agent } from "./node";

const task = { ...agent.initial(), contentId: "agent.late", queue: "M2" };

function specOf(data: typeof task) {
  const spec = agent.compile(data, contextWith());
  if (spec.kind !== "request") throw new Error("a call is a request");
  return spec;
}

test("waits in its queue for an agent: how urgent it is, by when it should be done, which guide to go by", () => {
  expect(specOf({ ...task, priority: 2, dueHours: 8, queue: " M2 专员 " }).request).toEqual({
    kind: "contact",
    channel: "agent",
    contentId: "agent.late",
    partyRole: "self",
    desk: { queue: "M2 专员", priority: 2, dueMs: 8 * 3_600_000 },
  });
});

test.each([
  ["promised", ["PTP", "PPP"]],
  ["spoke", ["RPC", "PAID", "PLN"]],
  ["callback", ["CBK"]],
  ["refused", ["RTP", "DNC"]],
  ["care", ["UNA", "DSP", "FRD", "CMP", "ILL", "DEC", "BKR", "LIT", "MIN", "ABU", "THR"]],
  ["wrong-party", ["TP", "TPR", "WN"]],
])("results that lead to %s", (handle, outcomes) => {
  const mapped = Object.entries(specOf(task).outcomes).filter(([, to]) => to === handle);
  expect(mapped.map(([outcome]) => outcome)).toEqual(outcomes);
});

test("a person hands the call over to nobody", () => {
  expect(Object.hasOwn(specOf(task).outcomes, "TRF")).toBe(false);
  expect(agent.simulate(task).flatMap((answer) => ("outcomes" in answer ? answer.outcomes : []))).not.toContain("TRF");
});

describe("calls that reach nobody", () => {
  test("come back after the gap of their result, so many in all and per day, to the same number or the next", () => {
    const spec = specOf({ ...task, maxAttempts: 4, maxPerDay: 2, numbers: "next", gapMinutes: { NA: 180 } });
    expect(spec.retry).toEqual({ maxAttempts: 4, gapMinutes: { NA: 180 } });
    expect(spec.request).toMatchObject({ maxPerDay: 2, contactPoints: "next" });
  });

  test("are not called again when one call is all there is", () => {
    expect(specOf({ ...task, maxAttempts: 1 }).retry).toBeNull();
  });
});

describe("what is pointed out", () => {
  const said = (change: Partial<typeof task>) => briefly(agent.lint({ ...task, ...change }, contextWith()));

  test("a call nobody will find, or that is given up before it is late", () => {
    expect(said({})).toEqual([]);
    expect(said({ queue: "" })).toEqual(["error agent.queue-missing queue"]);
    expect(said({ queue: "   " })).toEqual(["error agent.queue-missing queue"]);
    expect(said({ dueHours: 97 })).toEqual(["warning agent.due-too-late dueHours"]);
  });

  test("a guide that is a script for robots", () => {
    expect(said({ contentId: "robot.late" })).toEqual(["error agent.content-channel contentId"]);
  });

  test("redials that cannot happen", () => {
    expect(said({ gapMinutes: {} })).toEqual(["warning agent.redial-never gapMinutes"]);
  });
});

test("urgency runs from 1 to 9, and a queue has a name of at most sixty-four characters", () => {
  const accepts = (change: object) => agent.schema.safeParse({ ...task, ...change }).success;
  expect([0, 1, 9, 10].map((priority) => accepts({ priority }))).toEqual([false, true, true, false]);
  expect([64, 65].map((length) => accepts({ queue: "q".repeat(length) }))).toEqual([true, false]);
});
