import { describe, expect, it } from "vitest";
import { marketPack } from "../packs";
import { anAccount, aPhone, SHANGHAI } from "../testing/builders";
import { debtOf } from "./debt";
import { placeOf } from "./place";

const us = marketPack("us");
const cn = marketPack("cn");
const nowhere = (fields: { readonly [key: string]: string } = {}) => anAccount("A-1", { timeZone: null, fields });
const phone = (address: string) => aPhone(nowhere().partyId, { address, simulated: false });

describe("where a party is", () => {
  it("is what was imported with the address, before anything else", () => {
    const account = anAccount("A-1", { fields: { province: "Texas" } });
    expect(placeOf(account, phone("+12125550123"), us)).toEqual({ region: "US-TX", timeZones: [SHANGHAI] });
  });

  it("is the region of the address, with every zone it lies in", () => {
    const zones = ["America/Chicago", "America/Denver"];
    expect(placeOf(nowhere({ state: " texas " }), phone("+12125550123"), us)).toEqual({
      region: "US-TX",
      timeZones: zones,
    });
    expect(placeOf(nowhere({ province: "广东省" }), null, cn)).toEqual({ region: "CN-GD", timeZones: [SHANGHAI] });
    expect(placeOf(nowhere({ region_code: "US-MA", state: "Texas" }), null, us).region).toBe("US-MA");
  });

  it("is the area of the number where there is no address", () => {
    const zonesOf = (address: string, pack = us) => placeOf(nowhere(), phone(address), pack).timeZones;
    expect(zonesOf("+12125550123")).toEqual(["America/New_York"]);
    expect(zonesOf("+18505550123")).toEqual(["America/New_York", "America/Chicago"]);
    // Without the areas, or for one nobody knows, it is every zone of the country.
    expect(zonesOf("+12125550123", cn).length).toBeGreaterThan(6);
    expect(zonesOf("+8613800001234")).toEqual([SHANGHAI]);
    expect(zonesOf("+861062221234")).toEqual([SHANGHAI]);
    expect(zonesOf("+447400123456")).toEqual(["Europe/London"]);
  });

  it("is unknown where nothing says it: no number, one that cannot exist, a country of many zones, a mailbox", () => {
    for (const to of [null, phone("sim:13800000001"), phone("+999"), phone("+61491570156")]) {
      expect(placeOf(nowhere(), to, us).timeZones).toEqual([]);
    }
    const mailbox = aPhone(nowhere().partyId, { kind: "email", address: "+12125550123" });
    expect(placeOf(nowhere({ state: "Atlantis" }), mailbox, us)).toEqual({ region: undefined, timeZones: [] });
  });
});

describe("the parts of a debt", () => {
  const parts = {
    principal_balance: 600_000,
    loan_amount: 1_000_000,
    total_paid: 450_000,
    interest_due: 10_000,
    penalty_due: 2_000,
    fee_due: 500,
    disburse_date: "2025-03-02",
    due_date: "2025-12-01",
    last_payment_date: "2025-11-20",
  };
  const at = { nowMs: Date.UTC(2026, 2, 2, 2), zone: SHANGHAI };

  it("come from the lender's file, principal over time as if it had fallen in a straight line", () => {
    expect(debtOf(anAccount("A-1", { fields: parts }), { product_type: "instalment" }, at)).toEqual({
      principalMinor: 600_000,
      chargesMinor: 12_500,
      chargesPaidMinor: 50_000,
      principalDays: 800_000 * 365,
      dueOn: "2025-12-01",
      lastPaymentOn: "2025-11-20",
    });
  });

  it("stay unknown where the file is silent, and for a revolving debt", () => {
    const { fee_due: _, ...unclear } = parts;
    const known = debtOf(anAccount("A-1", { fields: unclear }), { product_type: "credit-card" }, at);
    expect([known.chargesMinor, known.principalDays]).toEqual([undefined, undefined]);
    expect(debtOf(anAccount("A-1", { fields: {} }), {}, at)).toEqual({});
  });
});
