import { describe, expect, test } from "vitest";
import { machineConfig } from "../compile/machine";
import type { EnrollmentState } from "../model/execution";
import type { Program } from "../model/program";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../model/time";
import { EXECUTORS, lines, MONDAY_9_MS, SUBJECT, story } from "./testing/both-executors";
import { CALL_STEPS, LATE, programAround } from "./testing/call-strategy";
import { type DrawnStep, drawnStrategy, programOf, rewired } from "./testing/drawn-strategy";

const callProgram = programOf(drawnStrategy(CALL_STEPS));

/** No step type can be drawn so yet: an answer that is called again and has a handle of its own. */
function withRetriedPromise(program: Program): Program {
  const call = program.steps.next;
  if (call?.spec.kind !== "request") throw new Error("the call has gone");
  const spec = { ...call.spec, retry: { maxAttempts: 3, gapMinutes: { PTP: 60 } } };
  const steps = { ...program.steps, next: { ...call, spec } };
  return { ...program, steps, machine: machineConfig({ ...program, key: program.strategyKey, steps }) };
}

describe.each(EXECUTORS)("%s executor, asking the world", (_name, link) => {
  const called = () => story(link, callProgram);

  describe("waiting for the answer of a call", () => {
    test("a mapped answer takes its handle", async () => {
      const account = called();
      await account.start(LATE);
      const outcome = await account.send({ type: "contact.result", stepSeq: 2, attempt: 1, outcome: "DSP" });
      expect(lines(outcome)).toEqual(["next.outcome(DSP) -> care", "people.exit(handed-to-people)"]);
      expect(outcome.state).toMatchObject({
        status: "exited",
        nodeId: "people",
        stepSeq: 3,
        wakeAtMs: null,
        exit: { reason: "handed-to-people", label: "M3 team" },
      });
      expect(outcome.effects).toEqual([]);
    });

    test("an answer nobody thought of is exhausted, even when it is called like something every object has", async () => {
      const account = called();
      await account.start(LATE);
      const outcome = await account.send({ type: "contact.result", stepSeq: 2, attempt: 1, outcome: "constructor" });
      expect(lines(outcome)).toEqual(["next.exhausted(constructor) -> exhausted", "people.exit(handed-to-people)"]);
    });

    test("no answer is called again after its gap, until the attempts are used up", async () => {
      const account = called();
      await account.start(LATE);
      const noAnswer = (attempt: number, nowMs: number) =>
        account.send({ type: "contact.result", stepSeq: 2, attempt, outcome: "NA" }, { nowMs });
      const first = await noAnswer(1, MONDAY_9_MS + MINUTE_MS);
      expect(lines(first)).toEqual(["next.retry-scheduled(NA)"]);
      expect(first.state).toMatchObject({ attempt: 2, pending: false, wakeAtMs: MONDAY_9_MS + 121 * MINUTE_MS });
      const second = await account.send({ type: "timer.fired", stepSeq: 2 });
      expect(lines(second)).toEqual(["next.retry-started(2)"]);
      expect(second.effects).toMatchObject([{ kind: "contact.request", attempt: 2, notAfterMs: MONDAY_9_MS + DAY_MS }]);
      expect(second.state).toMatchObject({ attempt: 2, pending: true, wakeAtMs: MONDAY_9_MS + DAY_MS });
      await noAnswer(2, MONDAY_9_MS + 130 * MINUTE_MS);
      await account.send({ type: "timer.fired", stepSeq: 2 });
      const last = await noAnswer(3, MONDAY_9_MS + 300 * MINUTE_MS);
      expect(lines(last)).toEqual(["next.exhausted(NA) -> exhausted", "people.exit(handed-to-people)"]);
    });

    test("an answer that is both retried and mapped is retried first and takes its handle at the end", async () => {
      const account = story(link, withRetriedPromise(callProgram));
      await account.start(LATE);
      const outcomes = [];
      for (const attempt of [1, 2, 3]) {
        outcomes.push(...lines(await account.send({ type: "contact.result", stepSeq: 2, attempt, outcome: "PTP" })));
        if (attempt < 3) await account.send({ type: "timer.fired", stepSeq: 2 });
      }
      expect(outcomes).toEqual([
        "next.retry-scheduled(PTP)",
        "next.retry-scheduled(PTP)",
        "next.outcome(PTP) -> promised",
        "promised.waiting",
      ]);
    });

    test("no attempt is made at or after the deadline", async () => {
      const account = called();
      await account.start(LATE);
      const nowMs = MONDAY_9_MS + DAY_MS - 120 * MINUTE_MS;
      const outcome = await account.send({ type: "contact.result", stepSeq: 2, attempt: 1, outcome: "NA" }, { nowMs });
      expect(lines(outcome)[0]).toBe("next.exhausted(NA) -> exhausted");
    });

    test("the deadline expires it and calls the request back", async () => {
      const account = called();
      await account.start(LATE);
      const outcome = await account.send({ type: "timer.fired", stepSeq: 2 });
      expect(lines(outcome)).toEqual(["next.expired -> expired", "done.exit(completed)"]);
      expect(outcome.effects).toEqual([{ kind: "request.cancel", stepSeq: 2, attempt: 1 }]);
    });

    test("a retry whose timer fires after the deadline expires instead of calling", async () => {
      const account = called();
      await account.start(LATE);
      await account.send({ type: "contact.result", stepSeq: 2, attempt: 1, outcome: "NA" });
      const late = await account.send({ type: "timer.fired", stepSeq: 2 }, { nowMs: MONDAY_9_MS + 2 * DAY_MS });
      expect(lines(late)).toEqual(["next.expired -> expired", "done.exit(completed)"]);
      expect(late.effects).toEqual([]);
    });

    test("a deferral keeps the visit and costs no attempt; a denial takes its handle", async () => {
      const account = called();
      const { state } = await account.start(LATE);
      const answer = { stepSeq: 2, attempt: 1, reasons: ["window", "cap"] } as const;
      const deferred = await account.send({ type: "contact.deferred", ...answer, untilMs: MONDAY_9_MS + HOUR_MS });
      expect(lines(deferred)).toEqual(["next.deferred(window,cap)"]);
      expect(deferred.state).toEqual(state);
      const denied = await account.send({ type: "contact.denied", ...answer });
      expect(lines(denied)).toEqual(["next.blocked(window,cap) -> blocked", "people.exit(handed-to-people)"]);
      expect(denied.effects).toEqual([]);
    });

    test("an answer that arrives when the account leaves anyway needs no calling back", async () => {
      const account = called();
      await account.start(LATE);
      const paid = { facts: { dpd: 0, account_status: "paid" } };
      const outcome = await account.send({ type: "contact.result", stepSeq: 2, attempt: 1, outcome: "NA" }, paid);
      expect(lines(outcome)).toEqual(["next.strategy-exit(paid)"]);
      expect(outcome.effects).toEqual([]);
    });
  });

  describe("going on at once", () => {
    test("asks, does not wait, and does not call the request back", async () => {
      const sms: DrawnStep = {
        type: "sms",
        data: { contentId: "sms.reminder", waitForDelivery: false, giveUpHours: 6 },
        to: { sent: "done" },
      };
      const outcome = await story(link, programAround(sms)).start(LATE);
      expect(lines(outcome).slice(1)).toEqual(["next.requested(1) -> sent", "done.exit(completed)"]);
      expect(outcome.effects).toMatchObject([{ kind: "contact.request", notAfterMs: MONDAY_9_MS + 6 * HOUR_MS }]);
    });
  });

  describe("events that change nothing", () => {
    const visit = { stepSeq: 2, attempt: 1 } as const;
    test.each([
      [
        "an answer of another visit",
        { type: "contact.result", stepSeq: 1, attempt: 1, outcome: "PTP" },
        "ignored-stale(contact.result)",
      ],
      [
        "an answer of another attempt",
        { type: "contact.result", stepSeq: 2, attempt: 2, outcome: "PTP" },
        "ignored-stale(contact.result)",
      ],
      ["a timer of another visit", { type: "timer.fired", stepSeq: 3 }, "ignored-stale(timer.fired)"],
      ["a payment nobody waits for", { type: "payment.posted", amountMinor: 1 }, "ignored-not-awaited(payment.posted)"],
      ["changed facts that matter to no exit", { type: "facts.changed" }, "ignored-not-awaited(facts.changed)"],
      [
        "a verdict at a step that calls",
        { type: "qa.verdict", ...visit, outcome: "pass" },
        "ignored-not-awaited(qa.verdict)",
      ],
    ] as const)("%s", async (_title, event, line) => {
      const account = called();
      const { state } = await account.start(LATE);
      const outcome = await account.send(event);
      expect(lines(outcome)).toEqual([`next.${line}`]);
      expect([outcome.state, outcome.effects]).toEqual([state, []]);
    });

    test("a timer before its time", async () => {
      const account = called();
      await account.start(LATE);
      const early = await account.send({ type: "timer.fired", stepSeq: 2 }, { nowMs: MONDAY_9_MS + DAY_MS - 1 });
      expect(lines(early)).toEqual(["next.ignored-early(timer.fired)"]);
    });

    test("a second answer while the next attempt waits for its time", async () => {
      const account = called();
      await account.start(LATE);
      await account.send({ type: "contact.result", stepSeq: 2, attempt: 1, outcome: "NA" });
      const again = await account.send({ type: "contact.result", stepSeq: 2, attempt: 2, outcome: "PTP" });
      expect(lines(again)).toEqual(["next.ignored-stale(contact.result)"]);
    });

    test("anything after the end, and anything while it is paused", async () => {
      const account = called();
      await account.start(LATE);
      await account.send({ type: "stop.requested" });
      expect(lines(await account.send({ type: "stop.requested" }))).toEqual(["next.ignored-inactive(stop.requested)"]);
      const executor = link(callProgram);
      const context = { subject: SUBJECT, facts: LATE, nowMs: MONDAY_9_MS };
      const { state } = await executor.start(context);
      const paused: EnrollmentState = { ...state, status: "paused" };
      const outcome = await executor.send(paused, { id: "e", at: 0, type: "stop.requested" }, context);
      expect(lines(outcome)).toEqual(["next.ignored-inactive(stop.requested)"]);
    });
  });

  test("a way back to the step itself enters it anew", async () => {
    const sms: DrawnStep = {
      type: "sms",
      data: { contentId: "sms.reminder", waitForDelivery: true, giveUpHours: 24 },
      to: { delivered: "done", failed: "done", expired: "done", blocked: "done" },
    };
    const account = story(link, rewired(programAround(sms), { next: { expired: "next" } }));
    await account.start(LATE);
    const outcome = await account.send({ type: "timer.fired", stepSeq: 2 });
    expect(lines(outcome)).toEqual(["next.expired -> expired", "next.requested(1)"]);
    expect(outcome.state).toMatchObject({ stepSeq: 3, attempt: 1, pending: true, wakeAtMs: MONDAY_9_MS + 2 * DAY_MS });
    expect(outcome.effects).toMatchObject([
      { kind: "request.cancel", stepSeq: 2 },
      { kind: "contact.request", stepSeq: 3 },
    ]);
  });
});
