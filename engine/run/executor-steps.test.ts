import { describe, expect, test } from "vitest";
import type { EnrollmentState } from "../model/execution";
import { DAY_MS } from "../model/time";
import { EXECUTORS, lines, MONDAY_9_MS, story } from "./testing/both-executors";
import { CALL, CALL_STEPS, DONE, LATE, PEOPLE, programAround, START, THREE_DAYS } from "./testing/call-strategy";
import { type DrawnStep, drawnStrategy, programOf, rewired } from "./testing/drawn-strategy";

const callProgram = programOf(drawnStrategy(CALL_STEPS));

describe.each(EXECUTORS)("%s executor, step by step", (_name, link) => {
  const called = () => story(link, callProgram);

  describe("at the entry", () => {
    test("lets in an account for which the entry rule holds", async () => {
      const outcome = await called().start(LATE);
      expect(lines(outcome)).toEqual(["start.entered(enter) -> enter", "next.requested(1)"]);
      expect(outcome.decisions[0]?.factsRead).toEqual({ dpd: 10 });
      expect(outcome.decisions.map(({ stepSeq, atMs }) => [stepSeq, atMs])).toEqual([
        [1, MONDAY_9_MS],
        [2, MONDAY_9_MS],
      ]);
      expect(outcome.state).toEqual({
        status: "active",
        nodeId: "next",
        stepSeq: 2,
        startedAtMs: MONDAY_9_MS,
        enteredAtMs: MONDAY_9_MS,
        wakeAtMs: MONDAY_9_MS + DAY_MS,
        attempt: 1,
        pending: true,
        loopCounts: {},
        vars: {},
        exit: null,
        fault: null,
      } satisfies EnrollmentState);
      expect(outcome.effects).toEqual([
        {
          kind: "contact.request",
          stepSeq: 2,
          nodeId: "next",
          attempt: 1,
          channel: "robot",
          contentId: "robot.reminder",
          partyRole: "self",
          notAfterMs: MONDAY_9_MS + DAY_MS,
        },
      ]);
    });

    test("turns away, and says whether it knew", async () => {
      const refused = await called().start({ dpd: 0 });
      expect(lines(refused)).toEqual(["start.not-eligible"]);
      expect([refused.state.status, refused.state.exit]).toEqual(["exited", { reason: "not-eligible", label: null }]);
      const unknown = await called().start({});
      expect(lines(unknown)).toEqual(["start.eligibility-unknown(enter)"]);
      expect(unknown.state.exit?.reason).toBe("eligibility-unknown");
      expect(unknown.decisions[0]?.factsRead).toEqual({ dpd: null });
    });

    test("does not ask the strategy-wide exits", async () => {
      const outcome = await called().start({ dpd: 10, account_status: "paid" });
      expect(outcome.state.status).toBe("active");
    });
  });

  describe("leaving from anywhere", () => {
    test("a stop request comes before everything, and calls the request back", async () => {
      const account = called();
      await account.start(LATE);
      const outcome = await account.send(
        { type: "stop.requested" },
        { facts: { account_status: "paid" }, nowMs: MONDAY_9_MS + 500 * DAY_MS },
      );
      expect(lines(outcome)).toEqual(["next.stopped"]);
      expect(outcome.effects).toEqual([{ kind: "request.cancel", stepSeq: 2, attempt: 1 }]);
      expect(outcome.state).toMatchObject({
        status: "exited",
        wakeAtMs: null,
        pending: false,
        stepSeq: 2,
        nodeId: "next",
      });
    });

    test("the horizon comes before the strategy's exits", async () => {
      const account = called();
      await account.start(LATE);
      const outcome = await account.send(
        { type: "facts.changed" },
        { facts: { account_status: "paid" }, nowMs: MONDAY_9_MS + 400 * DAY_MS },
      );
      expect(lines(outcome)).toEqual(["next.horizon"]);
    });

    test("the first exit that holds is taken; one that is unknown is passed over", async () => {
      const exits = [
        { id: "rich", reason: "sold", when: { fact: "score", operator: "greaterThan", value: 1 } },
        { id: "paid", reason: "cured", when: { fact: "account_status", operator: "equal", value: "paid" } },
        { id: "also", reason: "closed", when: { fact: "account_status", operator: "equal", value: "paid" } },
      ] as const;
      const steps = { start: START, next: CALL, promised: THREE_DAYS, done: DONE, people: PEOPLE };
      const account = story(link, programOf(drawnStrategy(steps, { exits })));
      await account.start(LATE);
      const outcome = await account.send(
        { type: "payment.posted", amountMinor: 5 },
        { facts: { account_status: "paid" } },
      );
      expect(lines(outcome)).toEqual(["next.strategy-exit(paid)"]);
      expect(outcome.decisions[0]?.factsRead).toEqual({ account_status: "paid", score: null });
      expect(outcome.state.exit).toEqual({ reason: "cured", label: null });
    });

    test("no wake-up lies beyond the horizon", async () => {
      const wait: DrawnStep = {
        type: "wait",
        data: { mode: "duration", durationMinutes: 40 * 1440 },
        to: { elapsed: "done" },
      };
      const steps = { start: START, next: wait, done: DONE };
      const account = story(link, programOf(drawnStrategy(steps, { horizonDays: 30 })));
      expect((await account.start(LATE)).state.wakeAtMs).toBe(MONDAY_9_MS + 30 * DAY_MS);
      expect(lines(await account.send({ type: "timer.fired", stepSeq: 2 }))).toEqual(["next.horizon"]);
    });
  });

  describe("waiting", () => {
    test("for an event or its deadline", async () => {
      const told = async (event: "payment.posted" | "reply.received" | "timer.fired") => {
        const account = called();
        await account.start(LATE);
        await account.send({ type: "contact.result", stepSeq: 2, attempt: 1, outcome: "PTP" });
        if (event === "timer.fired") return lines(await account.send({ type: event, stepSeq: 3 }));
        if (event === "reply.received") return lines(await account.send({ type: event, channel: "sms" }));
        return lines(await account.send({ type: event, amountMinor: 100 }));
      };
      expect(await told("payment.posted")).toEqual([
        "promised.happened(payment.posted) -> happened",
        "done.exit(completed)",
      ]);
      expect(await told("timer.fired")).toEqual(["promised.elapsed -> elapsed", "people.exit(handed-to-people)"]);
      expect(await told("reply.received")).toEqual(["promised.ignored-not-awaited(reply.received)"]);
    });

    test("until a number of days past due, which must be known", async () => {
      const wait: DrawnStep = {
        type: "wait",
        data: { mode: "until-dpd", dpd: 31, at: "10:00" },
        to: { elapsed: "done", unknown: "people" },
      };
      const anyone = {
        type: "start",
        data: { when: { fact: "staff", operator: "equal", value: false } },
        to: { enter: "next" },
      };
      const program = programOf(drawnStrategy({ start: anyone, next: wait, done: DONE, people: PEOPLE }));
      const known = await story(link, program).start({ staff: false, dpd: 28 });
      expect(known.state.wakeAtMs).toBe(Date.parse("2026-03-05T10:00:00+08:00"));
      expect(known.decisions[1]?.factsRead).toEqual({ dpd: 28 });
      const unknown = await story(link, program).start({ staff: false });
      expect(lines(unknown).slice(1)).toEqual(["next.unknown -> unknown", "people.exit(handed-to-people)"]);
    });
  });

  describe("deciding", () => {
    const branch: DrawnStep = {
      type: "branch",
      data: {
        rules: [
          { id: "big", when: { fact: "overdue", operator: "greaterThan", value: 100_000 } },
          { id: "old", when: { fact: "dpd", operator: "greaterThan", value: 5 } },
        ],
      },
      to: { big: "people", old: "done", otherwise: "done", unknown: "people" },
    };
    test.each([
      ["the first rule that holds wins", { dpd: 10, overdue: 200_000 }, "next.rule-holds(big) -> big"],
      ["no rule holds", { dpd: 3, overdue: 1 }, "next.otherwise -> otherwise"],
      [
        "an unknown rule is not passed over for the next, which would hold",
        { dpd: 10 },
        "next.unknown(big) -> unknown",
      ],
      [
        "an unknown rule after the one that holds does not matter",
        { dpd: 10, overdue: 1 },
        "next.rule-holds(old) -> old",
      ],
    ])("%s", async (_title, facts, line) => {
      const outcome = await story(link, programAround(branch)).start(facts);
      expect(lines(outcome)[1]).toBe(line);
      expect(outcome.decisions[1]?.factsRead).toEqual({
        dpd: facts.dpd,
        overdue: "overdue" in facts ? facts.overdue : null,
      });
    });
  });

  describe("splitting", () => {
    const split: DrawnStep = {
      type: "split",
      data: {
        experimentKey: "first-call",
        phase: 2,
        arms: [
          { id: "champion", weight: 10_000 },
          { id: "challenger", weight: 0 },
        ],
      },
      to: { champion: "done", challenger: "people" },
    };
    test("draws the arm and records the first exposure", async () => {
      const outcome = await story(link, programAround(split)).start(LATE);
      expect(lines(outcome)[1]).toBe("next.split(champion) -> champion");
      expect(outcome.effects).toEqual([
        { kind: "arm.assigned", experimentKey: "first-call", phase: 2, arm: "champion" },
      ]);
    });

    test("a sticky arm wins over the draw; one that is no arm any more does not", async () => {
      const sticky = await story(link, programAround(split)).start({ ...LATE, "arm.first-call": "challenger" });
      expect(lines(sticky)[1]).toBe("next.split(challenger) -> challenger");
      expect(sticky.effects).toEqual([]);
      const retired = await story(link, programAround(split)).start({ ...LATE, "arm.first-call": "retired" });
      expect(retired.effects).toHaveLength(1);
    });
  });

  describe("a runaway", () => {
    test("is faulted with the path it walked, never silently gone", async () => {
      // An unknown number of days past due sends this round at once.
      const round: DrawnStep = {
        type: "wait",
        data: { mode: "until-dpd", dpd: 31, at: "10:00" },
        to: { elapsed: "done", unknown: "done" },
      };
      const anyone = {
        type: "start",
        data: { when: { fact: "staff", operator: "equal", value: false } },
        to: { enter: "next" },
      };
      const drawn = programOf(drawnStrategy({ start: anyone, next: round, done: DONE }));
      const program = rewired(drawn, { next: { unknown: "next" } });
      const outcome = await story(link, program).start({ staff: false });
      expect(outcome.state).toMatchObject({
        status: "faulted",
        nodeId: "next",
        stepSeq: 100,
        wakeAtMs: null,
        exit: null,
      });
      expect(outcome.state.fault).toEqual({ code: "step-limit", path: ["start", ...Array(99).fill("next")] });
      expect(lines(outcome).at(-1)).toBe("next.step-limit");
    });
  });
});
