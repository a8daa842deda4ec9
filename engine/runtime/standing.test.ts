import { describe, expect, it } from "vitest";
import { PROMISE_VALUES } from "../model/promise";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../model/time";
import { ANN, MONDAY, says } from "../testing/live-run";
import { aWorkRun } from "../testing/work-run";
import { CHECKED_CALL, PLAN_FOLLOWED, PROMISE_KEPT } from "../testing/work-stories";
import { enrollmentIdOf } from "./enroll";
import { resultEntries } from "./result-entries";

describe("a promise to pay", () => {
  const promising = (amountMinor: number) => ({
    outcome: "PTP",
    delayMs: MINUTE_MS,
    values: { [PROMISE_VALUES.amount]: amountMinor, [PROMISE_VALUES.dueDate]: "2026-03-05" },
  });

  it("that comes with an answer is on record when the strategy hears it, and is kept by what is paid", async () => {
    const { shell, enroll, pays, story, stores } = await aWorkRun(PROMISE_KEPT, { answer: () => promising(50_000) });
    await enroll(ANN);
    await pays(20_000, MONDAY + DAY_MS);
    await pays(25_000, MONDAY + 2 * DAY_MS);
    await shell.runUntil(MONDAY + 4 * DAY_MS, HOUR_MS);
    expect((await story()).filter((line) => !line.startsWith("start"))).toEqual([
      "call: requested 1",
      "call: outcome PTP",
      "listen: rule-holds promised",
      "wait: waiting",
      "wait: waiting",
      "wait: watch-checked",
      "wait: watch-holds kept",
      "wait/kept: promise-closed kept",
      "settle: waiting",
      "settle: elapsed",
      "end: rule-holds kept",
      "thanks: exit completed",
    ]);
    expect(await stores.look.promises()).toMatchObject([{ result: "kept" }]);
  });

  it("is broken two days after its date, and counted from then on", async () => {
    const { shell, enroll, story, at } = await aWorkRun(PROMISE_KEPT, { answer: () => promising(50_000) });
    await enroll(ANN);
    await shell.runUntil(MONDAY + 8 * DAY_MS, HOUR_MS);
    expect(await story()).toContainEqual("wait/broken: promise-closed broken");
    expect(await story()).toContainEqual("end: rule-holds broken");
    expect((await at())?.exit?.reason).toBe("handed-to-people");
  });

  it("is called off when the strategy is stopped before its day", async () => {
    const stop = (atMs: number) => ({
      ...{ dedupeKey: "stop", partyId: ANN.partyId, accountId: ANN.id, type: "stop.requested", atMs },
      ...{ enrollmentId: enrollmentIdOf("ver_hand-made-1", ANN.id), stepSeq: null, attempt: null, data: null },
    });
    const left = await aWorkRun(PROMISE_KEPT, { answer: () => promising(50_000) });
    await left.enroll(ANN);
    await left.pays(20_000, MONDAY + DAY_MS);
    await left.stores.inbox.put([stop(MONDAY + 2 * DAY_MS)]);
    await left.shell.runUntil(MONDAY + 3 * DAY_MS, HOUR_MS);
    expect((await left.at())?.exit?.reason).toBe("stopped");
    expect(await left.stores.look.promises()).toMatchObject([{ result: "cancelled" }]);
  });

  it("is looked at later by the time a hold lasted, while its date stays the one that was promised", async () => {
    const run = await aWorkRun(PROMISE_KEPT, { answer: () => promising(50_000) });
    await run.enroll(ANN);
    await run.shell.runUntil(MONDAY + 2 * DAY_MS, HOUR_MS);
    const before = await run.at();
    const fromMs = MONDAY + 2 * DAY_MS;
    await run.stores.given.hold(ANN.partyId, { id: "hold_1", kind: "dispute", fromMs, untilMs: null });
    await run.shell.runUntil(MONDAY + 12 * DAY_MS, 6 * HOUR_MS);
    await run.stores.given.endHold("hold_1", MONDAY + 12 * DAY_MS);
    await run.shell.tick();
    expect(await run.at()).toMatchObject({
      status: "active",
      nodeId: "wait",
      wakeAtMs: (before?.wakeAtMs ?? 0) + 10 * DAY_MS,
    });
    const { snapshot } = (
      await run.stores.enrollments.candidates({
        ...{ versionId: "ver_hand-made-1", nowMs: MONDAY + 12 * DAY_MS, after: null, limit: 1, accountIds: [ANN.id] },
      })
    )[0] ?? { snapshot: null };
    expect(snapshot?.promise).toMatchObject({ dueDate: "2026-03-05", result: null });
  });

  it("without an amount or a day is no promise: nobody knows what was promised", async () => {
    const { shell, enroll, at, stores } = await aWorkRun(PROMISE_KEPT, { answer: says("PTP") });
    await enroll(ANN);
    await shell.runUntil(MONDAY + HOUR_MS, MINUTE_MS);
    expect(await stores.look.promises()).toEqual([]);
    expect((await at())?.exit?.reason).toBe("no-further-treatment");
  });

  it("is named by simulated people on the demo's clock, and some keep it", async () => {
    const { shell, enroll, stores } = await aWorkRun(PROMISE_KEPT, { answer: says("PTP"), isDemo: true });
    await enroll(ANN);
    await shell.runUntil(MONDAY + 2 * HOUR_MS, MINUTE_MS);
    expect(await stores.look.promises()).toMatchObject([{ result: null }]);
  });

  it("is no news to a strategy that does not listen", async () => {
    const { shell, enroll, story, stores } = await aWorkRun(CHECKED_CALL, { answer: () => promising(50_000) });
    await enroll(ANN);
    await shell.runUntil(MONDAY + HOUR_MS, MINUTE_MS);
    expect(await stores.look.promises()).toHaveLength(1);
    expect((await story()).filter((line) => line.includes("ignored"))).toEqual([]);
    expect((await stores.look.inbox()).map(({ status }) => status)).toContain("ignored");
  });

  it("brought by a result is put beside it for every loan's strategy", () => {
    const intent = { key: "k", stepSeq: 1, attempt: 1, channel: "robot" } as Parameters<
      typeof resultEntries
    >[0]["intent"];
    const subject = { enrollmentId: "enr_1", partyId: ANN.partyId, accountId: ANN.id } as const;
    const event = { eventId: "e", key: "k", atMs: MONDAY, ...promising(9) };
    expect(resultEntries({ intent, subject }, event)).toMatchObject([
      { type: "contact.result", enrollmentId: "enr_1", dedupeKey: "result:e" },
      {
        type: "promise.made",
        enrollmentId: null,
        dedupeKey: "promise:e",
        data: { amountMinor: 9, dueDate: "2026-03-05" },
      },
    ]);
    expect(resultEntries({ intent, subject }, { ...event, outcome: "RPC" })).toHaveLength(1);
  });
});

describe("a payment plan", () => {
  const terms = { instalments: 2, instalment_minor: 30_000, first_due: "2026-03-20" };
  const MARCH_20 = MONDAY + 18 * DAY_MS;
  const APRIL_20 = MARCH_20 + 31 * DAY_MS;

  it("runs from its acceptance, and is completed by what is paid", async () => {
    const { shell, enroll, ends, pays, at } = await aWorkRun(PLAN_FOLLOWED);
    await enroll(ANN);
    await shell.tick();
    await ends("2:1", "accepted", { task: "plan", values: terms });
    await shell.runUntil(MONDAY + DAY_MS, HOUR_MS);
    expect((await at())?.nodeId).toBe("run");
    await pays(30_000, MARCH_20);
    await pays(30_000, APRIL_20);
    await shell.runUntil(APRIL_20 + DAY_MS, 6 * HOUR_MS);
    expect((await at())?.exit?.reason).toBe("completed");
  });

  it("is broken when its end has come unpaid; the strategy is told without any money moving", async () => {
    const { shell, enroll, ends, pays, story, at } = await aWorkRun(PLAN_FOLLOWED);
    await enroll(ANN);
    await shell.tick();
    await ends("2:1", "accepted", { task: "plan", values: terms });
    await pays(30_000, MARCH_20);
    await shell.runUntil(APRIL_20 + 5 * DAY_MS, 6 * HOUR_MS);
    expect(await story()).toContainEqual("run: watch-holds ended");
    expect((await at())?.exit?.reason).toBe("handed-to-people");
  });

  it("with terms nobody can read is none", async () => {
    const { shell, enroll, ends, at } = await aWorkRun(PLAN_FOLLOWED);
    await enroll(ANN);
    await shell.tick();
    await ends("2:1", "accepted", { task: "plan", values: { ...terms, instalments: 0 } });
    await shell.runUntil(APRIL_20 + 9 * DAY_MS, 12 * HOUR_MS);
    expect((await at())?.nodeId).toBe("run");
  });
});
