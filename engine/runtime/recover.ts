import { beforeAbort } from "../ports/before-abort";
import type { ChannelPort } from "../ports/channel";
import type { EngineTime } from "../ports/engine-clock";
import type {
  ContactHistoryEntry,
  HeldIntents,
  IntentOf,
  LapsedIntent,
  ReadyIntent,
  Settlement,
} from "../ports/outbox";
import type { Departure, Sender } from "./departure";
import { RUNTIME_LIMITS, type RuntimeDeps } from "./deps";
import { type GateContext, passGate, visitOf } from "./gate";
import { gateContext } from "./gate-context";
import { agenciesFor, takeWork } from "./hand-over";
import { sendAll } from "./send";
import { type DispatchCounts, NOTHING_DISPATCHED, type Tally } from "./tally";
import { nextLookMs, unknownPolicyOf } from "./unknown-outcome";

/** Longest a provider may take to say what became of a key. */
const QUERY_DEADLINE_MS = 10_000;

/** What is done about one unclear request: it is made again, or it has its answer. */
type Recovery = { readonly again: Departure } | { readonly settled: Settlement };
type Unclear = { readonly sender: Sender; readonly lapsed: LapsedIntent; readonly context: GateContext };
type UnclearContact = Unclear & {
  readonly intent: IntentOf<"contact">;
  readonly port: ChannelPort;
};

/**
 * Looks after requests nobody knows the fate of: those a dead worker left in `sending`, and those whose provider gave no clear
 * answer and which are due for another look. One key is one task or one question, so these are made again; what becomes of a
 * contact is decided by what its provider can do (`unknownPolicyOf`).
 */
export async function recoverUnclear(deps: RuntimeDeps, time: EngineTime): Promise<DispatchCounts> {
  const tally: Tally = { ...NOTHING_DISPATCHED };
  const due = { nowMs: time.nowMs, limit: RUNTIME_LIMITS.dispatchBatch };
  for (const take of [deps.outbox.lapsed, deps.outbox.unsettled]) {
    const fromMs = deps.monotonicMs();
    const held = await take(due);
    const count = held.lapsed.length;
    if (take === deps.outbox.lapsed && count > 0) deps.tell?.({ kind: "lease-expired", count });
    await lookAfter({ deps, time }, { ...held, fromMs }, tally);
  }
  return tally;
}

async function lookAfter(sender: Sender, held: HeldIntents & { readonly fromMs: number }, tally: Tally): Promise<void> {
  const { deps } = sender;
  const { lapsed, fromMs } = held;
  const lease = { ...held.lease, fromMs };
  tally.looked += lapsed.length;
  for (let start = 0; start < lapsed.length; start += RUNTIME_LIMITS.sendsAtOnce) {
    const some = lapsed.slice(start, start + RUNTIME_LIMITS.sendsAtOnce);
    const recoveries = await Promise.all(some.map((one) => recover(sender, one)));
    const settled = recoveries.flatMap((one) =>
      "settled" in one ? [{ ...one.settled, leaseUntilMs: lease.untilMs }] : [],
    );
    const written = settled.length === 0 ? 0 : await deps.outbox.settle(settled);
    if (written < settled.length) deps.tell?.({ kind: "fenced", count: settled.length - written });
    for (const { kind } of settled) {
      if (kind === "sent") tally.sent += 1;
      if (kind === "unknown") tally.unknown += 1;
    }
    const departures = recoveries.flatMap((one) => ("again" in one ? [one.again] : []));
    await sendAll(sender, { departures, lease }, tally);
  }
}

async function recover(sender: Sender, lapsed: LapsedIntent): Promise<Recovery> {
  const { deps, time } = sender;
  const { ready, provider } = lapsed;
  const agencies = await agenciesFor(deps, [ready]);
  const context = await gateContext(deps, ready, { nowMs: time.nowMs, agencies });
  if (context === null) return leftToPeople(lapsed);
  const { intent } = ready;
  if (intent.kind !== "contact") {
    if (intent.kind === "qa") return leftToPeople(lapsed);
    const { handOver } = takeWork(intent, { ready, context, ports: { ...deps, isDemo: time.isDemo } });
    return handOver === null ? leftToPeople(lapsed) : { again: handOver };
  }
  const to = ready.snapshot.contactPoints.find((point) => point.id === lapsed.contactPointId);
  const port = to === undefined ? null : deps.channelPort(intent.channel, to.simulated);
  // Another provider knows nothing of this one's keys.
  if (port === null || port.id !== provider) return leftToPeople(lapsed);
  const contact = { sender, lapsed, context, intent, port };
  const policy = unknownPolicyOf(port.capabilities);
  switch (policy) {
    case "resend":
      return resend(contact);
    case "query":
      return ask(contact);
    case "keep":
      return leftToPeople(lapsed);
    default:
      throw policy satisfies never;
  }
}

function leftToPeople({ ready }: LapsedIntent): Recovery {
  return { settled: { kind: "unknown", key: ready.intent.key, inbox: [], askAgainMs: null } };
}

function lookAgain({ lapsed, context, port }: UnclearContact): Recovery {
  const { unclear } = lapsed;
  const askAgainMs = nextLookMs(port.capabilities, { unclear, nowMs: context.nowMs });
  return { settled: { kind: "unknown", key: lapsed.ready.intent.key, inbox: [], askAgainMs } };
}

/**
 * The same key again, if it may still leave: it may be leaving for the first time, so it passes the gate once more, to the same
 * contact point, its own place under the caps not counted against it.
 */
function resend(contact: UnclearContact): Recovery {
  const { lapsed, context, intent } = contact;
  const ready = withoutItself(lapsed);
  const { decision, outgoing } = passGate(ready, intent, context);
  if (outgoing !== null) {
    return { again: { kind: "contact", ready, outgoing, context, resent: Math.max(1, lapsed.unclear) } };
  }
  if (decision.kind === "defer" && decision.untilMs <= intent.notAfterMs) {
    return { settled: { kind: "unknown", key: intent.key, inbox: [], askAgainMs: decision.untilMs } };
  }
  return leftToPeople(lapsed);
}

function withoutItself({ ready, contactPointId }: LapsedIntent): ReadyIntent {
  const visit = visitOf(ready);
  const own = ready.party.history
    .filter((past) => past.visit === visit && past.contactPointId === contactPointId && !past.settled)
    .reduce<ContactHistoryEntry | null>((last, past) => (last === null || past.atMs >= last.atMs ? past : last), null);
  const history = ready.party.history.filter((past) => past !== own);
  const contactPoints = ready.snapshot.contactPoints.filter((point) => point.id === contactPointId);
  return { ...ready, party: { ...ready.party, history }, snapshot: { ...ready.snapshot, contactPoints } };
}

async function ask(contact: UnclearContact): Promise<Recovery> {
  const { sender, lapsed, context, intent, port } = contact;
  const { key } = intent;
  const believedFromMs = (lapsed.reservedAtMs ?? context.nowMs) + port.capabilities.queryDelayMs;
  if (context.nowMs < believedFromMs) {
    return { settled: { kind: "unknown", key, inbox: [], askAgainMs: believedFromMs } };
  }
  const signal = AbortSignal.timeout(QUERY_DEADLINE_MS);
  try {
    const answer = port.query === undefined ? null : await beforeAbort(port.query(key, { signal }), signal);
    if (answer === null || answer.kind === "not_yet") return lookAgain(contact);
    if (answer.kind === "known") {
      await sender.deps.callbacks.put(port.id, answer.events);
      return { settled: { kind: "sent", key, inbox: [], providerRef: answer.ref ?? key, costMinor: 0 } };
    }
    // It never left: its place under the caps is free again, and it goes the ordinary way to the gate.
    return { settled: { kind: "retry", key, inbox: [], notBeforeMs: context.nowMs, reasons: [] } };
  } catch {
    sender.deps.alarm("channel-threw", { key, provider: port.id });
    return lookAgain(contact);
  }
}
