import { describe, expect, test } from "vitest";
import { briefly, contextWith } from "../testing/context";
import { wait } from "./node";

type WaitData = Parameters<typeof wait.compile>[0];

describe("what is waited for", () => {
  test.each<[WaitData, object]>([
    [
      { mode: "duration", durationMinutes: 90 },
      { mode: "duration", durationMs: 5_400_000 },
    ],
    [
      { mode: "duration", durationMinutes: 1440, at: "10:00" },
      { mode: "duration", durationMs: 86_400_000, at: "10:00" },
    ],
    [
      { mode: "duration", durationMinutes: 1440, at: "" },
      { mode: "duration", durationMs: 86_400_000 },
    ],
    [
      { mode: "until-local-time", at: "09:30" },
      { mode: "until-local-time", at: "09:30" },
    ],
    [
      { mode: "until-date", date: "2026-12-31", at: "09:00" },
      { mode: "until-date", date: "2026-12-31", at: "09:00" },
    ],
    [
      { mode: "until-dpd", dpd: 15, at: "10:00" },
      { mode: "until-dpd", dpd: 15, at: "10:00" },
    ],
    [
      {
        mode: "event",
        events: ["reply.received", "payment.posted"],
        deadlineMinutes: 60,
      },
      { mode: "event", events: ["payment.posted", "reply.received"], deadlineMs: 3_600_000 },
    ],
  ])("%j", (data, expected) => {
    expect(briefly(wait.lint(data, contextWith()))).toEqual([]);
    const spec = wait.compile(data, contextWith());
    expect(spec.kind === "wait" && spec.wait).toEqual(expected);
  });

  test("what was typed for another way of waiting is kept and does not count", () => {
    const data: WaitData = { mode: "until-local-time", at: "09:00", durationMinutes: 5, dpd: 3, date: "" };
    const spec = wait.compile(data, contextWith());
    expect(spec.kind === "wait" && spec.wait).toEqual({ mode: "until-local-time", at: "09:00" });
  });
});

test.each<[WaitData, readonly string[]]>([
  [{ mode: "duration" }, ["error wait.duration-missing durationMinutes"]],
  [{ mode: "until-local-time", at: "" }, ["error wait.time-missing at"]],
  [{ mode: "until-date" }, ["error wait.date-missing date", "error wait.time-missing at"]],
  [{ mode: "until-dpd", at: "09:00" }, ["error wait.dpd-missing dpd"]],
  [{ mode: "event", events: [] }, ["error wait.events-missing events", "error wait.deadline-missing deadlineMinutes"]],
  [{ mode: "duration", durationMinutes: 400 * 1440 }, ["warning wait.beyond-horizon durationMinutes"]],
  [
    { mode: "event", events: ["payment.posted"], deadlineMinutes: 400 * 1440 },
    ["warning wait.beyond-horizon deadlineMinutes"],
  ],
])("%j is pointed out", (data, expected) => {
  expect(briefly(wait.lint(data, contextWith()))).toEqual(expected);
});

test("waiting for an event always has a deadline, and no wait is longer than 400 days", () => {
  expect(() => wait.compile({ mode: "event", events: ["payment.posted"] }, contextWith())).toThrow("wait.incomplete");
  expect(wait.schema.safeParse({ mode: "duration", durationMinutes: 400 * 1440 + 1 }).success).toBe(false);
  expect(wait.schema.safeParse({ mode: "duration", durationMinutes: 0 }).success).toBe(false);
});

test("ways on follow from how it waits; an account whose days past due are unknown has its own", () => {
  const ids = (data: WaitData) => wait.handles(data).map(({ id }) => id);
  expect(ids({ mode: "duration", durationMinutes: 1 })).toEqual(["elapsed"]);
  expect(ids({ mode: "event", events: [], deadlineMinutes: 1 })).toEqual(["happened", "elapsed"]);
  expect(ids({ mode: "until-dpd", dpd: 1, at: "09:00" })).toEqual(["elapsed", "unknown"]);
});
