import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dateToUtcMs } from "../model/time";
import { dateNumber, ruleValue } from "./rule-value";

describe("a date as a number", () => {
  test.each([
    ["2026-03-02", 20_260_302],
    ["2024-02-29", 20_240_229],
    ["2000-02-29", 20_000_229],
    ["2100-02-29", null],
    ["2026-02-30", null],
    ["2026-13-01", null],
    ["2026-00-10", null],
    ["2026-04-00", null],
    ["2026-3-2", null],
    ["20260302", null],
    ["2026-03-02T00:00", null],
    ["２０２６-03-02", null],
    ["", null],
  ])("%j", (text, expected) => {
    expect(dateNumber(text)).toBe(expected);
  });

  test("knows exactly the days the calendar knows, and orders them as the calendar does", () => {
    const digits = (most: number, length: number) => fc.nat(most).map((value) => String(value).padStart(length, "0"));
    // The calendar of `model/time` reads years below 100 as 19xx, as JavaScript does; such dates are of no use here.
    const year = fc.integer({ min: 100, max: 9999 }).map((value) => String(value).padStart(4, "0"));
    const date = fc.tuple(year, digits(14, 2), digits(33, 2)).map((parts) => parts.join("-"));
    fc.assert(
      fc.property(date, date, (left, right) => {
        const [leftMs, rightMs] = [dateToUtcMs(left), dateToUtcMs(right)];
        expect(dateNumber(left) === null).toBe(leftMs === null);
        if (leftMs === null || rightMs === null) return;
        expect(Math.sign((dateNumber(left) ?? 0) - (dateNumber(right) ?? 0))).toBe(Math.sign(leftMs - rightMs));
      }),
    );
  });
});

describe("a fact of the wrong type is unknown", () => {
  test.each([
    ["number", "45", null],
    ["number", Number.NaN, null],
    ["number", Number.POSITIVE_INFINITY, null],
    ["number", 0, 0],
    ["text", 45, null],
    ["text", "", ""],
    ["boolean", "true", null],
    ["boolean", false, false],
    ["date", 20_260_302, null],
    ["date", "2026-02-30", null],
    ["number", undefined, null],
    ["text", null, null],
  ] as const)("%s from %j", (type, value, expected) => {
    expect(ruleValue(type, value)).toBe(expected);
  });
});
