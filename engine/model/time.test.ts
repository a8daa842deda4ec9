import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  DAY_MS,
  dateToUtcMs,
  HOUR_MS,
  instantAt,
  isLocalDate,
  localDate,
  localDayNumber,
  localWeekday,
  MINUTE_MS,
  startOfDay,
  utcText,
  zoneOffsetMs,
} from "./time";

/** Half and three-quarter hours, both hemispheres, a zone that stops its summer for Ramadan and one that moves by half an hour. */
const ZONES = [
  "Asia/Shanghai",
  "Asia/Kathmandu",
  "America/New_York",
  "America/St_Johns",
  "Europe/London",
  "Australia/Lord_Howe",
  "Africa/Casablanca",
  "Pacific/Apia",
] as const;

const zone = fc.constantFrom(...ZONES);
/** 2000 to 2040. */
const instant = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2040, 0, 1) });

function formatted(timeZone: string, atMs: number): string {
  const options = { timeZone, year: "numeric", month: "2-digit", day: "2-digit", hourCycle: "h23" } as const;
  return new Intl.DateTimeFormat("sv-SE", { ...options, hour: "2-digit", minute: "2-digit" }).format(atMs);
}

function shifted(timeZone: string, atMs: number): string {
  return new Date(atMs + zoneOffsetMs(timeZone, atMs)).toISOString().slice(0, 16).replace("T", " ");
}

describe("the offset of a zone", () => {
  it("is the one the clocks on the wall show, whatever was asked before", () => {
    fc.assert(
      fc.property(zone, instant, (name, atMs) => {
        expect(shifted(name, atMs)).toBe(formatted(name, atMs));
      }),
      { numRuns: 400 },
    );
  });

  it("changes at the very quarter of an hour at which the clocks are moved", () => {
    for (const name of ZONES) {
      for (let atMs = Date.UTC(2026, 0, 1); atMs < Date.UTC(2027, 0, 1); atMs += DAY_MS) {
        if (zoneOffsetMs(name, atMs) === zoneOffsetMs(name, atMs + DAY_MS)) continue;
        for (let at = atMs; at < atMs + DAY_MS; at += 15 * MINUTE_MS)
          expect(shifted(name, at)).toBe(formatted(name, at));
      }
    }
  });
});

describe("a calendar date", () => {
  it("exists or does not, as the calendar has it", () => {
    const numbers = fc.tuple(fc.integer({ min: 0, max: 9999 }), fc.nat(13), fc.nat(32));
    fc.assert(
      fc.property(numbers, ([year, month, day]) => {
        const text = `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
        const ms = Date.UTC(year, month - 1, day);
        const exists = new Date(ms).toISOString().startsWith(text);
        expect(dateToUtcMs(text)).toBe(exists ? ms : null);
      }),
      { numRuns: 2000 },
    );
    expect(["2024-02-29", "2000-02-29", "2026-12-31"].every(isLocalDate)).toBe(true);
    const none = [
      "2026-02-29",
      "1900-02-29",
      "2026-2-01",
      "2026-02-1 ",
      "2026/02/01",
      "２０２６-02-01",
      "2026-02-010",
      "",
    ];
    expect(none.filter(isLocalDate)).toEqual([]);
  });

  it("begins at its first instant, has its own number and weekday", () => {
    fc.assert(
      fc.property(zone, instant, (name, atMs) => {
        const day = localDayNumber(name, atMs);
        const date = localDate(name, atMs);
        expect(date).toBe(formatted(name, atMs).slice(0, 10));
        expect(startOfDay(name, day)).toBe(instantAt(name, date, 0));
        expect(localWeekday(name, atMs)).toBe(new Date(dateToUtcMs(date) ?? Number.NaN).getUTCDay() || 7);
      }),
    );
    expect(localWeekday("Asia/Shanghai", Date.UTC(1969, 11, 28, 12))).toBe(7);
  });
});

it("an instant reads in UTC as JavaScript writes it", () => {
  const around = fc.integer({ min: -4e12, max: 4e14 });
  fc.assert(
    fc.property(around, (atMs) => {
      expect(utcText(atMs)).toBe(new Date(atMs).toISOString());
    }),
  );
  expect(utcText(3 * HOUR_MS + 7)).toBe("1970-01-01T03:00:00.007Z");
});
