import { senderReason } from "../contact/gate";
import { InvariantError } from "../model/invariant";
import type { PolicyReason } from "../model/policy";
import { PROMISE_VALUES } from "../model/promise";
import { type Stop, stopOn } from "../model/stop";
import { type EpochMs, MINUTE_MS } from "../model/time";
import { withinDeadline } from "../ports/before-abort";
import type { ChannelEvent, SendOutcome, SendRequest } from "../ports/channel";
import type { EngineTime } from "../ports/engine-clock";
import type {
  ContactHistoryEntry,
  GateDecision,
  Lease,
  OutboxLane,
  ReadyIntent,
  Reservation,
  Settlement,
} from "../ports/outbox";
import { type ContactedDebtor, paymentsAfter, promisedBy } from "./debtors";
import { RUNTIME_LIMITS, type RuntimeDeps } from "./deps";
import { factsAt } from "./facts-at";
import { denial, type GateContext, type Outgoing, passGate, visitEntry, visitOf } from "./gate";
import { doHandOver, type HandOver, takeWork } from "./hand-over";
import { localeOf } from "./locale-of";
import { askQaSteps } from "./qa-steps";
import { resultEntries } from "./result-entries";
import { stopsInForce } from "./stops-in-force";
import { nextLookMs } from "./unknown-outcome";

/** Pause before a provider that said "not now" is asked again; the request's own deadline ends it. */
const RETRY_AFTER_MS = 5 * MINUTE_MS;
/** Longest the engine waits for a provider. Well within the lease, so that a slow one is not taken for a dead worker's. */
const SEND_DEADLINE_MS = 10_000;

export type DispatchCounts = {
  readonly looked: number;
  readonly sent: number;
  readonly deferred: number;
  readonly denied: number;
  readonly answered: number;
  readonly unknown: number;
  readonly failed: number;
};
export type Tally = { -readonly [count in keyof DispatchCounts]: DispatchCounts[count] };

/** One contact that has its place under the caps and is about to be handed to its provider. */
type Contact = {
  readonly kind: "contact";
  readonly ready: ReadyIntent;
  readonly outgoing: Outgoing;
  readonly context: GateContext;
  /** How often it was handed over before without a clear answer. */
  readonly resent: number;
};
export type Departure = Contact | HandOver;

export const NOTHING_DISPATCHED: DispatchCounts = {
  looked: 0,
  sent: 0,
  deferred: 0,
  denied: 0,
  answered: 0,
  unknown: 0,
  failed: 0,
};

/**
 * Takes requests that are due to the gate and hands the allowed ones to their providers. A crash between the reservation and
 * the provider's answer leaves the intent in `sending`; `recoverUnclear` decides about it later.
 */
export async function dispatchDue(deps: RuntimeDeps, time: EngineTime): Promise<DispatchCounts> {
  const tally: Tally = { ...NOTHING_DISPATCHED };
  for (let batch = 0; batch < RUNTIME_LIMITS.dispatchBatchesPerTick; batch += 1) {
    const looked = await dispatchBatch({ deps, time }, { lane: "usual", limit: RUNTIME_LIMITS.dispatchBatch, tally });
    if (looked < RUNTIME_LIMITS.dispatchBatch) break;
  }
  return tally;
}

/** Puts questions to other systems that are due, a few at a time; they have a lane of their own, because one may take long. */
export async function askOutside(deps: RuntimeDeps, time: EngineTime): Promise<DispatchCounts> {
  const tally: Tally = { ...NOTHING_DISPATCHED };
  await dispatchBatch({ deps, time }, { lane: "external", limit: RUNTIME_LIMITS.questionsAtOnce, tally });
  return tally;
}

type Round = { readonly lane: OutboxLane; readonly limit: number; readonly tally: Tally };

async function dispatchBatch(sender: Sender, round: Round): Promise<number> {
  const { tally } = round;
  const departures = new Map<string, Departure>();
  const fromMs = sender.deps.monotonicMs();
  const { looked, decided, lease } = await reserveBatch(sender, round, departures);
  tally.looked += looked;
  for (const decision of decided) countDecision(tally, decision);
  const taken = decided.flatMap(({ key }) => departures.get(key) ?? []);
  await sendAll(sender, { departures: taken, lease: { ...lease, fromMs } }, tally);
  return looked;
}

async function reserveBatch({ deps, time }: Sender, { lane, limit }: Round, departures: Map<string, Departure>) {
  const { nowMs } = time;
  return deps.outbox.reserve({ nowMs, limit, lane }, async (all) => {
    const decisions: GateDecision[] = [];
    const stops = await deps.stops.inForce();
    const reserved = new Map<string, ContactHistoryEntry[]>();
    for (const seen of all) {
      const context = await contextOrBroken(deps, seen, nowMs);
      if (context === null) continue;
      if ("kind" in context) {
        decisions.push(context);
        continue;
      }
      const own = reserved.get(seen.subject.partyId) ?? [];
      // Contacts this batch has just allowed use up the caps for the ones after them.
      const ready = { ...seen, party: { ...seen.party, history: [...seen.party.history, ...own] } };
      const { decision, departure } = decideSafely({ deps, time }, { ready, context, stops });
      decisions.push(decision);
      if (departure !== null) departures.set(decision.key, departure);
      if (decision.kind !== "send") continue;
      reserved.set(seen.subject.partyId, [...own, reservedContact(ready, decision.reservation, nowMs)]);
    }
    return decisions;
  });
}

/** Facts that cannot be made break this request and no other. */
async function contextOrBroken(deps: RuntimeDeps, ready: ReadyIntent, nowMs: EpochMs) {
  try {
    return await gateContext(deps, ready, nowMs);
  } catch (error) {
    return broken(deps, ready, error);
  }
}

function broken(deps: RuntimeDeps, { intent: { key } }: ReadyIntent, error: unknown) {
  const code = error instanceof InvariantError ? error.code : "gate-threw";
  deps.alarm("gate-threw", { key, code });
  return { kind: "broken", key, code, inbox: [], reasons: [] } as const;
}

type Decided = { readonly decision: GateDecision; readonly departure: Departure | null };

type Question = { readonly ready: ReadyIntent; readonly context: GateContext; readonly stops: readonly Stop[] };

/** A request on which the gate breaks takes none of the others along. */
function decideSafely(sender: Sender, { ready, context, stops }: Question): Decided {
  try {
    return refusedByStop(ready, context, stops) ?? decide(sender, ready, context);
  } catch (error) {
    return { decision: broken(sender.deps, ready, error), departure: null };
  }
}

function stoppedReason({ kind, scope }: Stop): PolicyReason {
  return kind === "pause" ? senderReason("dispatch.paused", { scope }) : senderReason("dispatch.stopped", { scope });
}

/** A contact whose channel or strategy is stopped is refused, so that its step takes its way for what is blocked. */
function refusedByStop(ready: ReadyIntent, context: GateContext, stops: readonly Stop[]): Decided | null {
  const { intent } = ready;
  const { strategyId, versionId } = context.version;
  const stop = intent.kind === "contact" ? stopOn(stops, { strategyId, versionId, channel: intent.channel }) : null;
  if (stop?.kind !== "stop") return null;
  const reasons = [stoppedReason(stop)];
  return { decision: denial(ready, context, reasons), departure: null };
}

/** Contacts and texts go to the gate, everything else to whoever does it. */
function decide({ deps, time }: Sender, ready: ReadyIntent, context: GateContext): Decided {
  const { intent } = ready;
  if (intent.kind !== "contact" && intent.kind !== "qa") {
    const { decision, handOver } = takeWork(intent, { ready, context, ports: { ...deps, isDemo: time.isDemo } });
    return { decision, departure: handOver };
  }
  const { decision, outgoing } = passGate(ready, intent, context);
  return { decision, departure: outgoing === null ? null : { kind: "contact", ready, outgoing, context, resent: 0 } };
}

function reservedContact(ready: ReadyIntent, reservation: Reservation, atMs: EpochMs): ContactHistoryEntry {
  const { channel, contactPointId } = reservation;
  const { enrollmentId } = ready.subject;
  const unanswered = { connected: false, conversed: false, settled: false } as const;
  return { atMs, channel, contactPointId, enrollmentId, visit: visitOf(ready), ...unanswered };
}

export async function gateContext(deps: RuntimeDeps, ready: ReadyIntent, nowMs: EpochMs): Promise<GateContext | null> {
  const version = await deps.versions.linked(ready.versionId);
  if (version === null) {
    deps.alarm("program-missing", { versionId: ready.versionId });
    return null;
  }
  const pack = deps.packOf(version.program.settings.market);
  return {
    version,
    pack,
    facts: factsAt(ready, { version, pack, nowMs }),
    nowMs,
    locale: localeOf(version.program.settings.market),
    channelPort: deps.channelPort,
  };
}

export type Sender = { readonly deps: RuntimeDeps; readonly time: EngineTime };

/** Requests a worker has taken, and since when by its own monotonic clock. */
type Taken = { readonly departures: readonly Departure[]; readonly lease: Lease & { readonly fromMs: number } };

/** Part of a lease within which a send may still begin; the rest is for the provider's answer and for writing it down. */
const LEASE_SHARE = 0.5;

/**
 * Providers are asked a few at a time, each few only after a fresh look at what is paused or stopped. Their answers are written
 * together with the results they already announce, many at once as long as none waits for long.
 */
export async function sendAll(sender: Sender, { departures, lease }: Taken, tally: Tally): Promise<void> {
  const { deps } = sender;
  let unwritten: Settlement[] = [];
  let sinceMs = deps.monotonicMs();
  const inForce = stopsInForce(deps);
  const write = async () => {
    if (unwritten.length > 0) await deps.outbox.settle(unwritten);
    for (const settlement of unwritten) countSettlement(tally, settlement);
    unwritten = [];
  };
  for (let start = 0; start < departures.length; start += RUNTIME_LIMITS.sendsAtOnce) {
    const some = departures.slice(start, start + RUNTIME_LIMITS.sendsAtOnce);
    const stops = await inForce();
    if (deps.monotonicMs() - lease.fromMs > lease.lastsMs * LEASE_SHARE) {
      unwritten.push(...departures.slice(start).map((departure) => notBegun(departure, lease.untilMs)));
      break;
    }
    if (unwritten.length === 0) sinceMs = deps.monotonicMs();
    unwritten.push(
      ...(await Promise.all(some.map((departure) => sendUnlessStopped(sender, departure, stops))).then((all) =>
        all.map((settlement) => ({ ...settlement, leaseUntilMs: lease.untilMs })),
      )),
    );
    const waitedMs = deps.monotonicMs() - sinceMs;
    if (unwritten.length >= RUNTIME_LIMITS.settleBatch || waitedMs >= RUNTIME_LIMITS.settleAfterMs) await write();
  }
  await write();
}

/**
 * Too late to begin: whoever was kept from working for so long may have lost it to another worker. If not, it goes back; the lease's
 * mark tells the store which.
 */
function notBegun(departure: Departure, leaseUntilMs: EpochMs): Settlement {
  return { ...putBack(departure, senderReason("dispatch.lease-over")), leaseUntilMs };
}

/** What is paused or stopped at the last moment goes back to the outbox. */
function sendUnlessStopped(sender: Sender, departure: Departure, stops: readonly Stop[]): Promise<Settlement> {
  const { strategyId, versionId } = departure.context.version;
  const stop = stopOn(stops, { strategyId, versionId, channel: departure.ready.intent.channel });
  if (stop !== null) return Promise.resolve(putBack(departure, stoppedReason(stop)));
  return departure.kind === "contact" ? sendOne(sender, departure) : doHandOver(sender.deps, departure, RETRY_AFTER_MS);
}

/**
 * Not handed over now. It gives its place under the caps back, unless it may have left at an earlier try: then it stays as unknown
 * as it was, to be looked after again.
 */
function putBack(departure: Departure, reason: PolicyReason): Settlement {
  const { ready, context } = departure;
  const { key } = ready.intent;
  const { nowMs } = context;
  if (departure.kind === "contact" && departure.resent > 0)
    return { kind: "unknown", key, inbox: [], askAgainMs: nowMs };
  return { kind: "retry", key, inbox: [], notBeforeMs: nowMs, reasons: [reason] };
}

async function sendOne({ deps, time }: Sender, departure: Contact): Promise<Settlement> {
  const { ready, outgoing } = departure;
  try {
    const unfit = await unfitFor(deps, departure);
    if (unfit !== null) return keptBack(departure, unfit);
    const outcome = await answerInTime(departure, deps.sendDeadlineMs ?? SEND_DEADLINE_MS);
    if (outcome.kind !== "accepted") return notAccepted(outcome, departure);
    const simulated = time.isDemo && outgoing.to.simulated;
    const said = simulated ? outcome.announced.map((event) => withPromise(deps, departure, event)) : outcome.announced;
    const paid = simulated ? paidBy(deps, departure, outcome.announced) : [];
    const inbox = [...said.flatMap((event) => resultEntries(ready, event)), ...paid];
    return { kind: "sent", key: ready.intent.key, inbox, providerRef: outcome.ref, costMinor: outcome.costMinor };
  } catch {
    // An adapter must answer, never throw. Whether the message left is then anyone's guess: it counts as made.
    deps.alarm("channel-threw", { key: ready.intent.key, provider: outgoing.port.id });
    return notAccepted({ kind: "unknown" }, departure);
  }
}

/** Why the judges of texts do not let it leave; null = they do, or none are set up. One that wants a person's look does not leave either. */
async function unfitFor(deps: RuntimeDeps, { ready, outgoing, context }: Contact): Promise<PolicyReason | null> {
  const { qaSteps = [] } = deps;
  if (qaSteps.length === 0) return null;
  const { subject, text } = outgoing.message;
  const { contentId: content } = ready.intent;
  const { verdict, silent } = await askQaSteps(qaSteps, {
    ...{ stage: "pre_send", key: ready.intent.key, channel: outgoing.port.channel, subject, text },
    policyVersion: context.version.program.hash,
  });
  const [step] = silent;
  if (step !== undefined) return senderReason("dispatch.qa-silent", { step });
  return verdict === "pass" ? null : senderReason("dispatch.qa-refused", { content: content ?? "", verdict });
}

/** Nothing left now. Of a contact that was handed over before it is still unknown whether it did. */
function keptBack(contact: Contact, reason: PolicyReason): Settlement {
  const { key } = contact.ready.intent;
  if (contact.resent > 0) return { kind: "unknown", key, inbox: [], askAgainMs: null };
  return didNotLeave(contact, [reason]);
}

/** A provider that does not answer in time has given an unknown answer, whether or not it listens to the signal. */
function answerInTime(contact: Contact, deadlineMs: number): Promise<SendOutcome> {
  const request = requestOf(contact);
  return withinDeadline((options) => contact.outgoing.port.send(request, options), deadlineMs, { kind: "unknown" });
}

function requestOf({ ready, outgoing, context, resent }: Contact): SendRequest {
  const dpd = context.facts.dpd;
  const desk = ready.intent.kind === "contact" ? ready.intent.terms.desk : undefined;
  return {
    key: ready.intent.key,
    partyId: ready.subject.partyId,
    channel: outgoing.port.channel,
    to: outgoing.to,
    ...outgoing.message,
    ...(desk === undefined ? {} : { desk }),
    notAfterMs: ready.intent.notAfterMs,
    nowMs: context.nowMs,
    resent,
    simulation: { dpd: typeof dpd === "number" ? dpd : 0, attempt: ready.intent.attempt },
  };
}

function debtorOf(deps: RuntimeDeps, { ready, outgoing, context }: Contact): ContactedDebtor {
  const { channel } = outgoing.port;
  const ordinal = ready.party.history.filter((entry) => entry.channel === channel).length;
  const { timeZone } = context.version.program.settings;
  const { account, paidMinor } = ready.snapshot;
  return { account, paidMinor, seed: deps.debtorSeed, timeZone, channel, ordinal };
}

/** Simulated people sometimes pay because they were reached. */
function paidBy(deps: RuntimeDeps, contact: Contact, events: readonly ChannelEvent[]) {
  return events.flatMap((event) => paymentsAfter(debtorOf(deps, contact), event));
}

/** Simulated people name a day and an amount when they promise. */
function withPromise(deps: RuntimeDeps, contact: Contact, event: ChannelEvent): ChannelEvent {
  const terms = promisedBy(debtorOf(deps, contact), event);
  if (terms === null) return event;
  const { amount, dueDate } = PROMISE_VALUES;
  return { ...event, values: { ...event.values, [amount]: terms.amountMinor, [dueDate]: terms.dueDate } };
}

function notAccepted(outcome: Exclude<SendOutcome, { kind: "accepted" }>, contact: Contact): Settlement {
  const { ready, context, outgoing, resent } = contact;
  const { key } = ready.intent;
  // A provider that is busy says nothing about what it took the time before.
  if (outcome.kind === "unknown" || (outcome.retryable && resent > 0)) {
    const { capabilities } = outgoing.port;
    const askAgainMs = nextLookMs(capabilities, { unclear: resent, nowMs: context.nowMs });
    return { kind: "unknown", key, inbox: [], askAgainMs };
  }
  const reasons: readonly PolicyReason[] = [senderReason("dispatch.provider-refused", { answer: outcome.code })];
  const notBeforeMs = context.nowMs + (outcome.retryAfterMs ?? RETRY_AFTER_MS);
  if (outcome.retryable && notBeforeMs <= ready.intent.notAfterMs)
    return { kind: "retry", key, inbox: [], notBeforeMs, reasons };
  return didNotLeave(contact, reasons);
}

/** For good: the strategy hears of it, and its place under the caps is free again. */
function didNotLeave({ ready, context }: Contact, reasons: readonly PolicyReason[]): Settlement {
  const data = { reasons: reasons.map((found) => found.rule) };
  const inbox = [visitEntry(ready, context, { type: "contact.denied", mark: "denied", data })];
  return { kind: "failed", key: ready.intent.key, reasons, inbox };
}

function countDecision(tally: Tally, decision: GateDecision): void {
  if (decision.kind === "defer") tally.deferred += 1;
  if (decision.kind === "deny") tally.denied += 1;
  if (decision.kind === "answered") tally.answered += 1;
}

function countSettlement(tally: Tally, settlement: Settlement): void {
  if (settlement.kind === "sent") tally.sent += 1;
  if (settlement.kind === "unknown") tally.unknown += 1;
  if (settlement.kind === "failed") tally.failed += 1;
}
