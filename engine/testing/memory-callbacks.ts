import type { CallbackStore, HeardResult, SpokenOf } from "../ports/callbacks";
import { callBackOf, putIn } from "./memory-inbox";
import { invalidateIn, type MemoryCallback, type MemoryIntent, type MemoryWorld } from "./memory-world";

/** What providers have said, in memory. Passes the same contract as the Postgres store; nothing grows old in it. */
export function memoryCallbacks(world: MemoryWorld): CallbackStore {
  return {
    async put(integration, events) {
      const before = world.callbacks.size;
      for (const event of events) {
        const id = JSON.stringify([integration, event.eventId]);
        if (!world.callbacks.has(id)) world.callbacks.set(id, { integration, event, taken: false });
      }
      return world.callbacks.size - before;
    },
    async take({ limit }, decide) {
      const waiting = [...world.callbacks.values()].filter(({ taken }) => !taken).slice(0, limit);
      const heard = new Map<MemoryIntent, MemoryCallback[]>();
      for (const callback of waiting) {
        const row = contactIn(world, callback);
        if (row !== null) heard.set(row, [...(heard.get(row) ?? []), callback]);
      }
      for (const result of decide([...heard].flatMap(spokenOf))) write(world, result);
      const taken = [...heard.values()].flat();
      for (const callback of taken) callback.taken = true;
      return { taken: taken.length, orphans: 0 };
    },
  };
}

function contactIn(world: MemoryWorld, { integration, event }: MemoryCallback): MemoryIntent | null {
  const own = [...world.intents.values()].filter(
    (row) => row.provider === integration && row.intent.kind === "contact",
  );
  const row = own.find(({ intent, providerRef }) =>
    event.key === null ? event.ref !== null && providerRef === event.ref : intent.key === event.key,
  );
  return row?.state === "sent" || row?.state === "unknown" ? row : null;
}

function spokenOf([row, callbacks]: readonly [MemoryIntent, readonly MemoryCallback[]]): readonly SpokenOf[] {
  const { key, channel, stepSeq, attempt } = row.intent;
  if (channel === null) return [];
  const events = callbacks.map(({ event }) => event);
  return [{ intent: { key, channel, stepSeq, attempt }, subject: row.subject, known: row.known, events }];
}

function write(world: MemoryWorld, { key, known, costMinor, outcome, inbox }: HeardResult): void {
  const row = world.intents.get(key);
  const attempt = world.attempts.get(key);
  if (row === undefined) return;
  row.known = known;
  row.costMinor = costMinor ?? row.costMinor;
  if (row.state === "unknown" && known.result !== "unknown") Object.assign(row, { state: "sent", askAfterMs: null });
  if (attempt !== undefined && outcome !== null) {
    const connected = attempt.connected || outcome.connected;
    const conversed = attempt.conversed || outcome.conversed;
    world.attempts.set(key, {
      ...attempt,
      ...callBackOf(outcome),
      ...{ outcome: outcome.outcome, connected, conversed, settled: true },
    });
    if (outcome.invalidates === true) invalidateIn(world, attempt.contactPointId);
    const id = `hold_${key}`;
    if (outcome.hold !== null && !world.holds.has(id)) {
      const { partyId } = attempt;
      world.holds.set(id, { id, partyId, kind: outcome.hold, fromMs: outcome.atMs, untilMs: null });
    }
  }
  putIn(world, inbox);
}
