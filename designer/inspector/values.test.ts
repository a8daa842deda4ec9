import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Field, literalType, operandTypes, VALUE_OPERATORS, type ValueSpec, valueSentence } from "#engine";
import { withOperator } from "./condition-model";
import { answers, factChoices } from "./fact-groups";
import { firstLiteral, isUnfinished, kindOf, kindsFor, VALUE_KINDS, withKind } from "./value-model";

const field = (key: string, type: Field["type"], more: Partial<Field> = {}): Field => ({
  key,
  type,
  label: { en: `The ${key}`, "zh-CN": `${key} 字段` },
  aliases: [],
  origin: "column",
  usableInRules: true,
  personal: false,
  required: false,
  ...more,
});
const fields = {
  balance: field("balance", "money", { aliases: ["欠款"] }),
  dpd: field("dpd", "integer", { origin: "derived" }),
  customer_name: field("customer_name", "text", { usableInRules: false, personal: true }),
  "var.offer": field("var.offer", "money", { origin: "derived" }),
  "custom.vip": field("custom.vip", "integer"),
  "arm.first-call": field("arm.first-call", "text", { origin: "derived" }),
};
const reading = { fields, locale: "en", currency: "CNY" } as const;

describe("facts to choose from", () => {
  it("stand by where they come from, counts among them, and never personal data", () => {
    const groups = factChoices(fields, "");
    expect(groups.map(({ group }) => group)).toEqual(["variables", "lender", "arms", "counters", "file", "derived"]);
    expect(groups.flatMap((group) => group.fields.map(({ key }) => key))).not.toContain("customer_name");
  });

  it("count over the days the chosen fact counts", () => {
    const counters = factChoices(fields, "visits.30d").find(({ group }) => group === "counters");
    expect(counters?.fields.map(({ key }) => key)).toContain("conversations.30d");
  });

  it("are narrowed to the types that fit", () => {
    const keys = factChoices(fields, "", ["money"]).flatMap((group) => group.fields.map(({ key }) => key));
    expect(keys).toEqual(["var.offer", "balance"]);
  });

  it("are found by name in either language, by key and by what lenders call them", () => {
    for (const search of ["the bal", "字段", "BALANCE", "欠款"]) expect(answers(fields.balance, search)).toBe(true);
    expect(answers(fields.balance, "dpd")).toBe(false);
  });
});

describe("a value", () => {
  const half: ValueSpec = { operator: "multiply", of: [{ fact: "balance" }, { literal: 0.5 }] };

  it("reads as people say it, amounts in the currency", () => {
    expect(valueSentence(half, ["money"], reading)).toBe("The balance × 0.5");
    expect(valueSentence({ literal: 12_345 }, ["money"], reading)).toBe("123.45 CNY");
    expect(valueSentence({ operator: "subtract", of: [half, { literal: 100 }] }, ["money"], reading)).toBe(
      "(The balance × 0.5) − 1 CNY",
    );
    expect(valueSentence({ todayPlusDays: -3 }, ["date"], reading)).toBe("3 days ago");
    expect(valueSentence({ fact: "conversations.7d" }, undefined, reading)).toBe("Conversations in the last 7 days");
  });

  it("offers only what can give the type that is asked for", () => {
    expect(kindsFor(["text"], 0)).toEqual(["literal", "fact", "nothing"]);
    expect(kindsFor(["date"], 0)).toEqual(["literal", "fact", "today", "nothing"]);
    expect(kindsFor(["money"], 0)).toContain("reckon");
    expect(kindsFor(["money"], 3)).not.toContain("reckon");
  });

  it("multiplies an amount by a plain number, never by an amount", () => {
    expect(operandTypes("multiply", 0, ["money"])).toEqual(["money"]);
    expect(operandTypes("multiply", 1, ["money"])).not.toContain("money");
    expect(operandTypes("add", 1, ["money"])).toEqual(["money"]);
  });

  it("keeps its fact when it becomes the first operand, and gives it back", () => {
    const reckoned = withKind({ fact: "balance" }, "reckon", { types: ["money"] });
    expect(reckoned).toEqual({ operator: "add", of: [{ fact: "balance" }, { literal: 0 }] });
    expect(withKind(reckoned, "fact", { types: ["money"] })).toEqual({ fact: "balance" });
  });

  it("is unfinished for as long as a fact in it is not chosen", () => {
    expect(isUnfinished(withKind({ literal: 1 }, "fact", { types: undefined }))).toBe(true);
    expect(isUnfinished({ operator: "add", of: [{ literal: 1 }, { fact: "" }] })).toBe(true);
    expect(isUnfinished(half)).toBe(false);
  });

  it("becomes any kind from any kind, of a type that fits", () => {
    const type = fc.constantFrom("integer", "money", "date", "text", "boolean", "enum", "percent", "number" as const);
    const value = fc.oneof(
      fc.record({ literal: fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null)) }),
      fc.record({ fact: fc.constantFrom("balance", "dpd") }),
      fc.record({ todayPlusDays: fc.integer({ min: -30, max: 30 }) }),
      fc.record({
        operator: fc.constantFrom(...VALUE_OPERATORS),
        of: fc.array(fc.record({ literal: fc.integer() }), { minLength: 1, maxLength: 4 }),
      }),
    );
    fc.assert(
      fc.property(value, type, fc.constantFrom(...VALUE_KINDS), (before, wanted, kind) => {
        const after = withKind(before, kind, { types: [wanted as Field["type"]] });
        expect(kindOf(after)).toBe(kind);
        if (kind !== "literal" || kindOf(before) === "literal") return;
        expect(after).toEqual(firstLiteral(wanted as Field["type"]));
        expect(literalType(after, [wanted as Field["type"]])).toBe(wanted);
      }),
    );
  });
});

describe("a question with another operator", () => {
  const paid = field("last_payment_date", "date");

  it("asks about days from today with a number of days, and about a date with a date again", () => {
    const relative = withOperator({ fact: paid.key, operator: "equal", value: "2026-03-01" }, "withinLastDays", paid);
    expect(relative.value).toBe(7);
    expect(withOperator(relative, "beforeLastDays", paid).value).toBe(7);
    expect(withOperator(relative, "lessThan", paid).value).toBe("2026-01-01");
  });

  it("asks whether there is a value with yes or no", () => {
    const known = withOperator({ fact: "dpd", operator: "in", value: [1, 2] }, "isKnown", fields.dpd);
    expect(known).toEqual({ fact: "dpd", operator: "isKnown", value: true });
    expect(withOperator(known, "in", fields.dpd).value).toEqual([0]);
  });

  it("keeps a text from one question about texts to the next", () => {
    const named = field("city", "text");
    const leaf = { fact: "city", operator: "contains" as const, value: "上海" };
    expect(withOperator(leaf, "startsWith", named).value).toBe("上海");
  });
});
