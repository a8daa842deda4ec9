import fc from "fast-check";
import { expect, it } from "vitest";
import { countOf } from "../model/counters";
import { COUNTER_METRICS, counterFact } from "../model/facts";
import { DAY_MS, HOUR_MS } from "../model/time";
import { ANN } from "../testing/contract-scene";
import { periodIn } from "../testing/memory-standing";
import { memoryWorld } from "../testing/memory-world";
import { type CountedPast, countsAt, historyMsOf } from "./counts";

const NOW = 400 * DAY_MS;

/** Instants around the edges of the periods that are asked for. */
const instant = fc
  .record({ days: fc.constantFrom(0, 1, 7, 30, 61), offset: fc.constantFrom(-1, 0, 1, HOUR_MS) })
  .map(({ days, offset }) => Math.min(NOW, NOW - days * DAY_MS + offset));
const byTime = (left: number, right: number) => left - right;
const instants = fc.array(instant, { maxLength: 8 }).map((all) => [...all].sort(byTime));
const contact = fc.record({
  atMs: instant,
  channel: fc.constantFrom("sms" as const, "robot" as const),
  connected: fc.boolean(),
  conversed: fc.boolean(),
});
const past: fc.Arbitrary<CountedPast> = fc.record({
  history: fc.array(contact, { maxLength: 8 }).map((all) => [...all].sort((a, b) => a.atMs - b.atMs)),
  past: fc.record({ paymentsAtMs: instants, promisesMadeAtMs: instants, promisesBrokenAtMs: instants }),
});
const counters = [1, 7, 30].flatMap((days) => COUNTER_METRICS.map((metric) => ({ metric, days })));

/** The same past as rows of the live shell. */
function worldOf({ history, past: counted }: CountedPast) {
  const world = memoryWorld();
  const { partyId, id: accountId } = ANN;
  world.accounts.set(accountId, ANN);
  const own = { partyId, accountId, amountMinor: 1, dueDate: "2026-01-01" };
  history.forEach((one, index) => {
    const attempt = {
      ...one,
      partyId,
      enrollmentId: "enr_1",
      visit: "enr_1:1",
      contactPointId: "cp_1",
      outcome: null,
      settled: true,
    } as const;
    world.attempts.set(String(index), {
      ...attempt,
      channel: one.channel === "sms" ? "sms" : "robot",
      intentKey: String(index),
    });
  });
  counted.paymentsAtMs.forEach((atMs, index) => {
    const id = String(index);
    world.payments.set(id, { id, accountId, amountMinor: 1, atMs, reversed: false });
  });
  counted.promisesMadeAtMs.forEach((openedAtMs, index) => {
    const id = `made-${index}`;
    world.promises.set(id, { ...own, id, openedAtMs, closedAtMs: null, result: null });
  });
  counted.promisesBrokenAtMs.forEach((closedAtMs, index) => {
    const id = `broken-${index}`;
    world.promises.set(id, { ...own, id, openedAtMs: Number.NEGATIVE_INFINITY, closedAtMs, result: "broken" });
  });
  return world;
}

it("counts a person's past in the simulator as the live shell does, to the millisecond", () => {
  fc.assert(
    fc.property(past, (given) => {
      const world = worldOf(given);
      const live = counters.map((counter) => [
        counterFact(counter),
        countOf(counter.metric, periodIn(world, ANN.partyId, { days: counter.days, nowMs: NOW })),
      ]);
      expect(countsAt(given, counters, NOW)).toEqual(Object.fromEntries(live));
    }),
  );
});

it("reckons nothing a strategy does not ask for, and looks back as far as the farthest counter", () => {
  const nothing = { history: [], past: { paymentsAtMs: [], promisesMadeAtMs: [], promisesBrokenAtMs: [] } };
  expect(countsAt(nothing, [], NOW)).toEqual({});
  expect(
    historyMsOf([
      { metric: "visits", days: 90 },
      { metric: "attempts", days: 2 },
    ]),
  ).toBe(90 * DAY_MS);
});
