import { describe, expect, test } from "vitest";
import { lintStrategy } from "./lint";
import { exitStep, samplePack, startStep, strategy } from "./testing/sample";

function problems(settings: { readonly [member: string]: unknown }, when?: unknown): readonly string[] {
  const doc = strategy({ nodes: [startStep(when), exitStep("done")], settings });
  return lintStrategy(doc, samplePack).map(({ severity, code, path }) => `${severity[0]} ${code} ${path}`);
}

const label = { "zh-CN": "值", en: "value" };
const values = [{ value: "soft", label }];

describe("variables of a strategy", () => {
  test.each<[string, readonly object[], readonly string[]]>([
    [
      "that make sense",
      [
        { name: "tone", type: "enum", values, initial: "soft" },
        { name: "n", type: "integer", initial: 0 },
      ],
      [],
    ],
    ["that nobody knows in the beginning", [{ name: "due", type: "date" }], []],
    [
      "declared twice",
      [
        { name: "n", type: "integer" },
        { name: "n", type: "money" },
      ],
      ["e graph.variable-twice settings.variables[1].name"],
    ],
    [
      "beginning with half a fen",
      [{ name: "least", type: "money", initial: 0.5 }],
      ["e value.literal-type settings.variables[0].initial"],
    ],
    [
      "beginning with a day that is none",
      [{ name: "due", type: "date", initial: "2026-02-30" }],
      ["e value.literal-type settings.variables[0].initial"],
    ],
    [
      "beginning with no choice of theirs",
      [{ name: "tone", type: "enum", values, initial: "hard" }],
      ["e value.not-listed settings.variables[0].initial"],
    ],
    [
      "without anything to choose from",
      [{ name: "tone", type: "enum" }],
      ["e graph.choice-without-values settings.variables[0]"],
    ],
    [
      "with choices nobody chooses from",
      [{ name: "tone", type: "text", values }],
      ["e graph.values-of-no-choice settings.variables[0].values"],
    ],
    [
      "with one choice twice",
      [{ name: "tone", type: "enum", values: [...values, ...values] }],
      ["e graph.value-twice settings.variables[0].values[1].value"],
    ],
  ])("%s", (_, variables, expected) => {
    expect(problems({ variables })).toEqual(expected);
  });
});

describe("fields of a lender's own", () => {
  const field = (about: object) => ({
    key: "custom.shop_code",
    type: "text",
    label,
    origin: "column",
    usableInRules: true,
    ...about,
  });

  test("are asked like any other, by their name in full", () => {
    const fields = [field({}), field({ key: "custom.visits", type: "integer" })];
    const when = {
      all: [
        { fact: "custom.shop_code", operator: "startsWith", value: "SH" },
        { fact: "custom.visits", operator: "greaterThan", value: 2 },
        { fact: "conversations.7d", operator: "lessThan", value: 2 },
      ],
    };
    expect(problems({ fields }, when)).toEqual([]);
    expect(problems({ fields: [] }, { fact: "custom.shop_code", operator: "equal", value: "SH" })).toEqual([
      "e condition.fact-unknown nodes[0].data.when.fact",
    ]);
  });

  test.each<[string, readonly object[], readonly string[]]>([
    ["declared twice", [field({}), field({})], ["e graph.field-twice settings.fields[1].key"]],
    [
      "named like one of the market",
      [field({ key: "custom.dpd" })],
      ["w graph.field-like-market settings.fields[0].key"],
    ],
    ["that no file holds", [field({ origin: "derived" })], ["e graph.field-not-imported settings.fields[0].origin"]],
    [
      "personal, and decided on",
      [field({ personal: true })],
      ["e graph.field-personal settings.fields[0].usableInRules"],
    ],
    [
      "without anything to choose from",
      [field({ type: "enum" })],
      ["e graph.choice-without-values settings.fields[0]"],
    ],
    [
      "with a range the wrong way round",
      [field({ type: "integer", minimum: 2, maximum: 1 })],
      ["e graph.field-range settings.fields[0].minimum"],
    ],
  ])("%s", (_, fields, expected) => {
    expect(problems({ fields })).toEqual(expected);
  });

  test("that a market ships may not be declared again", () => {
    const shipped = { ...samplePack, fields: { ...samplePack.fields, "custom.shop_code": field({}) as never } };
    const doc = strategy({ settings: { fields: [field({})] } });
    expect(lintStrategy(doc, shipped).map(({ code }) => code)).toEqual(["graph.field-of-market"]);
  });
});
