import { expect, test } from "vitest";
import type { StepSpec } from "../model/program";
import { DAY_MS, HOUR_MS } from "../model/time";
import type { CompiledStep } from "../nodes/define";
import { leastTimes } from "./least-time";

const days = (compiled: CompiledStep) =>
  Object.fromEntries([...leastTimes(compiled)].map(([handle, timeMs]) => [handle, timeMs / DAY_MS]));

const ASK: StepSpec = {
  kind: "request",
  request: { kind: "contact", channel: "sms", contentId: "sms.reminder", partyRole: "self" },
  deadlineMs: 2 * DAY_MS,
  outcomes: { DLV: "delivered" },
  retry: null,
  exhausted: "failed",
  blocked: "blocked",
  expired: "expired",
  goOn: null,
};
const pause = (durationMs: number): StepSpec => ({
  kind: "wait",
  wait: { mode: "duration", durationMs },
  elapsed: "elapsed",
  happened: null,
  unknown: null,
});

test("an answer may come at once, silence takes until the deadline", () => {
  expect(days(ASK)).toEqual({ expired: 2 });
  // Where silence and an answer take one way on, the answer is the faster.
  expect(days({ ...ASK, expired: "failed" })).toEqual({});
  expect(days({ ...ASK, goOn: "sent" })).toEqual({});
});

test("a wait takes its time, but for what may end it early", () => {
  expect(days(pause(3 * DAY_MS))).toEqual({ elapsed: 3 });
  const watch = { ruleSet: "rules", events: ["payment.posted"], everyMs: HOUR_MS, holds: "elapsed" } as const;
  expect(days({ ...pause(DAY_MS), ...{ watch } } as StepSpec)).toEqual({});
  const working = { mode: "until-working-day", count: 3, at: "09:00" } as const;
  expect(days({ kind: "wait", wait: working, elapsed: "elapsed", happened: null, unknown: null })).toEqual({
    elapsed: 2,
  });
});

test("a step of several parts takes what its fastest way through takes", () => {
  expect(
    days({
      kind: "compound",
      first: "ask",
      parts: {
        ask: {
          spec: ASK,
          ways: {
            delivered: { part: "pause" },
            failed: { handle: "failed" },
            blocked: { part: "long" },
            expired: { handle: "done" },
          },
        },
        pause: { spec: pause(DAY_MS), ways: { elapsed: { handle: "done" } } },
        long: { spec: pause(9 * DAY_MS), ways: { elapsed: { part: "pause" } } },
      },
    }),
  ).toEqual({ failed: 0, done: 1 });
});
