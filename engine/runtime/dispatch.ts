import { channelOf } from "../channels";
import { senderReason } from "../contact/gate";
import type { ContactResultData } from "../model/inbox-data";
import type { PolicyReason } from "../model/policy";
import { type EpochMs, MINUTE_MS } from "../model/time";
import type { ChannelEvent, SendOutcome, SendRequest } from "../ports/channel";
import type { EngineTime } from "../ports/engine-clock";
import type { NewInboxEntry } from "../ports/inbox";
import type { ContactHistoryEntry, GateDecision, ReadyIntent, Reservation, Settlement } from "../ports/outbox";
import { paymentsAfter } from "./debtors";
import { RUNTIME_LIMITS, type RuntimeDeps } from "./deps";
import { factsAt } from "./facts-at";
import { type GateContext, type Outgoing, outgoingMessage, passGate, visitEntry, visitOf } from "./gate";
import { localeOf } from "./locale-of";

/** Pause before a provider that said "not now" is asked again; the request's own deadline ends it. */
const RETRY_AFTER_MS = 5 * MINUTE_MS;

export type DispatchCounts = {
  readonly looked: number;
  readonly sent: number;
  readonly deferred: number;
  readonly denied: number;
  readonly answered: number;
  readonly unknown: number;
  readonly failed: number;
};
type Tally = { -readonly [count in keyof DispatchCounts]: DispatchCounts[count] };

/** One contact that has its place under the caps and is about to be handed to its provider. */
type Departure = { readonly ready: ReadyIntent; readonly outgoing: Outgoing; readonly context: GateContext };

/**
 * Takes requests that are due to the gate and hands the allowed ones to their providers. A crash between the reservation and
 * the provider's answer leaves the intent in `sending`; `recoverLapsed` decides about it later.
 */
export async function dispatchDue(deps: RuntimeDeps, time: EngineTime): Promise<DispatchCounts> {
  const tally: Tally = { looked: 0, sent: 0, deferred: 0, denied: 0, answered: 0, unknown: 0, failed: 0 };
  for (let batch = 0; batch < RUNTIME_LIMITS.dispatchBatchesPerTick; batch += 1) {
    const departures = new Map<string, Departure>();
    const { looked, decided } = await reserveBatch(deps, time.nowMs, departures);
    tally.looked += looked;
    for (const decision of decided) countDecision(tally, decision);
    const leaving = decided.flatMap((decision) => departures.get(decision.kind === "send" ? decision.key : "") ?? []);
    await sendAll({ deps, time }, leaving, tally);
    if (looked < RUNTIME_LIMITS.dispatchBatch) break;
  }
  return tally;
}

/**
 * Contacts a dead worker left in `sending`. A simulated provider answers one key always the same way, so it is simply asked
 * again; of a real one nobody knows whether the message left, and it is never sent twice (design D7): it becomes `unknown`.
 */
export async function recoverLapsed(deps: RuntimeDeps, time: EngineTime): Promise<DispatchCounts> {
  const tally: Tally = { looked: 0, sent: 0, deferred: 0, denied: 0, answered: 0, unknown: 0, failed: 0 };
  const lapsed = await deps.outbox.lapsed({ nowMs: time.nowMs, limit: RUNTIME_LIMITS.dispatchBatch });
  const again: Departure[] = [];
  const unknown: Settlement[] = [];
  for (const { ready, contactPointId } of lapsed) {
    const departure = await departureOf(deps, { ready, contactPointId, nowMs: time.nowMs });
    if (departure?.outgoing.port.simulated === true) again.push(departure);
    else unknown.push({ kind: "unknown", key: ready.intent.key, inbox: [] });
  }
  tally.looked = lapsed.length;
  if (unknown.length > 0) tally.unknown += await deps.outbox.settle(unknown);
  await sendAll({ deps, time }, again, tally);
  return tally;
}

async function reserveBatch(deps: RuntimeDeps, nowMs: EpochMs, departures: Map<string, Departure>) {
  return deps.outbox.reserve({ nowMs, limit: RUNTIME_LIMITS.dispatchBatch }, async (all) => {
    const decisions: GateDecision[] = [];
    const reserved = new Map<string, ContactHistoryEntry[]>();
    for (const seen of all) {
      const context = await gateContext(deps, seen, nowMs);
      if (context === null) continue;
      const own = reserved.get(seen.subject.partyId) ?? [];
      // Contacts this batch has just allowed use up the caps for the ones after them.
      const ready = { ...seen, party: { ...seen.party, history: [...seen.party.history, ...own] } };
      const { decision, outgoing } = passGate(ready, context);
      decisions.push(decision);
      if (decision.kind !== "send" || outgoing === null) continue;
      departures.set(decision.key, { ready, outgoing, context });
      reserved.set(seen.subject.partyId, [...own, reservedContact(ready, decision.reservation, nowMs)]);
    }
    return decisions;
  });
}

function reservedContact(ready: ReadyIntent, reservation: Reservation, atMs: EpochMs): ContactHistoryEntry {
  const { channel, contactPointId } = reservation;
  return { atMs, channel, contactPointId, connected: false, conversed: false, settled: false, visit: visitOf(ready) };
}

async function gateContext(deps: RuntimeDeps, ready: ReadyIntent, nowMs: EpochMs): Promise<GateContext | null> {
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

async function departureOf(
  deps: RuntimeDeps,
  {
    ready,
    contactPointId,
    nowMs,
  }: { readonly ready: ReadyIntent; readonly contactPointId: string; readonly nowMs: EpochMs },
): Promise<Departure | null> {
  const context = await gateContext(deps, ready, nowMs);
  const to = ready.snapshot.contactPoints.find((point) => point.id === contactPointId);
  const { channel } = ready.intent;
  if (context === null || to === undefined || channel === null) return null;
  const port = deps.channelPort(channel, to.simulated);
  const message = outgoingMessage(ready, context);
  return port === null || message === null ? null : { ready, context, outgoing: { to, message, port } };
}

type Sender = { readonly deps: RuntimeDeps; readonly time: EngineTime };

/** Providers are asked a few at a time; every answer is written together with the results it already announces. */
async function sendAll({ deps, time }: Sender, departures: readonly Departure[], tally: Tally): Promise<void> {
  for (let start = 0; start < departures.length; start += RUNTIME_LIMITS.sendsAtOnce) {
    const some = departures.slice(start, start + RUNTIME_LIMITS.sendsAtOnce);
    const settlements = await Promise.all(some.map((departure) => sendOne({ deps, time }, departure)));
    await deps.outbox.settle(settlements);
    for (const settlement of settlements) countSettlement(tally, settlement);
  }
}

async function sendOne({ deps, time }: Sender, departure: Departure): Promise<Settlement> {
  const { ready, outgoing, context } = departure;
  try {
    const outcome = await outgoing.port.send(requestOf(departure));
    if (outcome.kind !== "accepted") return notAccepted(outcome, ready, context);
    const paid = time.isDemo && outgoing.to.simulated ? paidBy(deps, departure, outcome.announced) : [];
    const inbox = [...outcome.announced.map((event) => resultEntry(ready, event)), ...paid];
    return { kind: "sent", key: ready.intent.key, inbox, providerRef: outcome.ref, costMinor: outcome.costMinor };
  } catch {
    // An adapter must answer, never throw. Whether the message left is then anyone's guess: it counts as made.
    deps.alarm("channel-threw", { key: ready.intent.key, provider: outgoing.port.id });
    return { kind: "unknown", key: ready.intent.key, inbox: [] };
  }
}

function requestOf({ ready, outgoing, context }: Departure): SendRequest {
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
    simulation: { dpd: typeof dpd === "number" ? dpd : 0, attempt: ready.intent.attempt },
  };
}

/** Simulated people sometimes pay because they were reached. */
function paidBy(deps: RuntimeDeps, { ready, outgoing, context }: Departure, events: readonly ChannelEvent[]) {
  const { channel } = outgoing.port;
  const ordinal = ready.party.history.filter((entry) => entry.channel === channel).length;
  const { timeZone } = context.version.program.settings;
  const debtor = { account: ready.snapshot.account, seed: deps.debtorSeed, timeZone, channel, ordinal };
  return events.flatMap((event) => paymentsAfter(debtor, event));
}

function notAccepted(
  outcome: Exclude<SendOutcome, { kind: "accepted" }>,
  ready: ReadyIntent,
  context: GateContext,
): Settlement {
  const { key } = ready.intent;
  if (outcome.kind === "unknown") return { kind: "unknown", key, inbox: [] };
  const reasons: readonly PolicyReason[] = [senderReason("dispatch.provider-refused", { answer: outcome.code })];
  const notBeforeMs = context.nowMs + RETRY_AFTER_MS;
  if (outcome.retryable && notBeforeMs <= ready.intent.notAfterMs)
    return { kind: "retry", key, inbox: [], notBeforeMs, reasons };
  const data = { reasons: reasons.map((found) => found.rule) };
  return {
    kind: "failed",
    key,
    reasons,
    inbox: [visitEntry(ready, context, { type: "contact.denied", mark: "denied", data })],
  };
}

/** A provider's result as an inbox entry; how the laws count it comes from the channel's table, here and nowhere else. */
export function resultEntry(ready: Pick<ReadyIntent, "intent" | "subject">, event: ChannelEvent): NewInboxEntry {
  const { intent, subject } = ready;
  const counted = intent.channel === null ? undefined : channelOf(intent.channel).outcomes[event.outcome];
  const data: ContactResultData = {
    intentKey: intent.key,
    outcome: event.outcome,
    connected: counted?.connected ?? false,
    conversed: counted?.conversed ?? false,
    hold: counted?.hold ?? null,
  };
  return {
    dedupeKey: `result:${event.eventId}`,
    partyId: subject.partyId,
    enrollmentId: subject.enrollmentId,
    accountId: subject.accountId,
    type: "contact.result",
    atMs: event.atMs,
    stepSeq: intent.stepSeq,
    attempt: intent.attempt,
    data,
  };
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
