import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DAY_MS, HOUR_MS } from "../model/time";
import { ANN, aLiveRun, MONDAY, says } from "../testing/live-run";

/** One movement of money as a bank reports it: late, twice, in any order. */
type Movement = {
  /** Hours after the start. */
  readonly atHour: number;
  /** Hours after that until we hear of it. */
  readonly lateHours: number;
  readonly amountMinor: number;
  readonly reversed: boolean;
  readonly reportedTwice: boolean;
};

const HOURS = 5 * 24;
const movements = fc.array(
  fc.record<Movement>({
    atHour: fc.integer({ min: 0, max: HOURS - 1 }),
    lateHours: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 30 })),
    amountMinor: fc.constantFrom(1, 20_000, 50_000, 99_999, ANN.overdueMinor, 3 * ANN.overdueMinor),
    reversed: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true)),
    reportedTwice: fc.boolean(),
  }),
  { maxLength: 6 },
);

const signed = ({ amountMinor, reversed }: Movement): number => (reversed ? -amountMinor : amountMinor);

describe("money that comes in", () => {
  it("adds up to the balance whatever the order, and nobody is contacted who has paid in full", async () => {
    await fc.assert(
      fc.asyncProperty(movements, async (all) => {
        const { stores, shell, enroll, at } = await aLiveRun({ answer: says("NA") });
        await enroll(ANN);
        let paidFromHour = Number.POSITIVE_INFINITY;
        for (let hour = 0; hour <= HOURS; hour += 1) {
          const heard = all.filter(({ atHour, lateHours }) => atHour + lateHours === hour);
          for (const movement of heard) {
            const entry = {
              dedupeKey: `bank:${all.indexOf(movement)}`,
              ...{ partyId: ANN.partyId, accountId: ANN.id, enrollmentId: null, stepSeq: null, attempt: null },
              type: movement.reversed ? "payment.reversed" : "payment.posted",
              atMs: MONDAY + movement.atHour * HOUR_MS,
              data: { amountMinor: movement.amountMinor, source: "bank" },
            };
            await stores.inbox.put(movement.reportedTwice ? [entry, entry] : [entry]);
            if (movement.reportedTwice) await stores.inbox.put([entry]);
          }
          const known = all.filter(({ atHour, lateHours }) => atHour + lateHours <= hour);
          const paid = known.reduce((sum, movement) => sum + signed(movement), 0);
          if (paid >= ANN.overdueMinor) paidFromHour = Math.min(paidFromHour, hour);
          const sent = shell.sent.length;
          await shell.runUntil(MONDAY + hour * HOUR_MS, HOUR_MS);
          // From the very tick that hears of the money on: it is booked before anybody gets a turn, and turns come before sending.
          if (hour >= paidFromHour) expect({ hour, sent: shell.sent.length }).toEqual({ hour, sent });
        }
        const [known] = await stores.enrollments.candidates({
          ...{ versionId: "ver_calling-1", nowMs: MONDAY + HOURS * HOUR_MS + DAY_MS, after: null, limit: 1 },
          accountIds: [ANN.id],
        });
        const heard = all.filter(({ atHour, lateHours }) => atHour + lateHours <= HOURS);
        expect(known?.snapshot.paidMinor).toBe(heard.reduce((sum, movement) => sum + signed(movement), 0));
        if (paidFromHour <= HOURS) expect((await at())?.exit?.reason).not.toBeUndefined();
      }),
      { numRuns: 40, seed: 20_261_128 },
    );
  });
});
