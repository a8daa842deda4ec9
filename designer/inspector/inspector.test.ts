import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Condition, FactType, Field } from "#engine";
import { valueAt, withValueAt } from "../commands/data-path";
import {
  addItem,
  conditionOfView,
  editAt,
  firstQuestion,
  viewOfCondition,
  withField,
  withOperator,
} from "./condition-model";
import { majorText, minorOf, numberText, parseNumber } from "./numbers";
import { SHARE_WHOLE, withArm, withoutArm, withShare } from "./shares";

const field = (key: string, type: Field["type"], values?: readonly string[]): Field => ({
  key,
  type,
  label: { en: key },
  aliases: [],
  origin: "column",
  usableInRules: true,
  personal: false,
  required: false,
  ...(values === undefined ? {} : { values: values.map((value) => ({ value, label: { en: value } })) }),
});
const dpd = field("dpd", "integer");
const balance = field("total_outstanding", "money");
const bucket = field("bucket", "enum", ["M1", "M2"]);

const late: Condition = { fact: "dpd", operator: "greaterThan", value: 30 };
const large: Condition = { fact: "total_outstanding", operator: "greaterThanInclusive", value: 5_000_000 };

const aLeaf = fc.record({
  fact: fc.constantFrom("dpd", "bucket"),
  operator: fc.constantFrom("equal" as const, "notEqual" as const),
  value: fc.integer(),
});
const { condition: aCondition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4 },
    aLeaf,
    fc.record({ all: fc.array(tie("condition"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie("condition"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: aLeaf }),
  ),
}));

describe("the condition builder", () => {
  it("shows any condition and gives the same one back when nothing is touched", () => {
    fc.assert(
      fc.property(aCondition, (condition) => {
        expect(conditionOfView(viewOfCondition(condition))).toEqual(condition);
      }),
    );
  });

  it("reads a double denial as none", () => {
    expect(conditionOfView(viewOfCondition({ not: { not: late } }))).toEqual(late);
  });

  it("puts a second question beside a single one", () => {
    const view = addItem(viewOfCondition(late), [], viewOfCondition(large));
    expect(conditionOfView(view)).toEqual({ all: [late, large] });
  });

  it("takes a group away with its last question", () => {
    const nested: Condition = { all: [late, { any: [large] }] };
    const after = editAt(viewOfCondition(nested), [1, 0], () => null);
    expect(after === null ? null : conditionOfView(after)).toEqual({ all: [late] });
    expect(editAt(viewOfCondition(late), [], () => null)).toBeNull();
  });

  it("starts a question that fits its field", () => {
    expect(firstQuestion(dpd)).toEqual({ fact: "dpd", operator: "greaterThanInclusive", value: 0 });
    expect(firstQuestion(bucket)).toEqual({ fact: "bucket", operator: "equal", value: "M1" });
  });

  it("keeps what was asked only where the new field takes it", () => {
    expect(withField(late, dpd, field("age", "integer"))).toEqual({ ...late, fact: "age" });
    expect(withField(late, dpd, balance)).toEqual(firstQuestion(balance));
  });

  it("turns one value into a list and back", () => {
    const list = withOperator({ fact: "bucket", operator: "equal", value: "M2" }, "in", bucket);
    expect(list.value).toEqual(["M2"]);
    expect(withOperator(list, "notEqual", bucket)).toEqual({ fact: "bucket", operator: "notEqual", value: "M2" });
  });
});

describe("amounts", () => {
  it("are typed in yuan and kept in fen, to the last fen", () => {
    expect(minorOf("0.29")).toBe(29);
    expect(minorOf("50,000")).toBe(5_000_000);
    expect(minorOf("1.005")).toBeNull();
    expect(minorOf("five")).toBeNull();
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (minor) => {
        expect(minorOf(majorText(minor))).toBe(minor);
      }),
    );
  });

  it.each<[string, FactType, number | null]>([
    ["1.5万", "money", 1_500_000],
    ["￥15,000 元", "money", 1_500_000],
    ["2k", "money", 200_000],
    ["0.3亿", "money", 3_000_000_000],
    ["1.00001万", "money", 1_000_010],
    ["1.0000001万", "money", null],
    ["3只", "money", null],
    ["３０天", "integer", 30],
    ["30 days", "integer", 30],
    ["3 次", "integer", 3],
    ["1.5k", "integer", 1500],
    ["24%", "percent", 0.24],
    ["-12.5 %", "percent", -0.125],
    ["m", "number", null],
    ["", "number", null],
  ])("are read as people write them: %s as %s", (typed, type, value) => {
    expect(parseNumber(typed, type)).toBe(value);
  });

  it("keep percents exact through typing", () => {
    expect(parseNumber("24", "percent")).toBe(0.24);
    expect(numberText(0.29, "percent")).toBe("29");
    expect(parseNumber("1.5", "integer")).toBeNull();
    fc.assert(
      fc.property(fc.integer({ min: -100_000, max: 100_000 }), (basis) => {
        const value = basis / 10_000;
        expect(parseNumber(numberText(value, "percent"), "percent")).toBe(value);
      }),
    );
  });
});

describe("shares of an experiment", () => {
  const someShares = fc.array(fc.nat(SHARE_WHOLE), { minLength: 1, maxLength: 20 });

  it("always add up to the whole, whatever is set, added or taken away", () => {
    fc.assert(
      fc.property(someShares, fc.nat(19), fc.nat(SHARE_WHOLE), (shares, at, share) => {
        const index = at % shares.length;
        const sum = (parts: readonly number[]) => parts.reduce((added, part) => added + part, 0);
        const set = withShare(shares, index, { share });
        expect(sum(set)).toBe(SHARE_WHOLE);
        expect(set.every((part) => Number.isInteger(part) && part >= 0)).toBe(true);
        if (shares.length > 1) expect(set[index]).toBe(share);
        expect(sum(withArm(set))).toBe(SHARE_WHOLE);
        if (shares.length > 1) expect(sum(withoutArm(set, index))).toBe(SHARE_WHOLE);
      }),
    );
  });

  it("leave locked ones alone, whatever is set, and still add up", () => {
    expect(withShare([5000, 3000, 2000], 0, { share: 6000, locked: [1] })).toEqual([6000, 3000, 1000]);
    expect(withShare([5000, 3000, 2000], 0, { share: 9000, locked: [1] })).toEqual([7000, 3000, 0]);
    expect(withShare([5000, 3000, 2000], 0, { share: 1, locked: [1, 2] })).toEqual([5000, 3000, 2000]);
    fc.assert(
      fc.property(someShares, fc.nat(SHARE_WHOLE), fc.array(fc.nat(19)), (drawn, share, locked) => {
        const shares = withShare(drawn, 0, { share: drawn[0] ?? 0 });
        const next = withShare(shares, 0, { share, locked });
        expect(next.reduce((sum, part) => sum + part, 0)).toBe(SHARE_WHOLE);
        for (const at of locked) if (at > 0 && shares.length > 1) expect(next[at]).toBe(shares[at]);
      }),
    );
  });

  it("keep the proportion of the others", () => {
    expect(withShare([5000, 3000, 2000], 0, { share: 0 })).toEqual([0, 6000, 4000]);
  });
});

describe("a step's data", () => {
  it("is set and taken away by path, and never in place", () => {
    const data = { mode: "duration", inner: { days: 3 } };
    expect(valueAt(withValueAt(data, "inner.days", 5), "inner.days")).toBe(5);
    expect(withValueAt(data, "mode", undefined)).toEqual({ inner: { days: 3 } });
    expect(data.inner.days).toBe(3);
    expect(valueAt(data, "constructor")).toBeUndefined();
  });
});
