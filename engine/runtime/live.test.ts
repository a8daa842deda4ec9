import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EngineEvent, EnrollmentState, StepContext } from "../model/execution";
import { DAY_MS, HOUR_MS, instantAt, localDate, localMinuteOfDay, MINUTE_MS } from "../model/time";
import { linkReference } from "../run/reference";
import { anAccount, aPhone, SHANGHAI } from "../testing/builders";
import { ANN, ANNS_CAR, aLiveRun, CALLING, MONDAY, says } from "../testing/live-run";
import type { Answer } from "../testing/live-shell";
import { memoryStores } from "../testing/memory-stores";
import { enrollAccounts, enrollmentIdOf } from "./enroll";
import { linkedVersions } from "./linked-versions";

describe("a live run", () => {
  it("lets in whom the entry rule accepts, once, and counts the rest", async () => {
    const { shell, stores } = await aLiveRun();
    const ben = anAccount("B-1", { overdueSince: null, overdueMinor: 0 });
    await stores.given.accounts([ben]);
    const request = { versionId: CALLING.versionId, accountIds: null };
    const counts = { looked: 3, enrolled: 2, already: 0, notEligible: 1, unknownEligibility: 0, faulted: 0 };
    expect(await enrollAccounts(shell.deps, request)).toEqual({ ok: true, value: counts });
    const again = { ...counts, enrolled: 0, already: 2 };
    expect(await enrollAccounts(shell.deps, request)).toEqual({ ok: true, value: again });
  });

  it("calls, calls again when nobody answers, gives up after the named number and goes on", async () => {
    const { shell, enroll, story } = await aLiveRun();
    await enroll(ANN);
    await shell.runUntil(MONDAY + 6 * HOUR_MS, 10 * MINUTE_MS);
    expect(shell.sent.map((request) => request.key.split(":").slice(1).join(":"))).toEqual(["2:1", "2:2", "2:3"]);
    expect(shell.sent[0]?.text).toContain("1,000.00");
    expect((await story()).slice(0, 4)).toEqual(
      ["start: entered enter", "call: requested", "call: retry-scheduled NA", "call: retry-started"].map((line) =>
        expect.stringContaining(line.split(" ").slice(0, 2).join(" ")),
      ),
    );
    expect((await story()).at(-1)).toContain("patience: waiting");
  });

  it("keeps a call of the night for the morning", async () => {
    const night = instantAt(SHANGHAI, "2026-03-02", 22 * 60);
    const morning = instantAt(SHANGHAI, "2026-03-03", 8 * 60);
    const { shell, enroll, story } = await aLiveRun({ fromMs: night });
    await enroll(ANN);
    await shell.runUntil(morning - MINUTE_MS, 30 * MINUTE_MS);
    expect(shell.sent).toEqual([]);
    expect(await story()).toContainEqual("call: deferred hours");
    await shell.runUntil(morning, MINUTE_MS);
    expect(shell.sent).toHaveLength(1);
  });

  it("takes a person's loans together under the caps", async () => {
    const { shell, enroll, stores } = await aLiveRun();
    await enroll(ANN, ANNS_CAR);
    await shell.runUntil(MONDAY + 9 * HOUR_MS, 10 * MINUTE_MS);
    const today = (await stores.look.attempts()).filter((attempt) => attempt.atMs < MONDAY + 14 * HOUR_MS);
    expect(today).toHaveLength(3);
  });

  it("does not start a second call while the first may still become the one conversation of the day", async () => {
    const { shell, enroll } = await aLiveRun({ answer: says("PTP", 30 * MINUTE_MS) });
    await enroll(ANN, ANNS_CAR);
    await shell.tick();
    expect(shell.sent).toHaveLength(1);
  });

  it("tells the strategy why a contact was refused", async () => {
    const stores = memoryStores();
    const refused = aPhone("party_R-1", { consent: { robot: "refused", sms: "granted" } });
    const rita = anAccount("R-1", { customerNo: "R-1" });
    await stores.given.accounts([rita], [refused]);
    const { shell, enroll, at, story } = await aLiveRun({ stores });
    await enroll(rita);
    await shell.runUntil(MONDAY + MINUTE_MS, MINUTE_MS);
    expect(shell.sent).toEqual([]);
    expect(await story(rita)).toContainEqual(expect.stringMatching(/^call: blocked consent/));
    expect((await at(rita))?.exit?.reason).toBe("handed-to-people");
  });

  it("calls nobody who has paid meanwhile", async () => {
    const night = instantAt(SHANGHAI, "2026-03-02", 22 * 60);
    const { shell, enroll, at, stores } = await aLiveRun({ fromMs: night });
    await enroll(ANN);
    await shell.tick();
    const { partyId, id: accountId } = ANN;
    const entry = {
      dedupeKey: "p1",
      partyId,
      accountId,
      enrollmentId: null,
      type: "payment.posted",
      stepSeq: null,
      attempt: null,
    };
    await stores.inbox.put([{ ...entry, atMs: night + HOUR_MS, data: { amountMinor: 100_000, source: "test" } }]);
    await shell.runUntil(night + 2 * DAY_MS, 30 * MINUTE_MS);
    expect(shell.sent).toEqual([]);
    expect((await at())?.exit?.reason).toBe("cured");
    expect((await stores.look.intents()).map((intent) => intent.state)).toEqual(["cancelled"]);
  });
});

describe("whatever people answer", () => {
  it("nobody is contacted at night, too often, or after they asked to be left alone, and every enrollment ends", async () => {
    const outcome = fc.constantFrom("NA", "BUSY", "VM", "RPC", "PTP", "RTP", "TP", "CMP", "DNC");
    const answers = fc.array(fc.record({ outcome, delayMs: fc.integer({ min: 0, max: 3 * HOUR_MS }) }), {
      minLength: 1,
    });
    const startMinutes = fc.integer({ min: 0, max: 24 * 60 });
    const tickMinutes = fc.integer({ min: 5, max: 240 });
    await fc.assert(
      fc.asyncProperty(answers, startMinutes, tickMinutes, async (said, start, tick) => {
        const fromMs = instantAt(SHANGHAI, "2026-03-02", 0) + start * MINUTE_MS;
        let turn = 0;
        const answer: Answer = () => said[turn++ % said.length] ?? null;
        const { shell, enroll, stores } = await aLiveRun({ fromMs, answer, referenceSampleEvery: 0 });
        await enroll(ANN, ANNS_CAR);
        await shell.runUntil(fromMs + 14 * DAY_MS, tick * MINUTE_MS);

        const contacts = (await stores.look.attempts()).map((one) => ({ ...one, day: localDate(SHANGHAI, one.atMs) }));
        for (const { atMs, day } of contacts) {
          const minute = localMinuteOfDay(SHANGHAI, atMs);
          expect(minute).toBeGreaterThanOrEqual(8 * 60);
          expect(minute).toBeLessThan(20 * 60);
          const sameDay = contacts.filter((other) => other.day === day);
          expect(sameDay.length).toBeLessThanOrEqual(3);
          expect(sameDay.filter((other) => other.conversed).length).toBeLessThanOrEqual(1);
        }
        const holds = await stores.look.holds();
        const heldFromMs = Math.min(...holds.map((hold) => hold.fromMs));
        expect(contacts.filter((contact) => contact.atMs > heldFromMs + tick * MINUTE_MS)).toEqual([]);
        for (const account of [ANN, ANNS_CAR]) {
          const id = enrollmentIdOf(CALLING.versionId, account.id);
          const status = (await stores.look.enrollment(id))?.state.status;
          expect(holds.length === 0 ? ["exited"] : ["exited", "held"]).toContain(status);
          const decisions = await stores.look.decisions(id);
          expect(decisions.map((one) => one.ordinal)).toEqual(decisions.map((_, index) => index));
        }
      }),
      { numRuns: 60, seed: 20_260_302 },
    );
  });
});

describe("simulated people", () => {
  const monthOf = async (isDemo: boolean) => {
    const { shell, enroll, stores, at } = await aLiveRun({ isDemo, answer: says("PTP") });
    const people = Array.from({ length: 20 }, (_, index) => anAccount(`N-${index}`, { customerNo: `N-${index}` }));
    await stores.given.accounts(
      people,
      people.map((one) => aPhone(one.partyId)),
    );
    await enroll(ANN, ...people);
    await shell.runUntil(MONDAY + 30 * DAY_MS, 6 * HOUR_MS);
    const ended = await Promise.all(people.map(at));
    return {
      payments: await stores.look.payments(),
      cured: ended.filter((state) => state?.exit?.reason === "cured").length,
    };
  };

  it("pay under a demo clock, and their enrollments end as cured", async () => {
    const { payments, cured } = await monthOf(true);
    expect(payments.length).toBeGreaterThan(5);
    expect(cured).toBeGreaterThan(3);
    expect(payments.every((one) => one.id.startsWith("pay_simulated:") && one.amountMinor <= 100_000)).toBe(true);
  });

  it("never pay in real time", async () => {
    expect(await monthOf(false)).toEqual({ payments: [], cured: 0 });
  });
});

describe("a hold", () => {
  it("takes effect on every loan of the person after the answer that brought it, and gives the time back when it ends", async () => {
    let answers = 0;
    const { shell, enroll, at, stores } = await aLiveRun({
      answer: () => ({ outcome: answers++ === 0 ? "NA" : "CMP", delayMs: MINUTE_MS }),
    });
    await enroll(ANNS_CAR);
    await shell.runUntil(MONDAY + 5 * MINUTE_MS, MINUTE_MS);
    await enroll(ANN);
    await shell.runUntil(MONDAY + 10 * MINUTE_MS, MINUTE_MS);
    expect(await stores.look.holds()).toMatchObject([{ kind: "complaint" }]);
    expect((await at(ANN))?.exit?.reason).toBe("handed-to-people");
    const held = await at(ANNS_CAR);
    expect(held?.status).toBe("held");

    await shell.runUntil(MONDAY + 3 * DAY_MS, HOUR_MS);
    expect(await at(ANNS_CAR)).toEqual(held);
    expect(shell.sent).toHaveLength(2);

    const [complaint] = await stores.look.holds();
    const fromMs = MONDAY + 6 * MINUTE_MS;
    await stores.given.hold(ANN.partyId, {
      id: complaint?.id ?? "",
      kind: "complaint",
      fromMs,
      untilMs: MONDAY + 3 * DAY_MS,
    });
    await shell.tick();
    const shiftMs = 3 * DAY_MS - 6 * MINUTE_MS;
    expect(await at(ANNS_CAR)).toEqual({
      ...held,
      status: "active",
      enteredAtMs: (held?.enteredAtMs ?? 0) + shiftMs,
      wakeAtMs: (held?.wakeAtMs ?? 0) + shiftMs,
    });
  });
});

describe("what was recorded", () => {
  it("gives the same decisions when it is played again on the reference executor", async () => {
    const stores = memoryStores();
    const own = linkedVersions(stores.programs);
    const heard: { readonly state: EnrollmentState; readonly event: EngineEvent; readonly context: StepContext }[] = [];
    const versions: typeof own = {
      async linked(id) {
        const version = await own.linked(id);
        if (version === null) return null;
        const send: typeof version.compiled.send = (state, event, context) => {
          heard.push({ state, event, context });
          return version.compiled.send(state, event, context);
        };
        return { ...version, compiled: { ...version.compiled, send } };
      },
    };
    const outcomes = ["NA", "RPC", "NA", "NA", "BUSY"];
    const { shell, enroll, at } = await aLiveRun({
      stores,
      versions,
      referenceSampleEvery: 0,
      answer: (request) => ({ outcome: outcomes[request.simulation.attempt] ?? "NA", delayMs: 2 * MINUTE_MS }),
    });
    await enroll(ANN);
    await shell.runUntil(MONDAY + 8 * DAY_MS, 30 * MINUTE_MS);
    expect((await at())?.status).toBe("exited");

    const reference = linkReference(CALLING.program);
    const recorded = await stores.look.decisions(enrollmentIdOf(CALLING.versionId, ANN.id));
    const first = heard[0];
    expect(first).toBeDefined();
    if (first === undefined) return;
    const begun = await reference.start({ ...first.context, nowMs: MONDAY });
    const replayed = [...begun.decisions];
    let { state } = begun;
    for (const { event, context } of heard) {
      const outcome = await reference.send(state, event, context);
      replayed.push(...outcome.decisions);
      state = outcome.state;
    }
    expect(replayed).toEqual(recorded.map(({ ordinal: _, ...decision }) => decision));
    expect(state).toEqual(await at());
  });
});
