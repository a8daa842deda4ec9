import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LenderField } from "#engine/model/facts";
import { type ImportMapping, parseMapping } from "#engine/portfolio/intake/mapping";
import { declareField, lenderNameProblem, nameFromTitle, typeOfSample } from "./lender-field";
import { removeField } from "./mapping-edit";

const MAPPING: ImportMapping = {
  version: 1,
  name: "cards",
  market: "cn",
  currency: "CNY",
  numberStyle: "1,234.5",
  scientificNotation: "refuse",
  columns: [{ field: "account_no", from: { column: "借据号" }, onUnmapped: "reject" }],
};
const RATE: LenderField = {
  key: "custom.hit_rate",
  type: "percent",
  label: { "zh-CN": "命中率" },
  aliases: ["命中率"],
  origin: "column",
  usableInRules: true,
  personal: false,
  required: false,
};

describe("a field of the lender's own", () => {
  it("is declared and read from its column in one mapping that can be saved", () => {
    const declared = declareField(MAPPING, RATE, "命中率");
    expect(parseMapping(JSON.parse(JSON.stringify(declared)))).toEqual({ ok: true, value: declared });
    expect(declared.columns.at(-1)).toMatchObject({
      field: "custom.hit_rate",
      from: { column: "命中率" },
      unit: "percent",
    });
  });

  it("is declared once, and its declaration goes with its column", () => {
    const declared = declareField(MAPPING, RATE, "命中率");
    expect(declareField(declared, RATE, "another")).toBe(declared);
    expect(lenderNameProblem(declared, "hit_rate")).toBe("taken");
    expect(removeField(declared, "custom.hit_rate")).toEqual(MAPPING);
  });

  it("is named after the Latin part of the column's title, else by number", () => {
    expect(nameFromTitle(MAPPING, "HitRate (%)")).toBe("hit_rate");
    expect(nameFromTitle(MAPPING, "命中率")).toBe("field_1");
    expect(nameFromTitle(declareField(MAPPING, RATE, "a"), "hit rate")).toBe("hit_rate_1");
  });

  it("never gets a name the mapping would refuse", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80, unit: "grapheme" }), (title) => {
        expect(lenderNameProblem(MAPPING, nameFromTitle(MAPPING, title))).toBeNull();
      }),
    );
  });

  it.each([
    [["3", "0", "12"], "integer"],
    [["3", "0.5", "1,200.25"], "number"],
    [["2026-03-01", "2026/3/2"], "date"],
    [["是", "否"], "boolean"],
    [["12%", "3.5 %"], "percent"],
    [["0012", "0034"], "text"],
    [["13812345678"], "text"],
    [["A", "3"], "text"],
    [["", " "], "text"],
  ])("of values like %j is taken for %s", (sample, type) => {
    expect(typeOfSample(sample)).toBe(type);
  });
});
