import { describe, expect, it } from "vitest";
import { ImportMappingSchema, parseMapping } from "./mapping";
import { suggestColumns, suggestMapping } from "./suggest";
import { column, fields, mappingOf, placesOf, readText } from "./testing/read-text";

describe("the mapping", () => {
  it("refuses codes it does not name, or calls them unknown when it says so", () => {
    const columns = (onUnmapped: string): readonly object[] => [
      column("account_no", "a"),
      column("customer_id", "a"),
      column("dpd", "d", { values: { "0": 0, "1": 30 } }),
      column("overdue_amount", "o"),
      column("risk_level", "r", { values: { H: "high" }, onUnmapped }),
    ];
    const text = "a,d,o,r\n1,1,5,H\n2,1,5,X\n3,9,5,H\n";
    expect(placesOf(readText(text, mappingOf(columns("reject"))))).toEqual([
      ["intake.unmapped-value", 3, 4],
      ["intake.unmapped-value", 4, 2],
    ]);
    const lenient = readText(text, mappingOf(columns("unknown")));
    expect(lenient.accounts.map(({ fields: read }) => read.risk_level)).toEqual(["high", undefined]);
    expect(lenient.warnings).toMatchObject([
      { code: "intake.unmapped-value", line: 3, column: 4, params: { times: 1 } },
    ]);
  });

  it("says where its own JSON is wrong", () => {
    const parsed = parseMapping({
      version: 1,
      name: "x",
      market: "cn",
      currency: "CNY",
      dataDate: "2026-02-30",
      columns: [{ field: 1 }],
    });
    expect(parsed.ok ? [] : parsed.error.map(({ path }) => path)).toEqual([
      "dataDate",
      "columns[0].field",
      "columns[0].from",
    ]);
  });

  it("is suggested from titles, aliases and shapes, and read with what was suggested", () => {
    const header = [
      "借据号",
      "客户编号",
      "逾期天数",
      "逾期金额（元）",
      "联系方式X",
      "年化利率(%)",
      "放款日",
      "nonsense",
    ];
    const row = ["A1", "C1", "12", "88.5", "13800138000", "18", "2024/1/5", "?"];
    const found = suggestColumns(header, [row], fields);
    expect(found.map(({ field }) => field)).toEqual([
      "account_no",
      "customer_id",
      "dpd",
      "overdue_amount",
      "mobile",
      "annual_rate",
      "disburse_date",
      null,
    ]);
    expect(found[4]).toMatchObject({ confidence: "shape" });
    expect(found[5]).toMatchObject({ unit: "percent" });
    expect(ImportMappingSchema.safeParse(suggestMapping(header, [row], fields)).success).toBe(true);
    const read = readText(`${header.join(",")}\n${row.join(",")}\n`, null, { dataDate: "2026-03-02" });
    expect(read.rejected).toEqual([]);
    expect(read.accounts[0]).toMatchObject({
      overdueMinor: 8850,
      fields: { annual_rate: 0.18, disburse_date: "2024-01-05" },
    });
  });

  it("suggested for a file nobody knows is refused for what is missing, not guessed", () => {
    const read = readText("x,y\n1,2\n", null);
    expect(read.rejected.map(({ code }) => code)).toEqual(["mapping.required-missing"]);
  });
});
