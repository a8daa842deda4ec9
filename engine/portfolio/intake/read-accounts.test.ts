import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { daysPastDue } from "../facts";
import { portfolioIssueTexts } from "../texts";
import { type ImportMapping, parseMapping } from "./mapping";
import { readAccounts } from "./read-accounts";
import { column, fields, HEADER, mappingOf, placesOf, readText, USUAL } from "./testing/read-text";

const ROOT = resolve(import.meta.dirname, "../../..");

describe("fields of the lender's own", () => {
  const SHOP = { key: "custom.shop", type: "text", label: { en: "Shop" }, origin: "column", usableInRules: true };
  const columns = [...USUAL.columns, column("custom.shop", "门店")];
  const text = `${HEADER},门店\nA1,C1,45,10,13800138000,是,SH01\n`;

  it("are declared by the mapping and filled like the market's", () => {
    expect(readText(text, mappingOf(columns, { fields: [SHOP] })).accounts[0]?.fields).toMatchObject({
      "custom.shop": "SH01",
    });
  });

  it("must be declared, once, and may not be one of the market's", () => {
    const codes = (mapping: ImportMapping) =>
      readText(text, mapping).rejected.map(({ code, path }) => `${code} ${path}`);
    expect(codes(mappingOf(columns))).toEqual(["mapping.field-unknown columns[6].field"]);
    expect(codes(mappingOf(columns, { fields: [SHOP, SHOP] }))).toEqual(["mapping.own-field-twice fields[1].key"]);
    expect(parseMapping({ ...mappingOf(columns), fields: [{ ...SHOP, key: "dpd" }] }).ok).toBe(false);
  });

  it("move with the file's dates when it is read as of another day", () => {
    const since = { ...SHOP, key: "custom.since", type: "date" };
    const mapping = mappingOf([...USUAL.columns, column("custom.since", "起始日")], { fields: [since] });
    const dated = readText(`${HEADER},起始日\nA1,C1,45,10,13800138000,是,2026-01-01\n`, mapping, {
      dataDate: "2026-03-04",
    });
    expect(dated.accounts[0]?.fields["custom.since"]).toBe("2026-01-03");
  });
});

describe("an account file", () => {
  it("becomes accounts, with what each row says", () => {
    const read = readText(`${HEADER}\nA1,C1,45,"1,234.50",13800138000,是\n`, USUAL);
    expect(read).toMatchObject({ refused: false, rows: 1, rejected: [], dataDate: "2026-03-02", mapsContacts: true });
    expect(read.accounts[0]).toMatchObject({
      id: "acct_A1",
      partyId: "party_C1",
      overdueSince: "2026-01-17",
      overdueMinor: 123450,
      totalOutstandingMinor: 123450,
      timeZone: "Asia/Shanghai",
      status: "open",
    });
    expect(read.contactPoints).toMatchObject([
      { address: "+8613800138000", status: "valid", simulated: false, consent: { sms: "granted" } },
    ]);
  });

  it("has its bad rows listed with line, column and reason, and its good rows read", () => {
    const read = readText(
      [
        HEADER,
        "A1,C1,45,100,13800138000,是",
        "A2,C2,45",
        "A3,C3,many,100,13800138000,是",
        "A1,C4,1,100,13800138000,是",
        "A5,C5,1,100,1.38E+10,是",
        "A6,,1,100,13800138000,是",
        "A7,C7,1,100,138****1234,否",
        "A8,C8,1,1\u0000,13800138000,是",
      ].join("\n"),
      USUAL,
    );
    expect(placesOf(read)).toEqual([
      ["intake.ragged-row", 3, undefined],
      ["intake.not-a-number", 4, 3],
      ["intake.duplicate-account", 5, 1],
      ["intake.precision-lost", 6, 5],
      ["intake.value-missing", 7, 2],
      ["intake.nul-character", 9, 4],
    ]);
    expect(read.accounts.map(({ accountNo }) => accountNo)).toEqual(["A1", "A7"]);
    expect(read).toMatchObject({ rows: 8, rejectedRows: 6, warningCount: 1 });
    for (const { code, params } of [...read.rejected, ...read.warnings]) {
      for (const texts of Object.values(portfolioIssueTexts)) {
        const text = Object.entries(texts).find(([key]) => key === code)?.[1] ?? `no text for ${code}`;
        const named = [...text.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
        expect({ code, unfilled: named.filter((name) => params[name] === undefined) }).toEqual({ code, unfilled: [] });
      }
    }
    expect(read.contactPoints[1]).toMatchObject({ status: "masked", consent: { sms: "refused" } });
  });

  it("without a required column is refused with one located problem, and nothing is imported", () => {
    const withoutAmount = mappingOf([
      column("account_no", "借据号"),
      column("customer_id", "客户号"),
      column("dpd", "逾期天数"),
    ]);
    const read = readText(`${HEADER}\nA1,C1,45,100,13800138000,是\n`, withoutAmount);
    expect(read).toMatchObject({ refused: true, accounts: [] });
    expect(read.rejected).toMatchObject([
      { code: "mapping.required-missing", line: 1, params: { fields: "overdue_amount" } },
    ]);
  });

  it("whose mapped column is gone says which columns it has", () => {
    const read = readText("借据号,客户号\nA1,C1\n", USUAL);
    expect(read.refused).toBe(true);
    expect(read.rejected[0]).toMatchObject({
      code: "mapping.column-missing",
      line: 1,
      params: { column: "逾期天数", has: "借据号, 客户号" },
    });
  });

  it("in GBK is read, and the guess is told", () => {
    const gbk = Uint8Array.from([
      0xbd,
      0xe8,
      0xbe,
      0xdd,
      0xba,
      0xc5,
      0x2c,
      0x43,
      0x2c,
      0x44,
      0x2c,
      0x4f,
      0x0a,
      ...new TextEncoder().encode("A1,C1,3,10\n"),
    ]);
    const mapping = mappingOf([
      column("account_no", "借据号"),
      column("customer_id", "C"),
      column("dpd", "D"),
      column("overdue_amount", "O"),
    ]);
    const read = readAccounts({
      bytes: gbk,
      mapping,
      fields,
      options: { dataDate: null, contacts: "none", encoding: null },
    });
    expect(read).toMatchObject({ encoding: "gb18030", rejected: [], warnings: [{ code: "intake.encoding-assumed" }] });
    expect(read.accounts).toHaveLength(1);
  });
});

describe("the day a file is read as of", () => {
  const mapping = mappingOf([
    column("account_no", "a"),
    column("customer_id", "c"),
    column("dpd", "d"),
    column("overdue_amount", "o"),
    column("due_date", "due"),
    column("birth_date", "born"),
  ]);
  const text = "a,c,d,o,due,born\nA1,C1,30,100,2026-01-31,1990-05-01\nA2,C2,-5,0,2026-03-07,1990-05-01\n";

  it("is the file's own unless another is given", () => {
    expect(readText(text, mapping).accounts[0]).toMatchObject({ dataDate: "2026-03-02", overdueSince: "2026-02-01" });
  });

  it("moves every date of the file but birthdays, and leaves days past due as they are", () => {
    const read = readText(text, mapping, { dataDate: "2026-11-24" });
    expect(read).toMatchObject({ fileDataDate: "2026-03-02", dataDate: "2026-11-24" });
    expect(read.accounts.map((account) => daysPastDue(account, "2026-11-24"))).toEqual([30, -5]);
    expect(read.accounts[1]?.fields).toMatchObject({ due_date: "2026-11-29", birth_date: "1990-05-01" });
  });

  it("must come from somewhere", () => {
    const { dataDate: _, ...undated } = mapping;
    expect(readText(text, undated)).toMatchObject({ refused: true, accounts: [] });
    expect(placesOf(readText(text, undated))).toEqual([["intake.data-date-missing", 1, undefined]]);
  });
});

describe("the example file", () => {
  it("imports as it lies there, its columns recognised by their titles", () => {
    const read = readAccounts({
      bytes: readFileSync(join(ROOT, "docs/examples/accounts.csv")),
      mapping: null,
      fields,
      options: { dataDate: "2026-11-24", contacts: "none", encoding: null },
    });
    expect(read).toMatchObject({
      refused: false,
      rows: 5,
      rejected: [],
      fileDataDate: "2026-03-02",
      dataDate: "2026-11-24",
    });
    expect(read.columns.map((found) => found.fields.length)).toEqual(Array.from({ length: 13 }, () => 1));
    expect(read.accounts.map((account) => daysPastDue(account, "2026-11-24"))).toEqual([3, 28, 45, 95, -5]);
    expect(read.accounts[0]?.fields).toMatchObject({ risk_level: "low", product_type: "cash-loan" });
    expect(read.contactPoints.map(({ status }) => status)).toEqual(["masked", "masked", "masked", "masked"]);
  });
});

const REAL = resolve(ROOT, process.env.DUECOURSE_REAL_DATA ?? "../shared/data", "portfolio/uci_credit_card.csv");

describe.skipIf(!existsSync(REAL))(
  "the UCI credit card clients (skipped: the real data is not on this machine)",
  () => {
    it("are 20,061 accounts, none rejected, 4,549 of them overdue", () => {
      const file = readFileSync(join(ROOT, "docs/examples/uci-credit-card.mapping.json"), "utf8");
      const mapping = parseMapping(JSON.parse(file));
      if (!mapping.ok) throw new Error(JSON.stringify(mapping.error));
      const read = readAccounts({
        bytes: readFileSync(REAL),
        mapping: mapping.value,
        fields,
        options: { dataDate: "2026-03-02", contacts: "simulated", encoding: null },
      });
      expect(read).toMatchObject({
        refused: false,
        rows: 20061,
        rejectedRows: 0,
        rejected: [],
        fileDataDate: "2005-09-30",
      });
      expect(read.accounts).toHaveLength(20061);
      expect(read.accounts.filter((account) => daysPastDue(account, "2026-03-02") > 0)).toHaveLength(4549);
      expect(read.accounts[0]).toMatchObject({
        overdueMinor: 391300,
        currency: "TWD",
        fields: { credit_limit: 2000000 },
      });
      expect(new Set(read.contactPoints.map(({ partyId }) => partyId)).size).toBe(20061);
    });
  },
);
