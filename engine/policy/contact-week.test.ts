import { expect, it } from "vitest";
import { RulePackSchema } from "../model/market-pack";
import { contactWeek } from "./contact-week";

const source = { kind: "law", name: "A law", counselCheck: true } as const;
const every = [1, 2, 3, 4, 5, 6, 7];
const window = (id: string, severity: string, more: object) => ({
  ...{ id, severity, source, title: { en: id }, kind: "window", effectiveFrom: "2020-01-01" },
  ...more,
});
const pack = RulePackSchema.parse({
  pack: "t",
  version: "1",
  jurisdiction: "t",
  title: { en: "T" },
  rules: [
    window("t.law", "block", { windows: [{ weekdays: every, from: "08:00", to: "22:00" }], channels: ["robot"] }),
    window("t.holidays", "block", { windows: [{ weekdays: every, from: "00:00", to: "00:00", on: "not-holidays" }] }),
    window("t.house", "warn", { windows: [{ weekdays: [1, 2, 3, 4, 5], from: "09:00", to: "20:30" }] }),
    window("t.elsewhere", "block", {
      windows: [{ weekdays: [1], from: "10:00", to: "11:00" }],
      appliesTo: { regions: ["CN-31"] },
    }),
  ],
});
const calendar = { name: "t", holidays: ["2026-03-04"], workdays: [], knownUntil: "2026-03-07" };

it("shades a week with what the law leaves and what the house advises, and knows its holidays", () => {
  // 2 March 2026 is a Monday.
  const week = contactWeek({ ...pack, calendar }, "2026-03-02");
  expect(week.map(({ date, holiday }) => [date.slice(8), holiday])).toEqual([
    ["02", "ordinary"],
    ["03", "ordinary"],
    ["04", "holiday"],
    ["05", "ordinary"],
    ["06", "ordinary"],
    ["07", "ordinary"],
    ["08", "unknown"],
  ]);
  expect(week[0]).toMatchObject({ allowed: [{ from: 480, to: 1320 }], advised: [{ from: 540, to: 1230 }] });
  expect(week[2]?.allowed).toEqual([]);
  // A Saturday is allowed, and nobody advises it.
  expect(week[5]).toMatchObject({ allowed: [{ from: 480, to: 1320 }], advised: [] });
  // Of a day nobody knows whether it is a holiday, it may be one.
  expect(week[6]?.allowed).toEqual([]);
  expect(contactWeek(pack, "soon")).toEqual([]);
});
