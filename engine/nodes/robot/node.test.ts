import { describe, expect, test } from "vitest";
import { briefly, contextWith } from "../testing/context";
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

  test("never happens for an invalid number, and a redialled result is not mapped as well", () => {
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
});
