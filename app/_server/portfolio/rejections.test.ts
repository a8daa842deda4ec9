import { describe, expect, it } from "vitest";
import { csvOf } from "./rejections";

describe("the file of rejected rows", () => {
  it("opens in a spreadsheet with its Chinese readable, one row per line", () => {
    expect(
      csvOf([
        ["行", "列"],
        [12, "逾期金额"],
      ]),
    ).toBe("\uFEFF行,列\r\n12,逾期金额\r\n");
  });

  it("keeps commas, quotes and line breaks inside their cell", () => {
    expect(csvOf([['say "no", twice\nplease']])).toBe('\uFEFF"say ""no"", twice\nplease"\r\n');
  });

  it.each(["=1+1", "+86138", "-2", "@SUM(A1)", "\tx"])("does not let a spreadsheet run %j", (value) => {
    expect(csvOf([[value]])).toContain(`'${value}`);
  });
});
