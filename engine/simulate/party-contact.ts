import { channelOf } from "../channels";
import { respond } from "../channels/respond";
import { askGate, checkStepText, type GateQuestion } from "../contact/gate";
import type { Message } from "../contact/step-text";
import { draw } from "../model/draw";
import { visitKey } from "../model/execution";
import type { Facts } from "../model/facts";
import type { PartyId } from "../model/ids";
import type { ContactPoint } from "../model/party";
import { type EpochMs, SECOND_MS } from "../model/time";
import { remainingMinor } from "../portfolio/facts";
import { moodOf } from "./behaviour/people";
import { callBackAfter, settlementsOf } from "./behaviour/settlements";
import { putEvent } from "./event-queue";
import { type ExecutorCall, send, visitOf } from "./executor-call";
import { admitted, putOffByCapacity } from "./party-capacity";
import { keptBack, placeHold, settleHolds } from "./party-holds";
import { openPromise } from "./party-promises";
import { contextOf, debtorOf, forgetOld, type PartyRun, type RunEvent } from "./party-state";
import { chargeTo, countOne, dayOf, loadOf, nodeOf } from "./tally";

/** A contact wants to leave: the gate lets it, puts it off or refuses it, and the strategy hears of the last two. */
export function depart(
  party: PartyRun,
  event: RunEvent & { readonly kind: "depart" },
  nowMs: EpochMs,
): ExecutorCall | null {
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
  if (gate.kind === "allow" && !admitted(party, event, nowMs)) return putOffByCapacity(party, event, nowMs);
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
  const { seed, assumptions } = party.setting;
  const { text } = gate.message;
  const ordinal = party.ordinals[channel];
  party.ordinals[channel] += 1;
  const contacts7d = typeof facts.contacts_7d === "number" ? facts.contacts_7d : 0;
  const said = respond({
    channel,
    dpd: typeof facts.dpd === "number" ? facts.dpd : 0,
    attempt,
    text,
    draw: drawsOf(seed, run.account.partyId, ordinal),
    mood: moodOf(debtorOf(party, run), run.segment, { contacts7d, atMs: nowMs, channel }),
    models: assumptions.channels,
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
  run.contacts += 1;
  chargeTo(party.tally, run, { nodeId, costMinor: said.costMinor, nowMs });
  nodeOf(party.tally, nodeId).contacts += 1;
  dayOf(party.tally, nowMs).contacts += 1;
  const load = loadOf(party.tally, channel, nowMs);
  if (load !== null) {
    load.done += 1;
    load.units += load.measuredIn === "seconds" ? said.delayMs / SECOND_MS : said.costMinor;
  }
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
export function answer(party: PartyRun, event: Answer, nowMs: EpochMs): ExecutorCall | null {
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

function noteCallBack(party: PartyRun, { run, request, contact, outcome, ordinal }: Answer, atMs: EpochMs): void {
  const callBackAtMs = callBackAfter(debtorOf(party, run), { channel: request.channel, outcome, ordinal, atMs });
  if (callBackAtMs !== null) contact.callBackAtMs = callBackAtMs;
}

function invalidate(party: PartyRun, contactPointId: string): void {
  party.contactPoints = party.contactPoints.map((point) =>
    point.id === contactPointId ? { ...point, status: "invalid" } : point,
  );
}

/** After the strategy has heard it, a hold, if the answer brings one, freezes everything; some pay because of the contact. */
export function afterAnswer(party: PartyRun, { run, request, outcome, ordinal }: Answer, atMs: EpochMs): void {
  const { channel } = request;
  const hold = channelOf(channel).outcomes[outcome]?.hold ?? null;
  if (hold !== null) {
    placeHold(party, run, { kind: hold, fromMs: atMs, untilMs: null });
    settleHolds(party, atMs);
  }
  const dueMinor = remainingMinor(run.account, run.paidMinor);
  const cause = { kind: "contact", channel, outcome, ordinal, atMs, dueMinor } as const;
  for (const settlement of settlementsOf(debtorOf(party, run), cause)) {
    putEvent(party.queue, settlement.atMs, { kind: "payment", run, settlement, visit: null });
  }
}

export function checkContent(
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
