import { describe, expect, it } from "vitest";
import type { WaitingPlacement } from "#db/queries/agency-batch";
import type { Agency } from "#engine/model/agency";
import { DAY_MS } from "#engine/model/time";
import type { ContactHistoryEntry } from "#engine/ports/outbox";
import { anAccount, aPhone, MONDAY_MORNING_MS } from "#engine/testing/builders";
import { DEMAND_MARKET } from "#engine/testing/demand-market";
import { decidePlacements } from "./decide-placements";

/** The rules of this market want a demand a fortnight old, and an agency that is on the list. */

const NOW = MONDAY_MORNING_MS;
const ACCOUNT = anAccount("A-1");
const LISTED: Agency = { code: "harbour", name: "Harbour", standing: { whitelisted: true } };
const UNLISTED: Agency = { code: "narrow", name: "Narrow", standing: { whitelisted: false } };

const demandBefore = (days: number, outcome: string | null = "DLV"): ContactHistoryEntry => ({
  ...{ atMs: NOW - days * DAY_MS, channel: "sms", contactPointId: aPhone(ACCOUNT.partyId).id, accountId: ACCOUNT.id },
  ...{
    connected: false,
    conversed: false,
    settled: true,
    outcome,
    notice: "demand",
    enrollmentId: "enr_1",
    visit: "enr_1:1",
  },
});

const waiting = (history: readonly ContactHistoryEntry[], agency: string | null = null): WaitingPlacement => ({
  ...{ intentKey: "enr_1:2:1", partyId: ACCOUNT.partyId, accountId: ACCOUNT.id, enrollmentId: "enr_1" },
  ...{
    details: agency === null ? {} : { agency },
    market: "cn",
    rulePack: "cn-default",
    notAfterMs: NOW + 60 * DAY_MS,
  },
  snapshot: {
    ...{ account: ACCOUNT, paidMinor: 0, contacts7d: 0, conversations7d: 0, otherAccounts: 0, arms: {} },
    ...{ contactPoints: [aPhone(ACCOUNT.partyId)], promise: null, plan: null, periods: {}, simulated: false },
  },
  party: { history, holds: [] },
});

const decide = (one: WaitingPlacement, agencies: readonly Agency[] = [UNLISTED, LISTED]) =>
  decidePlacements(
    [one],
    { nowMs: NOW, out: {} },
    { agencies, house: {}, packOf: () => DEMAND_MARKET, timeZone: "Asia/Shanghai" },
  )[0];

describe("an account that waits for an agency is asked about as the gate asks", () => {
  it("goes to the one that may have it once the demand is old enough", () => {
    expect(decide(waiting([demandBefore(14)]))).toMatchObject({ kind: "place", agency: "harbour" });
    expect(decide(waiting([demandBefore(14)], "harbour"))).toMatchObject({ kind: "place", agency: "harbour" });
  });

  it("waits while the demand is young", () => {
    expect(decide(waiting([demandBefore(3)]))?.kind).toBe("wait");
  });

  it("is refused without a demand, after one that came back, and where the agency named may not have it", () => {
    for (const history of [[], [demandBefore(14, "UND")]]) {
      const decision = decide(waiting(history));
      expect(decision?.kind).toBe("refuse");
      expect(decision).toMatchObject({
        reasons: expect.arrayContaining([expect.objectContaining({ rule: "demanded" })]),
      });
    }
    const named = decide(waiting([demandBefore(14)], "Narrow"));
    expect(named).toMatchObject({ kind: "refuse", reasons: [{ rule: "listed" }] });
  });

  it("stays in the house while nobody of that name is known", () => {
    expect(decide(waiting([demandBefore(14)], "Nobody"))?.kind).toBe("wait");
  });
});
