import { describe, expect, test } from "vitest";
import { HOLD_KINDS } from "../../model/policy";
import { DAY_MS, HOUR_MS } from "../../model/time";
import { EXECUTORS, lines, MONDAY_9_MS, story } from "../../run/testing/both-executors";
import { contextWith } from "../testing/context";
import { problemsOf, programWith } from "../testing/work-story";
import { placement } from "./node";

const data = {
  ...placement.initial(),
  queue: "agencies",
  hand: "2",
  agency: "Harbour",
  eligibleWhen: { fact: "owed", operator: "greaterThanInclusive", value: 100_000 },
  termDays: 90,
  returnDays: 3,
  recallRules: [
    { id: "idle", when: { fact: "attempts.30d", operator: "equal", value: 0 } },
    { id: "small", when: { fact: "owed", operator: "lessThan", value: 5_000 } },
  ],
  lookEveryHours: 24,
} as const;
const late = { dpd: 120, account_status: "open", owed: 500_000, "attempts.30d": 4 };
const DUE_MS = MONDAY_9_MS + 93 * DAY_MS;

describe.each(EXECUTORS)("on the %s executor", (_, link) => {
  const placed = async (facts: object = {}, change: object = {}) => {
    const account = story(link, programWith(placement, { ...data, ...change }));
    return { account, first: await account.start({ ...late, ...facts }) };
  };

  test("an eligible account goes to the agency for its term", async () => {
    const { account, first } = await placed();
    expect(first.effects).toEqual([
      {
        kind: "task.request",
        stepSeq: 3,
        nodeId: "step/placed",
        attempt: 1,
        task: "placement",
        desk: { queue: "agencies", priority: 5, dueAtMs: MONDAY_9_MS + 48 * HOUR_MS },
        details: { hand: 2, agency: "Harbour", commission_share: 0.2, term_days: 90, term_ends_on: "2026-05-31" },
        notAfterMs: DUE_MS,
      },
    ]);
    expect(account.state().wakeAtMs).toBe(MONDAY_9_MS + DAY_MS);
  });

  test("any eligible agency will do when none is named", async () => {
    const { first } = await placed({}, { agency: "" });
    expect(first.effects).toMatchObject([{ details: { agency: null } }]);
  });

  test("an account that is not eligible, or cannot be judged, is not given out", async () => {
    const small = await placed({ owed: 99_999 });
    expect([small.first.effects, small.account.state().exit?.label]).toEqual([[], "not-eligible"]);
    const unclear = await placed({ owed: null });
    expect([unclear.first.effects, unclear.account.state().exit?.label]).toEqual([[], "unknown"]);
  });

  test.each(["returned", "refused", "recalled"])("comes back by “%s”", async (outcome) => {
    const { account } = await placed();
    const back = await account.send({ type: "task.completed", stepSeq: 3, attempt: 1, outcome });
    expect(back.effects).toEqual([]);
    expect(account.state().exit).toMatchObject({ label: outcome });
  });

  test("a recall rule that holds takes it back at once", async () => {
    const { account } = await placed();
    const facts = { ...late, owed: 4_000 };
    const recalled = await account.send({ type: "payment.posted", amountMinor: 496_000 }, { facts });
    expect(lines(recalled)[0]).toBe("step/placed.watch-holds(small) -> recalled");
    expect(recalled.effects).toEqual([{ kind: "request.cancel", stepSeq: 3, attempt: 1 }]);
  });

  test("an agency that does nothing is found out by looking", async () => {
    const { account } = await placed();
    const looked = await account.send({ type: "timer.fired", stepSeq: 3 });
    expect(lines(looked)).toEqual(["step/placed.watch-checked"]);
    expect(account.state().wakeAtMs).toBe(MONDAY_9_MS + 2 * DAY_MS);
    const idle = await account.send({ type: "timer.fired", stepSeq: 3 }, { facts: { ...late, "attempts.30d": 0 } });
    expect(lines(idle)[0]).toBe("step/placed.watch-holds(idle) -> recalled");
  });

  test("a recall rule that cannot be told recalls nothing", async () => {
    const { account } = await placed();
    const facts = { ...late, owed: null, "attempts.30d": null };
    expect(lines(await account.send({ type: "facts.changed" }, { facts }))).toEqual(["step/placed.watch-checked"]);
  });

  test("an agency that keeps the account beyond its time loses it", async () => {
    const { account } = await placed({}, { lookEveryHours: 0 });
    expect(account.state().wakeAtMs).toBe(DUE_MS);
    const expired = await account.send({ type: "timer.fired", stepSeq: 3 });
    expect(lines(expired)[0]).toBe("step/placed.expired -> expired");
    expect(expired.effects).toEqual([{ kind: "request.cancel", stepSeq: 3, attempt: 1 }]);
  });

  test("an answer nobody knows is not taken for a return", async () => {
    const { account } = await placed();
    await account.send({ type: "task.completed", stepSeq: 3, attempt: 1, outcome: "lost" });
    expect(account.state().exit).toMatchObject({ label: "unknown" });
  });

  test("without recall rules only people recall", async () => {
    const { account } = await placed({}, { recallRules: [] });
    const nothing = await account.send({ type: "payment.posted", amountMinor: 1 }, { facts: { ...late, owed: 1 } });
    expect(lines(nothing)).toEqual(["step/placed.ignored-not-awaited(payment.posted)"]);
  });
});

test("no hold keeps an account at an agency", () => {
  expect(programWith(placement, data).steps["step/placed"]?.spec).toMatchObject({ despite: HOLD_KINDS });
});

test("the term, the days for giving back and the longest wait agree", () => {
  const accepts = (change: object): boolean => placement.schema.safeParse({ ...data, ...change }).success;
  expect([accepts({ termDays: 365, returnDays: 30 }), accepts({ termDays: 366 })]).toEqual([true, false]);
  expect(accepts({ hand: "4" })).toBe(false);
});

test("lint names what is missing", () => {
  expect(problemsOf(placement, data)).toEqual([]);
  expect(problemsOf(placement, placement.initial())).toEqual([
    "error placement.eligible-missing eligibleWhen",
    "error work.queue-missing queue",
    "warning placement.no-recall recallRules",
  ]);
  const recallRules = [
    { id: "a", when: null },
    { id: "a", when: { fact: "mood", operator: "equal", value: 1 } },
  ];
  expect(problemsOf(placement, { ...data, recallRules })).toEqual([
    "error placement.rule-empty recallRules[0].when",
    "error placement.rule-twice recallRules[1].id",
    "error condition.fact-unknown recallRules[1].when.fact",
  ]);
  expect(problemsOf(placement, data, { horizonDays: 90 })).toEqual(["warning work.beyond-horizon termDays"]);
  const eligibleWhen = { fact: "owed", operator: "greaterThan", value: "much" };
  expect(problemsOf(placement, { ...data, eligibleWhen })).toEqual(["error condition.value-type eligibleWhen.value"]);
});

test("an unfinished condition is never compiled", () => {
  expect(() => placement.compile(placement.initial(), contextWith())).toThrow("placement.rule-empty");
});
