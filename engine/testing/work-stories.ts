import type { StepSpec, TaskKind } from "../model/program";
import { DAY_MS } from "../model/time";
import type { ValueSpec } from "../model/value";
import { asking, enteringTo, type HandMade, type HandMadeStep, LATE_ONES, LEAVE, TO_PEOPLE } from "./hand-made-program";

/** Small strategies that ask for what is no contact, drawn as Programs: the same are told in the simulator and live. */

const desk = { queue: "desk", priority: 5, dueMs: DAY_MS } as const;
const task = (kind: TaskKind, details: { readonly [name: string]: ValueSpec } = {}) =>
  ({ kind: "task", task: kind, desk, details }) as const;

const elapsed = (wait: Extract<StepSpec, { kind: "wait" }>["wait"], to: string): HandMadeStep => ({
  spec: { kind: "wait", wait, elapsed: "elapsed", happened: null, unknown: null },
  handles: { elapsed: to },
});
const act = (spec: Extract<StepSpec, { kind: "act" }>["act"], to: string): HandMadeStep => ({
  spec: { kind: "act", act: spec, next: "next" },
  handles: { next: to },
});

/** A person must approve before the account goes to an agency for ninety days. */
export const APPROVED_PLACEMENT: HandMade = {
  rules: LATE_ONES,
  steps: {
    start: enteringTo("ask"),
    ask: asking(task("approval"), { approved: "place" }, { otherwise: "people", days: 7 }),
    place: asking(
      task("placement", { term_days: { literal: 90 } }),
      { returned: "done" },
      { otherwise: "people", days: 120 },
    ),
    done: LEAVE,
    people: TO_PEOPLE,
  },
};

/** A demand by text message, and then an agency: the rules of a market decide whether and when. */
export const DEMAND_THEN_AGENCY: HandMade = {
  rules: LATE_ONES,
  steps: {
    start: enteringTo("demand"),
    demand: asking(
      { kind: "contact", channel: "sms", contentId: "sms.demand", partyRole: "self" },
      { DLV: "place", UND: "place" },
      { otherwise: "people", days: 2 },
    ),
    place: asking(
      { ...task("placement", { agency: { literal: null } }), gated: true },
      { returned: "done" },
      { otherwise: "people", days: 60 },
    ),
    done: LEAVE,
    people: TO_PEOPLE,
  },
};

/** Another system scores the account; the score decides. */
export const SCORED_OUTSIDE: HandMade = {
  rules: LATE_ONES,
  steps: {
    start: enteringTo("score"),
    score: asking(
      { kind: "external", integration: "risk", send: ["dpd"], timeoutMs: 2000 },
      { low: "done", high: "people", failed: "broken" },
      { otherwise: "people", days: 1, receive: [{ name: "score", variable: "score", type: "number" }] },
    ),
    done: LEAVE,
    people: TO_PEOPLE,
    broken: { spec: { kind: "exit", reason: "escalated", label: null }, handles: {} },
  },
};

/** A dispute freezes the person; its own case goes on in spite of it, and its end sets them free. */
export const DISPUTE_CASE: HandMade = {
  rules: LATE_ONES,
  steps: {
    start: enteringTo("hold"),
    hold: act({ act: "hold.place", hold: "dispute", forMs: null }, "case"),
    case: asking(
      task("dispute"),
      { upheld: "free", adjusted: "free", withdrawn: "free" },
      {
        otherwise: "stuck",
        days: 60,
        despite: ["dispute"],
      },
    ),
    free: act({ act: "hold.release", hold: "dispute" }, "rest"),
    rest: elapsed({ mode: "duration", durationMs: DAY_MS }, "done"),
    stuck: elapsed({ mode: "duration", durationMs: DAY_MS }, "people"),
    done: LEAVE,
    people: TO_PEOPLE,
  },
};

/** Nothing for five days, whatever is drawn: the wait of a day begins to run when they are over. */
export const FIVE_DAYS_OFF: HandMade = {
  rules: LATE_ONES,
  steps: {
    start: enteringTo("hold"),
    hold: act({ act: "hold.place", hold: "manual", forMs: 5 * DAY_MS }, "rest"),
    rest: elapsed({ mode: "duration", durationMs: DAY_MS }, "done"),
    done: LEAVE,
  },
};

const CALL = { kind: "contact", channel: "robot", contentId: "robot.reminder", partyRole: "self" } as const;

/** Calls; a promise is waited for until two days after its date, then the ledger says how it ended. */
export const PROMISE_KEPT: HandMade = {
  counters: [
    { metric: "promises", days: 30 },
    { metric: "promises_broken", days: 30 },
    { metric: "conversations", days: 7 },
  ],
  rules: {
    ...LATE_ONES,
    listen: {
      promised: {
        all: [
          { fact: "promise_status", operator: "equal", value: "open" },
          { fact: "conversations.7d", operator: "greaterThanInclusive", value: 1 },
          { fact: "promises.30d", operator: "greaterThanInclusive", value: 1 },
        ],
      },
    },
    enough: { kept: { fact: "promise_paid_share", operator: "greaterThanInclusive", value: 0.9 } },
    end: {
      kept: { fact: "promise_status", operator: "equal", value: "kept" },
      broken: { fact: "promises_broken.30d", operator: "greaterThanInclusive", value: 1 },
    },
  },
  steps: {
    start: enteringTo("call"),
    call: asking(CALL, { PTP: "listen", PPP: "listen" }, { otherwise: "silent", days: 3 }),
    listen: {
      spec: { kind: "decide", ruleSet: "listen", otherwise: "otherwise", unknown: "unknown" },
      handles: { promised: "wait", otherwise: "lost", unknown: "lost" },
    },
    wait: {
      spec: {
        kind: "wait",
        wait: { mode: "until-fact-date", fact: "promise_due_date", offsetDays: 2, at: "10:00" },
        elapsed: "elapsed",
        happened: null,
        unknown: "unknown",
        watch: { ruleSet: "enough", events: ["payment.posted"], everyMs: null, holds: "kept" },
        recomputeOn: ["promise.made"],
      },
      handles: { elapsed: "wait/broken", unknown: "lost", kept: "wait/kept" },
    },
    "wait/kept": act({ act: "promise.close", result: "kept" }, "settle"),
    "wait/broken": act({ act: "promise.close", result: "broken" }, "settle"),
    settle: elapsed({ mode: "duration", durationMs: DAY_MS }, "end"),
    end: {
      spec: { kind: "decide", ruleSet: "end", otherwise: "otherwise", unknown: "unknown" },
      handles: { kept: "thanks", broken: "people", otherwise: "lost", unknown: "lost" },
    },
    thanks: LEAVE,
    silent: { spec: { kind: "exit", reason: "escalated", label: null }, handles: {} },
    people: TO_PEOPLE,
    lost: { spec: { kind: "exit", reason: "no-further-treatment", label: null }, handles: {} },
  },
};

/** Offers a plan and follows it to its end. */
export const PLAN_FOLLOWED: HandMade = {
  rules: {
    ...LATE_ONES,
    ended: { ended: { fact: "plan_status", operator: "in", value: ["completed", "broken"] } },
    how: { completed: { fact: "plan_status", operator: "equal", value: "completed" } },
  },
  steps: {
    start: enteringTo("offer"),
    offer: asking(
      task("plan", { max_instalments: { literal: 3 } }),
      { accepted: "run" },
      { otherwise: "silent", days: 30 },
    ),
    run: {
      spec: {
        kind: "wait",
        wait: { mode: "duration", durationMs: 300 * DAY_MS },
        elapsed: "elapsed",
        happened: null,
        unknown: null,
        watch: { ruleSet: "ended", events: ["payment.posted", "facts.changed"], everyMs: null, holds: "ended" },
      },
      handles: { elapsed: "lost", ended: "how" },
    },
    how: {
      spec: { kind: "decide", ruleSet: "how", otherwise: "otherwise", unknown: "unknown" },
      handles: { completed: "done", otherwise: "people", unknown: "lost" },
    },
    done: LEAVE,
    people: TO_PEOPLE,
    silent: { spec: { kind: "exit", reason: "escalated", label: null }, handles: {} },
    lost: { spec: { kind: "exit", reason: "no-further-treatment", label: null }, handles: {} },
  },
};

/** Placed for a year, taken back when it is sixty days late: looked at every day. */
export const RECALLED: HandMade = {
  rules: { ...LATE_ONES, late: { late: { fact: "dpd", operator: "greaterThanInclusive", value: 60 } } },
  steps: {
    start: enteringTo("place"),
    place: asking(
      task("placement", { term_days: { literal: 365 } }),
      { returned: "done" },
      {
        otherwise: "people",
        days: 370,
        watch: { ruleSet: "late", events: ["facts.changed"], everyMs: DAY_MS, holds: "late" },
      },
    ),
    done: LEAVE,
    people: TO_PEOPLE,
  },
};

/** Calls, then has the conversation checked. */
export const CHECKED_CALL: HandMade = {
  rules: LATE_ONES,
  steps: {
    start: enteringTo("call"),
    call: asking(CALL, { RPC: "check", PTP: "check" }, { otherwise: "check", days: 3 }),
    check: asking(
      { kind: "conversation-qa", channel: "robot", lexicon: "basic", passScore: 80 },
      { pass: "done", block: "people", review: "review" },
      { otherwise: "people", days: 5 },
    ),
    done: LEAVE,
    people: TO_PEOPLE,
    review: { spec: { kind: "exit", reason: "escalated", label: null }, handles: {} },
  },
};
