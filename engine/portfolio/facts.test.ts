import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FieldCatalogue } from "../model/facts";
import { FieldSchema } from "../model/facts";
import type { Account } from "../model/party";
import { addDays, instantAt, parseInstant } from "../model/time";
import { daysPastDue, type FactsInput, factsOf, importedFacts, overdueSinceOf, writeMovingFacts } from "./facts";

const fields: FieldCatalogue = Object.fromEntries(
  [
    { key: "risk_level", type: "text", usableInRules: true },
    { key: "customer_name", type: "text", usableInRules: false, personal: true },
  ].map((field) => [field.key, FieldSchema.parse({ ...field, label: { en: field.key }, origin: "column" })]),
);

function anAccount(about: Partial<Account> = {}): Account {
  return {
    id: "acct_1",
    partyId: "party_1",
    accountNo: "1",
    customerNo: "1",
    currency: "CNY",
    overdueSince: "2026-03-01",
    overdueMinor: 50_000,
    totalOutstandingMinor: 400_000,
    dataDate: "2026-03-02",
    status: "open",
    timeZone: "Asia/Urumqi",
    fields: { risk_level: "high", customer_name: "王试样", due_date: "2026-02-28" },
    ...about,
  };
}

function input(about: Partial<FactsInput> = {}): FactsInput {
  return {
    account: anAccount(),
    fields,
    ledger: { paidMinor: 0 },
    counters: { contacts7d: 0, conversations7d: 0 },
    otherAccounts: 0,
    arms: {},
    startedAtMs: null,
    ...about,
  };
}

const at = (instant: string): number => parseInstant(instant) ?? Number.NaN;

describe("days past due", () => {
  it("count the first day past due as one and grow at the lender's midnight", () => {
    const dpdAt = (instant: string): unknown => factsOf(input(), at(instant), "Asia/Shanghai").dpd;
    expect(dpdAt("2026-03-01T00:00:00+08:00")).toBe(1);
    expect(dpdAt("2026-03-02T23:59:59+08:00")).toBe(2);
    expect(dpdAt("2026-03-03T00:00:00+08:00")).toBe(3);
    expect(factsOf(input(), at("2026-03-31T12:00:00+08:00"), "Asia/Shanghai")).toMatchObject({ dpd: 31, bucket: "M2" });
  });

  it("are the reverse of the first day past due", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4000 }), fc.integer({ min: 0, max: 9000 }), (dpd, offset) => {
        const dataDate = addDays("2010-01-01", offset);
        expect(daysPastDue(anAccount({ overdueSince: overdueSinceOf(dataDate, dpd) }), dataDate)).toBe(dpd);
      }),
    );
  });

  it("of an account not yet overdue come from its due date", () => {
    const due = (about: Partial<Account>): number =>
      daysPastDue(anAccount({ overdueSince: null, fields: { due_date: "2026-03-10" }, ...about }), "2026-03-12");
    expect(due({})).toBe(2);
    expect(due({ overdueMinor: 0 })).toBe(0);
    expect(due({ fields: {} })).toBe(0);
    expect(due({ fields: { due_date: "2026-03-20" } })).toBe(-8);
  });
});

describe("what has been paid", () => {
  const noon = instantAt("Asia/Shanghai", "2026-03-05", 720);
  it("comes off what is overdue, and the last of it makes the account paid and no longer overdue", () => {
    expect(factsOf(input({ ledger: { paidMinor: 20_000 } }), noon, "Asia/Shanghai")).toMatchObject({
      overdue_amount: 30_000,
      total_outstanding: 380_000,
      account_status: "open",
      dpd: 5,
    });
    expect(factsOf(input({ ledger: { paidMinor: 50_000 } }), noon, "Asia/Shanghai")).toMatchObject({
      overdue_amount: 0,
      account_status: "paid",
      dpd: 0,
      bucket: "M0",
    });
  });

  it("changes nothing about an account that was sold or owes nothing", () => {
    const statusOf = (account: Account): unknown =>
      factsOf(input({ account, ledger: { paidMinor: 50_000 } }), noon, "Asia/Shanghai").account_status;
    expect(statusOf(anAccount({ status: "sold" }))).toBe("sold");
    expect(statusOf(anAccount({ overdueMinor: 0 }))).toBe("open");
  });
});

describe("facts", () => {
  it("hold no personal field, the sticky arms, and the weekday of the person's own place", () => {
    const beforeMidnight = at("2026-03-08T23:30:00+08:00");
    const facts = factsOf(
      input({ arms: { "m1-tone": "firm" }, startedAtMs: at("2026-03-06T09:00:00+08:00") }),
      beforeMidnight,
      "Asia/Tokyo",
    );
    expect(facts).toMatchObject({ risk_level: "high", "arm.m1-tone": "firm", days_in_strategy: 3, local_weekday: 7 });
    expect(facts).not.toHaveProperty("customer_name");
    expect(
      factsOf(input({ account: anAccount({ timeZone: null }) }), beforeMidnight, "Asia/Tokyo").local_weekday,
    ).toBeNull();
  });
});

describe("facts written over", () => {
  it("are those of a fresh snapshot, whatever was written before", () => {
    const moving = fc.record({
      ledger: fc.record({ paidMinor: fc.integer({ min: 0, max: 60_000 }) }),
      counters: fc.record({ contacts7d: fc.nat(9), conversations7d: fc.nat(9) }),
      otherAccounts: fc.nat(3),
      startedAtMs: fc.option(fc.constant(at("2026-03-02T09:00:00+08:00"))),
      nowMs: fc.integer({ min: at("2026-03-02T09:00:00+08:00"), max: at("2026-06-02T09:00:00+08:00") }),
    });
    const timeZone = "Asia/Shanghai";
    fc.assert(
      fc.property(fc.array(moving, { minLength: 1, maxLength: 5 }), (moments) => {
        const facts = importedFacts(anAccount(), fields);
        moments.forEach(({ nowMs, ...changes }, index) => {
          // Arms are sticky: they come and never go.
          const now = input({ ...changes, arms: index === 0 ? {} : { "first-touch": "champion" } });
          writeMovingFacts(facts, now, { nowMs, timeZone });
          expect(facts).toEqual(factsOf(now, nowMs, timeZone));
        });
      }),
    );
  });
});
