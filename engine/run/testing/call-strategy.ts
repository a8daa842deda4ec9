import type { Program } from "../../model/program";
import { type DrawnStep, drawnStrategy, PAST_DUE, programOf } from "./drawn-strategy";

/** Steps the executor tests draw with; `next` is the step under test. */
export const START: DrawnStep = { type: "start", data: { when: PAST_DUE }, to: { enter: "next" } };
export const DONE: DrawnStep = { type: "exit", data: { reason: "completed" }, to: {} };
export const PEOPLE: DrawnStep = { type: "exit", data: { reason: "handed-to-people", label: "M3 team" }, to: {} };

export const CALL: DrawnStep = {
  type: "robot",
  data: { contentId: "robot.reminder", giveUpHours: 24, maxAttempts: 3, gapMinutes: { NA: 120 } },
  to: {
    promised: "promised",
    spoke: "done",
    refused: "done",
    care: "people",
    "wrong-party": "done",
    exhausted: "people",
    expired: "done",
    blocked: "people",
  },
};
export const THREE_DAYS: DrawnStep = {
  type: "wait",
  data: { mode: "event", events: ["payment.posted"], deadlineMinutes: 3 * 1440 },
  to: { happened: "done", elapsed: "people" },
};

/** Calls with three attempts, then waits three days for the promised payment. */
export const CALL_STEPS = { start: START, next: CALL, promised: THREE_DAYS, done: DONE, people: PEOPLE };

export function programAround(next: DrawnStep): Program {
  return programOf(drawnStrategy({ start: START, next, done: DONE, people: PEOPLE }));
}

/** An account that is late and owes. */
export const LATE = { dpd: 10, account_status: "open" };
