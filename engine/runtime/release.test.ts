import { describe, expect, it } from "vitest";
import { requestKey } from "../model/execution";
import type { ReleaseChoice } from "../model/hold-release";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../model/time";
import { ANN, ANNS_CAR, aLiveRun, CALLING, MONDAY, says } from "../testing/live-run";
import { enrollmentIdOf } from "./enroll";

const ENROLLMENT = enrollmentIdOf(CALLING.versionId, ANN.id);
const HELD_FROM = MONDAY + HOUR_MS;

/** Ann was called and did not answer; the next call is due in an hour when a dispute stops everything for two days. */
async function heldBeforeTheSecondCall() {
  const run = await aLiveRun({ answer: says("NA") });
  await run.enroll(ANN);
  await run.shell.runUntil(HELD_FROM, 10 * MINUTE_MS);
  await run.stores.given.hold(ANN.partyId, { id: "hold_1", kind: "dispute", fromMs: HELD_FROM, untilMs: null });
  await run.shell.runUntil(HELD_FROM + 2 * DAY_MS, 6 * HOUR_MS);
  const release = (choice: ReleaseChoice, id = "hold_1") =>
    run.stores.given.endHold(id, HELD_FROM + 2 * DAY_MS, { [ENROLLMENT]: choice });
  return { ...run, release };
}

describe("a released hold", () => {
  it("lets the step go on where it stood, by the time held later", async () => {
    const { shell, release, at } = await heldBeforeTheSecondCall();
    const before = await at();
    await release({ mode: "resume" });
    await shell.tick();
    expect(await at()).toEqual({
      ...before,
      status: "active",
      enteredAtMs: (before?.enteredAtMs ?? 0) + 2 * DAY_MS,
      wakeAtMs: (before?.wakeAtMs ?? 0) + 2 * DAY_MS,
    });
    expect(shell.sent).toHaveLength(1);
  });

  it("enters the step anew where that was chosen: a new visit with attempts of its own", async () => {
    const { shell, release, at, story } = await heldBeforeTheSecondCall();
    const before = await at();
    await release({ mode: "re-evaluate" });
    await shell.runUntil(HELD_FROM + 2 * DAY_MS + MINUTE_MS, MINUTE_MS);
    expect((await story()).slice(-2)).toEqual(["call: re-entered", "call: requested 1"]);
    expect(await at()).toMatchObject({ nodeId: "call", stepSeq: (before?.stepSeq ?? 0) + 1, attempt: 1 });
    expect(shell.sent.map(({ key }) => key)).toEqual([
      requestKey(ENROLLMENT, before?.stepSeq ?? 0, 1),
      requestKey(ENROLLMENT, (before?.stepSeq ?? 0) + 1, 1),
    ]);
  });

  it("ends the enrollment with the reason that was chosen, and nothing leaves", async () => {
    const { shell, release, at, story } = await heldBeforeTheSecondCall();
    await release({ mode: "exit", reason: "handed-to-people" });
    await shell.runUntil(HELD_FROM + 5 * DAY_MS, 6 * HOUR_MS);
    expect(await at()).toMatchObject({ status: "exited", exit: { reason: "handed-to-people" } });
    expect((await story()).at(-1)).toBe("call: exit-requested handed-to-people");
    expect(shell.sent).toHaveLength(1);
  });

  it("hears first what came in meanwhile: whoever answered is not asked again", async () => {
    const { shell, stores, release, at } = await heldBeforeTheSecondCall();
    await stores.inbox.put([
      {
        dedupeKey: "stop",
        partyId: ANN.partyId,
        accountId: ANN.id,
        enrollmentId: ENROLLMENT,
        type: "stop.requested",
        atMs: HELD_FROM + DAY_MS,
        stepSeq: null,
        attempt: null,
        data: null,
      },
    ]);
    await release({ mode: "re-evaluate" });
    await shell.runUntil(HELD_FROM + 3 * DAY_MS, 6 * HOUR_MS);
    expect((await at())?.exit?.reason).toBe("stopped");
    expect(shell.sent).toHaveLength(1);
  });

  it("frees only when it is the last, and the choice made with the last one counts", async () => {
    const { shell, stores, release, at } = await heldBeforeTheSecondCall();
    await stores.given.hold(ANN.partyId, {
      id: "hold_2",
      kind: "complaint",
      fromMs: HELD_FROM + DAY_MS,
      untilMs: null,
    });
    await release({ mode: "exit", reason: "completed" });
    await shell.runUntil(HELD_FROM + 3 * DAY_MS, 6 * HOUR_MS);
    expect((await at())?.status).toBe("held");
    await stores.given.endHold("hold_2", HELD_FROM + 3 * DAY_MS, { [ENROLLMENT]: { mode: "re-evaluate" } });
    await shell.tick();
    await shell.tick();
    expect(await at()).toMatchObject({ status: "active", nodeId: "call", attempt: 1 });
  });

  it("chooses for one loan; the person's other loans go on where they stood", async () => {
    const run = await aLiveRun({ answer: says("NA") });
    await run.enroll(ANN, ANNS_CAR);
    await run.shell.runUntil(HELD_FROM, 10 * MINUTE_MS);
    await run.stores.given.hold(ANN.partyId, { id: "hold_1", kind: "dispute", fromMs: HELD_FROM, untilMs: null });
    await run.shell.runUntil(HELD_FROM + DAY_MS, 6 * HOUR_MS);
    const car = await run.at(ANNS_CAR);
    await run.stores.given.endHold("hold_1", HELD_FROM + DAY_MS, {
      [ENROLLMENT]: { mode: "exit", reason: "escalated" },
    });
    await run.shell.tick();
    await run.shell.tick();
    expect((await run.at())?.exit?.reason).toBe("escalated");
    expect(await run.at(ANNS_CAR)).toMatchObject({ status: "active", stepSeq: car?.stepSeq });
  });
});

describe("a hold that comes while a message is being sent", () => {
  it("does not stop what has left, and looking anew does not call a second time before the answer", async () => {
    // The provider took the call and does not say so: the outcome is unknown until somebody asks.
    const run = await aLiveRun({ answer: () => null, idempotency: "none", simulated: true });
    await run.enroll(ANN);
    await run.shell.tick();
    expect(run.shell.sent).toHaveLength(1);
    const [out] = await run.stores.look.intents();
    expect(["sending", "unknown"]).toContain(out?.state);
    await run.stores.given.hold(ANN.partyId, { id: "hold_1", kind: "dispute", fromMs: MONDAY, untilMs: null });
    await run.shell.runUntil(HELD_FROM, 10 * MINUTE_MS);
    expect((await run.at())?.status).toBe("held");
    await run.stores.given.endHold("hold_1", HELD_FROM, { [ENROLLMENT]: { mode: "re-evaluate" } });
    await run.shell.runUntil(HELD_FROM + HOUR_MS, 10 * MINUTE_MS);
    expect(await run.at()).toMatchObject({ status: "active", nodeId: "call", pending: true });
    expect((await run.story()).filter((line) => line.includes("re-entered"))).toEqual([]);
    expect(run.shell.sent).toHaveLength(1);
  });
});
