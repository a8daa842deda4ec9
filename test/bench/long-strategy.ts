import type { Condition } from "#engine/model/condition";
import type { StrategyDoc } from "#engine/model/strategy";
import { type DrawnStep, drawnStrategy, PAST_DUE } from "#engine/run/testing/drawn-strategy";

/** Steps of one stretch of the strategy: a branch, a message, a call, a wait for money, and a branch on the score. */
const STRETCH = 5;

const LATE_OR_LARGE: Condition = {
  any: [
    {
      all: [
        { fact: "dpd", operator: "greaterThan", value: 10 },
        { fact: "staff", operator: "equal", value: false },
      ],
    },
    { fact: "overdue", operator: "greaterThan", value: 500_000 },
    { fact: "stage", operator: "in", value: ["M2", "M3"] },
  ],
};

/** A strategy of exactly so many steps (at least seven): stretches one after the other, and an exit. Every step can be reached. */
export function longStrategy(steps: number): StrategyDoc {
  const drawn: { [id: string]: DrawnStep } = {
    start: { type: "start", data: { when: PAST_DUE }, to: { enter: "step-1" } },
  };
  const between = steps - 2;
  const idAt = (place: number): string => (place > between ? "done" : `step-${place}`);
  for (let place = 1; place <= between; place += 1) drawn[idAt(place)] = stepAt(place, idAt);
  drawn.done = { type: "exit", data: { reason: "completed" }, to: {} };
  return drawnStrategy(drawn);
}

function stepAt(place: number, idAt: (place: number) => string): DrawnStep {
  const next = idAt(place + 1);
  const nextStretch = idAt(place - (place % STRETCH) + STRETCH);
  switch (place % STRETCH) {
    case 0:
      return {
        type: "branch",
        data: { rules: [{ id: "late", when: LATE_OR_LARGE }] },
        to: { late: next, otherwise: nextStretch, unknown: "done" },
      };
    case 1:
      return {
        type: "sms",
        data: { contentId: "sms.reminder", waitForDelivery: false, giveUpHours: 24 },
        to: { sent: next },
      };
    case 2:
      return {
        type: "robot",
        data: { contentId: "robot.reminder", giveUpHours: 72, maxAttempts: 3, gapMinutes: { NA: 120 } },
        to: {
          promised: next,
          spoke: nextStretch,
          refused: nextStretch,
          care: "done",
          "wrong-party": "done",
          exhausted: nextStretch,
          expired: nextStretch,
          blocked: "done",
        },
      };
    case 3:
      return {
        type: "wait",
        data: { mode: "event", events: ["payment.posted"], deadlineMinutes: 3 * 1440 },
        to: { happened: "done", elapsed: next },
      };
    default:
      return {
        type: "branch",
        data: { rules: [{ id: "good", when: { fact: "score", operator: "greaterThanInclusive", value: 600 } }] },
        to: { good: nextStretch, otherwise: next, unknown: "done" },
      };
  }
}
