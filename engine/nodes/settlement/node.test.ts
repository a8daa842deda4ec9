import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY_MS } from "../../model/time";
import { linkCompiled } from "../../run/compiled";
import { EXECUTORS, MONDAY_9_MS, type Story, SUBJECT, story } from "../../run/testing/both-executors";
import { problemsOf, programWith } from "../testing/work-story";
import { settlement } from "./node";

const data = {
  ...settlement.initial(),
  queue: "settlements",
  approvalQueue: "supervisors",
  totalFact: "owed",
  chargeFacts: ["interest", "fees"],
  principalFact: "principal",
  chargeShare: 0.5,
  offerDays: 10,
  authorityShare: 0.1,
};
const late = { dpd: 95, account_status: "open" };
const owing = { ...late, owed: 1_000_000, principal: 700_000, interest: 200_000, fees: 100_000 };

function answer(account: Story, outcome: string) {
  const { stepSeq, attempt } = account.state();
  return account.send({ type: "task.completed", stepSeq, attempt, outcome });
}

describe.each(EXECUTORS)("on the %s executor", (_, link) => {
  const begun = async (change: object = {}, facts: object = {}) => {
    const account = story(link, programWith(settlement, { ...data, ...change }));
    return { account, first: await account.start({ ...owing, ...facts }) };
  };

  test("half of the charges is waived, and within authority offered at once", async () => {
    const { first } = await begun({ authorityShare: 0.15 });
    expect(first.effects).toMatchObject([
      {
        task: "settlement",
        desk: { queue: "settlements" },
        details: {
          total: 1_000_000,
          settlement_minor: 850_000,
          waived: 150_000,
          waived_share: 0.15,
          answer_by: "2026-03-12",
        },
        notAfterMs: MONDAY_9_MS + 10 * DAY_MS,
      },
    ]);
  });

  test("more than authority allows is approved first, and then offered as it was approved", async () => {
    const { account, first } = await begun();
    expect(first.effects).toMatchObject([
      { task: "approval", desk: { queue: "supervisors" }, details: { settlement_minor: 850_000, waived_share: 0.15 } },
    ]);
    expect((await answer(account, "approved")).effects).toMatchObject([
      { task: "settlement", details: { settlement_minor: 850_000 } },
    ]);
  });

  test("what was not approved is not offered", async () => {
    const { account } = await begun();
    expect((await answer(account, "rejected")).effects).toEqual([]);
    expect(account.state().exit).toMatchObject({ label: "not-approved" });
  });

  test("the floor is what is asked for when the waiver would go below it, and a debt below it is asked for whole", async () => {
    const high = await begun({ floorMinor: 900_000 });
    expect(high.account.state().vars).toMatchObject({ "step/offer": 900_000, "step/waived": 100_000 });
    const small = await begun({ floorMinor: 2_000_000 });
    expect(small.account.state().vars).toMatchObject({ "step/offer": 1_000_000, "step/waived": 0 });
  });

  test("principal is waived only when the author says so", async () => {
    const { account } = await begun({ chargeShare: 1, principalShare: 0.2 });
    expect(account.state().vars).toMatchObject({ "step/offer": 560_000 });
  });

  test.each(["owed", "interest", "fees", "principal"])("without “%s” nothing is offered", async (fact) => {
    const { account, first } = await begun({ authorityShare: 1 }, { [fact]: null });
    expect(first.effects).toEqual([]);
    expect(account.state().exit).toMatchObject({ label: "unknown" });
  });

  test("of nothing owed no share can be told", async () => {
    const { account } = await begun({}, { owed: 0 });
    expect(account.state().exit).toMatchObject({ label: "unknown" });
  });

  test.each(["accepted", "declined"])("goes by “%s”", async (outcome) => {
    const { account } = await begun({ authorityShare: 1 });
    await answer(account, outcome);
    expect(account.state().exit).toMatchObject({ label: outcome });
  });

  test("an offer lapses", async () => {
    const { account } = await begun({ authorityShare: 1 });
    const lapsed = await account.send({ type: "timer.fired", stepSeq: account.state().stepSeq });
    expect(lapsed.effects).toMatchObject([{ kind: "request.cancel" }]);
    expect(account.state().exit).toMatchObject({ label: "expired" });
  });
});

test("never asks for more than is owed, never for less than the smaller of debt and floor, and what is waived is the rest", () => {
  const amount = fc.integer({ min: 0, max: 100_000_000 });
  const share = fc.constantFrom(0, 0.1, 0.333, 0.5, 0.999, 1);
  const settings = fc.record({ chargeShare: share, principalShare: share, floorMinor: amount });
  const debt = fc.record({ principal: amount, interest: amount, fees: amount });
  fc.assert(
    fc.property(settings, debt, (change, parts) => {
      fc.pre(change.chargeShare + change.principalShare > 0);
      const owed = parts.principal + parts.interest + parts.fees;
      fc.pre(owed > 0);
      const executor = linkCompiled(programWith(settlement, { ...data, ...change, authorityShare: 1 }));
      const { effects } = executor.start({ subject: SUBJECT, facts: { ...late, ...parts, owed }, nowMs: MONDAY_9_MS });
      const asked = effects[0];
      if (asked?.kind !== "task.request") throw new Error("an offer is work for people");
      const { settlement_minor: offer, waived } = asked.details;
      expect(Number.isSafeInteger(offer)).toBe(true);
      expect(offer).toBeLessThanOrEqual(owed);
      expect(offer).toBeGreaterThanOrEqual(Math.min(owed, change.floorMinor));
      expect(Number(offer) + Number(waived)).toBe(owed);
    }),
    { numRuns: 60 },
  );
});

test("lint names what is missing and what is in the wrong order", () => {
  expect(problemsOf(settlement, data)).toEqual([]);
  expect(problemsOf(settlement, settlement.initial())).toEqual([
    "error work.queue-missing approvalQueue",
    "error settlement.charges-missing chargeFacts",
    "error work.fact-missing principalFact",
    "error work.queue-missing queue",
    "error work.fact-missing totalFact",
  ]);
  expect(problemsOf(settlement, { ...data, chargeShare: 0 })).toEqual(["error settlement.waives-nothing chargeShare"]);
  expect(problemsOf(settlement, { ...data, principalShare: 0.1 })).toEqual([
    "warning settlement.principal-first principalShare",
  ]);
  expect(problemsOf(settlement, { ...data, chargeFacts: ["interest", "region"] })).toEqual([
    "error work.fact-type chargeFacts[1]",
  ]);
});

test("shows shares as people read them", () => {
  expect(settlement.summary({ ...data, chargeShare: 0.07 }).params).toMatchObject({ charges: 7 });
});
