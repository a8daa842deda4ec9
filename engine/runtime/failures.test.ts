import { describe, expect, it } from "vitest";
import type { EnrollmentState, StepContext } from "../model/execution";
import { InvariantError } from "../model/invariant";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../model/time";
import { anAccount, aPhone } from "../testing/builders";
import { ANN, ANNS_CAR, aLiveRun, CALLING, MONDAY, says } from "../testing/live-run";
import { memoryStores } from "../testing/memory-stores";
import type { RuntimeDeps } from "./deps";
import { enrollmentIdOf } from "./enroll";
import { linkedVersions } from "./linked-versions";

describe("when things break", () => {
  it("a contact whose fate is unknown is never made twice and stays in sight", async () => {
    const { shell, enroll, stores } = await aLiveRun({ answer: () => null, idempotency: "none" });
    await enroll(ANN);
    await shell.runUntil(MONDAY + DAY_MS, HOUR_MS);
    expect(shell.sent).toHaveLength(1);
    expect((await stores.look.intents())[0]?.state).toBe("unknown");
    expect(await stores.look.attempts()).toHaveLength(1);
  });

  it("a simulated contact that a dying worker left half-sent is asked for again under its own key", async () => {
    const { shell, enroll, stores } = await aLiveRun();
    await enroll(ANN);
    const { settle } = shell.deps.outbox;
    const dying = { ...shell.deps.outbox, settle: async () => Promise.reject(new Error("killed")) };
    Object.assign(shell.deps, { outbox: dying });
    await expect(shell.tick()).rejects.toThrow("killed");
    Object.assign(shell.deps, { outbox: { ...dying, settle } });
    await shell.tick();
    expect(shell.sent).toHaveLength(1);
    await stores.given.deadSender();
    await shell.tick();
    expect(shell.sent.map((request) => request.key)).toEqual([shell.sent[0]?.key, shell.sent[0]?.key]);
    expect((await stores.look.intents())[0]?.state).toBe("sent");
    expect(await stores.look.attempts()).toHaveLength(1);
  });

  it("a refusal of the second try says nothing about the first: the contact keeps its place under the caps", async () => {
    const { shell, enroll, stores } = await aLiveRun();
    await enroll(ANN);
    const { settle } = shell.deps.outbox;
    const dying = { ...shell.deps.outbox, settle: async () => Promise.reject(new Error("killed")) };
    Object.assign(shell.deps, { outbox: dying });
    await expect(shell.tick()).rejects.toThrow("killed");
    const { channelPort } = shell.deps;
    const busy: RuntimeDeps["channelPort"] = (channel, simulated) => {
      const port = channelPort(channel, simulated);
      const send = async () => ({ kind: "rejected", code: "429", retryable: true }) as const;
      return port === null ? null : { ...port, send };
    };
    Object.assign(shell.deps, { outbox: { ...dying, settle }, channelPort: busy });
    await stores.given.deadSender();
    await shell.tick();
    expect((await stores.look.intents())[0]?.state).toBe("unknown");
    expect(await stores.look.attempts()).toHaveLength(1);
    Object.assign(shell.deps, { channelPort });
    await shell.runUntil(MONDAY + HOUR_MS, 10 * MINUTE_MS);
    expect((await stores.look.intents())[0]?.state).toBe("sent");
    expect(new Set(shell.sent.map(({ key }) => key)).size).toBe(1);
  });

  it("a contact that was made again but is stopped before it leaves stays as unknown as it was", async () => {
    const { shell, enroll, stores } = await aLiveRun();
    await enroll(ANN);
    const { settle } = shell.deps.outbox;
    const dying = { ...shell.deps.outbox, settle: async () => Promise.reject(new Error("killed")) };
    Object.assign(shell.deps, { outbox: dying });
    await expect(shell.tick()).rejects.toThrow("killed");
    const paused = { id: 1, scope: "everything", subject: "", kind: "pause", fromMs: MONDAY } as const;
    const { stops } = shell.deps;
    Object.assign(shell.deps, { outbox: { ...dying, settle }, stops: { ...stops, inForce: async () => [paused] } });
    await stores.given.deadSender();
    await shell.tick();
    expect(shell.sent).toHaveLength(1);
    expect((await stores.look.intents())[0]?.state).toBe("unknown");
    expect(await stores.look.attempts()).toHaveLength(1);
  });

  it("a real contact that a dying worker left half-sent becomes unknown", async () => {
    const stores = memoryStores();
    const real = anAccount("P-1", { customerNo: "P-1" });
    await stores.given.accounts([real], [aPhone(real.partyId, { simulated: false, address: "+8613800000000" })]);
    const { shell, enroll } = await aLiveRun({ stores, simulated: false });
    await enroll(real);
    const { settle } = shell.deps.outbox;
    const dying = { ...shell.deps.outbox, settle: async () => Promise.reject(new Error("killed")) };
    Object.assign(shell.deps, { outbox: dying });
    await expect(shell.tick()).rejects.toThrow("killed");
    Object.assign(shell.deps, { outbox: { ...dying, settle } });
    await stores.given.deadSender();
    await shell.tick();
    expect(shell.sent).toHaveLength(1);
    expect((await stores.look.intents())[0]?.state).toBe("unknown");
  });

  it("a simulated provider never reaches a real phone", async () => {
    const stores = memoryStores();
    const real = anAccount("P-1", { customerNo: "P-1" });
    await stores.given.accounts([real], [aPhone(real.partyId, { simulated: false, address: "+8613800000000" })]);
    const { shell, enroll, story } = await aLiveRun({ stores });
    await enroll(real);
    await shell.runUntil(MONDAY + MINUTE_MS, MINUTE_MS);
    expect(shell.sent).toEqual([]);
    expect(await story(real)).toContainEqual("call: blocked dispatch.no-provider");
  });

  it("an unreadable inbox entry is set aside and the rest goes on", async () => {
    const { shell, enroll, stores } = await aLiveRun();
    await enroll(ANN);
    const { partyId, id: accountId } = ANN;
    const enrollmentId = enrollmentIdOf(CALLING.versionId, accountId);
    const entry = {
      partyId,
      accountId,
      enrollmentId,
      type: "payment.posted",
      stepSeq: null,
      attempt: null,
      atMs: MONDAY,
    };
    await stores.inbox.put([{ ...entry, dedupeKey: "bad", data: { amountMinor: "lots" } }]);
    await shell.tick();
    expect((await stores.look.inbox()).find((one) => one.dedupeKey === "bad")).toMatchObject({
      status: "dead",
      error: "inbox.unreadable:data.amountMinor",
    });
    expect(shell.sent).toHaveLength(1);
  });

  it("a step that throws faults its enrollment and no other", async () => {
    const stores = memoryStores();
    const own = linkedVersions(stores.programs);
    const brokenFor = (state: EnrollmentState, context: StepContext) =>
      context.subject.accountId === ANN.id && state.stepSeq > 1;
    const versions: typeof own = {
      async linked(id) {
        const version = await own.linked(id);
        if (version === null) return null;
        const send: typeof version.compiled.send = (state, event, context) => {
          if (brokenFor(state, context)) throw new InvariantError("step.impossible");
          return version.compiled.send(state, event, context);
        };
        return { ...version, compiled: { ...version.compiled, send } };
      },
    };
    const { shell, enroll, at } = await aLiveRun({ stores, versions });
    await enroll(ANN, ANNS_CAR);
    await shell.runUntil(MONDAY + HOUR_MS, MINUTE_MS);
    expect(await at(ANN)).toMatchObject({ status: "faulted", fault: { code: "step.impossible", path: ["call"] } });
    expect((await at(ANNS_CAR))?.status).toBe("active");
    expect(shell.alarms).toContain("executor-threw");
  });

  it("executors that disagree stop the enrollment before anything of the step happens", async () => {
    const stores = memoryStores();
    const own = linkedVersions(stores.programs);
    const versions: typeof own = {
      async linked(id) {
        const version = await own.linked(id);
        if (version === null) return null;
        const reference = version.reference();
        const send: typeof reference.send = async (state, event, context) => {
          const outcome = await reference.send(state, event, context);
          return event.type === "timer.fired" ? { ...outcome, effects: [] } : outcome;
        };
        return { ...version, reference: () => ({ ...reference, send }) };
      },
    };
    const { shell, enroll, at } = await aLiveRun({ stores, versions });
    await enroll(ANN);
    await shell.runUntil(MONDAY + 3 * HOUR_MS, 10 * MINUTE_MS);
    expect(await at()).toMatchObject({ status: "faulted", fault: { code: "executor-disagreement" } });
    expect(shell.sent).toHaveLength(1);
  });

  it("an event that came in behind a complaint waits until the hold is released", async () => {
    const { shell, enroll, stores } = await aLiveRun({ answer: says("CMP") });
    await enroll(ANNS_CAR, ANN);
    await shell.tick();
    const { partyId, id: accountId } = ANNS_CAR;
    const enrollmentId = enrollmentIdOf(CALLING.versionId, accountId);
    const key = (await stores.look.intents())[0]?.key ?? "";
    const heard = { intentKey: key, outcome: "NA", connected: false, conversed: false, hold: "complaint" };
    const visit = { partyId, accountId, enrollmentId, stepSeq: 2, attempt: 1 };
    await stores.inbox.put([
      { ...visit, dedupeKey: "first", type: "contact.result", atMs: MONDAY, data: heard },
      { ...visit, dedupeKey: "second", type: "facts.changed", atMs: MONDAY, data: null },
    ]);
    await shell.tick();
    const inbox = new Map((await stores.look.inbox()).map((entry) => [entry.dedupeKey, entry.status]));
    expect([inbox.get("first"), inbox.get("second")]).toEqual(["done", "pending"]);
  });
});
