import { InvariantError } from "../model/invariant";
import { type Stop, stopOn } from "../model/stop";
import type { EpochMs } from "../model/time";
import type { EngineTime } from "../ports/engine-clock";
import type { ContactHistoryEntry, GateDecision, OutboxLane, ReadyIntent, Reservation } from "../ports/outbox";
import type { Departure, Sender } from "./departure";
import { RUNTIME_LIMITS, type RuntimeDeps } from "./deps";
import { denial, type GateContext, type Known, passGate, visitOf } from "./gate";
import { gateContext } from "./gate-context";
import { agenciesFor, takeWork } from "./hand-over";
import { sendAll } from "./send";
import { signsOfDecision } from "./signs";
import { stoppedReason } from "./stopped-reason";
import { countDecision, type DispatchCounts, NOTHING_DISPATCHED, type Tally } from "./tally";

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
  for (const decision of decided) {
    countDecision(tally, decision);
    if (sender.deps.tell !== undefined) signsOfDecision(decision).forEach(sender.deps.tell);
  }
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
    const agencies = await agenciesFor(deps, all);
    for (const seen of all) {
      const context = await contextOrBroken(deps, seen, { nowMs, agencies });
      if (context === null) continue;
      if ("kind" in context) {
        decisions.push(context);
        continue;
      }
      const own = reserved.get(seen.subject.partyId) ?? [];
      const ready = own.length === 0 ? seen : afterContacts(seen, own);
      const { decision, departure } = decideSafely({ deps, time }, { ready, context, stops });
      decisions.push(decision);
      if (departure !== null) departures.set(decision.key, departure);
      if (decision.kind !== "send") continue;
      reserved.set(seen.subject.partyId, [...own, reservedContact(ready, decision.reservation, nowMs)]);
    }
    return decisions;
  });
}

/** Contacts a batch has just allowed use up the caps for the ones after them. */
function afterContacts(ready: ReadyIntent, reserved: readonly ContactHistoryEntry[]): ReadyIntent {
  return { ...ready, party: { ...ready.party, history: [...ready.party.history, ...reserved] } };
}

/** Facts that cannot be made break this request and no other. */
async function contextOrBroken(deps: RuntimeDeps, ready: ReadyIntent, known: Known) {
  try {
    return await gateContext(deps, ready, known);
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
