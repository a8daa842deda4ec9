import { describe, expect, it } from "vitest";
import { CHANNELS } from "../model/content";
import type { RulePack } from "../model/market-pack";
import type { EpochMs } from "../model/time";
import { ask, at, beijing, codesOf, ruled, VISIT, windowPack } from "./testing/cn-questions";

describe("hours of cn-default", () => {
  it("puts a call at 22:30 off to 08:00 the next morning and says which rule", () => {
    const verdict = ask({ nowMs: beijing("22:30") });
    expect(verdict).toMatchObject({ verdict: "defer", untilMs: beijing("08:00", "2026-03-03") });
    expect(codesOf(verdict)).toEqual(["cn.window policy.window"]);
    expect(verdict).toMatchObject({ reasons: [{ params: { at: "2026-03-02 22:30", until: "2026-03-03 08:00" } }] });
  });

  it("puts a call at 07:59:59.999 off by a millisecond", () => {
    expect(ask({ nowMs: beijing("08:00") - 1 })).toMatchObject({ verdict: "defer", untilMs: beijing("08:00") });
  });

  it.each(CHANNELS)("hold for %s as well: nothing leaves at night, whatever it is", (channel) => {
    const of = { ...VISIT, channel };
    expect(ask({ of, nowMs: beijing("21:59") }).verdict).toBe("allow");
    expect(ask({ of, nowMs: beijing("22:00") })).toMatchObject({ untilMs: beijing("08:00", "2026-03-03") });
  });
});

describe("hours with moved clocks and around midnight", () => {
  const newYork = (pack: RulePack, nowMs: EpochMs) =>
    ask({ attempt: { timeZones: ["America/New_York"] }, pack, nowMs });
  const day = windowPack([{ from: "08:00", to: "21:00" }]);

  it("opens at 08:00 summer time on the day the clocks go forward", () => {
    expect(newYork(day, at("2026-03-07T21:30:00-05:00"))).toMatchObject({ untilMs: at("2026-03-08T08:00:00-04:00") });
  });

  it("opens at 08:00 winter time on the day they go back", () => {
    expect(newYork(day, at("2026-10-31T21:30:00-04:00"))).toMatchObject({ untilMs: at("2026-11-01T08:00:00-05:00") });
  });

  it("opens right after the skipped hour when the window would open within it", () => {
    const night = windowPack([{ from: "02:30", to: "05:00" }]);
    expect(newYork(night, at("2026-03-08T01:00:00-05:00"))).toMatchObject({ untilMs: at("2026-03-08T03:00:00-04:00") });
  });

  it("opens a second time in the repeated hour", () => {
    const night = windowPack([{ from: "01:30", to: "02:00" }]);
    expect(newYork(night, at("2026-11-01T01:10:00-05:00"))).toMatchObject({ untilMs: at("2026-11-01T01:30:00-05:00") });
  });

  it.each([
    ["23:30", "allow"],
    ["03:00", "allow"],
    ["06:00", "defer"],
    ["21:59", "defer"],
  ] as const)("reads 22:00-06:00 across midnight: at %s %s", (time, expected) => {
    expect(ask({ pack: windowPack([{ from: "22:00", to: "06:00" }]), nowMs: beijing(time) }).verdict).toBe(expected);
  });

  it("lets a window of Friday evening run into Saturday, and not into Friday morning", () => {
    const pack = windowPack([{ weekdays: [5], from: "22:00", to: "02:00" }]);
    expect(ask({ pack, nowMs: beijing("01:00", "2026-03-07") }).verdict).toBe("allow");
    expect(ask({ pack, nowMs: beijing("01:00", "2026-03-06") })).toMatchObject({
      untilMs: beijing("22:00", "2026-03-06"),
    });
  });

  it("skips the weekend: from Saturday noon to Monday morning", () => {
    const pack = windowPack([{ weekdays: [1, 2, 3, 4, 5], from: "09:00", to: "17:00" }]);
    expect(ask({ pack, nowMs: beijing("12:00", "2026-03-07") })).toMatchObject({
      untilMs: beijing("09:00", "2026-03-09"),
    });
  });

  it("takes two window rules together: the later opening counts", () => {
    const [first, second] = [
      windowPack([{ from: "08:00", to: "22:00" }]),
      windowPack([{ from: "10:00", to: "23:00" }]),
    ];
    const pack = ruled([...first.rules, ...second.rules.map((rule) => ({ ...rule, id: "second" }))]);
    expect(ask({ pack, nowMs: beijing("22:30") })).toMatchObject({ untilMs: beijing("10:00", "2026-03-03") });
  });

  it("refuses when two window rules never meet", () => {
    const [first, second] = [
      windowPack([{ from: "08:00", to: "10:00" }]),
      windowPack([{ from: "10:00", to: "12:00" }]),
    ];
    const pack = ruled([...first.rules, ...second.rules.map((rule) => ({ ...rule, id: "second" }))]);
    const verdict = ask({ pack, nowMs: beijing("09:00") });
    expect(verdict.verdict).toBe("deny");
    expect(codesOf(verdict)).toContain("test policy.no-time");
  });
});
