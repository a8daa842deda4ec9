import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instalmentDue, planAgreed, planReviewInstants, planStandingOn } from "./payment-plan";
import { addDays, daysBetween, instantAt, isLocalDate } from "./time";

const terms = { instalments: 3, instalmentMinor: 10_000, firstDue: "2026-01-31" };
const on = (today: string, paidMinor: number) => planStandingOn({ ...terms, paidMinor }, today);

describe("a payment plan", () => {
  it("falls due on its day of the month, or on the last day of a shorter one", () => {
    expect([0, 1, 2, 13].map((index) => instalmentDue(terms, index))).toEqual([
      "2026-01-31",
      "2026-02-28",
      "2026-03-31",
      "2027-02-28",
    ]);
  });

  it.each([
    ["2026-02-03", 0, { status: "active", missed: 0 }],
    ["2026-02-04", 0, { status: "active", missed: 1 }],
    ["2026-02-04", 10_000, { status: "active", missed: 0 }],
    ["2026-03-04", 9_999, { status: "broken", missed: 2 }],
    ["2026-03-04", 10_000, { status: "active", missed: 1 }],
    ["2026-04-03", 20_000, { status: "active", missed: 0 }],
    ["2026-04-04", 20_000, { status: "broken", missed: 1 }],
    ["2026-04-04", 30_000, { status: "completed", missed: 0 }],
    ["2026-01-01", 30_000, { status: "completed", missed: 0 }],
  ])("on %s with %d paid stands so", (today, paidMinor, expected) => {
    expect(on(today, paidMinor)).toEqual({ ...expected, endDate: "2026-03-31" });
  });

  it("stands differently, by time alone, only on the days it is looked at anew", () => {
    const zone = "Asia/Shanghai";
    const afterMs = instantAt(zone, "2026-02-10", 0);
    const plan = fc.record({
      instalments: fc.integer({ min: 1, max: 12 }),
      instalmentMinor: fc.constant(100),
      firstDue: fc.integer({ min: 0, max: 60 }).map((days) => addDays("2026-01-01", days)),
      paidMinor: fc.integer({ min: 0, max: 1300 }),
    });
    fc.assert(
      fc.property(plan, fc.integer({ min: 0, max: 500 }), (given, days) => {
        const today = addDays("2026-02-11", days);
        const reviews = planReviewInstants(given, { timeZone: zone, afterMs });
        const isReview = reviews.includes(instantAt(zone, today, 540));
        const [before, now] = [planStandingOn(given, addDays(today, -1)), planStandingOn(given, today)];
        expect(isReview || JSON.stringify(before) === JSON.stringify(now)).toBe(true);
        expect(reviews.every((atMs) => atMs > afterMs)).toBe(true);
      }),
    );
  });

  it("is agreed by an accepted offer whose terms can be read, and by nothing else", () => {
    const values = { instalments: 3, instalment_minor: 10_000, first_due: "2026-01-31", note: "x" };
    expect(planAgreed({ task: "plan", outcome: "accepted", values })).toEqual(terms);
    for (const other of [
      { task: "plan", outcome: "declined", values },
      { task: "settlement", outcome: "accepted", values },
      { task: "plan", outcome: "accepted" },
      { task: "plan", outcome: "accepted", values: { ...values, instalments: 61 } },
      { task: "plan", outcome: "accepted", values: { ...values, instalment_minor: 0.5 } },
      { task: "plan", outcome: "accepted", values: { ...values, first_due: "2026-02-30" } },
    ] as const) {
      expect(planAgreed(other)).toBeNull();
    }
    expect(isLocalDate(terms.firstDue) && daysBetween(terms.firstDue, "2026-02-01")).toBe(1);
  });
});
