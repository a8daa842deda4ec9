import { describe, expect, test } from "vitest";
import { migrateStepData } from "../../graph/step-data";
import { briefly, contextWith } from "../testing/context";
import history from "./history/1.json";
import { robot } from "./node";

const standard = { ...robot.initial(), contentId: "robot.late" };

function specOf(data: typeof standard) {
  const spec = robot.compile(data, contextWith());
  if (spec.kind !== "request") throw new Error("a call is a request");
  return spec;
}

test.each([
  ["promised", ["PTP", "PPP"]],
  ["spoke", ["RPC", "CBK", "PAID", "PLN", "TRF"]],
  ["refused", ["RTP", "DNC"]],
  ["care", ["UNA", "DSP", "FRD", "CMP", "ILL", "DEC", "BKR", "LIT", "MIN", "ABU", "THR"]],
  ["wrong-party", ["TP", "TPR", "WN"]],
])("results that lead to %s", (handle, outcomes) => {
  const mapped = Object.entries(specOf(standard).outcomes).filter(([, to]) => to === handle);
  expect(mapped.map(([outcome]) => outcome)).toEqual(outcomes);
});

describe("redial", () => {
  test("happens after the gap of its result, for calls that reached nobody", () => {
    expect(specOf(standard).retry).toEqual({
      maxAttempts: 3,
      gapMinutes: { BUSY: 20, NA: 120, OFF: 240, OOS: 4320, REJ: 1440, VM: 1440, HUP: 1440, SIL: 120 },
    });
  });

  test("does not happen for an invalid number by itself, and a redialled result is not mapped as well", () => {
    const { outcomes, retry } = specOf(standard);
    expect(Object.hasOwn(retry?.gapMinutes ?? {}, "INV")).toBe(false);
    expect(Object.keys(retry?.gapMinutes ?? {}).filter((outcome) => Object.hasOwn(outcomes, outcome))).toEqual([]);
  });

  test("does not exist for a single call", () => {
    expect(specOf({ ...standard, maxAttempts: 1 }).retry).toBeNull();
  });

  test("is bounded: at most ten calls, at least five minutes apart, only after known results", () => {
    const accepts = (change: object): boolean => robot.schema.safeParse({ ...standard, ...change }).success;
    expect(accepts({ maxAttempts: 10 })).toBe(true);
    expect(accepts({ maxAttempts: 11 })).toBe(false);
    expect(accepts({ gapMinutes: { BUSY: 5 } })).toBe(true);
    expect(accepts({ gapMinutes: { BUSY: 4 } })).toBe(false);
    expect(accepts({ gapMinutes: { PTP: 60 } })).toBe(false);
  });

  test("that cannot happen, or cannot happen in time, is pointed out", () => {
    const warn = (change: Partial<typeof standard>) => briefly(robot.lint({ ...standard, ...change }, contextWith()));
    expect(warn({})).toEqual([]);
    expect(warn({ gapMinutes: {} })).toEqual(["warning robot.redial-never gapMinutes"]);
    expect(warn({ gapMinutes: { OFF: 240 }, giveUpHours: 8 })).toEqual(["warning robot.redial-too-late maxAttempts"]);
    expect(warn({ gapMinutes: { OFF: 240 }, giveUpHours: 9 })).toEqual([]);
    expect(warn({ gapMinutes: {}, maxAttempts: 1 })).toEqual([]);
  });

  test("that needs more days than there are is pointed out", () => {
    const warn = (maxPerDay: number, giveUpHours: number) =>
      briefly(
        robot.lint({ ...standard, maxAttempts: 6, maxPerDay, giveUpHours, gapMinutes: { BUSY: 20 } }, contextWith()),
      );
    expect(warn(1, 96)).toEqual(["warning robot.redial-too-late maxAttempts"]);
    expect(warn(1, 97)).toEqual([]);
    expect(warn(2, 24)).toEqual(["warning robot.redial-too-late maxAttempts"]);
    expect(warn(6, 24)).toEqual([]);
  });

  test("of a number that is no good makes sense with another number only", () => {
    const again = { ...standard, gapMinutes: { INV: 5, NA: 120 } };
    expect(briefly(robot.lint(again, contextWith()))).toEqual(["warning robot.redial-bad-number gapMinutes"]);
    expect(briefly(robot.lint({ ...again, numbers: "next" }, contextWith()))).toEqual([]);
    expect(specOf({ ...again, numbers: "next" }).retry?.gapMinutes).toEqual({ INV: 5, NA: 120 });
  });
});

describe("the request of a call", () => {
  test("says how many a day and which numbers, and nothing that would change nothing", () => {
    expect(specOf(standard).request).toEqual({
      kind: "contact",
      channel: "robot",
      contentId: "robot.late",
      partyRole: "self",
    });
    expect(specOf({ ...standard, maxAttempts: 6, maxPerDay: 2, numbers: "next" }).request).toMatchObject({
      maxPerDay: 2,
      contactPoints: "next",
    });
    expect(specOf({ ...standard, maxAttempts: 3, maxPerDay: 3 }).request).not.toHaveProperty("maxPerDay");
  });

  test("is bounded: never more calls a day than there may be at all", () => {
    for (const maxPerDay of [0, 11, 1.5]) {
      expect(robot.schema.safeParse({ ...standard, maxPerDay }).success).toBe(false);
    }
    expect(robot.schema.safeParse({ ...standard, numbers: "any" }).success).toBe(false);
  });
});

/** What the calls of `history/1.json` asked for, in the same order, when they were published. */
const ASKED_FOR_THEN = [
  {
    request: { kind: "contact", channel: "robot", contentId: "robot.m1.standard", partyRole: "self" },
    retry: {
      maxAttempts: 3,
      gapMinutes: { BUSY: 20, NA: 120, OFF: 240, OOS: 4320, REJ: 1440, VM: 1440, HUP: 1440, SIL: 120 },
    },
  },
  { request: { kind: "contact", channel: "robot", contentId: "robot.m0.notice", partyRole: "self" }, retry: null },
  {
    request: { kind: "contact", channel: "robot", contentId: "robot.m1.firm", partyRole: "self" },
    retry: { maxAttempts: 10, gapMinutes: { NA: 5 } },
  },
  {
    request: { kind: "contact", channel: "robot", contentId: "robot.m1.firm", partyRole: "self" },
    retry: { maxAttempts: 3, gapMinutes: { BUSY: 20 } },
  },
];

describe("a call drawn with version 1", () => {
  test.each(history.map((old, index) => [JSON.stringify(old), old, ASKED_FOR_THEN[index]] as const))(
    "asks for what it asked for: %s",
    (_, old, then) => {
      const data = migrateStepData(robot, 1, old);
      const spec = specOf(robot.schema.parse(data));
      expect(spec.request).toEqual(then?.request);
      expect(spec.retry).toEqual(then?.retry);
    },
  );

  test("whose number of calls makes no sense is refused for that alone", () => {
    const data = migrateStepData(robot, 1, { contentId: "robot.late", maxAttempts: 99 });
    const parsed = robot.schema.safeParse(data);
    expect(parsed.error?.issues.map(({ path }) => path.join("."))).toEqual(["maxAttempts"]);
  });
});
