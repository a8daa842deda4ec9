import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FACT_TYPES, type FactType, FieldSchema } from "../model/facts";
import { VALUE_OPERATORS, type ValueSpec, ValueSpecSchema } from "../model/value";
import { type ValueTarget, valueIssues } from "./value-issues";

const FIELDS = Object.fromEntries(
  [
    { key: "overdue_amount", type: "money" },
    { key: "dpd", type: "integer" },
    { key: "risk_score", type: "number" },
    { key: "annual_rate", type: "percent" },
    { key: "due_date", type: "date" },
    { key: "product_name", type: "text" },
    { key: "bucket", type: "enum", values: [{ value: "M1", label: { en: "M1" } }] },
    { key: "vip_flag", type: "boolean" },
    { key: "customer_name", type: "text", personal: true, usableInRules: false },
  ].map((field) => [
    field.key,
    FieldSchema.parse({ label: { en: field.key }, origin: "column", usableInRules: true, ...field }),
  ]),
);

const fact = (name: string): ValueSpec => ({ fact: name });
const number = (literal: number): ValueSpec => ({ literal });
function reckon(operator: (typeof VALUE_OPERATORS)[number], ...of: readonly ValueSpec[]): ValueSpec {
  return { operator, of };
}

function problems(value: ValueSpec, target: FactType | ValueTarget | null): readonly string[] {
  const wanted = typeof target === "string" ? { type: target, values: undefined } : target;
  return valueIssues(value, wanted, { fields: FIELDS, path: "value" }).map(({ code, path }) => `${code} ${path}`);
}

describe("what is reckoned", () => {
  test.each<[string, ValueSpec, FactType]>([
    ["90 % of what is overdue", reckon("multiply", fact("overdue_amount"), number(0.9)), "money"],
    [
      "what is overdue with a year's interest",
      reckon("multiply", fact("overdue_amount"), fact("annual_rate")),
      "money",
    ],
    ["the smaller of what is overdue and 500 yuan", reckon("min", fact("overdue_amount"), number(50_000)), "money"],
    ["an instalment", reckon("divide", fact("overdue_amount"), number(3)), "money"],
    ["the share of one amount in another", reckon("divide", fact("overdue_amount"), fact("overdue_amount")), "percent"],
    ["a count that grows", reckon("add", fact("dpd"), number(1)), "integer"],
    ["a counter", reckon("add", fact("conversations.7d"), number(1)), "number"],
    ["a week from today", { todayPlusDays: 7 }, "date"],
    ["a date as it stands", fact("due_date"), "date"],
    ["a choice into a text", fact("bucket"), "text"],
    ["nothing, so that it is unknown again", { literal: null }, "money"],
  ])("%s makes sense", (_, value, type) => {
    expect(problems(value, type)).toEqual([]);
  });

  test.each<[string, ValueSpec, FactType, string]>([
    [
      "an amount and a date",
      reckon("add", fact("overdue_amount"), fact("due_date")),
      "money",
      "value.not-a-number value.of[1]",
    ],
    [
      "an amount and a number of days",
      reckon("add", fact("overdue_amount"), fact("dpd")),
      "money",
      "value.units-differ value",
    ],
    [
      "an amount by an amount",
      reckon("multiply", fact("overdue_amount"), fact("overdue_amount")),
      "money",
      "value.money-twice value",
    ],
    ["days by an amount", reckon("divide", fact("dpd"), fact("overdue_amount")), "number", "value.units-differ value"],
    [
      "a division by nothing",
      reckon("divide", fact("overdue_amount"), number(0)),
      "money",
      "value.divide-by-zero value.of[1]",
    ],
    ["an amount for a date", fact("overdue_amount"), "date", "value.type value"],
    [
      "a share of an amount for a share",
      reckon("multiply", fact("overdue_amount"), number(0.9)),
      "percent",
      "value.type value",
    ],
    ["a number for an amount", fact("risk_score"), "money", "value.type value"],
    ["a fact nobody knows", fact("mood"), "text", "condition.fact-unknown value.fact"],
    ["an inherited name", fact("constructor"), "text", "condition.fact-unknown value.fact"],
    ["a debtor's name", fact("customer_name"), "text", "condition.fact-not-usable value.fact"],
    ["a fen and a half", number(1.5), "money", "value.literal-type value.literal"],
    ["February 30th", { literal: "2026-02-30" }, "date", "value.literal-type value.literal"],
    ["a number in quotes", { literal: "30" }, "integer", "value.literal-type value.literal"],
    ["unknown in a sum", reckon("add", fact("dpd"), { literal: null }), "integer", "value.not-a-number value.of[1]"],
  ])("%s is pointed out, once", (...[, value, type, expected]) => {
    expect(problems(value, type)).toEqual([expected]);
  });

  test("a written choice must be one of the values", () => {
    const target = { type: "enum", values: [{ value: "soft", label: { en: "soft" } }] } as const;
    expect(problems({ literal: "soft" }, { ...target, values: [...target.values] })).toEqual([]);
    expect(problems({ literal: "hard" }, { ...target, values: [...target.values] })).toEqual([
      "value.not-listed value.literal",
    ]);
  });

  test("nesting is bounded", () => {
    const nested = (depth: number): ValueSpec =>
      reckon("add", fact("dpd"), depth === 1 ? number(1) : nested(depth - 1));
    expect(problems(nested(4), "integer")).toEqual([]);
    expect(problems(nested(5), "integer")).toEqual(["value.too-deep value.of[1].of[1].of[1].of[1]"]);
  });
});

const valueArbitrary: fc.Arbitrary<ValueSpec> = fc.letrec<{ value: ValueSpec }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<ValueSpec>(...Object.keys(FIELDS).map(fact), fact("mood"), { todayPlusDays: 3 }),
    fc.constantFrom<ValueSpec>(number(0), number(2.5), { literal: "M1" }, { literal: null }, { literal: true }),
    fc.record({
      operator: fc.constantFrom(...VALUE_OPERATORS),
      of: fc.array(tie("value"), { minLength: 1, maxLength: 3 }),
    }),
  ),
})).value;

test("whatever is written, it is either pointed out or fits one kind of variable only", () => {
  fc.assert(
    fc.property(valueArbitrary, (value) => {
      expect(ValueSpecSchema.safeParse(value).success).toBe(true);
      const fitting = FACT_TYPES.filter((type) => problems(value, type).length === 0);
      if ("literal" in value) return;
      const kinds = new Set(fitting.map((type) => (["integer", "number", "percent"].includes(type) ? "number" : type)));
      kinds.delete("enum");
      // A sum of nothing but written numbers is an amount or a number, as its variable says.
      expect([...kinds].every((kind) => kind === "money" || kind === "number") || kinds.size <= 1).toBe(true);
      expect(problems(value, null).length > 0).toBe(fitting.length === 0);
    }),
  );
});
