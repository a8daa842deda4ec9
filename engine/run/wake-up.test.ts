import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Facts } from "../model/facts";
import type { WaitSpec } from "../model/program";
import { DAY_MS, formatInstant, HOUR_MS, localMinuteOfDay, minutesOf } from "../model/time";
import { wakeAtOf } from "./wake-up";

const SHANGHAI = "Asia/Shanghai";
const NEW_YORK = "America/New_York";

function wakeUp(
  wait: WaitSpec,
  now: string,
  more: { readonly timeZone?: string; readonly facts?: Facts } = {},
): string | null {
  const { timeZone = SHANGHAI, facts = {} } = more;
  const wakeAtMs = wakeAtOf(wait, { nowMs: Date.parse(now), timeZone, facts, vars: {}, calendar: undefined });
  return wakeAtMs === null ? null : formatInstant(timeZone, wakeAtMs);
}

describe("when a wait is over", () => {
  test.each<[string, WaitSpec, string, string]>([
    [
      "three days",
      { mode: "duration", durationMs: 3 * DAY_MS },
      "2026-03-02T09:30:00+08:00",
      "2026-03-05T09:30:00+08:00",
    ],
    [
      "three days, then at nine: later that day",
      { mode: "duration", durationMs: 3 * DAY_MS, at: "09:00" },
      "2026-03-02T08:30:00+08:00",
      "2026-03-05T09:00:00+08:00",
    ],
    [
      "three days, then at nine: not before it is due",
      { mode: "duration", durationMs: 3 * DAY_MS, at: "09:00" },
      "2026-03-02T09:30:00+08:00",
      "2026-03-06T09:00:00+08:00",
    ],
    [
      "three days, then at nine: due at nine is at nine",
      { mode: "duration", durationMs: 3 * DAY_MS, at: "09:00" },
      "2026-03-02T09:00:00+08:00",
      "2026-03-05T09:00:00+08:00",
    ],
    [
      "until ten, today",
      { mode: "until-local-time", at: "10:00" },
      "2026-03-02T09:59:00+08:00",
      "2026-03-02T10:00:00+08:00",
    ],
    [
      "until ten, at ten: tomorrow",
      { mode: "until-local-time", at: "10:00" },
      "2026-03-02T10:00:00+08:00",
      "2026-03-03T10:00:00+08:00",
    ],
    [
      "until a date",
      { mode: "until-date", date: "2026-03-05", at: "08:00" },
      "2026-03-02T10:00:00+08:00",
      "2026-03-05T08:00:00+08:00",
    ],
    [
      "until a date that has passed: now",
      { mode: "until-date", date: "2026-02-05", at: "08:00" },
      "2026-03-02T10:00:00+08:00",
      "2026-03-02T10:00:00+08:00",
    ],
    [
      "for an event: its deadline",
      { mode: "event", events: [], deadlineMs: HOUR_MS },
      "2026-03-02T10:00:00+08:00",
      "2026-03-02T11:00:00+08:00",
    ],
  ])("%s", (...[, wait, now, expected]) => {
    expect(wakeUp(wait, now)).toBe(expected);
  });

  test.each<[string, Facts, string | null]>([
    ["three days to go", { dpd: 28 }, "2026-03-05T10:00:00+08:00"],
    ["today, later", { dpd: 31 }, "2026-03-02T10:00:00+08:00"],
    ["passed: now", { dpd: 32 }, "2026-03-02T09:00:00+08:00"],
    ["not known", {}, null],
    ["not known", { dpd: null }, null],
    ["no whole number", { dpd: 28.5 }, null],
    ["not a number", { dpd: "28" }, null],
  ])("until 31 days past due at ten: %s", (_title, facts, expected) => {
    expect(wakeUp({ mode: "until-dpd", dpd: 31, at: "10:00" }, "2026-03-02T09:00:00+08:00", { facts })).toBe(expected);
  });

  test("on the day summer time begins, half past two is read as half past three", () => {
    const wait: WaitSpec = { mode: "until-local-time", at: "02:30" };
    const timeZone = NEW_YORK;
    expect(wakeUp(wait, "2026-03-08T00:00:00-05:00", { timeZone })).toBe("2026-03-08T03:30:00-04:00");
    expect(wakeUp(wait, "2026-03-08T12:00:00-04:00", { timeZone })).toBe("2026-03-09T02:30:00-04:00");
  });

  test("a dirty number of days past due neither throws nor waits for ever", () => {
    for (const dpd of [-1e15, 1e15, Number.MIN_SAFE_INTEGER]) {
      const wakeAtMs = wakeAtOf(
        { mode: "until-dpd", dpd: 31, at: "10:00" },
        { nowMs: 0, timeZone: SHANGHAI, facts: { dpd }, vars: {}, calendar: undefined },
      );
      expect(Number.isSafeInteger(wakeAtMs)).toBe(true);
    }
  });

  test("is never before now, and at the local time that was asked for", () => {
    const at = fc
      .tuple(fc.nat(23), fc.nat(59))
      .map(([hour, minute]) => `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`);
    const now = fc.integer({ min: Date.parse("2024-01-01"), max: Date.parse("2030-01-01") });
    fc.assert(
      fc.property(now, at, fc.nat(60 * DAY_MS), (nowMs, localTime, durationMs) => {
        const context = { nowMs, timeZone: SHANGHAI, facts: {}, vars: {}, calendar: undefined };
        const due = wakeAtOf({ mode: "duration", durationMs, at: localTime }, context) ?? 0;
        expect(due).toBeGreaterThanOrEqual(nowMs + durationMs);
        expect(due - (nowMs + durationMs)).toBeLessThan(DAY_MS);
        expect(localMinuteOfDay(SHANGHAI, due)).toBe(minutesOf(localTime));
        const next = wakeAtOf({ mode: "until-local-time", at: localTime }, context) ?? 0;
        expect(next).toBeGreaterThan(nowMs);
        expect(next - nowMs).toBeLessThanOrEqual(DAY_MS);
      }),
    );
  });
});
