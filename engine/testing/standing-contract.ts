import { describe, expect, it } from "vitest";
import { countOf } from "../model/counters";
import type { CounterMetric } from "../model/facts";
import { holdIdOf } from "../model/hold-id";
import { DAY_MS, HOUR_MS } from "../model/time";
import type { AccountSnapshot } from "../ports/account-snapshot";
import type { Advance } from "../ports/enrollment-store";
import { aTurn, enrollmentOf } from "./builders";
import {
  ANN,
  aContact,
  anEntry,
  aPromise,
  aResult,
  BEN,
  type ContractScene,
  DUE,
  freedBy,
  NOW,
  SECOND_LOAN,
  sending,
  VERSION,
} from "./contract-scene";

const paying = (dedupeKey: string, amountMinor: number, atMs = NOW) =>
  anEntry(dedupeKey, { type: "payment.posted", enrollmentId: null, atMs, data: { amountMinor, source: "test" } });

/** Holds, promises, plans and counters: what a person's standing is made of. */
export function standingContract({ stores, enter, claimOnce }: ContractScene): void {
  const turn = (changes: Partial<Advance>, fence = 0): Promise<number> =>
    stores().enrollments.write([aTurn(ANN, VERSION.versionId, { fence, ...changes })]);

  const snapshotAt = async (nowMs: number, account = ANN): Promise<AccountSnapshot> => {
    const query = { versionId: VERSION.versionId, after: null, limit: 1, accountIds: [account.id] };
    const [found] = await stores().enrollments.candidates({ ...query, nowMs });
    if (found === undefined) throw new Error("the account is gone");
    return found.snapshot;
  };

  const counted = async (metric: CounterMetric, days: number, nowMs = NOW): Promise<number | null> => {
    const period = (await snapshotAt(nowMs)).periods[days];
    return period === undefined ? null : countOf(metric, period);
  };

  describe("holds a strategy places and ends", () => {
    const month = { id: "hold_1", kind: "hardship", fromMs: NOW, untilMs: NOW + 30 * DAY_MS } as const;

    it("freeze every loan of the person in the same commit, and end by themselves", async () => {
      await enter();
      await enter({}, SECOND_LOAN);
      await turn({ holds: { released: [], placed: [month] } });
      expect(await stores().look.holds()).toMatchObject([month]);
      expect(await stores().enrollments.freeze(DUE)).toBe(2);
      expect(await freedBy(stores(), { ...DUE, nowMs: NOW + 30 * DAY_MS - 1 })).toEqual([]);
      expect(await freedBy(stores(), { ...DUE, nowMs: NOW + 30 * DAY_MS })).toHaveLength(2);
    });

    it("are not written by a turn that has lost", async () => {
      await enter();
      expect(await turn({ holds: { released: [], placed: [month] } }, 7)).toBe(0);
      expect(await stores().look.holds()).toEqual([]);
    });

    it("end what the same strategy brought of their kind, not what others brought, nor what is placed with them", async () => {
      await enter();
      const own = (rest: string) => holdIdOf(enrollmentOf(ANN.id), rest);
      const open = { ...month, fromMs: NOW - DAY_MS, untilMs: null };
      await stores().given.hold(ANN.partyId, { ...open, id: own("1.0"), untilMs: NOW - HOUR_MS });
      await stores().given.hold(ANN.partyId, { ...open, id: own("2:1") });
      await stores().given.hold(ANN.partyId, { ...open, id: own("3.0"), kind: "fraud" });
      await stores().given.hold(ANN.partyId, { ...open, id: "hold_by_hand" });
      await stores().given.hold(ANN.partyId, { ...open, id: holdIdOf(enrollmentOf(SECOND_LOAN.id), "2:1") });
      await turn({ holds: { released: ["hardship"], placed: [{ ...month, id: own("9.0") }] } });
      const ends = new Map((await stores().look.holds()).map(({ id, untilMs }) => [id, untilMs]));
      expect([own("1.0"), own("2:1"), own("3.0"), own("9.0")].map((id) => ends.get(id))).toEqual([
        NOW - HOUR_MS,
        NOW,
        null,
        NOW + 30 * DAY_MS,
      ]);
      expect([ends.get("hold_by_hand"), ends.get(holdIdOf(enrollmentOf(SECOND_LOAN.id), "2:1"))]).toEqual([null, null]);
    });

    it('end what was in force before the turn: a "stop" that is heard in it stands', async () => {
      const own = (rest: string) => holdIdOf(enrollmentOf(ANN.id), rest);
      await enter();
      await stores().given.hold(ANN.partyId, { ...month, id: own("1.0"), fromMs: NOW - DAY_MS, untilMs: null });
      const intentKey = `${enrollmentOf(ANN.id)}:2:1`;
      const stop = {
        intentKey,
        outcome: "HRD",
        connected: true,
        conversed: true,
        hold: "hardship",
        atMs: NOW,
      } as const;
      await turn({ outcomes: [stop], holds: { released: ["hardship"], placed: [] } });
      const ends = new Map((await stores().look.holds()).map(({ id, untilMs }) => [id, untilMs]));
      expect([ends.get(own("1.0")), ends.get(own("2:1"))]).toEqual([NOW, null]);
    });
  });

  describe("a promise to pay", () => {
    it("is called off when nobody follows it any more, not while another strategy of the account may", async () => {
      await enter();
      await stores().inbox.put([aPromise("p1")]);
      await stores().inbox.bookDuePromises(DUE);
      await turn({ promiseClosed: "cancelled" });
      expect(await stores().look.promises()).toMatchObject([{ result: "cancelled", closedAtMs: NOW }]);
      expect((await snapshotAt(NOW)).promise?.result).toBe("cancelled");
    });

    it("is opened when it falls due, once, and told to every enrollment of the account", async () => {
      await enter();
      await enter({}, BEN);
      await stores().inbox.put([aPromise("p1"), aPromise("p2", { atMs: NOW + 1 })]);
      expect(await stores().inbox.bookDuePromises(DUE)).toBe(1);
      expect(await stores().inbox.bookDuePromises(DUE)).toBe(0);
      expect((await snapshotAt(NOW)).promise).toEqual({
        amountMinor: 100_000,
        dueDate: "2026-03-06",
        paidMinor: 0,
        result: null,
      });
      expect((await snapshotAt(NOW, BEN)).promise).toBeNull();
      const told: unknown[] = [];
      await stores().enrollments.advance(DUE, async (all) => {
        told.push(...all.map(({ subject, entries }) => [subject.enrollmentId, entries.map(({ type }) => type)]));
        return [];
      });
      expect(told).toEqual([[enrollmentOf(ANN.id), ["promise.made"]]]);
    });

    it("replaces the open one of the same account, also when both come at once", async () => {
      await enter();
      await stores().inbox.put([aPromise("p1", { atMs: NOW - 2 })]);
      await stores().inbox.bookDuePromises(DUE);
      const more = { amountMinor: 7, dueDate: "2026-03-09" };
      await stores().inbox.put([aPromise("p2", { atMs: NOW - 1 }), aPromise("p3", { data: more })]);
      expect(await stores().inbox.bookDuePromises(DUE)).toBe(2);
      expect((await stores().look.promises()).map(({ result, closedAtMs }) => [result, closedAtMs])).toEqual([
        ["replaced", NOW - 1],
        ["replaced", NOW],
        [null, null],
      ]);
      expect((await snapshotAt(NOW)).promise).toMatchObject({ ...more, result: null });
    });

    it("that cannot be read is set aside and stops nobody", async () => {
      await enter();
      const bad = { amountMinor: "all of it", dueDate: "2026-02-31" };
      await stores().inbox.put([aPromise("bad", { data: bad }), aPromise("good", { atMs: NOW })]);
      await stores().inbox.bookDuePromises(DUE);
      expect((await stores().look.inbox()).filter(({ status }) => status === "dead")).toMatchObject([
        { dedupeKey: "bad", error: "inbox.unreadable:data" },
      ]);
      expect(await stores().look.promises()).toHaveLength(1);
    });

    it("counts what is paid since, until it is settled; without an open one nothing is settled", async () => {
      await enter();
      await stores().inbox.put([paying("before", 500, NOW - 1), aPromise("p1")]);
      await stores().inbox.bookDuePromises(DUE);
      const { payment } = { payment: paying("after", 900, NOW + HOUR_MS) };
      const back = { ...paying("back", 100, NOW + 2 * HOUR_MS), type: "payment.reversed" };
      await stores().inbox.put([payment, back, paying("late", 5000, NOW + 2 * DAY_MS)]);
      const dayLater = NOW + DAY_MS;
      await stores().inbox.postDuePayments({ ...DUE, nowMs: dayLater });
      expect((await snapshotAt(dayLater)).promise).toMatchObject({ paidMinor: 800, result: null });
      await turn({ promiseClosed: "partial", nowMs: dayLater });
      await turn({ promiseClosed: "broken", nowMs: dayLater }, 1);
      await stores().inbox.postDuePayments({ ...DUE, nowMs: NOW + 3 * DAY_MS });
      expect((await snapshotAt(NOW + 3 * DAY_MS)).promise).toMatchObject({ paidMinor: 800, result: "partial" });
    });

    it("is on record when its answer is heard, and so is the conversation", async () => {
      await enter({ intents: [aContact("k1")] });
      await stores().outbox.reserve(DUE, async (ready) => ready.map(sending));
      await stores().inbox.put([aResult("k1"), aPromise("p1")]);
      const seen: unknown[] = [];
      await stores().enrollments.advance(DUE, async (all) => {
        for (const { entries, snapshot } of all) {
          seen.push(
            entries.map(({ type }) => type),
            snapshot.promise?.amountMinor,
            snapshot.conversations7d,
          );
        }
        return [];
      });
      expect(seen).toEqual([["contact.result"], 100_000, 1]);
      expect(await stores().look.attempts()).toMatchObject([{ outcome: "promised", conversed: true }]);
    });
  });

  describe("a payment plan", () => {
    it("is the account's latest, with what has been paid since it was agreed", async () => {
      await enter();
      const plan = { instalments: 3, instalmentMinor: 900, firstDue: "2026-03-20" };
      await turn({ plan: { ...plan, id: "plan_1", openedAtMs: NOW } });
      await stores().inbox.put([paying("early", 1, NOW - 1), paying("first", 900, NOW + HOUR_MS)]);
      await stores().inbox.postDuePayments({ ...DUE, nowMs: NOW + DAY_MS });
      expect((await snapshotAt(NOW + DAY_MS)).plan).toEqual({ ...plan, paidMinor: 900 });
      expect((await snapshotAt(NOW + DAY_MS, BEN)).plan).toBeNull();
    });
  });

  describe("what a turn announces", () => {
    it("waits in the inbox until it is due", async () => {
      await enter();
      await turn({ announced: [anEntry("review", { atMs: NOW + DAY_MS })] });
      expect((await claimOnce()).claimed).toBe(0);
      const later = await stores().enrollments.advance({ ...DUE, nowMs: NOW + DAY_MS }, async () => []);
      expect(later.claimed).toBe(1);
    });
  });

  describe("counters over a person's past", () => {
    it("are those the strategy asks for, over all loans, the far end of a period not included", async () => {
      await enter({ intents: [aContact("k1")] });
      await enter({ intents: [aContact("k2")] }, SECOND_LOAN);
      await stores().outbox.reserve(DUE, async (ready) => ready.map(sending));
      await turn({ outcomes: [{ ...HEARD, intentKey: "k1" }] });
      await stores().enrollments.write([
        aTurn(SECOND_LOAN, VERSION.versionId, { outcomes: [{ ...HEARD, intentKey: "k2" }] }),
      ]);
      expect(await counted("conversations", 7)).toBe(2);
      expect(await counted("attempts", 7, NOW + 7 * DAY_MS - 1)).toBe(2);
      expect(await counted("attempts", 7, NOW + 7 * DAY_MS)).toBe(0);
      expect(await counted("attempts", 8)).toBeNull();
      expect((await snapshotAt(NOW, BEN)).periods[7]).toMatchObject({ contacts: [], payments: 0 });
    });

    it("count what agencies did with the person beside what we did, over the same period", async () => {
      const call = { channel: "agent", contactPointId: null, visit: null, connected: true } as const;
      const outside = (id: string, atMs: number, conversed: boolean) =>
        stores().given.outside(ANN.partyId, { ...call, id, atMs, conversed });
      await enter({ intents: [aContact("k1")] });
      await stores().outbox.reserve(DUE, async (ready) => ready.map(sending));
      await turn({ outcomes: [{ ...HEARD, intentKey: "k1" }] });
      await outside("a", NOW - DAY_MS, true);
      await outside("b", NOW - 2 * DAY_MS, false);
      await outside("too-old", NOW - 7 * DAY_MS, true);
      await outside("not-yet", NOW + 1, true);
      expect(await snapshotAt(NOW)).toMatchObject({ contacts7d: 3, conversations7d: 2 });
      expect(await snapshotAt(NOW, SECOND_LOAN)).toMatchObject({ contacts7d: 3 });
      expect(await snapshotAt(NOW, BEN)).toMatchObject({ contacts7d: 0 });
      expect([await counted("attempts", 7), await counted("conversations", 7)]).toEqual([3, 2]);
      expect(await counted("attempts", 30)).toBe(4);
    });

    it("count payments less reversals, and promises when they are found broken", async () => {
      await enter();
      const { partyId } = ANN;
      const other = { accountId: SECOND_LOAN.id, partyId };
      await stores().inbox.put([
        paying("a", 1),
        { ...paying("b", 1), ...other },
        aPromise("p1", { atMs: NOW - 40 * DAY_MS }),
      ]);
      await stores().inbox.put([{ ...paying("c", 1), type: "payment.reversed" }]);
      await stores().inbox.postDuePayments(DUE);
      await stores().inbox.bookDuePromises(DUE);
      expect(await counted("payments", 30)).toBe(1);
      expect([await counted("promises", 30), await counted("promises_broken", 30)]).toEqual([0, 0]);
      await turn({ promiseClosed: "broken" });
      expect(await counted("promises_broken", 30)).toBe(1);
      expect(await counted("promises_broken", 30, NOW + 30 * DAY_MS)).toBe(0);
    });
  });
}

const HEARD = { outcome: "RPC", connected: true, conversed: true, hold: null, atMs: NOW } as const;
