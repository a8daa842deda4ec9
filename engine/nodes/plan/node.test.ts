import { describe, expect, test } from "vitest";
import { DAY_MS } from "../../model/time";
import { type EventDetails, EXECUTORS, lines, MONDAY_9_MS, type Story, story } from "../../run/testing/both-executors";
import { problemsOf, programWith } from "../testing/work-story";
import { plan } from "./node";

const data = {
  ...plan.initial(),
  queue: "plans",
  approvalQueue: "supervisors",
  amountFact: "owed",
  maxInstalments: 12,
  minInstalmentMinor: 50_000,
  downPaymentShare: 0.1,
  firstDueDays: 7,
  offerDays: 5,
  authorityAmountMinor: 1_000_000,
  authorityInstalments: 6,
  runDays: 30,
};
const late = { dpd: 40, account_status: "open" };

/** Answers the work that is out. */
function answer(account: Story, outcome: string) {
  const { stepSeq, attempt } = account.state();
  const event: EventDetails = { type: "task.completed", stepSeq, attempt, outcome };
  return account.send(event);
}

describe.each(EXECUTORS)("on the %s executor", (_, link) => {
  const begun = async (facts: object, change: object = {}) => {
    const account = story(link, programWith(plan, { ...data, ...change }));
    return { account, first: await account.start({ ...late, ...facts }) };
  };
  const agreed = async (change: object = {}) => {
    const { account } = await begun({ owed: 300_000 }, change);
    return { account, outcome: await answer(account, "accepted") };
  };
  const timer = (account: Story) => account.send({ type: "timer.fired", stepSeq: account.state().stepSeq });

  test("terms within authority are offered at once, with the most instalments the amount has room for", async () => {
    // 300,000 less a tenth is 270,000: five instalments of at least 50,000.
    const { first } = await begun({ owed: 300_000 });
    expect(lines(first).slice(1)).toEqual([
      "step.set(step/amount,step/down_payment,step/longest) -> next",
      "step/authority.rule-holds(within) -> within",
      "step/offer.requested(1)",
    ]);
    expect(first.effects).toMatchObject([
      {
        kind: "task.request",
        task: "plan",
        desk: { queue: "plans" },
        details: {
          amount: 300_000,
          down_payment: 30_000,
          max_instalments: 5,
          min_instalment: 50_000,
          first_due_by: "2026-03-09",
          answer_by: "2026-03-07",
        },
        notAfterMs: MONDAY_9_MS + 5 * DAY_MS,
      },
    ]);
  });

  test.each([
    [100_000, 1],
    [111_111, 2],
    [388_889, 7],
    [666_666, 11],
    [666_667, 12],
    [9_000_000, 12],
    [10_000, 1],
  ])("an amount of %i has room for %i instalments", async (owed, instalments) => {
    const { account } = await begun({ owed });
    expect(account.state().vars).toMatchObject({ "step/longest": instalments });
  });

  test.each([
    ["a larger amount", { owed: 1_000_001 }],
    ["a longer plan", { owed: 400_000 }],
  ])("%s is approved before anything is offered", async (_title, facts) => {
    const { account, first } = await begun(facts);
    expect(first.effects).toMatchObject([{ task: "approval", desk: { queue: "supervisors" } }]);
    const approved = await answer(account, "approved");
    expect(approved.effects).toMatchObject([{ task: "plan", details: { amount: facts.owed } }]);
  });

  test.each(["rejected", "changes-requested", "perhaps"])(
    "an approval that ends with “%s” offers nothing",
    async (no) => {
      const { account } = await begun({ owed: 2_000_000 });
      const refused = await answer(account, no);
      expect(refused.effects).toEqual([]);
      expect(account.state().exit).toMatchObject({ label: "not-approved" });
    },
  );

  test("an approval nobody gave in time offers nothing either", async () => {
    const { account } = await begun({ owed: 2_000_000 });
    await timer(account);
    expect(account.state().exit).toMatchObject({ label: "expired" });
  });

  test("an amount nobody knows is not offered and not approved", async () => {
    const { account, first } = await begun({});
    expect(first.effects).toEqual([]);
    expect(account.state().exit).toMatchObject({ label: "unknown" });
  });

  test.each(["declined", "not-affordable", "not-approved"])(
    "an offer that ends with “%s” goes by it",
    async (outcome) => {
      const { account } = await begun({ owed: 300_000 });
      await answer(account, outcome);
      expect(account.state().exit).toMatchObject({ label: outcome });
    },
  );

  test("an offer lapses", async () => {
    const { account } = await begun({ owed: 300_000 });
    const lapsed = await timer(account);
    expect(lapsed.effects).toMatchObject([{ kind: "request.cancel" }]);
    expect(account.state().exit).toMatchObject({ label: "expired" });
  });

  test("while the plan runs the party is held, and its payments are still heard", async () => {
    const { account, outcome } = await agreed();
    expect(outcome.effects).toEqual([{ kind: "hold.place", hold: "active-plan", untilMs: null }]);
    const paid = await account.send(
      { type: "payment.posted", amountMinor: 50_000 },
      { facts: { ...late, owed: 250_000, plan_status: "active" }, nowMs: MONDAY_9_MS + 3600_000 },
    );
    expect(lines(paid)).toEqual(["step/running.watch-checked"]);
  });

  test.each(["completed", "broken"])("a plan that is %s ends at once, and so does its hold", async (status) => {
    const { account } = await agreed();
    const facts = { ...late, owed: 0, plan_status: status };
    const ended = await account.send({ type: "facts.changed" }, { facts });
    expect(lines(ended)).toEqual([
      `step/running.watch-holds(${status}) -> ended`,
      `step/status.rule-holds(${status}) -> ${status}`,
      `step/release-${status}.hold-released(active-plan) -> next`,
      `to-${status}.exit(completed)`,
    ]);
    expect(ended.effects).toEqual([{ kind: "hold.release", hold: "active-plan" }]);
  });

  test("a plan that breaks by silence is found at the next look", async () => {
    const { account } = await agreed({ lookEveryDays: 3 });
    expect(account.state().wakeAtMs).toBe(MONDAY_9_MS + 3 * DAY_MS);
    await account.send({ type: "reply.received", channel: "sms" }, { facts: { ...late, plan_status: "broken" } });
    await timer(account);
    expect(account.state().exit).toMatchObject({ label: "broken" });
  });

  test.each([
    ["expired", { plan_status: "active" }],
    ["unknown", {}],
    ["unknown", { plan_status: 7 }],
  ])("a plan is followed for its days and then let go by “%s”", async (label, facts) => {
    const { account } = await agreed({ lookEveryDays: 7 });
    await account.send({ type: "reply.received", channel: "sms" }, { facts: { ...late, ...facts } });
    const looks: (number | null)[] = [];
    while (account.state().status === "active" && looks.length < 20) {
      looks.push(account.state().wakeAtMs);
      await timer(account);
    }
    // Looked at on days 7, 14, 21, 28 and, the thirty days being over, on day 35 for the last time.
    expect(looks).toEqual([7, 14, 21, 28, 35].map((day) => MONDAY_9_MS + day * DAY_MS));
    expect(account.state().exit).toMatchObject({ label });
  });

  test("a plan without a hold places and releases none", async () => {
    const { account, outcome } = await agreed({ holdWhileRunning: false });
    expect(outcome.effects).toEqual([]);
    const facts = { ...late, plan_status: "completed" };
    expect((await account.send({ type: "facts.changed" }, { facts })).effects).toEqual([]);
    expect(account.state().exit).toMatchObject({ label: "completed" });
  });
});

test("only the wait for the plan's end is heard in spite of the plan's hold", () => {
  const despite = (change: object) =>
    Object.values(programWith(plan, { ...data, ...change }).steps).flatMap(({ id, spec }) =>
      "despite" in spec ? [[id, spec.despite]] : [],
    );
  expect(despite({})).toEqual([["step/running", ["active-plan"]]]);
  expect(despite({ holdWhileRunning: false })).toEqual([]);
});

describe("lint", () => {
  const enough = { ...data, runDays: 400 };
  test("passes what is complete, and names what is missing", () => {
    expect(problemsOf(plan, enough)).toEqual([]);
    expect(problemsOf(plan, plan.initial())).toEqual([
      "error work.fact-missing amountFact",
      "error work.queue-missing approvalQueue",
      "error work.queue-missing queue",
    ]);
  });

  test("wants an amount of money", () => {
    expect(problemsOf(plan, { ...enough, amountFact: "dpd" })).toEqual(["error work.fact-type amountFact"]);
    expect(problemsOf(plan, { ...enough, amountFact: "customer_name" })).toEqual([
      "error condition.fact-not-usable amountFact",
    ]);
  });

  test("points out authority and times that do not fit the plan", () => {
    expect(problemsOf(plan, { ...enough, authorityInstalments: 13 })).toEqual([
      "warning plan.authority-idle authorityInstalments",
    ]);
    expect(problemsOf(plan, data)).toEqual(["warning plan.outlives-wait runDays"]);
    expect(problemsOf(plan, enough, { horizonDays: 399 })).toEqual(["warning work.beyond-horizon runDays"]);
    expect(problemsOf(plan, { ...enough, dueHours: 121 })).toEqual(["warning work.due-after-end dueHours"]);
  });
});
