import { expect, it } from "vitest";
import { minutesOfText } from "./duration-text";

it.each([
  ["3天", 4320],
  ["2h", 120],
  ["1.5小时", 90],
  ["1天12小时", 2160],
  ["1 day 12 hours", 2160],
  ["1d 2h 30m", 1590],
  ["90 分钟", 90],
  ["２周", 20_160],
  ["", null],
  ["3", null],
  ["3 moons", null],
  ["0.01h", null],
  ["h", null],
])("%j is %j minutes", (typed, minutes) => expect(minutesOfText(typed)).toBe(minutes));
