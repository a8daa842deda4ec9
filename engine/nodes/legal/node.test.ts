import { describe, expect, test } from "vitest";
import { TASK_OUTCOMES } from "../../model/program";
import { DAY_MS } from "../../model/time";
import { EXECUTORS, lines, MONDAY_9_MS, story } from "../../run/testing/both-executors";
import { problemsOf, programWith } from "../testing/work-story";
import { legal } from "./node";

const data = {
  ...legal.initial(),
  queue: "lawyers",
  claimableFact: "owed",
  limitationFact: "limitation_date",
  safetyDays: 30,
  winShare: 0.9,
  collectShare: 0.5,
  costMinor: 100_000,
  costShare: 0.05,
  costCapMinor: 400_000,
  minNetMinor: 50_000,
  giveUpDays: 365,
};
/** Monday, 2 March 2026; thirty days later it is 1 April. */
const late = { dpd: 150, account_status: "open", owed: 1_000_000, limitation_date: "2026-04-02" };

describe.each(EXECUTORS)("on the %s executor", (_, link) => {
  const referred = async (facts: object = {}, change: object = {}) => {
    const account = story(link, programWith(legal, { ...data, ...change }));
    return { account, first: await account.start({ ...late, ...facts }) };
  };
  const endOf = async (facts: object, change: object = {}) => {
    const { account, first } = await referred(facts, change);
    expect(first.effects).toEqual([]);
    return account.state().exit?.label;
  };

  test("a claim that pays and is in time goes to the lawyers with its figures", async () => {
    const { first } = await referred();
    expect(lines(first).slice(1)).toEqual([
      "step.set(step/claimable,step/cost,step/net) -> next",
      "step/gate.otherwise -> refer",
      "step/referral.requested(1)",
    ]);
    // 1,000,000 x 0.9 x 0.5 = 450,000 expected, less 100,000 and a twentieth of the claim.
    expect(first.effects).toMatchObject([
      {
        task: "legal",
        desk: { queue: "lawyers", dueAtMs: MONDAY_9_MS + 15 * DAY_MS },
        details: {
          claimable: 1_000_000,
          expected_net: 300_000,
          expected_cost: 150_000,
          cost_cap: 400_000,
          limitation_date: "2026-04-02",
        },
        notAfterMs: MONDAY_9_MS + 365 * DAY_MS,
      },
    ]);
  });

  test("a claim that would bring in less than it must is not worth it, to the fen", async () => {
    // Net is 0.4 of the claim less 100,000: 50,000 at 375,000.
    const { first } = await referred({ owed: 375_000 });
    expect(first.effects).toHaveLength(1);
    expect(await endOf({ owed: 374_998 })).toBe("not-worth");
  });

  test("a claim that would cost more than the cap is not worth it whatever it brings", async () => {
    const { first } = await referred({ owed: 6_000_000 });
    expect(first.effects).toHaveLength(1);
    expect(await endOf({ owed: 6_000_020 })).toBe("not-worth");
  });

  test("a claim with too few days left, or none, is time-barred before anything else is asked", async () => {
    expect(await endOf({ limitation_date: "2026-04-01" })).toBe("time-barred");
    expect(await endOf({ limitation_date: "2025-12-31" })).toBe("time-barred");
    expect(await endOf({ limitation_date: "2026-03-02", owed: null })).toBe("time-barred");
  });

  test("what cannot be reckoned is not taken to court", async () => {
    expect(await endOf({ owed: null })).toBe("unknown");
    expect(await endOf({ limitation_date: null })).toBe("unknown");
    expect(await endOf({ limitation_date: "soon" })).toBe("unknown");
  });

  test.each(TASK_OUTCOMES.legal)("goes by “%s”", async (outcome) => {
    const { account } = await referred();
    await account.send({ type: "task.completed", stepSeq: 4, attempt: 1, outcome });
    expect(account.state().exit).toMatchObject({ label: outcome });
  });

  test("an end nobody knows and no end at all are two things", async () => {
    const odd = await referred();
    await odd.account.send({ type: "task.completed", stepSeq: 4, attempt: 1, outcome: "won" });
    expect(odd.account.state().exit).toMatchObject({ label: "unknown" });
    const none = await referred();
    await none.account.send({ type: "timer.fired", stepSeq: 4 });
    expect(none.account.state().exit).toMatchObject({ label: "expired" });
  });
});

test("figures of the step live under its own name, where no variable of the author can be", () => {
  const account = programWith(legal, data, {
    variables: [{ name: "net", type: "money", initial: 7 }],
  });
  expect(Object.keys(account.ruleSets.step?.types ?? {}).sort()).toEqual([
    "limitation_date",
    "var.step/cost",
    "var.step/net",
  ]);
});

test("lint names what is missing and figures that can never come true", () => {
  expect(problemsOf(legal, data)).toEqual([]);
  expect(problemsOf(legal, legal.initial())).toEqual([
    "error work.fact-missing claimableFact",
    "error work.fact-missing limitationFact",
    "error work.queue-missing queue",
  ]);
  expect(problemsOf(legal, { ...data, limitationFact: "owed" })).toEqual(["error work.fact-type limitationFact"]);
  expect(problemsOf(legal, { ...data, winShare: 0 })).toEqual(["error legal.nothing-won winShare"]);
  expect(problemsOf(legal, { ...data, collectShare: 0 })).toEqual(["error legal.nothing-won collectShare"]);
  expect(problemsOf(legal, { ...data, costMinor: 400_001 })).toEqual(["error legal.cost-above-cap costCapMinor"]);
  expect(problemsOf(legal, { ...data, costMinor: 0, costShare: 0 })).toEqual(["warning legal.cost-free costMinor"]);
  expect(problemsOf(legal, data, { horizonDays: 364 })).toEqual(["warning work.beyond-horizon giveUpDays"]);
});
