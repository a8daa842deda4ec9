import { channelOf } from "../channels";
import { respond } from "../channels/respond";
import { draw } from "../model/draw";
import type { EngineEvent, EnrollmentState, Outcome, StepContext } from "../model/execution";
import type { Facts } from "../model/facts";
import type { ContactPoint } from "../model/party";
import type { EpochMs } from "../model/time";
import { remainingMinor } from "../portfolio/facts";
import { settlementsOf } from "./behaviour";
import { askGate, askTextCheck } from "./gate";
import { SIMULATION_LIMITS } from "./input";
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
import { countEnd, countOne, countSteps, nodeOf, type Tally } from "./tally";

/** What the run asks of an executor. Asked one at a time; either executor may answer, at once or later. */
export type ExecutorCall =
  | { readonly kind: "start"; readonly context: StepContext }
  | {
      readonly kind: "send";
      readonly state: EnrollmentState;
      readonly event: EngineEvent;
      readonly context: StepContext;
    };

/**
 * Lives through the run with one person: their accounts share history, caps, arms and holds, so their events are taken in one
 * order of time. Yields every question to the executor; everything else (policy, texts, answers, payments) happens here. Once
 * a person is held nothing but their own payments happens any more. Bounded by `SIMULATION_LIMITS.eventsPerAccount`.
 */
export function* runParty(
  party: SimulatedParty,
  setting: RunSetting,
  tally: Tally,
): Generator<ExecutorCall, void, Outcome> {
  const run = newPartyRun(party, setting, tally);
  for (const account of run.runs) run.queue.put(setting.startMs, { kind: "enter", run: account });
  const eventsMax = SIMULATION_LIMITS.eventsPerAccount * run.runs.length;
  let events = 0;
  for (let next = run.queue.take(); next !== null && next.atMs < setting.endMs; next = run.queue.take()) {
    events += 1;
    if (events > eventsMax) {
      tally.totals.cutShort += run.runs.length;
      break;
    }
    yield* happen(run, next.event, next.atMs);
  }
  finish(run);
}

function finish({ runs, tally, held }: PartyRun): void {
  tally.totals.parties += 1;
  for (const { account, state, trace } of runs) {
    tally.totals.accounts += 1;
    tally.digests.push([account.id, trace.digest()]);
    if (state !== null) countEnd(tally, state, held);
  }
}

type Happening = Generator<ExecutorCall, void, Outcome>;

function* happen(party: PartyRun, event: RunEvent, nowMs: EpochMs): Happening {
  switch (event.kind) {
    case "enter":
      return yield* enter(party, event.run, nowMs);
    case "timer": {
      const { state } = event.run;
      if (state === null || state.stepSeq !== event.stepSeq) return;
      const id = `timer:${event.run.account.id}:${event.stepSeq}:${nowMs}`;
      return yield* send(party, event.run, { id, at: nowMs, type: "timer.fired", stepSeq: event.stepSeq });
    }
    case "depart":
      return yield* depart(party, event, nowMs);
    case "text-check":
      return yield* checkContent(party, event, nowMs);
    case "answer":
      return yield* answer(party, event, nowMs);
    case "payment":
      return yield* pay(party, event, nowMs);
    default:
      event satisfies never;
  }
}

/** The entry rule decides; whoever is let in begins to pay or not to pay of their own accord. */
function* enter(party: PartyRun, run: AccountRun, nowMs: EpochMs): Happening {
  const { setting, tally, queue } = party;
  const outcome = yield { kind: "start", context: contextOf(party, run, nowMs) };
  run.trace.add(outcome.decisions);
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
      queue.put(settlement.atMs, { kind: "payment", run, settlement });
    }
  }
}

/** Hands an event to the executor; not to an enrollment that is over or whose party is held. */
function* send(party: PartyRun, run: AccountRun, event: EngineEvent): Happening {
  const { state } = run;
  if (state === null || state.status !== "active" || party.held) return;
  const outcome = yield { kind: "send", state, event, context: contextOf(party, run, event.at) };
  run.trace.add(outcome.decisions);
  collect(party, run, { outcome, nowMs: event.at });
}

/** Takes an outcome in: steps are counted, requests go out, the timer is set. */
function collect(
  party: PartyRun,
  run: AccountRun,
  { outcome, nowMs }: { readonly outcome: Outcome; readonly nowMs: EpochMs },
): void {
  const { tally, queue } = party;
  const { state } = outcome;
  const timerIsNew = run.state?.stepSeq !== state.stepSeq || run.state.wakeAtMs !== state.wakeAtMs;
  run.state = state;
  run.lastSeq = countSteps(tally, outcome.decisions, run.lastSeq);
  for (const effect of outcome.effects) {
    switch (effect.kind) {
      case "contact.request":
        tally.contacts[effect.channel].requested += 1;
        queue.put(nowMs, { kind: "depart", run, request: effect });
        break;
      case "qa.request":
        queue.put(nowMs, { kind: "text-check", run, request: effect });
        break;
      case "request.cancel":
        run.cancelled.add(visitOf(effect));
        break;
      case "arm.assigned":
        party.arms[effect.experimentKey] = effect.arm;
        party.armCount += 1;
        break;
      default:
        effect satisfies never;
    }
  }
  if (state.status === "active" && state.wakeAtMs !== null && timerIsNew) {
    queue.put(Math.max(state.wakeAtMs, nowMs), { kind: "timer", run, stepSeq: state.stepSeq });
  }
}

/** A contact wants to leave: the gate lets it, puts it off or refuses it, and the strategy hears of the last two. */
function* depart(party: PartyRun, event: RunEvent & { readonly kind: "depart" }, nowMs: EpochMs): Happening {
  const { run, request } = event;
  const counts = party.tally.contacts[request.channel];
  if (run.cancelled.has(visitOf(request))) {
    counts.cancelled += 1;
    return;
  }
  if (party.held) return;
  forgetOld(party.history, nowMs);
  const { facts } = contextOf(party, run, nowMs);
  const { contactPoints } = party.party;
  const asked = { ...request, account: run.account, facts, contactPoints, history: party.history, nowMs };
  const gate = askGate(asked, party.setting);
  const { stepSeq, attempt } = request;
  const visit = { at: nowMs, stepSeq, attempt };
  if (gate.kind === "allow") {
    leave(party, event, { gate, facts, nowMs });
    return;
  }
  for (const rule of gate.reasons) countOne(party.tally.blockedBy, rule);
  const id = `${gate.kind}:${run.account.id}:${visitOf(request)}:${nowMs}`;
  if (gate.kind === "deny") {
    counts.denied += 1;
    return yield* send(party, run, { id, ...visit, type: "contact.denied", reasons: gate.reasons });
  }
  counts.deferred += 1;
  party.queue.put(gate.untilMs, { kind: "depart", run, request });
  yield* send(party, run, { id, ...visit, type: "contact.deferred", untilMs: gate.untilMs, reasons: gate.reasons });
}

function leave(
  party: PartyRun,
  { run, request }: RunEvent & { readonly kind: "depart" },
  left: {
    readonly gate: { readonly to: ContactPoint; readonly text: string };
    readonly facts: Facts;
    readonly nowMs: EpochMs;
  },
): void {
  const { gate, facts, nowMs } = left;
  const { channel, attempt, nodeId } = request;
  const { seed } = party.setting;
  const ordinal = party.ordinals[channel];
  party.ordinals[channel] += 1;
  const said = respond({
    channel,
    dpd: typeof facts.dpd === "number" ? facts.dpd : 0,
    attempt,
    text: gate.text,
    draw: (kind) => draw(seed, run.account.partyId, `${kind}:${ordinal}`),
  });
  const contact = {
    atMs: nowMs,
    channel,
    contactPointId: gate.to.id,
    connected: false,
    conversed: false,
    settled: false,
  };
  party.history.push(contact);
  party.tally.contacts[channel].sent += 1;
  party.tally.totals.costMinor += said.costMinor;
  const node = nodeOf(party.tally, nodeId);
  node.contacts += 1;
  node.costMinor += said.costMinor;
  const { outcome, delayMs } = said;
  party.setting.onContact({ account: run.account, channel, to: gate.to, text: gate.text, outcome, atMs: nowMs });
  party.queue.put(nowMs + delayMs, { kind: "answer", run, request, contact, outcome, ordinal });
}

/** The answer counts for the person in any case; the strategy hears it, and then a hold, if it brings one, freezes everything. */
function* answer(party: PartyRun, event: RunEvent & { readonly kind: "answer" }, nowMs: EpochMs): Happening {
  const { run, request, contact, outcome, ordinal } = event;
  const { channel, stepSeq, attempt } = request;
  const meaning = channelOf(channel).outcomes[outcome];
  const counts = party.tally.contacts[channel];
  contact.settled = true;
  contact.connected = meaning?.connected ?? false;
  contact.conversed = meaning?.conversed ?? false;
  countOne(counts.outcomes, outcome);
  if (contact.connected) counts.connected += 1;
  if (contact.conversed) counts.conversed += 1;
  if (meaning?.rightParty === true) counts.rightParty += 1;
  const id = `answer:${run.account.id}:${visitOf(request)}`;
  yield* send(party, run, { id, at: nowMs, type: "contact.result", stepSeq, attempt, outcome });
  if (meaning?.hold != null) party.held = true;
  const { seed, program } = party.setting;
  const debtor = { account: run.account, seed, timeZone: program.settings.timeZone };
  for (const settlement of settlementsOf(debtor, { kind: "contact", channel, outcome, ordinal, atMs: nowMs })) {
    party.queue.put(settlement.atMs, { kind: "payment", run, settlement });
  }
}

function* checkContent(party: PartyRun, event: RunEvent & { readonly kind: "text-check" }, nowMs: EpochMs): Happening {
  const { run, request } = event;
  if (run.cancelled.has(visitOf(request)) || party.held) return;
  const { contentId, lexicon, stepSeq, attempt } = request;
  const { facts } = contextOf(party, run, nowMs);
  const outcome = askTextCheck({ account: run.account, facts, contentId }, lexicon, party.setting);
  const id = `text-check:${run.account.id}:${visitOf(request)}`;
  yield* send(party, run, { id, at: nowMs, type: "qa.verdict", stepSeq, attempt, outcome });
}

/** Money counts whatever became of the enrollment: recovery is what the cohort paid after it came in. */
function* pay(party: PartyRun, event: RunEvent & { readonly kind: "payment" }, nowMs: EpochMs): Happening {
  const { run, settlement } = event;
  const amountMinor = Math.min(settlement.amountMinor, remainingMinor(run.account, run.paidMinor));
  if (amountMinor <= 0) return;
  run.paidMinor += amountMinor;
  party.tally.totals.recoveredMinor += amountMinor;
  if (run.state !== null) nodeOf(party.tally, run.state.nodeId).recoveredMinor += amountMinor;
  yield* send(party, run, { id: settlement.id, at: nowMs, type: "payment.posted", amountMinor });
}

function visitOf({ stepSeq, attempt }: { readonly stepSeq: number; readonly attempt: number }): string {
  return `${stepSeq}:${attempt}`;
}
