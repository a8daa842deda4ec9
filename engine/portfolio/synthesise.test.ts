import { describe, expect, it } from "vitest";
import { canonicalHash } from "../model/json";
import { BUCKETS, bucketOf } from "../model/party";
import { marketPack } from "../packs";
import { daysPastDue } from "./facts";
import { synthesisePortfolio } from "./synthesise";

const DATE = "2026-03-02";
const portfolio = synthesisePortfolio({ seed: 1, accounts: 4000, dataDate: DATE });

describe("the synthetic portfolio", () => {
  it("is the same bytes for the same seed, and other people's for another", () => {
    const again = synthesisePortfolio({ seed: 1, accounts: 4000, dataDate: DATE });
    const other = synthesisePortfolio({ seed: 2, accounts: 4000, dataDate: DATE });
    expect(canonicalHash(again)).toBe(canonicalHash(portfolio));
    expect(canonicalHash(other)).not.toBe(canonicalHash(portfolio));
  });

  it("has every stage, fewer people the later it is, and says that it is synthetic", () => {
    const counts = BUCKETS.map(
      (bucket) => portfolio.accounts.filter((account) => bucketOf(daysPastDue(account, DATE)) === bucket).length,
    );
    expect(portfolio.synthetic).toBe(true);
    expect(portfolio.accounts).toHaveLength(4000);
    expect(counts.every((count) => count > 0)).toBe(true);
    expect(counts.slice(0, 4)).toEqual([...counts.slice(0, 4)].sort((left, right) => right - left));
  });

  it("has about one person in eight with several loans, and one contact point each", () => {
    const loans = new Map<string, number>();
    for (const { partyId } of portfolio.accounts) loans.set(partyId, (loans.get(partyId) ?? 0) + 1);
    const several = [...loans.values()].filter((count) => count > 1).length / loans.size;
    expect(several).toBeGreaterThan(0.09);
    expect(several).toBeLessThan(0.15);
    expect(portfolio.contactPoints).toHaveLength(loans.size);
  });

  it("holds amounts that fit together, numbers nobody has, and fields the market knows", () => {
    const { fields } = marketPack("cn");
    for (const account of portfolio.accounts) {
      expect(Number.isSafeInteger(account.overdueMinor) && account.overdueMinor > 0).toBe(true);
      expect(account.overdueMinor).toBeLessThanOrEqual(account.totalOutstandingMinor);
      expect(Object.keys(account.fields).filter((key) => fields[key] === undefined)).toEqual([]);
    }
    expect(portfolio.contactPoints.every(({ simulated, address }) => simulated && address.startsWith("sim:"))).toBe(
      true,
    );
  });

  it("lets refusals be seen: masked numbers, refused and unknown consents, unknown places", () => {
    const { contactPoints, accounts } = portfolio;
    expect(contactPoints.filter(({ status }) => status === "masked").length).toBeGreaterThan(20);
    expect(contactPoints.filter(({ consent }) => consent.robot === "refused").length).toBeGreaterThan(20);
    expect(contactPoints.filter(({ consent }) => consent.robot === undefined).length).toBeGreaterThan(20);
    expect(accounts.filter(({ timeZone }) => timeZone === null).length).toBeGreaterThan(5);
  });
});
