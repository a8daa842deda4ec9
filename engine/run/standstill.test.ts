import { describe, expect, it } from "vitest";
import type { Hold } from "../model/policy";
import { DAY_MS } from "../model/time";
import { lastStandstill } from "./standstill";

const day = (number: number) => number * DAY_MS;
const hold = (from: number, until: number | null): Hold => ({
  kind: "dispute",
  fromMs: day(from),
  untilMs: until === null ? null : day(until),
});

describe("how long an enrollment stood still", () => {
  it.each([
    ["one hold, days 1 to 5", [hold(1, 5)], { fromMs: day(1), untilMs: day(5) }],
    ["a complaint inside a dispute adds nothing", [hold(1, 9), hold(3, 5)], { fromMs: day(1), untilMs: day(9) }],
    [
      "a dispute that ran into a hardship is one stretch",
      [hold(3, 9), hold(1, 5)],
      { fromMs: day(1), untilMs: day(9) },
    ],
    ["an old hold before a gap is over and done", [hold(1, 2), hold(6, 9)], { fromMs: day(6), untilMs: day(9) }],
    ["a hold without an end has not ended", [hold(1, null)], null],
    ["nothing was ever held", [], null],
  ])("%s", (_name, holds, expected) => {
    expect(lastStandstill(holds, day(10))).toEqual(expected);
  });
});
