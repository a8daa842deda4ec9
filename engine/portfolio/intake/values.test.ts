import { describe, expect, it } from "vitest";
import { type Field, FieldSchema } from "../../model/facts";
import { parseDate } from "./dates";
import { readPhone } from "./phone";
import { readCell, type ValueReading } from "./values";

function reading(field: Partial<Field>, more: Partial<ValueReading> = {}): ValueReading {
  return {
    field: FieldSchema.parse({
      key: "amount",
      type: "money",
      label: { en: "Amount" },
      origin: "column",
      usableInRules: true,
      ...field,
    }),
    unit: undefined,
    dateFormat: undefined,
    numberStyle: "1,234.5",
    scientificNotation: "refuse",
    currency: "CNY",
    ...more,
  };
}

const read = (cell: string, how: ValueReading): unknown => {
  const found = readCell(cell, how);
  return found.kind === "value" ? found.value : found.refusal.code;
};

describe("money", () => {
  it.each([
    ["1234.5", {}, 123450],
    ["1,234.50", {}, 123450],
    ["１２３４．５", {}, 123450],
    ["￥99.90", {}, 9990],
    ["-0", {}, 0],
    ["123450", { unit: "fen" }, 123450],
    ["1.2", { unit: "wan" }, 1200000],
    ["0.29", {}, 29],
    ["2.00E+05", { scientificNotation: "exact" }, 20000000],
  ] as const)("%s is so many minor units", (cell, how, minor) => {
    expect(read(cell, reading({}, how))).toBe(minor);
  });

  it.each([
    ["12.345", {}, "intake.too-fine"],
    ["1.5", { unit: "fen" }, "intake.too-fine"],
    ["1e3", {}, "intake.precision-lost"],
    ["1.234,50", {}, "intake.not-a-number"],
    ["$5", {}, "intake.not-a-number"],
    ["twelve", {}, "intake.not-a-number"],
    ["1.5E-03", { scientificNotation: "exact" }, "intake.precision-lost"],
  ] as const)("%s is refused", (cell, how, code) => {
    expect(read(cell, reading({}, how))).toBe(code);
  });
});

describe("percentages", () => {
  const percent = { type: "percent" } as const;
  it("say whether they are in percent, or are refused", () => {
    expect(read("24%", reading(percent))).toBe(0.24);
    expect(read("24", reading(percent, { unit: "percent" }))).toBe(0.24);
    expect(read("0.24", reading(percent, { unit: "fraction" }))).toBe(0.24);
    expect(read("24", reading(percent))).toBe("intake.percent-unit");
  });
});

describe("whole numbers", () => {
  const days = { key: "dpd", type: "integer", unit: "days", minimum: -366, maximum: 7300 } as const;
  it("keep their range and may be told in months", () => {
    expect(read("45", reading(days))).toBe(45);
    expect(read("45.0", reading(days))).toBe(45);
    expect(read("3", reading(days, { unit: "months" }))).toBe(90);
    expect(read("4.5", reading(days))).toBe("intake.not-whole");
    expect(read("99999", reading(days))).toBe("intake.out-of-range");
  });
});

describe("texts and lists", () => {
  it("refuse numbers a spreadsheet has rounded", () => {
    const text = reading({ key: "account_no", type: "text" });
    expect(read("4.40301E+17", text)).toBe("intake.precision-lost");
    expect(read("440301199001010000", text)).toBe("intake.precision-lost");
    expect(read("440301199001011234", text)).toBe("440301199001011234");
    expect(read("=cmd|'/c calc'!A0", text)).toBe("=cmd|'/c calc'!A0");
  });

  it("take the words of both languages and nothing outside the list", () => {
    const level = reading({
      key: "risk_level",
      type: "enum",
      values: [{ value: "high", label: { "zh-CN": "高", en: "High" } }],
    });
    expect(["high", "HIGH", "高"].map((cell) => read(cell, level))).toEqual(["high", "high", "high"]);
    expect(read("very high", level)).toBe("intake.not-in-list");
  });

  it("never quote a personal value", () => {
    const found = readCell("13800001234x", reading({ key: "mobile", type: "integer", personal: true }));
    expect(found).toMatchObject({ kind: "refused", refusal: { params: { value: "***" } } });
  });
});

describe("dates", () => {
  const usual = ["YYYY-MM-DD", "YYYY/MM/DD", "YYYYMMDD", "YYYY年MM月DD日"] as const;
  it.each([
    ["2024-01-05", "2024-01-05"],
    ["2024/1/5", "2024-01-05"],
    ["20240105", "2024-01-05"],
    ["2024年1月5日", "2024-01-05"],
    ["2024-01-05 00:00:00", "2024-01-05"],
    ["2024-02-29", "2024-02-29"],
  ])("%s is %s", (cell, date) => {
    expect(parseDate(cell, usual)).toBe(date);
  });

  it.each([
    "2026-02-30",
    "2026-02-29",
    "2026-13-01",
    "0000-01-01",
    "9999-01-01",
    "0",
    "1714521600",
    "05/01/2024",
    "45296",
  ])("%s is no date unless the mapping says how to read it", (cell) => {
    expect(parseDate(cell, usual)).toBeNull();
  });

  it("are read by the declared format only", () => {
    expect(parseDate("05/01/2024", ["DD/MM/YYYY"])).toBe("2024-01-05");
    expect(parseDate("05/01/2024", ["MM/DD/YYYY"])).toBe("2024-05-01");
    expect(parseDate("45296", ["excel-serial"])).toBe("2024-01-05");
  });
});

describe("phone numbers", () => {
  it.each([
    ["13800138000", "+8613800138000", "valid"],
    ["+86 138 0013 8000", "+8613800138000", "valid"],
    ["0086-13800138000", "+8613800138000", "valid"],
    ["１３８００１３８０００", "+8613800138000", "valid"],
    ["138****1234", "138****1234", "masked"],
    ["12345", "12345", "invalid"],
  ] as const)("%s is %s and %s", (cell, address, status) => {
    expect(readPhone(cell, "cn")).toEqual({ kind: "address", address, status });
  });

  it("in scientific notation have lost their digits", () => {
    expect(readPhone("1.38E+10", "cn")).toEqual({ kind: "precision-lost" });
  });
});
