import { describe, expect, it } from "vitest";
import { anAccount, aPhone, enrollmentOf } from "./builders";
import { ANN, aContact, anEntry, aResult, BEN, type ContractScene, DUE, NOW, sending, VERSION } from "./contract-scene";

/** What is heard, once, and what it moves. */
export function inboxContract({ stores, enter, claimOnce }: ContractScene): void {
  describe("the inbox", () => {
    it("hears one event once", async () => {
      expect(await stores().inbox.put([anEntry("a"), anEntry("a"), anEntry("b")])).toBe(2);
      expect(await stores().inbox.put([anEntry("a")])).toBe(0);
    });

    it("refuses money of another currency than the account's, and takes its own", async () => {
      const payment = { type: "payment.posted", enrollmentId: null };
      await stores().inbox.put([
        anEntry("usd", { ...payment, data: { amountMinor: 100, currency: "USD", source: "bank" } }),
        anEntry("cny", { ...payment, data: { amountMinor: 200, currency: "CNY", source: "bank" } }),
      ]);
      await stores().inbox.postDuePayments(DUE);
      expect((await stores().look.payments()).map(({ amountMinor }) => amountMinor)).toEqual([200]);
      const refused = (await stores().look.inbox()).find(({ dedupeKey }) => dedupeKey === "usd");
      expect(refused).toMatchObject({ status: "dead", error: "payment.other-currency" });
    });

    it("books a payment when it falls due, once, and tells every enrollment of the account", async () => {
      await enter();
      await enter({}, BEN);
      const payment = {
        type: "payment.posted",
        enrollmentId: null,
        data: { amountMinor: 2500, source: "simulated" },
      };
      await stores().inbox.put([anEntry("p1", payment), anEntry("p2", { ...payment, atMs: NOW + 1 })]);
      expect(await stores().inbox.postDuePayments(DUE)).toBe(1);
      expect(await stores().inbox.postDuePayments(DUE)).toBe(0);
      expect(await stores().look.payments()).toMatchObject([{ amountMinor: 2500 }]);
      const turn = await claimOnce();
      expect(turn.seen).toEqual([enrollmentOf(ANN.id)]);
      const [ann] = await stores().enrollments.candidates({
        ...DUE,
        versionId: VERSION.versionId,
        after: null,
        accountIds: [ANN.id],
      });
      expect(ann?.snapshot.paidMinor).toBe(2500);
    });

    it("records what a contact came to even while its enrollment is frozen, and leaves the event waiting", async () => {
      await enter({ intents: [aContact("k1")] });
      await stores().outbox.reserve(DUE, async (ready) => ready.map(sending));
      await stores().given.paused(VERSION.strategyId, true);
      await stores().inbox.put([aResult("k1", "dispute")]);
      expect(await stores().inbox.recordWaitingResults(DUE)).toBe(1);
      expect(await stores().inbox.recordWaitingResults(DUE)).toBe(0);
      expect(await stores().look.attempts()).toMatchObject([{ intentKey: "k1", outcome: "promised", conversed: true }]);
      expect(await stores().look.holds()).toMatchObject([{ id: "hold_k1", kind: "dispute" }]);
      expect((await stores().look.inbox()).map((entry) => entry.status)).toEqual(["pending"]);
    });
  });

  describe("simulated people", () => {
    const realPhone = aPhone(BEN.partyId, { simulated: false, address: "+8613800000000" });

    it("are asked once when they would pay; real ones never", async () => {
      const real = anAccount("R-1", { customerNo: "R-1" });
      await stores().given.accounts([real], [{ ...realPhone, id: "cp_R-1", partyId: real.partyId }]);
      await enter();
      await enter({}, real);
      const [ann, ...others] = await stores().debtors.unasked(10);
      expect([ann, others]).toEqual([{ account: ANN, versionId: VERSION.versionId, startedAtMs: NOW }, []]);
      if (ann === undefined) return;
      const payment = { type: "payment.posted", enrollmentId: null, data: { amountMinor: 1, source: "simulated" } };
      await stores().debtors.answered([ann], [anEntry("sim", payment)]);
      await stores().debtors.answered([ann], [anEntry("sim", payment)]);
      expect(await stores().debtors.unasked(10)).toEqual([]);
      expect(await stores().inbox.postDuePayments(DUE)).toBe(1);
    });

    it("never pay more than is still overdue", async () => {
      await enter();
      const pays = (amountMinor: number, key: string) =>
        anEntry(key, { type: "payment.posted", enrollmentId: null, data: { amountMinor, source: "simulated" } });
      await stores().inbox.put([pays(60_000, "a"), pays(100_000, "b"), pays(5, "c")]);
      expect(await stores().inbox.postDuePayments(DUE)).toBe(3);
      expect((await stores().look.payments()).map((payment) => payment.amountMinor)).toEqual([60_000, 40_000]);
      expect((await claimOnce()).seen).toEqual([enrollmentOf(ANN.id)]);
    });
  });
}
