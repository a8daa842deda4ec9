import { describe, expect, it } from "vitest";
import { perChannel } from "../../model/content";
import type { ContactPointKind } from "../../model/party";
import { column, HEADER, mappingOf, readText, USUAL } from "./testing/read-text";

describe("other ways to reach a person", () => {
  const mapping = mappingOf([
    column("account_no", "借据号"),
    column("customer_id", "客户号"),
    column("dpd", "逾期天数"),
    column("overdue_amount", "逾期金额"),
    column("mobile", "手机号"),
    column("mobile_2", "备用手机"),
    column("email", "邮箱"),
    column("app_user_id", "App用户号"),
    column("address", "地址"),
    column("consent_email", "邮件授权"),
    column("consent_letter", "信函授权"),
  ]);
  const header = "借据号,客户号,逾期天数,逾期金额,手机号,备用手机,邮箱,App用户号,地址,邮件授权,信函授权";
  const read = (...cells: readonly string[]) => readText(`${header}\nA1,C1,45,100,${cells.join(",")}\n`, mapping);

  it("come out of the file with their order, their kind and the consents that belong to them", () => {
    const found = read(
      "13800138000",
      "13900139000",
      "Ann@Example.COM",
      "u_10293",
      "上海市黄浦区人民大道 1 号",
      "是",
      "否",
    );
    expect(found.warnings).toEqual([]);
    expect(found.contactPoints).toMatchObject([
      { kind: "phone", rank: 1, address: "+8613800138000", status: "valid", consent: {} },
      { kind: "phone", rank: 2, address: "+8613900139000", status: "valid", consent: {} },
      { kind: "email", rank: 1, address: "Ann@example.com", status: "valid", consent: { email: "granted" } },
      { kind: "app", rank: 1, address: "u_10293", status: "valid", consent: {} },
      {
        kind: "address",
        rank: 1,
        address: "上海市黄浦区人民大道 1 号",
        status: "valid",
        consent: { letter: "refused" },
      },
    ]);
    expect(found.contactPoints[2]?.consent).toEqual({ email: "granted" });
    const kept = found.accounts[0]?.fields ?? {};
    expect(["email", "app_user_id", "mobile_2"].filter((key) => Object.hasOwn(kept, key))).toEqual([]);
    expect(kept.address).toBe("上海市黄浦区人民大道 1 号");
  });

  it.each([
    ["a mailbox without a domain", { email: "ann@home" }, "invalid"],
    ["a mailbox with two signs", { email: "ann@@example.com" }, "invalid"],
    ["a masked mailbox", { email: "a***@example.com" }, "masked"],
    ["an app id that is a sentence", { app: "see remarks below" }, "invalid"],
    ["a masked app id", { app: "wx**93" }, "masked"],
    ["an address that is none", { address: "上海" }, "invalid"],
    ["a masked address", { address: "上海市黄浦区****号" }, "masked"],
  ])("keep %s, say so, and never use it", (_, cell: { [kind in ContactPointKind]?: string }, status) => {
    const found = read("", "", cell.email ?? "", cell.app ?? "", cell.address ?? "", "", "");
    expect(found.contactPoints).toMatchObject([{ kind: Object.keys(cell)[0], status }]);
    expect(found.warnings).toMatchObject([{ code: `intake.address-${status}` }]);
  });

  it("reject an app id a spreadsheet has rounded, as they reject a phone", () => {
    expect(read("", "", "", "1.38E+10", "", "", "").rejected).toMatchObject([
      { code: "intake.precision-lost", column: 8 },
    ]);
  });

  it("keep one mailbox of two loans once, and a refusal counts", () => {
    const two = [
      header,
      "A1,C1,45,100,,,ann@example.com,,,是,",
      "A2,C1,45,100,,,ann@EXAMPLE.com,,,否,",
      "A3,C2,45,100,,,ann@example.com,,,是,",
    ].join("\n");
    const { contactPoints } = readText(`${two}\n`, mapping);
    expect(contactPoints.map(({ partyId, consent }) => [partyId, consent.email])).toEqual([
      ["party_C1", "refused"],
      ["party_C2", "granted"],
    ]);
  });
});

describe("simulated contact points", () => {
  it("are one of every kind per person, cannot be reached, and replace what the file holds", () => {
    const read = readText(`${HEADER}\nA1,C1,45,100,13800138000,是\nA2,C1,4,100,13900139000,是\n`, USUAL, {
      contacts: "simulated",
    });
    expect(read.contactPoints.map(({ kind }) => kind)).toEqual(["phone", "email", "app", "address"]);
    expect(Object.assign({}, ...read.contactPoints.map(({ consent }) => consent))).toEqual(perChannel(() => "granted"));
    for (const { simulated, address } of read.contactPoints) {
      expect(simulated).toBe(true);
      expect(address).toMatch(/^sim:\d{10}$/);
    }
  });
});
