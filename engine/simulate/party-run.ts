import { channelOf } from "../channels";
import { respond } from "../channels/respond";
import { askGate, checkStepText, type GateQuestion } from "../contact/gate";
import type { Message } from "../contact/step-text";
import { draw } from "../model/draw";
import { type Effect, type Outcome, visitKey } from "../model/execution";
import type { Facts } from "../model/facts";
import type { PartyId } from "../model/ids";
import type { ContactPoint } from "../model/party";
import type { EpochMs } from "../model/time";
import { remainingMinor } from "../portfolio/facts";
import { addToTrace, traceDigest } from "../run/trace";
import { callBackAfter, settlementsOf } from "./behaviour";
import { putEvent, takeEvent } from "./event-queue";
import { type ExecutorCall, send, visitOf } from "./executor-call";
import { SIMULATION_LIMITS } from "./input";
import { holdEnded, keptBack, placeHold, releaseHolds, settleHolds } from "./party-holds";
import { closePromise, openPromise, paid } from "./party-promises";
import {
  type AccountRun,
  contextOf,
  forgetOld,
  newPartyRun,
  type PartyRun,
  type RunEvent,
  type RunSetting,
  type SimulatedParty,
} from "./party-state";
import { doWork, workDone } from "./party-work";
import { countEnd, countOne, countSteps, nodeOf, type Tally } from "./tally";

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
export function endParty({ runs, tally }: PartyRun): void {
  tally.totals.parties += 1;
  for (const { account, state, trace, frozen } of runs) {
    tally.totals.accounts += 1;
    tally.digests.push([account.id, traceDigest(trace)]);
    if (state !== null) countEnd(tally, state, frozen);
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
    collect(party, run, { outcome, nowMs });
    const { account } = run;
    const debtor = { account, seed: setting.seed, timeZone: setting.program.settings.timeZone };
    const cause = { kind: "own-accord", fromMs: nowMs, untilMs: setting.endMs } as const;
    for (const settlement of settlementsOf(debtor, cause)) {
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

/** A contact wants to leave: the gate lets it, puts it off or refuses it, and the strategy hears of the last two. */
function depart(party: PartyRun, event: RunEvent & { readonly kind: "depart" }, nowMs: EpochMs): ExecutorCall | null {
  const { run, request, open } = event;
  const counts = party.tally.contacts[request.channel];
  if (run.cancelled.has(visitOf(request))) {
    counts.cancelled += 1;
    run.open.delete(open);
    return null;
  }
  if (keptBack(party, event, { despite: [], nowMs })) return null;
  forgetOld(party, nowMs);
  const { facts } = contextOf(party, run, nowMs);
  const gate = askGate(gateQuestion(party, event, { facts, nowMs }), party.setting);
  const { stepSeq, attempt } = request;
  const visit = { at: nowMs, stepSeq, attempt };
  if (gate.kind !== "defer") run.open.delete(open);
  if (gate.kind === "allow") {
    leave(party, event, { gate, facts, nowMs });
    return null;
  }
  const reasons = gate.reasons.map(({ rule }) => rule);
  for (const rule of reasons) countOne(party.tally.blockedBy, rule);
  const id = `${gate.kind}:${run.account.id}:${visitOf(request)}:${nowMs}`;
  if (gate.kind === "deny") {
    counts.denied += 1;
    return send(party, run, { event: { id, ...visit, type: "contact.denied", reasons }, nowMs });
  }
  counts.deferred += 1;
  putEvent(party.queue, gate.untilMs, { kind: "depart", run, request, open });
  const { untilMs } = gate;
  return send(party, run, { event: { id, ...visit, type: "contact.deferred", untilMs, reasons }, nowMs });
}

function gateQuestion(
  { contactPoints, history }: PartyRun,
  { run: { account, subject }, request, open }: RunEvent & { readonly kind: "depart" },
  { facts, nowMs }: { readonly facts: Facts; readonly nowMs: EpochMs },
): GateQuestion {
  const { channel, contentId, stepSeq } = request;
  const { notAfterMs } = open;
  const visit = visitKey(subject.enrollmentId, stepSeq);
  const asked = { account, facts, contentId, subject, channel, visit, terms: request, notAfterMs };
  return { ...asked, contactPoints, history, holds: [], nowMs };
}

function leave(
  party: PartyRun,
  { run, request }: RunEvent & { readonly kind: "depart" },
  left: {
    readonly gate: { readonly to: ContactPoint; readonly message: Message; readonly notice: string | undefined };
    readonly facts: Facts;
    readonly nowMs: EpochMs;
  },
): void {
  const { gate, facts, nowMs } = left;
  const { channel, attempt, nodeId, stepSeq } = request;
  const { seed } = party.setting;
  const { text } = gate.message;
  const ordinal = party.ordinals[channel];
  party.ordinals[channel] += 1;
  const said = respond({
    channel,
    dpd: typeof facts.dpd === "number" ? facts.dpd : 0,
    attempt,
    text,
    draw: drawsOf(seed, run.account.partyId, ordinal),
  });
  const contact = {
    atMs: nowMs,
    channel,
    contactPointId: gate.to.id,
    accountId: run.account.id,
    visit: visitKey(run.subject.enrollmentId, stepSeq),
    outcome: null,
    connected: false,
    conversed: false,
    settled: false,
    ...(gate.notice === undefined ? {} : { notice: gate.notice }),
  };
  party.history.push(contact);
  run.lastContact[channel] = contact;
  party.tally.contacts[channel].sent += 1;
  party.tally.totals.costMinor += said.costMinor;
  const node = nodeOf(party.tally, nodeId);
  node.contacts += 1;
  node.costMinor += said.costMinor;
  const { outcome, delayMs } = said;
  party.setting.onContact({ account: run.account, channel, to: gate.to, text, outcome, atMs: nowMs });
  putEvent(party.queue, nowMs + delayMs, { kind: "answer", run, request, contact, outcome, ordinal });
}

/** The draws of one contact; `ordinal` counts the party's contacts over its channel. */
function drawsOf(seed: number, partyId: PartyId, ordinal: number): (kind: string) => number {
  return (kind) => draw(seed, partyId, `${kind}:${ordinal}`);
}

type Answer = RunEvent & { readonly kind: "answer" };

/** The answer counts for the person in any case; the strategy hears it if it is still there. */
function answer(party: PartyRun, event: Answer, nowMs: EpochMs): ExecutorCall | null {
  const { run, request, contact, outcome } = event;
  const { channel, stepSeq, attempt } = request;
  const meaning = channelOf(channel).outcomes[outcome];
  const counts = party.tally.contacts[channel];
  contact.settled = true;
  contact.outcome = outcome;
  contact.connected = meaning?.connected ?? false;
  contact.conversed = meaning?.conversed ?? false;
  if (meaning?.invalidates === true) invalidate(party, contact.contactPointId);
  countOne(counts.outcomes, outcome);
  if (contact.connected) counts.connected += 1;
  if (contact.conversed) counts.conversed += 1;
  if (meaning?.rightParty === true) counts.rightParty += 1;
  noteCallBack(party, event, nowMs);
  // What was promised is on record before the strategy hears of it.
  openPromise(party, event, nowMs);
  const id = `answer:${run.account.id}:${visitOf(request)}`;
  return send(party, run, {
    event: { id, at: nowMs, type: "contact.result", stepSeq, attempt, outcome },
    nowMs,
  });
}

function noteCallBack({ setting }: PartyRun, { run, request, contact, outcome, ordinal }: Answer, atMs: EpochMs): void {
  const { seed, program } = setting;
  const debtor = { account: run.account, seed, timeZone: program.settings.timeZone };
  const callBackAtMs = callBackAfter(debtor, { kind: "contact", channel: request.channel, outcome, ordinal, atMs });
  if (callBackAtMs !== null) contact.callBackAtMs = callBackAtMs;
}

function invalidate(party: PartyRun, contactPointId: string): void {
  party.contactPoints = party.contactPoints.map((point) =>
    point.id === contactPointId ? { ...point, status: "invalid" } : point,
  );
}

/** After the strategy has heard it, a hold, if the answer brings one, freezes everything; some pay because of the contact. */
function afterAnswer(party: PartyRun, { run, request, outcome, ordinal }: Answer, atMs: EpochMs): void {
  const { channel } = request;
  const hold = channelOf(channel).outcomes[outcome]?.hold ?? null;
  if (hold !== null) {
    placeHold(party, run, { kind: hold, fromMs: atMs, untilMs: null });
    settleHolds(party, atMs);
  }
  const { seed, program } = party.setting;
  const debtor = { account: run.account, seed, timeZone: program.settings.timeZone };
  for (const settlement of settlementsOf(debtor, { kind: "contact", channel, outcome, ordinal, atMs })) {
    putEvent(party.queue, settlement.atMs, { kind: "payment", run, settlement, visit: null });
  }
}

function checkContent(
  party: PartyRun,
  event: RunEvent & { readonly kind: "text-check" },
  nowMs: EpochMs,
): ExecutorCall | null {
  const { run, request } = event;
  if (run.cancelled.has(visitOf(request)) || keptBack(party, event, { despite: [], nowMs })) return null;
  const { contentId, lexicon, stepSeq, attempt } = request;
  const { facts } = contextOf(party, run, nowMs);
  const { verdict: outcome } = checkStepText({ account: run.account, facts, contentId, lexicon }, party.setting);
  const id = `text-check:${run.account.id}:${visitOf(request)}`;
  return send(party, run, { event: { id, at: nowMs, type: "qa.verdict", stepSeq, attempt, outcome }, nowMs });
}

/** Money counts whatever became of the enrollment: recovery is what the cohort paid after it came in. */
function pay(
  party: PartyRun,
  { run, settlement, visit }: RunEvent & { readonly kind: "payment" },
  nowMs: EpochMs,
): ExecutorCall | null {
  if (visit !== null && run.cancelled.has(visit)) return null;
  const amountMinor = Math.min(settlement.amountMinor, remainingMinor(run.account, run.paidMinor));
  if (amountMinor <= 0) return null;
  run.paidMinor += amountMinor;
  paid(party, run, { amountMinor, nowMs });
  party.tally.totals.recoveredMinor += amountMinor;
  if (run.state !== null) nodeOf(party.tally, run.state.nodeId).recoveredMinor += amountMinor;
  return send(party, run, { event: { id: settlement.id, at: nowMs, type: "payment.posted", amountMinor }, nowMs });
}
