import { describe, expect, it } from "vitest";
import { requestKey, visitKey } from "../model/execution";
import { DAY_MS, HOUR_MS } from "../model/time";
import { aPhone, aTurn, enrollmentOf } from "./builders";
import {
  ANN,
  aContact,
  anEntry,
  aResult,
  type ContractScene,
  DUE,
  NOW,
  SECOND_LOAN,
  sending,
  VERSION,
} from "./contract-scene";

/** What may leave, and what is known of it afterwards. */
export function outboxContract({ stores, enter }: ContractScene): void {
  describe("the outbox", () => {
    it("writes the contact under the caps in the commit that lets it leave", async () => {
      await enter({ intents: [aContact("k1"), aContact("k2", { notBeforeMs: NOW + 1 })] });
      const { looked, decided } = await stores().outbox.reserve(DUE, async (ready) => ready.map(sending));
      expect([looked, decided.length]).toEqual([1, 1]);
      expect(await stores().look.attempts()).toMatchObject([{ intentKey: "k1", outcome: null, atMs: NOW }]);
      expect((await stores().outbox.reserve(DUE, async (ready) => ready.map(sending))).looked).toBe(0);
    });

    it("lets one worker at a time decide about a person", async () => {
      await enter({ intents: [aContact("k1")] });
      await enter({ intents: [aContact("k2", { notBeforeMs: NOW + 5 })] }, SECOND_LOAN);
      const later = { nowMs: NOW + 5, limit: 10 };
      const offered: string[][] = [];
      await stores().outbox.reserve(DUE, async (ready) => {
        await stores().outbox.reserve(later, async (other) => {
          offered.push(other.map((one) => one.intent.key));
          return [];
        });
        return ready.map(sending);
      });
      expect(offered).toEqual([[]]);
      await stores().outbox.reserve(later, async (other) => {
        offered.push(other.map((one) => one.intent.key));
        return [];
      });
      expect(offered.at(-1)).toEqual(["k2"]);
    });

    it("shows the gate the person's contacts of all loans, and holds", async () => {
      await enter({ intents: [aContact("k1")] });
      await enter({ intents: [aContact("k2", { notBeforeMs: NOW + 5 })] }, SECOND_LOAN);
      await stores().outbox.reserve(DUE, async (ready) => ready.map(sending));
      const seen: unknown[] = [];
      await stores().outbox.reserve({ nowMs: NOW + 5, limit: 10 }, async (ready) => {
        for (const one of ready) seen.push(one.party.history.map(({ atMs, settled }) => ({ atMs, settled })));
        return [];
      });
      expect(seen).toEqual([[{ atMs: NOW, settled: false }]]);
    });

    it("shows the gate a notice however long ago it was given, and other old contacts no more", async () => {
      await enter({ intents: [aContact("k1"), aContact("k2")] });
      await enter(
        { intents: [aContact("k3", { notBeforeMs: NOW + 100 * DAY_MS, notAfterMs: NOW + 101 * DAY_MS })] },
        SECOND_LOAN,
      );
      const notice = (decision: ReturnType<typeof sending>) =>
        decision.kind === "send" && decision.key === "k1"
          ? { ...decision, reservation: { ...decision.reservation, notice: "demand" } }
          : decision;
      await stores().outbox.reserve(DUE, async (ready) => ready.map(sending).map(notice));
      const seen: unknown[] = [];
      await stores().outbox.reserve({ nowMs: NOW + 100 * DAY_MS, limit: 10 }, async (ready) => {
        for (const one of ready) seen.push(one.party.history.map(({ notice: given }) => given));
        return [];
      });
      expect(seen).toEqual([["demand"]]);
    });

    it("keeps what a step laid down about its contact, and knows which visit and whose a past contact was", async () => {
      const key = (attempt: number) => requestKey(enrollmentOf(ANN.id), 2, attempt);
      const desk = { queue: "外访", priority: 2, dueAtMs: NOW + HOUR_MS, people: 3 };
      const terms = { maxPerDay: 2, contactPoints: "next", desk } as const;
      await enter({
        intents: [
          aContact(key(1), { terms }),
          aContact(key(2), { attempt: 2, notBeforeMs: NOW + 5 }),
          aContact(requestKey(enrollmentOf(ANN.id), 7, 1), { stepSeq: 7, notBeforeMs: NOW + 5 }),
        ],
      });
      const laidDown: unknown[] = [];
      await stores().outbox.reserve(DUE, async (ready) => {
        for (const { intent } of ready) laidDown.push(intent.kind === "contact" ? intent.terms : null);
        return ready.map(sending);
      });
      expect(laidDown).toEqual([terms]);
      const visits: unknown[] = [];
      await stores().outbox.reserve({ nowMs: NOW + 5, limit: 10 }, async (ready) => {
        for (const { intent, party } of ready) {
          expect(intent.kind === "contact" ? intent.terms : null).toEqual({});
          visits.push(party.history.map(({ visit, enrollmentId }) => [visit, enrollmentId]));
        }
        return [];
      });
      const past = [visitKey(enrollmentOf(ANN.id), 2), enrollmentOf(ANN.id)];
      expect(visits).toEqual([[past], [past]]);
    });

    it("shows the gate every way to reach the person, the first to be tried first", async () => {
      const second = aPhone(ANN.partyId, { id: "cp_0", rank: 2, address: "sim:13800000002" });
      const mailbox = aPhone(ANN.partyId, { id: "cp_1", kind: "email", address: "sim:13800000003" });
      await stores().given.accounts([], [second, mailbox]);
      await enter({ intents: [aContact("k1")] });
      const seen: unknown[] = [];
      await stores().outbox.reserve(DUE, async (ready) => {
        for (const { snapshot } of ready) {
          seen.push(...snapshot.contactPoints.map(({ kind, rank }) => `${kind} ${rank}`));
        }
        return [];
      });
      expect(seen.sort()).toEqual(["email 1", "phone 1", "phone 2"]);
    });

    it("tells the strategy what the gate said", async () => {
      await enter({ intents: [aContact("k1"), aContact("k2")] });
      await stores().outbox.reserve(DUE, async () => [
        { kind: "deny", key: "k1", reasons: [{ rule: "r", code: "c", params: {} }], inbox: [anEntry("denied:k1")] },
        { kind: "defer", key: "k2", untilMs: NOW + HOUR_MS, reasons: [], inbox: [anEntry("deferred:k2")] },
      ]);
      expect((await stores().look.intents()).map((one) => one.state)).toEqual(["denied", "ready"]);
      expect((await stores().look.inbox()).map((entry) => entry.dedupeKey).sort()).toEqual([
        "deferred:k2",
        "denied:k1",
      ]);
      expect((await stores().outbox.reserve(DUE, async () => [])).looked).toBe(0);
      expect((await stores().outbox.reserve({ nowMs: NOW + HOUR_MS, limit: 9 }, async () => [])).looked).toBe(1);
    });

    it("leaves people on hold and paused strategies alone", async () => {
      await enter({ intents: [aContact("k1")] });
      await stores().given.paused(VERSION.strategyId, true);
      expect((await stores().outbox.reserve(DUE, async () => [])).looked).toBe(0);
      await stores().given.paused(VERSION.strategyId, false);
      await stores().given.hold(ANN.partyId, { id: "hold_1", kind: "deceased", fromMs: NOW, untilMs: null });
      expect((await stores().outbox.reserve(DUE, async () => [])).looked).toBe(0);
    });

    it("takes the first answer of a provider and gives a refused contact its place back", async () => {
      await enter({ intents: [aContact("k1"), aContact("k2"), aContact("k3")] });
      await stores().outbox.reserve(DUE, async (ready) => ready.map(sending));
      const settled = await stores().outbox.settle([
        { kind: "sent", key: "k1", inbox: [aResult("k1")], providerRef: "r1", costMinor: 5 },
        { kind: "failed", key: "k2", inbox: [], reasons: [] },
        { kind: "unknown", key: "k3", inbox: [], askAgainMs: null },
      ]);
      expect(settled).toBe(3);
      expect(
        await stores().outbox.settle([{ kind: "unknown", key: "k1", inbox: [anEntry("x")], askAgainMs: null }]),
      ).toBe(0);
      expect((await stores().look.intents()).map((one) => one.state)).toEqual(["sent", "failed", "unknown"]);
      expect((await stores().look.attempts()).map((one) => one.intentKey)).toEqual(["k1", "k3"]);
      expect((await stores().look.inbox()).map((entry) => entry.dedupeKey)).toEqual(["result:k1"]);
    });

    it("hands contacts of a dead sender to exactly one other", async () => {
      await enter({ intents: [aContact("k1")] });
      await stores().outbox.reserve(DUE, async (ready) => ready.map(sending));
      expect((await stores().outbox.lapsed(DUE)).lapsed).toEqual([]);
      await stores().given.deadSender();
      const {
        lapsed: [lapsed],
      } = await stores().outbox.lapsed(DUE);
      expect(lapsed).toMatchObject({ contactPointId: "cp_C-A-1", ready: { intent: { key: "k1" } } });
      expect((await stores().outbox.lapsed(DUE)).lapsed).toEqual([]);
    });

    it("takes it from anybody that a contact was sent, even after it was given up as unknown", async () => {
      await enter({ intents: [aContact("k1")] });
      await stores().outbox.reserve(DUE, async (ready) => ready.map(sending));
      await stores().given.deadSender();
      await stores().outbox.lapsed(DUE);
      await stores().outbox.settle([{ kind: "unknown", key: "k1", inbox: [], askAgainMs: null }]);
      expect(await stores().outbox.settle([{ kind: "unknown", key: "k1", inbox: [], askAgainMs: null }])).toBe(0);
      const sent = { kind: "sent", key: "k1", inbox: [], providerRef: "r", costMinor: 5 } as const;
      expect(await stores().outbox.settle([sent])).toBe(1);
      expect(await stores().look.intents()).toMatchObject([{ state: "sent" }]);
    });

    it("hands a contact of unknown outcome out again when it is to be looked after, and counts how often", async () => {
      await enter({ intents: [aContact("k1"), aContact("k2")] });
      await stores().outbox.reserve(DUE, async (ready) => ready.map(sending));
      const unknown = { kind: "unknown", inbox: [] } as const;
      await stores().outbox.settle([
        { ...unknown, key: "k1", askAgainMs: NOW + HOUR_MS },
        { ...unknown, key: "k2", askAgainMs: null },
      ]);
      expect((await stores().outbox.unsettled(DUE)).lapsed).toEqual([]);
      const later = { nowMs: NOW + HOUR_MS, limit: 10 };
      await stores().given.paused(VERSION.strategyId, true);
      expect((await stores().outbox.unsettled(later)).lapsed).toEqual([]);
      await stores().given.paused(VERSION.strategyId, false);
      const found = (await stores().outbox.unsettled(later)).lapsed;
      expect(found).toMatchObject([
        { ready: { intent: { key: "k1" } }, contactPointId: "cp_C-A-1", provider: "simulated-sms", unclear: 1 },
      ]);
      expect(found[0]?.reservedAtMs).toBe(NOW);
      expect((await stores().outbox.unsettled(later)).lapsed).toEqual([]);
      await stores().outbox.settle([{ ...unknown, key: "k1", askAgainMs: null }]);
      expect((await stores().look.intents()).map(({ state }) => state)).toEqual(["unknown", "unknown"]);
      expect((await stores().look.sends()).map(({ unclear }) => unclear)).toEqual([2, 1]);
    });

    it("tries a number that turned out not to exist no more", async () => {
      await enter({ intents: [aContact("k1")] });
      await stores().outbox.reserve(DUE, async (ready) => ready.map(sending));
      const outcome = { intentKey: "k1", outcome: "INV", connected: false, conversed: false, hold: null, atMs: NOW };
      await stores().enrollments.write([
        aTurn(ANN, VERSION.versionId, { outcomes: [{ ...outcome, invalidates: true }] }),
      ]);
      const status = new Map((await stores().look.contactPoints()).map((point) => [point.id, point.status]));
      expect(status.get("cp_C-A-1")).toBe("invalid");
      expect([...status.values()].filter((one) => one === "valid")).toHaveLength(1);
    });

    it("hears what a contact came to exactly once", async () => {
      await enter({ intents: [aContact("k1")] });
      await stores().outbox.reserve(DUE, async (ready) => ready.map(sending));
      const outcome = { intentKey: "k1", connected: true, conversed: true, hold: null, atMs: NOW } as const;
      await stores().enrollments.write([
        aTurn(ANN, VERSION.versionId, { outcomes: [{ ...outcome, outcome: "promised" }] }),
      ]);
      await stores().enrollments.write([
        aTurn(ANN, VERSION.versionId, {
          fence: 1,
          outcomes: [{ ...outcome, outcome: "no-answer", conversed: false }],
        }),
      ]);
      expect(await stores().look.attempts()).toMatchObject([{ outcome: "promised", conversed: true }]);
    });
  });
}
