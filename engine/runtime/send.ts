import { senderReason } from "../contact/reasons";
import type { PolicyReason } from "../model/policy";
import { type Stop, stopOn } from "../model/stop";
import { type EpochMs, MINUTE_MS } from "../model/time";
import { withinDeadline } from "../ports/before-abort";
import type { SendOutcome, SendRequest } from "../ports/channel";
import type { Settlement } from "../ports/outbox";
import { moodNow } from "./debtors";
import type { Contact, Departure, Sender } from "./departure";
import { RUNTIME_LIMITS, type RuntimeDeps } from "./deps";
import { visitEntry } from "./gate";
import { doHandOver } from "./hand-over";
import { type LastLook, lookOnce, type RunningLease } from "./last-look";
import { askQaSteps } from "./qa-steps";
import { resultEntries } from "./result-entries";
import { resultOf } from "./signs";
import { paidBy, withDetails } from "./simulated-debtor";
import { stoppedReason } from "./stopped-reason";
import { stopsInForce } from "./stops-in-force";
import { countSettlement, type Tally } from "./tally";
import { nextLookMs } from "./unknown-outcome";

/** Pause before a provider that said "not now" is asked again; the request's own deadline ends it. */
const RETRY_AFTER_MS = 5 * MINUTE_MS;
/** Longest the engine waits for a provider. Well within the lease, so that a slow one is not taken for a dead worker's. */
const SEND_DEADLINE_MS = 10_000;

/** Requests a worker has taken, and since when by its own monotonic clock. */
type Taken = { readonly departures: readonly Departure[]; readonly lease: RunningLease };

/**
 * Providers are asked a few at a time, each few only after a look at what is paused or stopped, which is at most `stopsGoodForMs` old.
 * Their answers are written together with the results they already announce, many at once as long as none waits for long.
 */
export async function sendAll(sender: Sender, { departures, lease }: Taken, tally: Tally): Promise<void> {
  const { deps } = sender;
  let unwritten: Settlement[] = [];
  let sinceMs = deps.monotonicMs();
  const looking = { stops: { inForce: stopsInForce(deps) }, monotonicMs: deps.monotonicMs };
  const write = async () => {
    if (unwritten.length > 0) tellFenced(deps, unwritten.length - (await deps.outbox.settle(unwritten)));
    for (const settlement of unwritten) countSettlement(tally, settlement);
    unwritten = [];
  };
  for (let start = 0; start < departures.length; start += RUNTIME_LIMITS.sendsAtOnce) {
    const some = departures.slice(start, start + RUNTIME_LIMITS.sendsAtOnce);
    const look = await lookOnce(looking, lease);
    if (!look.isInTime()) {
      unwritten.push(...departures.slice(start).map((departure) => notBegun(departure, lease.untilMs)));
      break;
    }
    if (unwritten.length === 0) sinceMs = deps.monotonicMs();
    unwritten.push(
      ...(await Promise.all(some.map((departure) => sendUnlessStopped(sender, departure, look))).then((all) =>
        all.map((settlement) => ({ ...settlement, leaseUntilMs: lease.untilMs })),
      )),
    );
    const waitedMs = deps.monotonicMs() - sinceMs;
    if (unwritten.length >= RUNTIME_LIMITS.settleBatch || waitedMs >= RUNTIME_LIMITS.settleAfterMs) await write();
  }
  await write();
}

/** Too late to begin. Another worker may have it by now; if not, it goes back: the lease's mark tells the store which. */
function notBegun(departure: Departure, leaseUntilMs: EpochMs): Settlement {
  return { ...putBack(departure, senderReason("dispatch.lease-over")), leaseUntilMs };
}

/** What is paused or stopped at the last moment goes back to the outbox. */
function sendUnlessStopped(sender: Sender, departure: Departure, look: LastLook): Promise<Settlement> {
  const stop = stopFor(departure, look);
  if (stop !== null) return Promise.resolve(putBack(departure, stoppedReason(stop)));
  return departure.kind === "contact"
    ? sendOne(sender, departure, look)
    : doHandOver(sender.deps, departure, RETRY_AFTER_MS);
}

function stopFor({ context, ready }: Departure, { stops }: LastLook): Stop | null {
  const { strategyId, versionId } = context.version;
  return stopOn(stops, { strategyId, versionId, channel: ready.intent.channel });
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

async function sendOne({ deps, time }: Sender, departure: Contact, look: LastLook): Promise<Settlement> {
  const { ready, outgoing } = departure;
  let beganMs = deps.monotonicMs();
  try {
    const unfit = await unfitFor(deps, departure);
    if (unfit !== null) return keptBack(departure, unfit);
    const last = look.isFresh() ? look : await look.again();
    const stop = stopFor(departure, last);
    if (stop !== null) return putBack(departure, stoppedReason(stop));
    if (!last.isFresh()) return putBack(departure, senderReason("dispatch.lease-over"));
    beganMs = deps.monotonicMs();
    const outcome = await answerInTime(deps, departure);
    tellSent(deps, departure, { outcome, ms: deps.monotonicMs() - beganMs });
    if (outcome.kind !== "accepted") return notAccepted(outcome, departure);
    const simulated = time.isDemo && outgoing.to.simulated;
    const said = simulated ? outcome.announced.map((event) => withDetails(deps, departure, event)) : outcome.announced;
    const paid = simulated ? paidBy(deps, departure, outcome.announced) : [];
    const inbox = [...said.flatMap((event) => resultEntries(ready, event)), ...paid];
    return { kind: "sent", key: ready.intent.key, inbox, providerRef: outcome.ref, costMinor: outcome.costMinor };
  } catch {
    // An adapter must answer, never throw. Whether the message left is then anyone's guess: it counts as made.
    deps.alarm("channel-threw", { key: ready.intent.key, provider: outgoing.port.id });
    tellSent(deps, departure, { outcome: { kind: "unknown" }, ms: deps.monotonicMs() - beganMs });
    return notAccepted({ kind: "unknown" }, departure);
  }
}

function tellFenced({ tell }: RuntimeDeps, count: number): void {
  if (count > 0) tell?.({ kind: "fenced", count });
}

function tellSent(
  { tell }: RuntimeDeps,
  { outgoing, context }: Contact,
  { outcome, ms }: { readonly outcome: SendOutcome; readonly ms: number },
): void {
  const { channel, id: adapter } = outgoing.port;
  const costMinor = outcome.kind === "accepted" ? outcome.costMinor : 0;
  const { currency } = context.version.program.settings;
  const result = resultOf(outcome);
  const waitMs = outcome.kind === "rejected" && result === "kept-back" ? (outcome.retryAfterMs ?? null) : null;
  tell?.({ kind: "sent", channel, adapter, result, ms, waitMs, costMinor, currency });
}

/** Why the judges of texts do not let it leave; null = they do, or none are set up. One that wants a person's look does not leave either. */
async function unfitFor(deps: RuntimeDeps, { ready, outgoing, context }: Contact): Promise<PolicyReason | null> {
  const { qaSteps = [] } = deps;
  if (qaSteps.length === 0) return null;
  const { subject, text } = outgoing.message;
  const { contentId: content } = ready.intent;
  const beganMs = deps.monotonicMs();
  const { verdict, silent } = await askQaSteps(qaSteps, {
    ...{ stage: "pre_send", key: ready.intent.key, channel: outgoing.port.channel, subject, text },
    policyVersion: context.version.program.hash,
  });
  deps.tell?.({ kind: "judged", stage: "pre-send", verdict, ms: deps.monotonicMs() - beganMs });
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
function answerInTime(deps: RuntimeDeps, contact: Contact): Promise<SendOutcome> {
  const deadlineMs = deps.sendDeadlineMs ?? SEND_DEADLINE_MS;
  const request = requestOf(contact, deps.debtorSeed);
  return withinDeadline((options) => contact.outgoing.port.send(request, options), deadlineMs, { kind: "unknown" });
}

function requestOf(contact: Contact, debtorSeed: number): SendRequest {
  const { ready, outgoing, context, resent } = contact;
  const { dpd, contacts_7d: contacts7d } = context.facts;
  const { timeZone } = context.version.program.settings;
  const asked = { account: ready.snapshot.account, seed: debtorSeed, timeZone, channel: outgoing.port.channel };
  const desk = ready.intent.kind === "contact" ? ready.intent.terms.desk : undefined;
  const request = {
    key: ready.intent.key,
    partyId: ready.subject.partyId,
    channel: outgoing.port.channel,
    to: outgoing.to,
    subject: outgoing.message.subject,
    text: outgoing.message.text,
    notAfterMs: ready.intent.notAfterMs,
    nowMs: context.nowMs,
    resent,
    simulation: {
      dpd: typeof dpd === "number" ? dpd : 0,
      attempt: ready.intent.attempt,
      mood: moodNow({ ...asked, atMs: context.nowMs, contacts7d: typeof contacts7d === "number" ? contacts7d : 0 }),
    },
  };
  return desk === undefined ? request : { ...request, desk };
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
