import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ImportMapping } from "#engine/portfolio/intake/mapping";
import { addField, changedKind, parseValueLines, removeField, replaceField, valueLines } from "./mapping-edit";

const MAPPING: ImportMapping = {
  version: 1,
  name: "cards",
  market: "cn",
  currency: "TWD",
  numberStyle: "1,234.5",
  scientificNotation: "refuse",
  columns: [
    { field: "account_no", from: { column: "ID" }, onUnmapped: "reject" },
    { field: "dpd", from: { column: "PAY_0" }, onUnmapped: "reject" },
  ],
};
const [, DPD] = MAPPING.columns;

describe("mending a mapping by hand", () => {
  it("turns a column into an expression over it, and back", () => {
    if (DPD === undefined) throw new Error("no dpd");
    const computed = changedKind(DPD, "expression", "ID");
    expect(computed.from).toEqual({ expression: "[PAY_0]" });
    expect(changedKind(computed, "column", "ID").from).toEqual({ column: "PAY_0" });
  });

  it("offers the first column where an expression named several", () => {
    const sum = { field: "dpd", from: { expression: "[A] + [B]" }, onUnmapped: "reject" as const };
    expect(changedKind(sum, "column", "ID").from).toEqual({ column: "ID" });
  });

  it("maps a field once only", () => {
    const fields = {};
    const twice = addField(MAPPING, "dpd", { column: "AGE", fields });
    expect(twice).toBe(MAPPING);
  });

  it("changes and removes the one field that was meant", () => {
    const changed = replaceField(MAPPING, { field: "dpd", from: { constant: "0" }, onUnmapped: "unknown" });
    expect(changed.columns.map((mapped) => mapped.from)).toEqual([{ column: "ID" }, { constant: "0" }]);
    expect(removeField(changed, "dpd").columns.map((mapped) => mapped.field)).toEqual(["account_no"]);
  });

  it("reads codes and what they mean from lines", () => {
    expect(parseValueLines("-2 = 0\n1=30\n Y = true\nN =false\nX = ?\nnonsense\n = 4\n正常 = M0")).toEqual({
      "-2": 0,
      1: 30,
      Y: true,
      N: false,
      X: null,
      正常: "M0",
    });
  });

  it("has no value map where no line says anything", () => {
    expect(parseValueLines("\n\n")).toBeUndefined();
  });

  it("writes lines that read back as the same map", () => {
    const code = fc.stringMatching(/^[A-Za-z0-9-]{1,8}$/).filter((text) => text !== "__proto__");
    const meaning = fc.oneof(fc.integer(), fc.boolean(), fc.constant(null), fc.stringMatching(/^[a-z]{2,8}$/));
    const plain = meaning.filter((value) => value !== "true" && value !== "false");
    fc.assert(
      fc.property(fc.dictionary(code, plain, { minKeys: 1, noNullPrototype: true }), (values) => {
        expect(parseValueLines(valueLines(values))).toEqual(values);
      }),
    );
  });
});
