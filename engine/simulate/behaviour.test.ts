import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DAY_MS, instantAt, localMinuteOfDay } from "../model/time";
import { daysPastDue } from "../portfolio/facts";
import { synthesisePortfolio } from "../portfolio/synthesise";
import { paymentAssumptions, type SettlementCause, settlementsOf } from "./behaviour";
import { newEventQueue, putEvent, takeEvent } from "./event-queue";

const FROM = "2026-03-02";
const timeZone = "Asia/Shanghai";
const fromMs = instantAt(timeZone, FROM, 540);
const { accounts } = synthesisePortfolio({ seed: 3, accounts: 6000, dataDate: FROM });
const month: SettlementCause = { kind: "own-accord", fromMs, untilMs: fromMs + 30 * DAY_MS };

describe("what simulated people pay of their own accord", () => {
  it("comes out at the assumed share of them", () => {
    const early = accounts.filter((account) => daysPastDue(account, FROM) === 1);
    const later = accounts.filter((account) => [91, 92, 93, 94, 95].includes(daysPastDue(account, FROM)));
    const share = (of: typeof accounts): number =>
      of.filter((account) => settlementsOf({ account, seed: 9, timeZone }, month).length > 0).length / of.length;
    expect(early.length).toBeGreaterThan(30);
    expect(Math.abs(share(early) - (paymentAssumptions.bands[1]?.ownAccord30d ?? 0))).toBeLessThan(0.2);
    expect(share(later)).toBeLessThan(0.15);
  });

  it("is positive, in paying hours, within the run, in the order of time and the same again", () => {
    fc.assert(
      fc.property(fc.constantFrom(...accounts), fc.integer({ min: 0, max: 1_000_000 }), (account, seed) => {
        const debtor = { account, seed, timeZone };
        const cause = { ...month, untilMs: fromMs + 400 * DAY_MS };
        const settlements = settlementsOf(debtor, cause);
        expect(settlementsOf(debtor, cause)).toEqual(settlements);
        expect([...settlements].sort((left, right) => left.atMs - right.atMs)).toEqual(settlements);
        for (const { atMs, amountMinor } of settlements) {
          expect(amountMinor).toBeGreaterThan(0);
          expect(amountMinor).toBeLessThanOrEqual(account.overdueMinor);
          expect(atMs).toBeGreaterThan(fromMs);
          expect(atMs).toBeLessThan(cause.untilMs);
          expect(localMinuteOfDay(timeZone, atMs)).toBeGreaterThanOrEqual(480);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("what a contact brings", () => {
  const payersAfter = (outcome: string): number =>
    accounts.filter((account) => {
      const cause = { kind: "contact", channel: "robot", outcome, ordinal: 0, atMs: fromMs } as const;
      return settlementsOf({ account, seed: 4, timeZone }, cause).length > 0;
    }).length;

  it("is most after a promise, less after a mere conversation, nothing after no answer", () => {
    expect(payersAfter("PTP")).toBeGreaterThan(payersAfter("RPC"));
    expect(payersAfter("RPC")).toBeGreaterThan(payersAfter("NA"));
    expect(payersAfter("NA")).toBe(0);
    expect(payersAfter("toString")).toBe(0);
  });

  it("never comes before the contact", () => {
    for (const account of accounts.slice(0, 500)) {
      const cause = { kind: "contact", channel: "sms", outcome: "CLK", ordinal: 2, atMs: fromMs } as const;
      for (const { atMs } of settlementsOf({ account, seed: 4, timeZone }, cause)) expect(atMs).toBeGreaterThan(fromMs);
    }
  });

  it("is nothing where nothing is overdue", () => {
    const account = { ...accounts[0], overdueMinor: 0 } as (typeof accounts)[number];
    expect(settlementsOf({ account, seed: 4, timeZone }, month)).toEqual([]);
  });
});

describe("the event queue", () => {
  it("gives events back in the order of time, and of arrival within one instant", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 60 }), (instants) => {
        const queue = newEventQueue<number>();
        instants.forEach((atMs, index) => {
          putEvent(queue, atMs, index);
        });
        const taken: number[] = [];
        for (let next = takeEvent(queue); next !== null; next = takeEvent(queue)) taken.push(next.event);
        const expected = instants
          .map((atMs, index) => ({ atMs, index }))
          .sort((a, b) => a.atMs - b.atMs || a.index - b.index);
        expect(taken).toEqual(expected.map(({ index }) => index));
      }),
    );
  });
});
