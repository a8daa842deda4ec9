import { describe, expect, it } from "vitest";
import type { StatusEvent } from "../ports/channel";
import { heardOf } from "../runtime/callbacks";
import { aContact, type ContractScene, DUE, NOW, sending } from "./contract-scene";

const PROVIDER = "simulated-sms";
const PRICE = { providerRef: "ref-1", costMinor: 5 };

function said(eventId: string, result: StatusEvent["result"], change: Partial<StatusEvent> = {}): StatusEvent {
  const event = { eventId, key: "k1", ref: null, result, outcome: null, atMs: NOW, costMinor: null, values: {} };
  return { ...event, raw: { status: result }, ...change };
}

/** What providers say later: kept once, placed when the contact has left, never turned back. */
export function callbackContract({ stores, enter }: ContractScene): void {
  const take = () => stores().callbacks.take(DUE, (contacts) => contacts.flatMap((one) => heardOf(one, NOW)));
  const told = async () => (await stores().look.inbox()).map(({ dedupeKey }) => dedupeKey).sort();
  const leaves = async (channel: "sms" | "robot" = "sms") => {
    await enter({ intents: [aContact("k1", { channel })] });
    await stores().outbox.reserve(DUE, async (ready) => ready.map(sending));
  };
  const isSent = () => stores().outbox.settle([{ kind: "sent", key: "k1", inbox: [], ...PRICE }]);

  describe("what providers say later", () => {
    it("is kept once and heard by the strategy once, however often it is said", async () => {
      await leaves();
      await isSent();
      const delivered = said("e1", "delivered", { costMinor: 9 });
      expect(await stores().callbacks.put(PROVIDER, [delivered, delivered])).toBe(1);
      expect(await stores().callbacks.put(PROVIDER, [delivered])).toBe(0);
      expect(await take()).toEqual({ taken: 1, orphans: 0 });
      expect(await take()).toEqual({ taken: 0, orphans: 0 });
      await stores().callbacks.put(PROVIDER, [said("e2", "delivered")]);
      expect(await take()).toEqual({ taken: 1, orphans: 0 });
      expect(await told()).toEqual(["result:k1:DLV"]);
      expect(await stores().look.attempts()).toMatchObject([{ outcome: "DLV" }]);
      expect(await stores().look.sends()).toMatchObject([{ key: "k1", costMinor: 9 }]);
    });

    it("waits while nobody knows whether the contact has left", async () => {
      await leaves();
      await stores().callbacks.put(PROVIDER, [said("e1", "delivered")]);
      expect(await take()).toEqual({ taken: 0, orphans: 0 });
      await isSent();
      await stores().given.callbacksDue();
      expect(await take()).toEqual({ taken: 1, orphans: 0 });
      expect(await told()).toEqual(["result:k1:DLV"]);
    });

    it("is placed by the provider's own reference, and never by another provider", async () => {
      await leaves();
      await isSent();
      await stores().callbacks.put(PROVIDER, [said("e1", "sending", { key: null, ref: "ref-1" })]);
      await stores().callbacks.put("somebody-else", [
        said("e1", "delivered"),
        said("e2", "delivered", { key: null, ref: "ref-1" }),
      ]);
      expect(await take()).toEqual({ taken: 1, orphans: 0 });
      expect(await told()).toEqual([]);
    });

    it("settles a contact of unknown outcome", async () => {
      await leaves();
      await stores().outbox.settle([{ kind: "unknown", key: "k1", inbox: [], askAgainMs: NOW }]);
      await stores().callbacks.put(PROVIDER, [said("e0", "unknown")]);
      await take();
      expect(await stores().look.intents()).toMatchObject([{ state: "unknown" }]);
      await stores().callbacks.put(PROVIDER, [said("e1", "accepted")]);
      await take();
      expect(await stores().look.intents()).toMatchObject([{ state: "sent" }]);
      expect((await stores().outbox.unsettled(DUE)).lapsed).toEqual([]);
      expect(await told()).toEqual([]);
    });

    it("never turns back, and keeps better news that come late", async () => {
      await leaves();
      await isSent();
      for (const event of [
        said("e1", "expired"),
        said("e2", "delivered"),
        said("e3", "failed_permanent"),
        said("e4", "sending"),
      ]) {
        await stores().callbacks.put(PROVIDER, [event]);
        await take();
      }
      expect(await told()).toEqual(["result:k1:DLV", "result:k1:UND"]);
      expect(await stores().look.attempts()).toMatchObject([{ outcome: "DLV" }]);
    });

    it("counts for the caps, freezes the person and strikes the number at once, before the strategy hears of it", async () => {
      await leaves("robot");
      await isSent();
      await stores().callbacks.put(PROVIDER, [said("e1", "answered", { outcome: "CMP" })]);
      await take();
      expect(await stores().look.attempts()).toMatchObject([{ outcome: "CMP", conversed: true }]);
      expect(await stores().look.holds()).toMatchObject([{ id: "hold_k1", kind: "complaint" }]);
    });

    it("strikes a number that does not exist", async () => {
      await leaves();
      await isSent();
      await stores().callbacks.put(PROVIDER, [said("e1", "invalid_vacant")]);
      await take();
      const point = (await stores().look.contactPoints()).find(({ id }) => id === "cp_C-A-1");
      expect(point?.status).toBe("invalid");
      expect(await told()).toEqual(["result:k1:UND"]);
    });

    it("in words is a reply that a strategy may wait for", async () => {
      await leaves();
      await isSent();
      await stores().callbacks.put(PROVIDER, [said("e1", "replied")]);
      await take();
      expect(await told()).toEqual(["reply:k1", "result:k1:RPL"]);
    });
  });
}
