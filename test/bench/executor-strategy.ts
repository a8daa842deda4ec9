import { armAt, bucketOf } from "#engine/experiment/assign";
import { draw } from "#engine/model/draw";
import type { EngineEvent, EnrollmentState } from "#engine/model/execution";
import type { Facts } from "#engine/model/facts";
import type { Program } from "#engine/model/program";
import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS } from "#engine/model/time";
import { drawnStrategy, PAST_DUE, programOf } from "#engine/run/testing/drawn-strategy";

/** Ten steps: entry, two branches, a split, an SMS, two calls with redial, two waits, an exit. */
export function benchProgram(): Program {
  const call = (gapMinutes: number, to: { readonly promised: string; readonly otherwise: string }) => ({
    type: "robot",
    data: { contentId: "robot.reminder", giveUpHours: 72, maxAttempts: 3, gapMinutes: { NA: gapMinutes } },
    to: {
      promised: to.promised,
      spoke: to.otherwise,
      refused: to.otherwise,
      care: "done",
      "wrong-party": "done",
      exhausted: to.otherwise,
      expired: to.otherwise,
      blocked: "done",
    },
  });
  return programOf(
    drawnStrategy({
      start: { type: "start", data: { when: PAST_DUE }, to: { enter: "stage" } },
      stage: {
        type: "branch",
        data: {
          rules: [
            {
              id: "early",
              when: {
                all: [
                  { fact: "dpd", operator: "lessThan", value: 31 },
                  { fact: "staff", operator: "equal", value: false },
                ],
              },
            },
            {
              id: "large",
              when: {
                any: [
                  { fact: "overdue", operator: "greaterThan", value: 500_000 },
                  { fact: "stage", operator: "in", value: ["M2", "M3"] },
                ],
              },
            },
          ],
        },
        to: { early: "test", large: "second-call", otherwise: "test", unknown: "done" },
      },
      test: {
        type: "split",
        data: {
          experimentKey: "first-touch",
          phase: 1,
          arms: [
            { id: "champion", weight: 5000 },
            { id: "challenger", weight: 5000 },
          ],
        },
        to: { champion: "sms", challenger: "first-call" },
      },
      sms: {
        type: "sms",
        data: { contentId: "sms.reminder", waitForDelivery: false, giveUpHours: 24 },
        to: { sent: "first-wait" },
      },
      "first-wait": {
        type: "wait",
        data: { mode: "event", events: ["payment.posted"], deadlineMinutes: 3 * 1440 },
        to: { happened: "done", elapsed: "first-call" },
      },
      "first-call": call(120, { promised: "promise", otherwise: "score" }),
      score: {
        type: "branch",
        data: { rules: [{ id: "good", when: { fact: "score", operator: "greaterThanInclusive", value: 600 } }] },
        to: { good: "promise", otherwise: "second-call", unknown: "done" },
      },
      promise: { type: "wait", data: { mode: "duration", durationMinutes: 2 * 1440 }, to: { elapsed: "second-call" } },
      "second-call": call(240, { promised: "done", otherwise: "done" }),
      done: { type: "exit", data: { reason: "completed" }, to: {} },
    }),
  );
}

export const SEED = 20_261_124;
export const STARTED_AT_MS = Date.parse("2026-03-02T09:00:00+08:00");
export const ANSWER_AFTER_MS = 5 * MINUTE_MS;
export const PAID_AFTER_MS = 20 * HOUR_MS;

export type BenchAccount = { readonly partyId: `party_${string}`; readonly facts: Facts };

export function benchAccounts(count: number): readonly BenchAccount[] {
  return Array.from({ length: count }, (_, index) => ({
    partyId: `party_${index}` as const,
    facts: {
      dpd: 1 + (index % 90),
      overdue: (index * 7919) % 1_000_000,
      stage: ["M1", "M2", "M3"][index % 3] ?? "M1",
      score: index % 11 === 0 ? null : 400 + (index % 400),
      staff: index % 50 === 0,
      account_status: "open",
    },
  }));
}

export function paysIn(partyId: string, stepSeq: number): boolean {
  return draw(SEED, partyId, `pay:${stepSeq}`) < 0.2;
}

export function answerTo(partyId: string, stepSeq: number, attempt: number): "PTP" | "RTP" | "NA" {
  const chance = draw(SEED, partyId, `call:${stepSeq}:${attempt}`);
  return chance < 0.15 ? "PTP" : chance < 0.3 ? "RTP" : "NA";
}

type Arrival = { readonly event: EngineEvent; readonly nowMs: EpochMs };

/** What the world does next to an account that stands where it stands since `sinceMs`. The draws are the same for every contestant. */
export function nextEvent(account: BenchAccount, state: EnrollmentState, sinceMs: EpochMs): Arrival {
  const { stepSeq, attempt } = state;
  if (state.pending) {
    const nowMs = sinceMs + ANSWER_AFTER_MS;
    const outcome = answerTo(account.partyId, stepSeq, attempt);
    return { event: { id: "e", at: nowMs, type: "contact.result", stepSeq, attempt, outcome }, nowMs };
  }
  if (state.nodeId === "first-wait" && paysIn(account.partyId, stepSeq)) {
    const nowMs = sinceMs + PAID_AFTER_MS;
    return { event: { id: "e", at: nowMs, type: "payment.posted", amountMinor: 100 }, nowMs };
  }
  const nowMs = state.wakeAtMs ?? sinceMs;
  return { event: { id: "e", at: nowMs, type: "timer.fired", stepSeq }, nowMs };
}

/** How an account's life in the strategy ended: steps entered, and when. */
export type Life = { steps: number; endedAtMs: EpochMs };

const ARMS = [
  { arm: "champion", weight: 5000 },
  { arm: "challenger", weight: 5000 },
];

/** Calls up to three times; whether the answer was a promise. Moves the clock of the life it is called in. */
function callByHand(partyId: string, gapMs: number, life: Life): boolean {
  for (let attempt = 1; ; attempt += 1) {
    life.endedAtMs += ANSWER_AFTER_MS;
    const answer = answerTo(partyId, life.steps, attempt);
    if (answer !== "NA" || attempt === 3) return answer === "PTP";
    life.endedAtMs += gapMs;
  }
}

/** The same strategy as somebody would write it who never wants to change it: no rules, no states, no record of decisions. */
export function liveByHand({ partyId, facts }: BenchAccount, life: Life): void {
  const { dpd, staff, overdue, stage, score } = facts;
  life.endedAtMs = STARTED_AT_MS;
  life.steps = 2;
  const early = typeof dpd === "number" && dpd < 31 && staff === false;
  const large = (typeof overdue === "number" && overdue > 500_000) || stage === "M2" || stage === "M3";
  let leaves = false;
  if (early || !large) {
    life.steps += 1;
    let promised = false;
    let called = true;
    if (armAt(bucketOf("first-touch:1", partyId), ARMS) === "champion") {
      life.steps += 2;
      const paid = paysIn(partyId, life.steps);
      life.endedAtMs += paid ? PAID_AFTER_MS : 3 * DAY_MS;
      called = !paid;
      leaves = paid;
    }
    if (called) {
      life.steps += 1;
      promised = callByHand(partyId, 120 * MINUTE_MS, life);
      if (!promised) {
        life.steps += 1;
        if (score === null) leaves = true;
        else promised = typeof score === "number" && score >= 600;
      }
    }
    if (promised) {
      life.steps += 1;
      life.endedAtMs += 2 * DAY_MS;
    }
  }
  if (!leaves) {
    life.steps += 1;
    callByHand(partyId, 240 * MINUTE_MS, life);
  }
  life.steps += 1;
}
