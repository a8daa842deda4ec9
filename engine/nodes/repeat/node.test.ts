import { expect, test } from "vitest";
import type { AuthoredRule } from "../define";
import { briefly, contextWith } from "../testing/context";
import { repeat } from "./node";

const stillLate = { fact: "dpd", operator: "lessThan", value: 30 } as const;

test("without a condition it counts only; with one an account that cannot be judged has its own way on", () => {
  const ids = (when: typeof stillLate | null) => repeat.handles({ maxTimes: 3, when }).map(({ id }) => id);
  expect(ids(null)).toEqual(["again", "done"]);
  expect(ids(stillLate)).toEqual(["again", "done", "unknown"]);
  expect(repeat.handles({ maxTimes: 3, when: null })[0]?.repeats).toBe(true);
});

test("compiles its condition to a rule set of its own", () => {
  const rules: AuthoredRule[] = [];
  expect(repeat.compile({ maxTimes: 4, when: stillLate }, contextWith(rules))).toEqual({
    kind: "repeat",
    maxTimes: 4,
    again: "again",
    done: "done",
    whileRuleSet: "rules-1",
    unknown: "unknown",
  });
  expect(rules).toEqual([{ rule: "again", outcome: "again", when: stillLate }]);
});

test("is bounded, and its condition is checked", () => {
  for (const maxTimes of [0, 101, 1.5]) expect(repeat.schema.safeParse({ maxTimes, when: null }).success).toBe(false);
  const when = { fact: "mood", operator: "equal", value: 1 } as const;
  expect(briefly(repeat.lint({ maxTimes: 1, when }, contextWith()))).toEqual([
    "error condition.fact-unknown when.fact",
  ]);
});
