import { expect, test } from "vitest";
import type { AuthoredRule } from "../define";
import { briefly, contextWith } from "../testing/context";
import { branch } from "./node";

const late = { fact: "dpd", operator: "greaterThan", value: 10 } as const;
const early = { fact: "dpd", operator: "lessThan", value: 4 } as const;

test("ways on are the rules in their order, then otherwise, then unknown, all of them required", () => {
  const handles = branch.handles({
    rules: [
      { id: "late", when: late },
      { id: "early", when: early },
    ],
  });
  expect(handles.map(({ id }) => id)).toEqual(["late", "early", "otherwise", "unknown"]);
  expect(handles.every(({ required }) => required)).toBe(true);
});

test("renaming a rule keeps its way on", () => {
  const renamed = branch.handles({ rules: [{ id: "late", name: { "zh-CN": "晚期" }, when: late }] })[0];
  expect(renamed).toMatchObject({ id: "late", label: { text: "晚期" }, condition: late });
});

test("rules keep their order when compiled: the first that holds wins", () => {
  const rules: AuthoredRule[] = [];
  const data = {
    rules: [
      { id: "late", when: late },
      { id: "early", when: early },
    ],
  };
  expect(branch.compile(data, contextWith(rules))).toEqual({
    kind: "decide",
    ruleSet: "rules-1",
    otherwise: "otherwise",
    unknown: "unknown",
  });
  expect(rules.map(({ rule, outcome }) => [rule, outcome])).toEqual([
    ["late", "late"],
    ["early", "early"],
  ]);
});

test("says what keeps a branch from being used", () => {
  expect(briefly(branch.lint({ rules: [] }, contextWith()))).toEqual(["error branch.rules-missing rules"]);
  const rules = [
    { id: "late", when: late },
    { id: "late", when: early },
    { id: "unknown", when: null },
  ];
  expect(briefly(branch.lint({ rules }, contextWith()))).toEqual([
    "error branch.rule-id-twice rules[1].id",
    "error branch.rule-id-reserved rules[2].id",
    "error branch.rule-empty rules[2].when",
  ]);
});

test("names the rules that are written, in order", () => {
  const rules = [
    { id: "unwritten", when: null },
    { id: "late", when: late },
  ];
  expect(branch.rules?.({ rules })).toEqual([{ path: "rules[1].when", handle: "late", when: late }]);
});

test("an unfinished rule is never compiled", () => {
  expect(() => branch.compile({ rules: [{ id: "x", when: null }] }, contextWith())).toThrow("branch.rule-empty");
});
