import { describe, expect, it } from "vitest";
import { DAY_MS, HOUR_MS } from "../model/time";
import { aPhone, aState, aTurn, enrollmentOf } from "./builders";
import {
  ANN,
  aContact,
  aDecision,
  anEntry,
  aTask,
  BEN,
  type ContractScene,
  DUE,
  freedBy,
  NOW,
  SECOND_LOAN,
  sending,
  VERSION,
} from "./contract-scene";

/** Who gets a turn, and how it is written. */
export function enrollmentContract({ stores, enter, claimOnce }: ContractScene): void {
  describe("enrolling", () => {
    it("offers accounts in id order, page by page, and says who is already in", async () => {
      await enter();
      const query = { versionId: VERSION.versionId, nowMs: NOW, limit: 2, accountIds: null };
      const first = await stores().enrollments.candidates({ ...query, after: null });
      expect(first.map((one) => [one.snapshot.account.accountNo, one.already])).toEqual([
        ["A-1", true],
        ["A-2", false],
      ]);
      const rest = await stores().enrollments.candidates({ ...query, after: SECOND_LOAN.id });
      expect(rest.map((one) => one.snapshot.account)).toEqual([BEN]);
      expect(rest[0]?.snapshot).toMatchObject({
        otherAccounts: 0,
        paidMinor: 0,
        contactPoints: [aPhone(BEN.partyId)],
      });
    });

    it("counts the other loans of the same person", async () => {
      const [ann] = await stores().enrollments.candidates({
        ...DUE,
        versionId: VERSION.versionId,
        after: null,
        accountIds: [ANN.id],
      });
      expect(ann?.snapshot.otherAccounts).toBe(1);
    });

    it("takes an account once, with its first decision and request, however often it is asked", async () => {
      const turn = { decisions: [aDecision("entered")], intents: [aContact("k1")] };
      expect(await enter(turn)).toBe(1);
      expect(await enter(turn)).toBe(0);
      expect(await stores().look.decisions(enrollmentOf(ANN.id))).toEqual([{ ...aDecision("entered"), ordinal: 0 }]);
      expect(await stores().look.intents()).toEqual([{ key: "k1", state: "ready", notAfterMs: NOW + DAY_MS }]);
    });

    it("keeps every part of the state", async () => {
      const state = aState({
        status: "faulted",
        wakeAtMs: NOW + 1,
        attempt: 3,
        pending: true,
        loopCounts: { redo: 2 },
        vars: { promised: 100, seen: null },
        exit: { reason: "completed", label: "done" },
        fault: { code: "step-limit", path: ["a", "b"] },
      });
      await enter({ state });
      expect(await stores().look.enrollment(enrollmentOf(ANN.id))).toEqual({ state, fence: 0 });
    });
  });

  describe("taking turns", () => {
    it("claims whoever's timer is due, not a moment early", async () => {
      await enter({ state: aState({ wakeAtMs: NOW }) });
      await enter({ state: aState({ wakeAtMs: NOW + 1 }) }, BEN);
      expect((await claimOnce()).seen).toEqual([enrollmentOf(ANN.id)]);
    });

    it("overlooks nobody, however few are claimed at once and however late an early timer comes in", async () => {
      const one = { nowMs: NOW, limit: 1 };
      const seen: string[] = [];
      const claim = () =>
        stores().enrollments.advance(one, async (all) =>
          all.map(({ subject, versionId, fence, state }) => {
            seen.push(subject.accountId);
            return aTurn(ANN, versionId, { subject, fence, state: { ...state, wakeAtMs: null } });
          }),
        );
      await enter({ state: aState({ wakeAtMs: NOW - 10 }) });
      await enter({ state: aState({ wakeAtMs: NOW - 5 }) }, BEN);
      await claim();
      await enter({ state: aState({ wakeAtMs: NOW - 20 }) }, SECOND_LOAN);
      await claim();
      await claim();
      expect([...seen].sort()).toEqual([ANN.id, SECOND_LOAN.id, BEN.id]);
    });

    it("claims whoever was told something, with what was told in order of time", async () => {
      await enter();
      await stores().inbox.put([
        anEntry("late", { atMs: NOW - 1 }),
        anEntry("early", { atMs: NOW - 2 }),
        anEntry("future", { atMs: NOW + 1 }),
      ]);
      const told: string[][] = [];
      await stores().enrollments.advance(DUE, async (all) => {
        for (const one of all) told.push(one.entries.map((entry) => entry.dedupeKey));
        return [];
      });
      expect(told).toEqual([["early", "late"]]);
    });

    it("writes state, decisions, requests, exposure and used-up entries together, ordinals dense", async () => {
      await enter({ decisions: [aDecision("entered")], intents: [aContact("k1")] });
      await stores().inbox.put([anEntry("told")]);
      const [entry] = await entriesOf();
      const next = aState({ nodeId: "text", stepSeq: 3, enteredAtMs: NOW, wakeAtMs: NOW + HOUR_MS });
      const turn = await claimOnce(() => ({
        state: next,
        decisions: [
          aDecision("elapsed"),
          aDecision("requested", { nodeId: "text", stepSeq: 3, handle: "sent", detail: "x" }),
        ],
        intents: [aContact("k2", { stepSeq: 3 })],
        cancelled: ["k1"],
        arms: [{ experimentKey: "tone", phase: 1, arm: "soft" }],
        consumed: [{ id: entry ?? "", status: "done", error: null }],
      }));
      expect(turn).toMatchObject({ claimed: 1, written: 1 });
      expect(await stores().look.enrollment(enrollmentOf(ANN.id))).toEqual({ state: next, fence: 1 });
      expect((await stores().look.decisions(enrollmentOf(ANN.id))).map((one) => [one.ordinal, one.code])).toEqual([
        [0, "entered"],
        [1, "elapsed"],
        [2, "requested"],
      ]);
      expect((await stores().look.intents()).map((one) => [one.key, one.state])).toEqual([
        ["k1", "cancelled"],
        ["k2", "ready"],
      ]);
      expect(await stores().look.inbox()).toMatchObject([{ dedupeKey: "told", status: "done" }]);
      const [ann] = await stores().enrollments.candidates({
        ...DUE,
        versionId: VERSION.versionId,
        after: null,
        accountIds: [ANN.id],
      });
      expect(ann?.snapshot.arms).toEqual({ "tone:1": "soft" });
    });

    it("writes nothing at all for a turn whose fence has moved", async () => {
      await enter();
      const stale = aTurn(ANN, VERSION.versionId, { fence: 0, decisions: [aDecision("waiting")] });
      expect(await stores().enrollments.write([stale])).toBe(1);
      const late = { ...stale, firstOrdinal: 1, state: aState({ nodeId: "elsewhere" }), intents: [aContact("k9")] };
      expect(await stores().enrollments.write([late])).toBe(0);
      expect((await stores().look.enrollment(enrollmentOf(ANN.id)))?.state.nodeId).toBe("wait");
      expect(await stores().look.intents()).toEqual([]);
      expect(await stores().look.decisions(enrollmentOf(ANN.id))).toHaveLength(1);
    });

    it("keeps the first arm a person was given", async () => {
      await enter({ arms: [{ experimentKey: "tone", phase: 1, arm: "soft" }] });
      await enter({ arms: [{ experimentKey: "tone", phase: 1, arm: "firm" }] }, SECOND_LOAN);
      const all = await stores().enrollments.candidates({
        ...DUE,
        versionId: VERSION.versionId,
        after: null,
        accountIds: null,
      });
      expect(all.map((one) => one.snapshot.arms)).toEqual([{ "tone:1": "soft" }, { "tone:1": "soft" }, {}]);
    });

    it("leaves a paused strategy alone and forgets nothing meanwhile", async () => {
      await enter({ state: aState({ wakeAtMs: NOW - 1 }) });
      await stores().inbox.put([anEntry("told")]);
      await stores().given.paused(VERSION.strategyId, true);
      expect((await claimOnce()).seen).toEqual([]);
      await stores().given.paused(VERSION.strategyId, false);
      expect((await claimOnce()).seen).toEqual([enrollmentOf(ANN.id)]);
    });
  });

  describe("holds", () => {
    const complaint = { id: "hold_1", kind: "complaint", fromMs: NOW - HOUR_MS, untilMs: null } as const;

    it("freeze every enrollment of the person, and nobody else's", async () => {
      const state = aState({ wakeAtMs: NOW });
      await enter({ state });
      await enter({ state }, SECOND_LOAN);
      await enter({ state }, BEN);
      await stores().given.hold(ANN.partyId, complaint);
      expect((await claimOnce()).seen).toEqual([enrollmentOf(BEN.id)]);
      expect(await stores().enrollments.freeze(DUE)).toBe(2);
      expect((await stores().look.enrollment(enrollmentOf(SECOND_LOAN.id)))?.state.status).toBe("held");
      expect(await freedBy(stores(), DUE)).toEqual([]);
    });

    it("that have ended make the enrollment free to go on", async () => {
      await enter({ state: aState({ status: "held" }) });
      await stores().given.hold(ANN.partyId, { ...complaint, untilMs: NOW });
      const [frozen] = await freedBy(stores(), DUE);
      expect(frozen).toMatchObject({ fence: 0, holds: [{ kind: "complaint", fromMs: NOW - HOUR_MS, untilMs: NOW }] });
    });

    it("tell whether a contact has left meanwhile, and what was chosen for whom", async () => {
      const key = `${enrollmentOf(ANN.id)}:2:1`;
      await enter({ state: aState({ stepSeq: 2, attempt: 1, pending: true }), intents: [aContact(key)] });
      await stores().outbox.reserve(DUE, async (ready) => ready.map(sending));
      await stores().given.hold(ANN.partyId, { ...complaint, fromMs: NOW });
      await stores().enrollments.freeze(DUE);
      const choice = { mode: "exit", reason: "escalated" } as const;
      await stores().given.endHold("hold_1", NOW, { [enrollmentOf(ANN.id)]: choice });
      expect(await freedBy(stores(), DUE)).toMatchObject([{ contactOut: true, holds: [{ choice }] }]);
    });

    it("take nobody for contacted whose request still waits to leave", async () => {
      const key = `${enrollmentOf(ANN.id)}:2:1`;
      await enter({
        state: aState({ status: "held", stepSeq: 2, attempt: 1, pending: true }),
        intents: [aContact(key)],
      });
      await stores().given.hold(ANN.partyId, { ...complaint, untilMs: NOW });
      expect(await freedBy(stores(), DUE)).toMatchObject([{ contactOut: false, holds: [{ choice: null }] }]);
    });

    it("move the day people should have done their work by, taken up or not", async () => {
      await enter({ intents: [aTask("k1"), aContact("k2", { terms: { desk: aTask("k1").desk } })] });
      await stores().outbox.reserve(DUE, async (ready) =>
        ready
          .filter(({ intent }) => intent.kind === "task")
          .map((one) => ({ ...sending(one), kind: "hand-over", provider: "desk" }) as never),
      );
      await stores().enrollments.write([aTurn(ANN, VERSION.versionId, { shiftIntentsMs: HOUR_MS })]);
      expect(await stores().look.desks()).toEqual([
        { key: "k1", dueAtMs: NOW + DAY_MS + HOUR_MS },
        { key: "k2", dueAtMs: NOW + DAY_MS + HOUR_MS },
      ]);
    });

    it("move the deadlines of requests that have not left when they end", async () => {
      await enter({ intents: [aContact("k1")] });
      await stores().enrollments.write([aTurn(ANN, VERSION.versionId, { shiftIntentsMs: HOUR_MS })]);
      expect(await stores().look.intents()).toMatchObject([{ key: "k1", notAfterMs: NOW + DAY_MS + HOUR_MS }]);
    });
  });

  async function entriesOf(): Promise<readonly string[]> {
    const ids: string[] = [];
    await stores().enrollments.advance(DUE, async (all) => {
      for (const one of all) ids.push(...one.entries.map((entry) => entry.id));
      return [];
    });
    return ids;
  }
}
