import { describe, expect, test } from "vitest";
import type { AuthoredRule, NodeContext } from "../define";
import { briefly, contextWith } from "../testing/context";
import { scorecard } from "./node";
import { reachableScores } from "./reachable";

const early = { fact: "dpd", operator: "lessThan", value: 10 } as const;

const middle = { fact: "dpd", operator: "lessThan", value: 60 } as const;

function context(rules: AuthoredRule[] = []): NodeContext {
  const plain = contextWith(rules);
  const variables = [
    { name: "score", type: "number" as const, initial: null },
    { name: "points", type: "integer" as const, initial: null },
    { name: "city", type: "text" as const, initial: null },
  ];
  return { ...plain, settings: { ...plain.settings, variables } };
}

const CARD = {
  attributes: [
    {
      id: "lateness",
      weight: 2,
      rules: [
        { id: "early", when: early, points: 30 },
        { id: "middle", when: middle, points: 10 },
      ],
      otherwise: -5,
      unknown: null,
    },
    { id: "base", weight: 0.5, rules: [{ id: "any", when: early, points: 10 }], otherwise: 0, unknown: 0 },
  ],
  bands: [
    { id: "good", atLeast: 60 },
    { id: "fair", atLeast: 0 },
    { id: "poor", atLeast: null },
  ],
};

test("ways on are the bands from the highest to the lowest, then unknown", () => {
  expect(scorecard.handles({ card: CARD, variable: "" }).map(({ id }) => id)).toEqual([
    "good",
    "fair",
    "poor",
    "unknown",
  ]);
});

test("every attribute asks its own rules; the score goes where it is kept", () => {
  const rules: AuthoredRule[] = [];
  expect(scorecard.compile({ card: CARD, variable: "score" }, context(rules))).toEqual({
    kind: "score",
    attributes: [
      {
        id: "lateness",
        ruleSet: "rules-1",
        weight: 2,
        points: { early: 30, middle: 10 },
        otherwise: -5,
        unknown: null,
      },
      { id: "base", ruleSet: "rules-1", weight: 0.5, points: { any: 10 }, otherwise: 0, unknown: 0 },
    ],
    variable: "score",
    bands: [
      { atLeast: 60, handle: "good" },
      { atLeast: 0, handle: "fair" },
      { atLeast: null, handle: "poor" },
    ],
    unknown: "unknown",
  });
  expect(rules.map(({ rule }) => rule)).toEqual(["early", "middle", "any"]);
});

describe("lint", () => {
  const issuesOf = (card: object, variable = "") =>
    briefly(scorecard.lint(scorecard.schema.parse({ card: { ...CARD, ...card }, variable }), context()));

  test("a finished card has nothing to say", () => {
    expect(issuesOf({})).toEqual([]);
    expect(issuesOf({}, "score")).toEqual([]);
  });

  test("bands go from the highest to the lowest, and only the lowest has no floor", () => {
    expect(issuesOf({ bands: [] })).toEqual(["error scorecard.bands-missing card.bands"]);
    const bands = [
      { id: "a", atLeast: 10 },
      { id: "a", atLeast: 10 },
      { id: "unknown", atLeast: null },
      { id: "c", atLeast: 40 },
    ];
    expect(issuesOf({ bands })).toEqual([
      "error scorecard.band-id-twice card.bands[1].id",
      "error scorecard.bands-order card.bands[1].atLeast",
      "error scorecard.band-reserved card.bands[2].id",
      "error scorecard.floor-early card.bands[2].atLeast",
      "error scorecard.floor-missing card.bands[3].atLeast",
      "error scorecard.bands-order card.bands[3].atLeast",
    ]);
  });

  test("a band that no sum of points reaches is named", () => {
    const bands = [
      { id: "dream", atLeast: 66 },
      { id: "top", atLeast: 62 },
      { id: "gap", atLeast: 61 },
      { id: "rest", atLeast: null },
    ];
    // The sums are -10, -5, 20, 25, 60 and 65.
    expect(issuesOf({ bands })).toEqual([
      "warning scorecard.band-idle card.bands[0]",
      "warning scorecard.band-idle card.bands[2]",
    ]);
  });

  test("attributes need ids, rules, conditions and a weight", () => {
    const attributes = [
      { id: "x", weight: 0, rules: [], otherwise: 0, unknown: null },
      {
        id: "x",
        weight: 1,
        rules: [
          { id: "r", when: null, points: 60 },
          { id: "r", when: { fact: "nobody", operator: "equal", value: 1 }, points: -1 },
        ],
        otherwise: 0,
        unknown: null,
      },
    ];
    expect(issuesOf({ attributes })).toEqual([
      "error scorecard.attribute-id-twice card.attributes[1].id",
      "warning scorecard.rules-missing card.attributes[0].rules",
      "warning scorecard.weight-zero card.attributes[0].weight",
      "error scorecard.rule-id-twice card.attributes[1].rules[1].id",
      "error scorecard.rule-empty card.attributes[1].rules[0].when",
      "error condition.fact-unknown card.attributes[1].rules[1].when.fact",
    ]);
    expect(issuesOf({ attributes: [] })).toEqual(["error scorecard.attributes-missing card.attributes"]);
  });

  test("the score is kept in a number; in a whole one only when every part of it is whole", () => {
    expect(issuesOf({}, "nobody")).toEqual(["error scorecard.variable-unknown variable"]);
    expect(issuesOf({}, "city")).toEqual(["error scorecard.variable-type variable"]);
    expect(issuesOf({}, "points")).toEqual(["error scorecard.variable-whole variable"]);
    const whole = CARD.attributes.map((attribute) => ({ ...attribute, weight: 2 }));
    expect(issuesOf({ attributes: whole, bands: [{ id: "all", atLeast: null }] }, "points")).toEqual([]);
  });
});

test("where there are too many sums to list, the least and the greatest remain", () => {
  const attributes = Array.from({ length: 20 }, (_, at) => ({
    weight: 1,
    rules: [{ points: 2 ** at }, { points: -(3 ** at) }],
    otherwise: 0,
    unknown: null,
  }));
  const { minimum, maximum, scores } = reachableScores(attributes);
  expect(scores).toBeNull();
  expect(maximum).toBe(2 ** 20 - 1);
  expect(minimum).toBe(-(3 ** 20 - 1) / 2);
});

test("an unfinished rule is never compiled", () => {
  const attributes = [{ id: "a", weight: 1, rules: [{ id: "r", when: null, points: 1 }], otherwise: 0, unknown: null }];
  expect(() => scorecard.compile({ card: { ...CARD, attributes }, variable: "" }, context())).toThrow(
    "scorecard.incomplete",
  );
});
