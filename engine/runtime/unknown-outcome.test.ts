import { describe, expect, it } from "vitest";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../model/time";
import type { QueryAnswer, StatusEvent } from "../ports/channel";
import { ANN, aLiveRun, MONDAY } from "../testing/live-run";
import type { Answer } from "../testing/live-shell";
import { nextLookMs, UNCLEAR_MAX } from "./unknown-outcome";

/** Nobody knows whether a contact left. What is done about it is decided by what its provider can do. */

const clearAfter =
  (unclear: number): Answer =>
  ({ resent }) =>
    resent < unclear ? null : { outcome: "NA", delayMs: MINUTE_MS };
const silent: Answer = () => null;

describe("a provider that takes one key once", () => {
  it("is handed the same key again, later each time, until it answers; one contact is counted", async () => {
    const { shell, enroll, stores } = await aLiveRun({ answer: clearAfter(2) });
    await enroll(ANN);
    await shell.runUntil(MONDAY + 10 * MINUTE_MS, MINUTE_MS);
    const first = shell.sent[0]?.nowMs ?? 0;
    expect(shell.sent.slice(0, 3).map(({ resent, nowMs }) => [resent, nowMs - first])).toEqual([
      [0, 0],
      [1, MINUTE_MS],
      [2, 3 * MINUTE_MS],
    ]);
    expect(new Set(shell.sent.slice(0, 3).map(({ key }) => key)).size).toBe(1);
    expect((await stores.look.attempts()).filter(({ intentKey }) => intentKey === shell.sent[0]?.key)).toHaveLength(1);
  });

  it("is left to people after so many tries, and the contact goes on counting", async () => {
    const { shell, enroll, stores } = await aLiveRun({ answer: silent });
    await enroll(ANN);
    await shell.runUntil(MONDAY + 12 * HOUR_MS, 10 * MINUTE_MS);
    expect(shell.sent.length).toBeGreaterThan(2);
    expect(shell.sent.length).toBeLessThanOrEqual(UNCLEAR_MAX + 1);
    expect(await stores.look.intents()).toMatchObject([{ state: "unknown" }]);
    expect(await stores.look.attempts()).toHaveLength(1);
  });

  it("is handed nothing again when the person has meanwhile asked to be left alone", async () => {
    const { shell, enroll, stores } = await aLiveRun({ answer: silent });
    await enroll(ANN);
    await shell.tick();
    await stores.given.hold(ANN.partyId, { id: "hold_1", kind: "cease-request", fromMs: MONDAY, untilMs: null });
    await shell.runUntil(MONDAY + 2 * HOUR_MS, 10 * MINUTE_MS);
    expect(shell.sent).toHaveLength(1);
    expect(await stores.look.intents()).toMatchObject([{ state: "unknown" }]);
  });
});

describe("a provider that can be asked", () => {
  const asked = async (answers: readonly (QueryAnswer | "breaks")[], answer: Answer = silent) => {
    const questions: string[] = [];
    const query = async (key: string): Promise<QueryAnswer> => {
      questions.push(key);
      const said = answers[Math.min(questions.length, answers.length) - 1] ?? "breaks";
      if (said === "breaks") throw new Error("down");
      return said;
    };
    const run = await aLiveRun({ answer, idempotency: "query", query });
    await run.enroll(ANN);
    return { ...run, questions };
  };
  const delivered = (key: string): StatusEvent => ({
    ...{ eventId: "late-1", key, ref: null, result: "answered", outcome: "PTP", atMs: MONDAY },
    ...{ costMinor: 25, values: {}, raw: null },
  });

  it("is asked first, and what it knows of is not sent again", async () => {
    const run = await asked([{ kind: "not_yet" }, { kind: "known", ref: "r-9", events: [] }]);
    await run.shell.runUntil(MONDAY + 20 * MINUTE_MS, MINUTE_MS);
    expect(run.questions).toHaveLength(2);
    expect(run.shell.sent).toHaveLength(1);
    expect(await run.stores.look.intents()).toMatchObject([{ state: "sent" }]);
  });

  it("tells on being asked what the contact came to", async () => {
    const answers: QueryAnswer[] = [];
    const run = await asked(answers);
    await run.shell.tick();
    answers.push({ kind: "known", ref: "r-9", events: [delivered(run.shell.sent[0]?.key ?? "")] });
    await run.shell.runUntil(MONDAY + 10 * MINUTE_MS, MINUTE_MS);
    expect(await run.stores.look.attempts()).toMatchObject([{ outcome: "PTP", conversed: true }]);
    expect((await run.story()).join("\n")).toContain("outcome PTP");
  });

  it("is sent again what it knows nothing of, through the gate like any other", async () => {
    const run = await asked([{ kind: "not_found" }], (request) =>
      run.shell.sent.length < 2 ? null : { outcome: "NA", delayMs: request.simulation.attempt * MINUTE_MS },
    );
    await run.shell.runUntil(MONDAY + 5 * MINUTE_MS, MINUTE_MS);
    expect(run.shell.sent.map(({ key }) => key).slice(0, 2)).toEqual([run.shell.sent[0]?.key, run.shell.sent[0]?.key]);
    expect(await run.stores.look.intents()).toMatchObject([{ state: "sent" }]);
  });

  it("that cannot be asked is asked again later and never sent to blindly", async () => {
    const run = await asked(["breaks"]);
    await run.shell.runUntil(MONDAY + 2 * HOUR_MS, MINUTE_MS);
    expect(run.questions.length).toBeGreaterThan(2);
    expect(run.shell.sent).toHaveLength(1);
    expect(run.shell.alarms).toContain("channel-threw");
  });
});

describe("any other provider", () => {
  it("is never handed a key twice: the contact counts and waits for people", async () => {
    const { shell, enroll, stores } = await aLiveRun({ answer: silent, idempotency: "none" });
    await enroll(ANN);
    await shell.runUntil(MONDAY + DAY_MS, HOUR_MS);
    expect(shell.sent).toHaveLength(1);
    expect(await stores.look.attempts()).toHaveLength(1);
  });
});

describe("a provider that does not answer at all", () => {
  it("gives an unknown answer in the end, and holds nobody else up for ever", async () => {
    const run = await aLiveRun({ idempotency: "none" });
    const { channelPort } = run.shell.deps;
    const never: typeof channelPort = (channel, simulated) => {
      const port = channelPort(channel, simulated);
      return port === null ? null : { ...port, send: () => new Promise(() => undefined) };
    };
    Object.assign(run.shell.deps, { channelPort: never, sendDeadlineMs: 50 });
    await run.enroll(ANN);
    await run.shell.tick();
    expect(await run.stores.look.intents()).toMatchObject([{ state: "unknown" }]);
    expect(run.shell.alarms).toEqual([]);
  });
});

describe("the next look", () => {
  it("is never sooner than the provider can know, and never blind", () => {
    expect(nextLookMs({ idempotency: "query", queryDelayMs: 5 * MINUTE_MS }, { unclear: 0, nowMs: 0 })).toBe(
      5 * MINUTE_MS,
    );
    expect(nextLookMs({ idempotency: "key", queryDelayMs: 5 * MINUTE_MS }, { unclear: 0, nowMs: 0 })).toBe(MINUTE_MS);
    expect(nextLookMs({ idempotency: "client-id", queryDelayMs: 0 }, { unclear: 7, nowMs: 0 })).toBe(HOUR_MS);
    expect(nextLookMs({ idempotency: "key", queryDelayMs: 0 }, { unclear: UNCLEAR_MAX, nowMs: 0 })).toBeNull();
    expect(nextLookMs({ idempotency: "none", queryDelayMs: 0 }, { unclear: 0, nowMs: 0 })).toBeNull();
  });
});
