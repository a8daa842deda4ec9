import { expect, test } from "vitest";
import type { AuthoredRule } from "../define";
import { briefly, contextWith } from "../testing/context";
import { start } from "./node";

const late = { fact: "dpd", operator: "greaterThan", value: 3 } as const;

test("an entry without a rule lets nobody in by accident: it is an error", () => {
  expect(briefly(start.lint({ when: null }, contextWith()))).toEqual(["error start.rule-missing when"]);
  expect(() => start.compile({ when: null }, contextWith())).toThrow("start.rule-missing");
});

test("the entry rule is checked against the field catalogue", () => {
  const when = { all: [late, { fact: "mood", operator: "equal", value: 1 } as const] };
  expect(briefly(start.lint({ when }, contextWith()))).toEqual(["error condition.fact-unknown when.all[1].fact"]);
});

test("compiles to one rule that leads on by the entry's only way", () => {
  const rules: AuthoredRule[] = [];
  expect(start.compile({ when: late }, contextWith(rules))).toEqual({
    kind: "entry",
    ruleSet: "rules-1",
    enter: "enter",
  });
  expect(rules).toEqual([{ rule: "enter", outcome: "enter", when: late }]);
});
