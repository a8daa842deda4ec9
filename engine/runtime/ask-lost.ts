import { contactPointFor } from "../contact/contact-point";
import { type EpochMs, MINUTE_MS } from "../model/time";
import { beforeAbort } from "../ports/before-abort";
import type { ChannelPort } from "../ports/channel";
import type { EngineTime } from "../ports/engine-clock";
import type { IntentOf, ReadyIntent, Reservation } from "../ports/outbox";
import type { LostFinding, RecoveryInForce, RecoveryStore, Unanswered } from "../ports/recovery";
import { RUNTIME_LIMITS, type RuntimeDeps } from "./deps";
import { visitOf } from "./gate";
import { gateContext } from "./gate-context";
import { unknownPolicyOf } from "./unknown-outcome";

/** Longest a provider may take to say what became of a key. */
const QUERY_DEADLINE_MS = 10_000;
/** Pause before a provider that could not say is asked again. */
const ASK_AGAIN_MS = MINUTE_MS;

/**
 * After a restore: asks about contacts that want to leave and may have left already, before any of them does. The same keys come up
 * again, because a key is made of the visit and not of the moment. Whoever can be asked by key is asked; whoever takes one key
 * once is simply handed it again; the rest waits for a person. Returns how many were found out about; does nothing, and costs one
 * small look, where nothing was restored.
 */
export async function askAboutLost(deps: RuntimeDeps, { nowMs }: EngineTime): Promise<number> {
  const { recovery } = deps;
  const inForce = recovery === undefined ? null : await recovery.inForce();
  if (recovery === undefined || inForce === null) return 0;
  let found = 0;
  for (let batch = 0; batch < RUNTIME_LIMITS.dispatchBatchesPerTick; batch += 1) {
    const doubtful = await recovery.doubtful({ nowMs, limit: RUNTIME_LIMITS.dispatchBatch });
    for (let start = 0; start < doubtful.length; start += RUNTIME_LIMITS.sendsAtOnce) {
      const some = doubtful.slice(start, start + RUNTIME_LIMITS.sendsAtOnce);
      const findings = await Promise.all(some.map((ready) => findingOf(deps, ready, { nowMs, inForce })));
      found += await recovery.found(findings.flatMap((finding) => finding ?? []));
    }
    if (doubtful.length < RUNTIME_LIMITS.dispatchBatch) break;
  }
  return found + (await askForResults(deps, recovery, nowMs));
}

/** What people answered between the backup and the loss is asked for again: it may be "stop". */
async function askForResults(deps: RuntimeDeps, recovery: RecoveryStore, nowMs: EpochMs): Promise<number> {
  const unanswered = await recovery.unanswered({ nowMs, limit: RUNTIME_LIMITS.dispatchBatch });
  let found = 0;
  for (let start = 0; start < unanswered.length; start += RUNTIME_LIMITS.sendsAtOnce) {
    const some = unanswered.slice(start, start + RUNTIME_LIMITS.sendsAtOnce);
    found += await recovery.found(await Promise.all(some.map((one) => resultOf(deps, one, nowMs))));
  }
  return found;
}

async function resultOf(deps: RuntimeDeps, { key, channel, simulated, provider }: Unanswered, nowMs: EpochMs) {
  const port = deps.channelPort(channel, simulated);
  // Another provider knows nothing of this one's keys, and of some nothing can be asked: their results are not to be had.
  if (port?.id !== provider || port.query === undefined) return { kind: "clear", key } as const;
  const signal = AbortSignal.timeout(QUERY_DEADLINE_MS);
  try {
    const answer = await beforeAbort(port.query(key, { signal }), signal);
    if (answer.kind === "not_yet") return { kind: "later", key, lookAfterMs: nowMs + ASK_AGAIN_MS } as const;
    if (answer.kind === "known") await deps.callbacks.put(port.id, answer.events);
    return { kind: "clear", key } as const;
  } catch {
    deps.alarm("channel-threw", { key, provider });
    return { kind: "later", key, lookAfterMs: nowMs + ASK_AGAIN_MS } as const;
  }
}

type Moment = { readonly nowMs: EpochMs; readonly inForce: RecoveryInForce };

/** Null = its version is not to be had here; another worker sees to it. */
async function findingOf(deps: RuntimeDeps, ready: ReadyIntent, moment: Moment): Promise<LostFinding | null> {
  const { intent } = ready;
  if (intent.kind !== "contact") return null;
  const { key } = intent;
  const context = await gateContext(deps, ready, { nowMs: moment.nowMs });
  if (context === null) return null;
  const to = contactPointFor({
    points: ready.snapshot.contactPoints,
    channel: intent.channel,
    terms: intent.terms,
    visit: visitOf(ready),
    history: ready.party.history,
  });
  const port = to === null ? null : deps.channelPort(intent.channel, to.simulated);
  // Nobody could have carried it: the gate refuses it.
  if (to === null || port === null) return { kind: "clear", key };
  const { settings, contents } = context.version.program;
  const reservation = {
    ...{ contactPointId: to.id, channel: intent.channel, currency: settings.currency, provider: port.id },
    notice: contents[intent.contentId]?.notice,
  };
  if (port.query !== undefined) return ask(deps, { intent, port, reservation }, moment);
  return unknownPolicyOf(port.capabilities) === "resend"
    ? { kind: "clear", key }
    : { kind: "people", key, reservation, atMs: moment.nowMs };
}

type Asked = {
  readonly intent: IntentOf<"contact">;
  readonly port: ChannelPort;
  readonly reservation: Reservation;
};

async function ask(
  deps: RuntimeDeps,
  { intent: { key }, port, reservation }: Asked,
  { nowMs, inForce }: Moment,
): Promise<LostFinding> {
  const later = { kind: "later", key, lookAfterMs: nowMs + ASK_AGAIN_MS } as const;
  const signal = AbortSignal.timeout(QUERY_DEADLINE_MS);
  try {
    const answer = await beforeAbort(port.query?.(key, { signal }) ?? Promise.reject(new Error("no query")), signal);
    if (answer.kind === "known") {
      await deps.callbacks.put(port.id, answer.events);
      return { kind: "left", key, reservation, providerRef: answer.ref ?? key, atMs: nowMs };
    }
    // What left just before the restore may not be known to the provider yet.
    const believedFromMs = inForce.restoredMs + port.capabilities.queryDelayMs;
    if (answer.kind === "not_yet") return later;
    return nowMs < believedFromMs ? { ...later, lookAfterMs: believedFromMs } : { kind: "clear", key };
  } catch {
    deps.alarm("channel-threw", { key, provider: port.id });
    return later;
  }
}
