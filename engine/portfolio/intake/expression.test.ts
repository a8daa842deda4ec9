import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDecimal, toNumber } from "./decimal";
import { type CellNumber, EXPRESSION_LIMITS, evaluate, parseExpression } from "./expression";

const cells: { readonly [column: string]: string } = { PAY_0: "2", "BILL AMT": "-150.25", EMPTY: "", NAME: "Wang" };
const cell: CellNumber = (column) => {
  const text = cells[column] ?? "";
  if (text === "") return { kind: "unknown" };
  const value = parseDecimal(text, "1,234.5");
  return value === null ? { kind: "not-a-number", column } : { kind: "value", value };
};

function resultOf(text: string): number | string {
  const parsed = parseExpression(text);
  if (!parsed.ok) return parsed.error.code;
  const result = evaluate(parsed.value, cell);
  return result.kind === "value" ? toNumber(result.value) : result.kind;
}

describe("arithmetic over columns", () => {
  it.each([
    ["1 + 2 * 3", 7],
    ["(1 + 2) * 3", 9],
    ["7 - 2 - 1", 4],
    ["12 / 4 / 3", 1],
    ["-[BILL AMT]", 150.25],
    ["max([BILL AMT], 0)", 0],
    ["min(3, 1, 2)", 1],
    ["round(2.5)", 3],
    ["round(-2.5)", -3],
    ["round(2.345, 2)", 2.35],
    ["when([PAY_0] > 0, 30 * [PAY_0], 0)", 60],
    ["when([PAY_0] <= 1, 1, 2)", 2],
    ["[PAY_0] = 2", 1],
    ["[PAY_0] <> 2", 0],
    ["0.1 + 0.2", 0.3],
  ])("%s is %d", (text, expected) => {
    expect(resultOf(text)).toBe(expected);
  });

  it("is unknown when a cell it needs is empty, and only then", () => {
    expect(resultOf("[EMPTY] + 1")).toBe("unknown");
    expect(resultOf("when([EMPTY] > 0, 1, 2)")).toBe("unknown");
    expect(resultOf("when([PAY_0] > 0, 1, [EMPTY])")).toBe(1);
    expect(resultOf("1 / 0")).toBe("unknown");
  });

  it("names the cell that is no number", () => {
    expect(resultOf("[NAME] * 2")).toBe("not-a-number");
  });
});

describe("an expression that cannot be read", () => {
  it.each([
    ["1 +", 4, "value"],
    ["(1 + 2", 7, ")"],
    ["1 2", 3, "operator"],
    ["constructor(1)", 1, "min, max, round, when, [column]"],
    ["when(1, 2)", 1, "when: 3-3"],
    ["[PAY_0] & 1", 9, "known-sign"],
    ["[never closed", 1, "known-sign"],
    ["", 1, "value"],
  ])("%j is refused at character %d", (text, at, expected) => {
    expect(parseExpression(text)).toMatchObject({
      ok: false,
      error: { code: "mapping.expression", params: { at, expected } },
    });
  });

  it("is bounded in length and depth", () => {
    expect(parseExpression("1".repeat(EXPRESSION_LIMITS.characters + 1)).ok).toBe(false);
    expect(parseExpression(`${"(".repeat(200)}1${")".repeat(200)}`).ok).toBe(false);
    expect(parseExpression(`${"-".repeat(200)}1`).ok).toBe(false);
  });

  it("never throws, whatever is typed", () => {
    const typed = fc.string({
      unit: fc.constantFrom(..."()[]+-*/,<>=!. 19ab", "max", "when", "[A]", "中"),
      maxLength: 40,
    });
    fc.assert(
      fc.property(typed, (text) => ["boolean"].includes(typeof parseExpression(text).ok)),
      { numRuns: 500 },
    );
  });
});

describe("numbers of a file", () => {
  it.each([
    ["1234.50", 1234.5],
    ["1,234.50", 1234.5],
    ["-0", 0],
    ["+7", 7],
    ["12.", 12],
  ])("%s is read as %d", (text, value) => {
    const read = parseDecimal(text, "1,234.5");
    expect(read === null ? null : toNumber(read)).toBe(value);
  });

  it.each(["1.234,50", "12,34", "1,5", "1e3", "", "--1", "1 000", "0x10", "NaN", "1.2.3", "9".repeat(30)])(
    "%s is refused, not guessed",
    (text) => {
      expect(parseDecimal(text, "1,234.5")).toBeNull();
    },
  );

  it("is read the European way when the mapping says so", () => {
    const read = parseDecimal("1.234,50", "1.234,5");
    expect(read === null ? null : toNumber(read)).toBe(1234.5);
  });
});
