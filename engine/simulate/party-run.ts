import type { Effect, Outcome } from "../model/execution";
import type { EpochMs } from "../model/time";
import { remainingMinor } from "../portfolio/facts";
import { addToTrace, traceDigest } from "../run/trace";
import { amountOf, settlementsOf } from "./behaviour/settlements";
import { putEvent, takeEvent } from "./event-queue";
import { type ExecutorCall, send, visitOf } from "./executor-call";
import { SIMULATION_LIMITS } from "./input";
import { afterAnswer, answer, checkContent, depart } from "./party-contact";
import { holdEnded, placeHold, releaseHolds, settleHolds } from "./party-holds";
import { closePromise, paid } from "./party-promises";
import { countStanding } from "./party-standing";
import {
  type AccountRun,
  contextOf,
  debtorOf,
  newPartyRun,
  type PartyRun,
  type RunEvent,
  type RunSetting,
  type SimulatedParty,
} from "./party-state";
import { doWork, workDone } from "./party-work";
import { countEnd, countSteps, dayOf, nodeOf, type Tally } from "./tally";

type Happening = { readonly atMs: EpochMs; readonly event: RunEvent };

/** A person before the first day of the run: all their accounts are about to come in. */
export function beginParty(party: SimulatedParty, setting: RunSetting, tally: Tally): PartyRun {
  const run = newPartyRun(party, setting, tally);
  for (const account of run.runs) putEvent(run.queue, setting.startMs, { kind: "enter", run: account });
  return run;
}

/** What happens next to a person; null when the run is over for them. Bounded by `SIMULATION_LIMITS.eventsPerAccount`. */
export function nextHappening(party: PartyRun): Happening | null {
  const next = takeEvent(party.queue);
  if (next === null || next.atMs >= party.setting.endMs) return null;
  party.events += 1;
  if (party.events <= SIMULATION_LIMITS.eventsPerAccount * party.runs.length) return next;
  party.tally.totals.cutShort += party.runs.length;
  return null;
}

/**
 * Lets it happen, up to the question it puts to the executor, if it puts one. A person's accounts share history, caps, arms and
 * holds, so their events are taken one by one in the order of time: `heard` before the next. Policy, texts, answers and payments
 * happen here. While a person is held, their accounts stand still; what they would have heard they hear when they go on.
 */
export function happen(party: PartyRun, { event, atMs }: Happening): ExecutorCall | null {
  switch (event.kind) {
    case "enter":
      return { kind: "start", context: contextOf(party, event.run, atMs) };
    case "timer": {
      const { state, account } = event.run;
      const { stepSeq } = event;
      if (state === null || state.stepSeq !== stepSeq || event.run.frozen) return null;
      // A timer that has been moved since fires when it is due.
      if (state.wakeAtMs === null || state.wakeAtMs > atMs) return null;
      const id = `timer:${account.id}:${stepSeq}:${atMs}`;
      return send(party, event.run, { event: { id, at: atMs, type: "timer.fired", stepSeq }, nowMs: atMs });
    }
    case "depart":
      return depart(party, event, atMs);
    case "text-check":
      return checkContent(party, event, atMs);
    case "answer":
      return answer(party, event, atMs);
    case "work":
      return doWork(party, event, atMs);
    case "work-done":
      return workDone(party, event, atMs);
    case "payment":
      return pay(party, event, atMs);
    case "promise": {
      const id = `promise:${event.run.account.id}:${atMs}`;
      return send(party, event.run, { event: { id, at: atMs, type: "promise.made", ...event.terms }, nowMs: atMs });
    }
    case "plan-review": {
      const id = `plan-review:${event.run.account.id}:${atMs}`;
      return send(party, event.run, { event: { id, at: atMs, type: "facts.changed" }, nowMs: atMs });
    }
    case "hold-ends":
      holdEnded(party, atMs);
      return null;
    case "told-late":
      return send(party, event.run, { ...event.told, nowMs: atMs });
    default:
      throw event satisfies never;
  }
}

/** Takes in what the executor said (null: it was not asked), and what follows from it. */
export function heard(party: PartyRun, { event, atMs }: Happening, outcome: Outcome | null): void {
  if (event.kind === "enter") {
    if (outcome !== null) enter(party, event.run, { outcome, nowMs: atMs });
    return;
  }
  if (outcome !== null) {
    addToTrace(event.run.trace, outcome.decisions);
    collect(party, event.run, { outcome, nowMs: atMs });
  }
  if (event.kind === "answer") afterAnswer(party, event, atMs);
}

/** The run is over: where everybody stands is counted. */
export function endParty(party: PartyRun): void {
  const { runs, tally } = party;
  tally.totals.parties += 1;
  for (const run of runs) {
    tally.totals.accounts += 1;
    tally.digests.push([run.account.id, traceDigest(run.trace)]);
    if (run.state === null) continue;
    countEnd(tally, run.state, run.frozen);
    if (run.enrolled) countStanding(party, run);
  }
}

type Taken = { readonly outcome: Outcome; readonly nowMs: EpochMs };

/** The entry rule has decided; whoever is let in begins to pay or not to pay of their own accord. */
function enter(party: PartyRun, run: AccountRun, { outcome, nowMs }: Taken): void {
  const { setting, tally, queue } = party;
  addToTrace(run.trace, outcome.decisions);
  const reason = outcome.state.exit?.reason;
  if (reason === "not-eligible") tally.totals.notEligible += 1;
  else if (reason === "eligibility-unknown") tally.totals.unknownEligibility += 1;
  else {
    tally.totals.enrolled += 1;
    run.enrolled = true;
    collect(party, run, { outcome, nowMs });
    const dueMinor = remainingMinor(run.account, run.paidMinor);
    const cause = { kind: "own-accord", fromMs: nowMs, untilMs: setting.endMs, dueMinor } as const;
    for (const settlement of settlementsOf(debtorOf(party, run), cause)) {
      putEvent(queue, settlement.atMs, { kind: "payment", run, settlement, visit: null });
    }
  }
}

/** Takes an outcome in: steps are counted, requests go out, the timer is set. */
function collect(party: PartyRun, run: AccountRun, { outcome, nowMs }: Taken): void {
  const { tally, queue } = party;
  const { state } = outcome;
  const timerIsNew = run.state?.stepSeq !== state.stepSeq || run.state.wakeAtMs !== state.wakeAtMs;
  run.state = state;
  run.lastVisit = countSteps(tally, outcome.decisions, run.lastVisit);
  for (const effect of outcome.effects) carry(party, run, { effect, nowMs });
  settleHolds(party, nowMs);
  if (state.status === "active" && state.wakeAtMs !== null && timerIsNew) {
    putEvent(queue, Math.max(state.wakeAtMs, nowMs), { kind: "timer", run, stepSeq: state.stepSeq });
  }
}

type Carried = { readonly effect: Effect; readonly nowMs: EpochMs };

/** What a strategy wants of the world begins to happen. */
function carry(party: PartyRun, run: AccountRun, { effect, nowMs }: Carried): void {
  const { tally, queue } = party;
  switch (effect.kind) {
    case "contact.request": {
      tally.contacts[effect.channel].requested += 1;
      const open = { notAfterMs: effect.notAfterMs };
      run.open.add(open);
      putEvent(queue, nowMs, { kind: "depart", run, request: effect, open });
      return;
    }
    case "qa.request":
      putEvent(queue, nowMs, { kind: "text-check", run, request: effect });
      return;
    case "task.request":
    case "external.request":
    case "conversation-qa.request": {
      const open = { notAfterMs: effect.notAfterMs };
      run.open.add(open);
      putEvent(queue, nowMs, { kind: "work", run, request: effect, open });
      return;
    }
    case "request.cancel":
      run.cancelled.add(visitOf(effect));
      return;
    case "hold.place":
      placeHold(party, run, { kind: effect.hold, fromMs: nowMs, untilMs: effect.untilMs });
      return;
    case "hold.release":
      releaseHolds(party, run, { kind: effect.hold, nowMs });
      return;
    case "promise.close":
      closePromise(party, run, { result: effect.result, nowMs });
      return;
    case "arm.assigned":
      party.arms[effect.experimentKey] = effect.arm;
      return;
    default:
      throw effect satisfies never;
  }
}

/** Money counts whatever became of the enrollment: recovery is what the cohort paid after it came in. */
function pay(
  party: PartyRun,
  { run, settlement, visit }: RunEvent & { readonly kind: "payment" },
  nowMs: EpochMs,
): ExecutorCall | null {
  if (visit !== null && run.cancelled.has(visit)) return null;
  const dueMinor = remainingMinor(run.account, run.paidMinor);
  // What work brings was agreed as an amount; what a person pays by themselves is a share of what they still owe.
  const { share } = settlement;
  const amountMinor = share === null ? Math.min(settlement.amountMinor, dueMinor) : amountOf(share, dueMinor);
  if (amountMinor <= 0) return null;
  run.paidMinor += amountMinor;
  paid(party, run, { amountMinor, nowMs });
  party.tally.totals.recoveredMinor += amountMinor;
  dayOf(party.tally, nowMs).recoveredMinor += amountMinor;
  if (run.state !== null) nodeOf(party.tally, run.state.nodeId).recoveredMinor += amountMinor;
  return send(party, run, { event: { id: settlement.id, at: nowMs, type: "payment.posted", amountMinor }, nowMs });
}
