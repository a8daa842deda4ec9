import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DAY_MS, instantAt, localMinuteOfDay } from "../../model/time";
import { daysPastDue } from "../../portfolio/facts";
import { synthesisePortfolio } from "../../portfolio/synthesise";
import { baseAssumptions } from "../assumptions/presets";
import { type Debtor, segmentOf } from "./people";
import { amountOf, promiseAfter, type SettlementCause, settlementsOf } from "./settlements";

const FROM = "2026-03-02";
const timeZone = "Asia/Shanghai";
const fromMs = instantAt(timeZone, FROM, 540);
const { accounts } = synthesisePortfolio({ seed: 3, accounts: 8000, dataDate: FROM });
type Subject = (typeof accounts)[number];

const debtor = (account: Subject, seed: number): Debtor => ({ account, seed, timeZone, assumptions: baseAssumptions });
const month = ({ overdueMinor }: Subject): SettlementCause => ({
  kind: "own-accord",
  fromMs,
  untilMs: fromMs + 30 * DAY_MS,
  dueMinor: overdueMinor,
});
const overdue = accounts.filter(({ overdueMinor }) => overdueMinor > 0);

describe("what simulated people pay of their own accord", () => {
  it("comes as often as the bands and segments say", () => {
    const later = overdue.filter((account) => daysPastDue(account, FROM) > 180);
    const early = overdue.filter((account) => daysPastDue(account, FROM) > 0 && daysPastDue(account, FROM) <= 10);
    /** Within one band the chance of no payment in the time is e to the minus rate. */
    const expected = (of: readonly Subject[], band: number, days: number): number =>
      of.reduce((sum, account) => {
        const rate = (baseAssumptions.repayment.bands[band]?.lambdaInf ?? 0) * segmentOf(debtor(account, 9)).rate;
        return sum + 1 - Math.exp(-rate * days);
      }, 0);
    const payers = (of: readonly Subject[], days: number): number =>
      of.filter((account) => {
        const cause = { ...month(account), untilMs: fromMs + days * DAY_MS };
        return settlementsOf(debtor(account, 9), cause).length > 0;
      }).length;
    for (const [of, band, days] of [
      [later, 5, 300],
      [early, 1, 15],
    ] as const) {
      const mean = expected(of, band, days);
      expect(of.length).toBeGreaterThan(150);
      expect(Math.abs(payers(of, days) - mean)).toBeLessThan(4 * Math.sqrt(mean) + 1);
    }
  });

  it("is positive, in paying hours, within the run, in the order of time and the same again", () => {
    fc.assert(
      fc.property(fc.constantFrom(...overdue), fc.integer({ min: 0, max: 1_000_000 }), (account, seed) => {
        const own = debtor(account, seed);
        const cause = { ...month(account), untilMs: fromMs + 400 * DAY_MS };
        const settlements = settlementsOf(own, cause);
        expect(settlementsOf(own, cause)).toEqual(settlements);
        expect([...settlements].sort((left, right) => left.atMs - right.atMs)).toEqual(settlements);
        for (const { atMs, amountMinor, share } of settlements) {
          expect(amountMinor).toBeGreaterThan(0);
          expect(share > 0 && share <= 1).toBe(true);
          expect(amountMinor).toBeLessThanOrEqual(account.overdueMinor);
          expect(atMs).toBeGreaterThan(fromMs);
          expect(atMs).toBeLessThan(cause.untilMs);
          expect(localMinuteOfDay(timeZone, atMs)).toBeGreaterThanOrEqual(480);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("is never more, in all, than there was to pay", () => {
    for (const account of overdue.slice(0, 800)) {
      const cause = { ...month(account), untilMs: fromMs + 400 * DAY_MS };
      let due = account.overdueMinor;
      for (const { share } of settlementsOf(debtor(account, 2), cause)) due -= amountOf(share, due);
      expect(due).toBeGreaterThanOrEqual(0);
    }
  });
});

describe("the latent segments", () => {
  it("come in the mix of the band, and a person keeps theirs", () => {
    const later = overdue.filter((account) => daysPastDue(account, FROM) > 180);
    const insolvent =
      later.filter((account) => segmentOf(debtor(account, 1)).key === "insolvent").length / later.length;
    expect(Math.abs(insolvent - 0.3)).toBeLessThan(0.1);
    for (const account of later.slice(0, 50)) {
      expect(segmentOf(debtor(account, 1))).toBe(segmentOf(debtor(account, 1)));
    }
  });
});

describe("what a contact brings", () => {
  const contact = (account: Subject, outcome: string, ordinal = 0): SettlementCause => ({
    kind: "contact",
    channel: "robot",
    outcome,
    ordinal,
    atMs: fromMs,
    dueMinor: account.overdueMinor,
  });
  const payersAfter = (outcome: string): number =>
    overdue.filter((account) => settlementsOf(debtor(account, 4), contact(account, outcome)).length > 0).length;

  it("is most after a promise, less after a mere conversation, nothing after no answer", () => {
    expect(payersAfter("PTP")).toBeGreaterThan(payersAfter("RPC"));
    expect(payersAfter("RPC")).toBeGreaterThan(payersAfter("NA"));
    expect(payersAfter("NA")).toBe(0);
    expect(payersAfter("toString")).toBe(0);
  });

  it("binds less when a robot was promised than when a person was", () => {
    const kept = (channel: "robot" | "agent"): number =>
      overdue.filter((account) => {
        const cause: SettlementCause = {
          ...contact(account, "PTP"),
          kind: "contact",
          channel,
          outcome: "PTP",
          ordinal: 0,
          atMs: fromMs,
        };
        return settlementsOf(debtor(account, 4), cause).length > 0;
      }).length;
    expect(kept("agent")).toBeGreaterThan(kept("robot"));
  });

  it("never comes before the contact", () => {
    for (const account of overdue.slice(0, 500)) {
      const cause = { ...contact(account, "CLK", 2), channel: "sms" } as SettlementCause;
      for (const { atMs } of settlementsOf(debtor(account, 4), cause)) expect(atMs).toBeGreaterThan(fromMs);
    }
  });

  it("keeps a promise on the day it would, with the amount that was named", () => {
    const promised = overdue.flatMap((account) => {
      const cause = { channel: "robot", outcome: "PPP", ordinal: 0, atMs: fromMs } as const;
      const terms = promiseAfter(debtor(account, 4), cause, account.overdueMinor);
      const [paid] = settlementsOf(debtor(account, 4), contact(account, "PPP"));
      return terms === null || paid === undefined ? [] : [{ terms, paid, account }];
    });
    expect(promised.length).toBeGreaterThan(150);
    for (const { terms, paid, account } of promised) {
      expect(paid.amountMinor).toBe(terms.amountMinor);
      expect(terms.amountMinor).toBeLessThanOrEqual(account.overdueMinor);
      expect(instantAt(timeZone, terms.dueDate, 0)).toBeLessThanOrEqual(paid.atMs);
    }
  });

  it("is nothing where nothing is overdue", () => {
    const account = { ...accounts[0], overdueMinor: 0 } as Subject;
    expect(settlementsOf(debtor(account, 4), month(account))).toEqual([]);
  });
});
