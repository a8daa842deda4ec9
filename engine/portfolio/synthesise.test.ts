import { describe, expect, it } from "vitest";
import { CHANNELS } from "../model/content";
import { canonicalHash } from "../model/json";
import { BUCKETS, bucketOf, CONTACT_POINT_KINDS } from "../model/party";
import { marketPack } from "../packs";
import { daysPastDue } from "./facts";
import { channelsOf } from "./intake/contacts";
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

  it("has about one person in eight with several loans, and one phone to be tried first each", () => {
    const loans = new Map<string, number>();
    for (const { partyId } of portfolio.accounts) loans.set(partyId, (loans.get(partyId) ?? 0) + 1);
    const several = [...loans.values()].filter((count) => count > 1).length / loans.size;
    expect(several).toBeGreaterThan(0.09);
    expect(several).toBeLessThan(0.15);
    const phones = portfolio.contactPoints.filter(({ kind, rank }) => kind === "phone" && rank === 1);
    expect(new Set(phones.map(({ partyId }) => partyId)).size).toBe(loans.size);
    expect(phones).toHaveLength(loans.size);
  });

  it("holds amounts that fit together, numbers nobody has, and fields the market knows", () => {
    const { fields } = marketPack("cn");
    for (const account of portfolio.accounts) {
      expect(Number.isSafeInteger(account.overdueMinor) && account.overdueMinor > 0).toBe(true);
      expect(account.overdueMinor).toBeLessThanOrEqual(account.totalOutstandingMinor);
      expect(Object.keys(account.fields).filter((key) => fields[key] === undefined)).toEqual([]);
    }
    expect(new Set(portfolio.contactPoints.map(({ id }) => id)).size).toBe(portfolio.contactPoints.length);
    expect(portfolio.contactPoints.every(({ simulated, address }) => simulated && address.startsWith("sim:"))).toBe(
      true,
    );
  });

  it("reaches most people in other ways too, with consent for the channels that lead there and no others", () => {
    const people = new Set(portfolio.contactPoints.map(({ partyId }) => partyId)).size;
    for (const kind of CONTACT_POINT_KINDS) {
      const points = portfolio.contactPoints.filter((point) => point.kind === kind && point.rank === 1);
      expect(points.length, kind).toBeGreaterThan(people * 0.5);
      for (const { consent } of points) {
        const strange = CHANNELS.filter(
          (channel) => consent[channel] !== undefined && !channelsOf(kind).includes(channel),
        );
        expect(strange, kind).toEqual([]);
      }
    }
    const second = portfolio.contactPoints.filter(({ kind, rank }) => kind === "phone" && rank === 2);
    expect(second.length / people).toBeCloseTo(0.3, 1);
  });

  it("lets refusals be seen: masked numbers, refused and unknown consents, unknown places", () => {
    const { contactPoints, accounts } = portfolio;
    expect(contactPoints.filter(({ status }) => status === "masked").length).toBeGreaterThan(20);
    expect(contactPoints.filter(({ consent }) => consent.robot === "refused").length).toBeGreaterThan(20);
    const unsaid = contactPoints.filter(({ kind, consent }) => kind === "phone" && consent.robot === undefined);
    expect(unsaid.length).toBeGreaterThan(20);
    expect(unsaid.length).toBeLessThan(300);
    for (const channel of ["email", "push", "agent", "letter", "visit"] as const) {
      expect(contactPoints.filter(({ consent }) => consent[channel] === "refused").length, channel).toBeGreaterThan(5);
    }
    expect(accounts.filter(({ timeZone }) => timeZone === null).length).toBeGreaterThan(5);
  });
});
