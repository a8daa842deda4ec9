import { describe, expect, it } from "vitest";
import { DAY_MS, HOUR_MS } from "../model/time";
import type { GateDecision, NewIntent, ReadyIntent } from "../ports/outbox";
import { aState, aTurn, enrollmentOf } from "./builders";
import {
  ANN,
  aContact,
  aConversationCheck,
  anEntry,
  aQuestion,
  aTask,
  BEN,
  type ContractScene,
  DUE,
  freedBy,
  NOW,
  sending,
  VERSION,
} from "./contract-scene";

const handingOver = ({ intent }: ReadyIntent): GateDecision => ({
  kind: "hand-over",
  key: intent.key,
  inbox: [],
  reasons: [],
  provider: "desk",
});

/** Requests that are no contacts: work, questions to other systems, conversations to check. */
export function workContract({ stores, enter, claimOnce }: ContractScene): void {
  const offered = async (lane: "usual" | "external"): Promise<readonly NewIntent[]> => {
    const seen: NewIntent[] = [];
    await stores().outbox.reserve({ ...DUE, lane }, async (ready) => {
      seen.push(...ready.map(({ intent }) => intent));
      return [];
    });
    return seen;
  };

  describe("work and questions", () => {
    it("are offered as they were asked, member by member; questions in a lane of their own", async () => {
      const call = aContact("k1", { notBeforeMs: NOW - 3 });
      const task = aTask("k2", { notBeforeMs: NOW - 2 });
      const check = { ...aConversationCheck("k3"), notBeforeMs: NOW - 1 };
      await enter({ intents: [call, task, check, aQuestion("k4")] });
      expect(await offered("usual")).toEqual([call, task, check]);
      expect(await offered("external")).toEqual([aQuestion("k4")]);
    });

    it("take no place under the caps, and are answered like any request", async () => {
      await enter({ intents: [aTask("k1"), aTask("k2"), aTask("k3")] });
      const { decided } = await stores().outbox.reserve(DUE, async (ready) =>
        ready.map((one) => (one.intent.key === "k3" ? { ...handingOver(one), kind: "open" } : handingOver(one))),
      );
      expect(decided).toHaveLength(3);
      expect(await stores().look.attempts()).toEqual([]);
      expect((await stores().look.intents()).map(({ state }) => state)).toEqual(["sending", "sending", "sent"]);
      await stores().outbox.settle([
        { kind: "sent", key: "k1", inbox: [anEntry("end:k1")], providerRef: "r", costMinor: 500 },
        { kind: "retry", key: "k2", inbox: [], notBeforeMs: NOW + HOUR_MS, reasons: [] },
      ]);
      expect((await stores().look.intents()).map(({ state }) => state)).toEqual(["sent", "ready", "sent"]);
      expect((await stores().look.inbox()).map(({ dedupeKey }) => dedupeKey)).toEqual(["end:k1"]);
    });

    it("of a dead sender are handed to exactly one other, with no contact point", async () => {
      await enter({ intents: [aTask("k1")] });
      await stores().outbox.reserve(DUE, async (ready) => ready.map(handingOver));
      await stores().given.deadSender();
      expect((await stores().outbox.lapsed(DUE)).lapsed).toMatchObject([
        { contactPointId: null, ready: { intent: aTask("k1") } },
      ]);
      expect((await stores().outbox.lapsed(DUE)).lapsed).toEqual([]);
    });

    it("are called back even when somebody works on them; a message that has left is not", async () => {
      await enter({ intents: [aTask("k1"), aTask("k2"), aContact("k3")] });
      await stores().outbox.reserve(DUE, async (ready) =>
        ready.map((one) => (one.intent.kind === "contact" ? sending(one) : handingOver(one))),
      );
      const done = { kind: "sent", inbox: [], providerRef: "r", costMinor: 0 } as const;
      await stores().outbox.settle([
        { ...done, key: "k1" },
        { ...done, key: "k3" },
      ]);
      const cancelled = ["k1", "k2", "k3"];
      await stores().enrollments.write([aTurn(ANN, VERSION.versionId, { cancelled })]);
      expect((await stores().look.intents()).map(({ state }) => state)).toEqual(["cancelled", "cancelled", "sent"]);
      expect(await stores().outbox.settle([{ ...done, key: "k2", inbox: [anEntry("end:k2")] }])).toBe(0);
      expect(await stores().look.inbox()).toEqual([]);
    });

    it("that were called back bring no money any more", async () => {
      const pays = (dedupeKey: string, intentKey: string) =>
        anEntry(dedupeKey, {
          type: "payment.posted",
          enrollmentId: null,
          data: { amountMinor: 700, source: "simulated", intentKey },
        });
      await enter({ intents: [aTask("k1", { state: "cancelled" }), aTask("k2")] });
      await stores().inbox.put([pays("p1", "k1"), pays("p2", "k2")]);
      expect(await stores().inbox.postDuePayments(DUE)).toBe(2);
      expect(await stores().look.payments()).toMatchObject([{ id: "pay_p2", amountMinor: 700 }]);
    });
  });

  describe("a step that waits in spite of a hold", () => {
    const dispute = { id: "hold_1", kind: "dispute", fromMs: NOW - HOUR_MS, untilMs: null } as const;
    const death = { id: "hold_2", kind: "deceased", fromMs: NOW - HOUR_MS, untilMs: null } as const;
    const despite = ["dispute", "complaint"] as const;
    const due = aState({ wakeAtMs: NOW });

    it("is not frozen by it: timers fire, what is told is heard, its case goes out, contacts and treatment do not", async () => {
      const own = aTask("k1", { task: "dispute" });
      await enter({ state: due, despite, intents: [own, aContact("k2"), aTask("k3")] });
      await stores().given.hold(ANN.partyId, dispute);
      await stores().inbox.put([anEntry("told")]);
      expect(await stores().enrollments.freeze(DUE)).toBe(0);
      expect((await offered("usual")).map(({ key }) => key)).toEqual(["k1"]);
      const holds: unknown[] = [];
      await stores().enrollments.advance(DUE, async (all) => {
        holds.push(...all.map((one) => [one.entries.length, one.holds]));
        return [];
      });
      expect(holds).toMatchObject([[1, [{ kind: "dispute", fromMs: NOW - HOUR_MS, untilMs: null }]]]);
    });

    it("is frozen by any other, and goes on when that one has ended", async () => {
      await enter({ state: due, despite });
      await enter({ state: due }, BEN);
      await stores().given.hold(ANN.partyId, dispute);
      await stores().given.hold(ANN.partyId, death);
      expect((await claimOnce()).seen).toEqual([enrollmentOf(BEN.id)]);
      expect(await stores().enrollments.freeze(DUE)).toBe(1);
      expect(await freedBy(stores(), DUE)).toEqual([]);
      await stores().given.endHold("hold_2", NOW);
      const [frozen] = await freedBy(stores(), DUE);
      expect(frozen?.holds.map(({ kind, untilMs }) => [kind, untilMs])).toEqual([["deceased", NOW]]);
    });

    it("is written with the turn that comes to it, and forgotten by the next", async () => {
      await enter({ state: due });
      await stores().given.hold(ANN.partyId, { ...dispute, fromMs: NOW + DAY_MS });
      await claimOnce(() => ({ despite }));
      const later = { nowMs: NOW + DAY_MS, limit: 10 };
      expect(await stores().enrollments.freeze(later)).toBe(0);
      await stores().enrollments.write([aTurn(ANN, VERSION.versionId, { fence: 1, state: due })]);
      expect(await stores().enrollments.freeze(later)).toBe(1);
    });
  });
}
