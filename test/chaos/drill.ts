import { appendFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { type Database, openDatabase } from "#db";
import { liftStop, placeStop } from "#db/queries/stop";
import type { Channel } from "#engine/model/content";
import { draw } from "#engine/model/draw";
import type { ChannelPort, SendOutcome, SendRequest } from "#engine/ports/channel";
import type { RuntimeDeps } from "#engine/runtime/deps";
import { tickEngine } from "#engine/runtime/tick";
import { CAPABILITIES } from "#engine/testing/live-shell";
import { STRICT_MARKET } from "#engine/testing/live-story";
import { runtimeOn } from "../../app/_server/worker-runtime";
import { checkAll, countLeft } from "./check";
import { CAPABILITY, classOf, type ProviderClass, type ProviderLine } from "./faults";
import { nothingSaid, takeReport } from "./house";
import type { PauseSpan } from "./nemesis";
import { setScene } from "./scene";
import { installWitness } from "./witness";

/**
 * Process entry of a drill: what chaos meets by luck, once each and by the book, in seconds. Two workers in one process race for the
 * same accounts, one dies between sending and writing down, one sleeps between its last look and its socket while everything is
 * paused. Prints what the checks find. An engine broken on purpose must not come through it (`mutations.test.ts`).
 */

const { DATABASE_URL = "", CHAOS_HISTORY = "" } = process.env;
const SEED = 1;
const PEOPLE_EACH_HOUR = 6;
const HOURS = 8;
const LEASE_SECONDS = 1;
/** A pause holds after two seconds; a little more, and what is let go of then is a breach. */
const INTO_PAUSE_MS = 2200;
const UNKNOWN_SHARE = 0.2;
const HEAL_ROUNDS_MAX = 12;

const database = openDatabase(DATABASE_URL, { connections: 8, name: "chaos-drill" });
const { sql } = database;
const known = new Set<string>();
const unreported: string[] = [];
const pauses: PauseSpan[] = [];

function receive({ key, partyId, nowMs }: SendRequest, kind: ProviderClass): SendOutcome {
  const realMs = Date.now();
  const reached = !(kind === "idempotent" && known.has(key));
  const isLost = draw(SEED, key, "lost") < UNKNOWN_SHARE && !known.has(key);
  known.add(key);
  const about = { key, partyId, nowMs, class: kind, handedMs: realMs, realMs } as const;
  const line: ProviderLine = { kind: "received", ...about, fault: isLost ? "timeout-but-accepted" : "none", reached };
  appendFileSync(CHAOS_HISTORY, `${JSON.stringify(line)}\n`);
  const outcome = kind === "queryable" ? "DLV" : "NA";
  if (!isLost) unreported.push(JSON.stringify({ key, outcome, eventId: `${key}-e` }));
  return isLost ? { kind: "unknown" } : { kind: "accepted", ref: key, costMinor: 3, announced: [] };
}

function port(channel: Channel, simulated: boolean): ChannelPort {
  const kind = classOf(channel, simulated);
  return {
    ...{ id: kind, channel, simulated },
    capabilities: { ...CAPABILITIES, idempotency: CAPABILITY[kind] },
    send: async (request) => receive(request, kind),
    query: async (key) => (known.has(key) ? { kind: "known", ref: key, events: [] } : { kind: "not_found" }),
  };
}

/** What happens to a worker in its next round. */
type Fate = { diesBeforeWriting: boolean; afterLook: (() => Promise<void>) | null };

function aWorker(): { readonly deps: RuntimeDeps; readonly fate: Fate } {
  const fate: Fate = { diesBeforeWriting: false, afterLook: null };
  const stores = { leaseSeconds: LEASE_SECONDS };
  const deps = runtimeOn(database, { alarm: () => undefined, stores, referenceSampleEvery: 0 });
  return {
    fate,
    deps: {
      ...deps,
      packOf: () => STRICT_MARKET,
      channelPort: port,
      clock: { read: async () => ({ ...(await deps.clock.read()), isDemo: false }) },
      outbox: {
        ...deps.outbox,
        settle: (all) => (fate.diesBeforeWriting ? Promise.reject(new Error("killed")) : deps.outbox.settle(all)),
      },
      stops: {
        ...deps.stops,
        inForce: async () => {
          const seen = await deps.stops.inForce();
          const { afterLook } = fate;
          if (afterLook === null || !(await isLeaving(database))) return seen;
          fate.afterLook = null;
          await afterLook();
          return seen;
        },
      },
    },
  };
}

/** Whether a contact has its place and has not left yet. */
async function isLeaving({ sql: connection }: Database): Promise<boolean> {
  const rows = await connection<{ key: string }[]>`select key from intent where state = 'sending' and kind = 'contact'`;
  return rows.some(({ key }) => !known.has(key));
}

const about = { scope: "everything", subject: "", reason: "drill", actorId: "actor_nemesis" } as const;

/** Everything is paused, and two seconds pass. */
async function pause(): Promise<void> {
  await placeStop(database, { ...about, kind: "pause" });
  pauses.push({ fromMs: Date.now(), untilMs: Number.POSITIVE_INFINITY });
  await delay(INTO_PAUSE_MS);
}

async function resume(): Promise<void> {
  const last = pauses.at(-1);
  if (last !== undefined) last.untilMs = Date.now();
  await liftStop(database, about);
}

async function leasesOver(): Promise<void> {
  while (
    (await sql`select 1 from intent where state = 'sending' and lease_until > clock_timestamp() limit 1`).length > 0
  )
    await delay(50);
}

const one = aWorker();
const other = aWorker();
/** Both at once; what one of them meets is its own affair. Then every result is reported, twice. */
async function round(): Promise<void> {
  await Promise.allSettled([tickEngine(one.deps), tickEngine(other.deps)]);
  const reports = unreported.splice(0);
  for (const body of [...reports, ...reports.reverse()]) await takeReport({ database, inbox: one.deps.inbox }, body);
}

const MISHAPS: { readonly [hour: number]: () => Promise<void> } = {
  2: async () => {
    one.fate.diesBeforeWriting = true;
    other.fate.diesBeforeWriting = true;
    await round();
    Object.assign(one.fate, { diesBeforeWriting: false });
    Object.assign(other.fate, { diesBeforeWriting: false });
    await leasesOver();
  },
  4: async () => {
    one.fate.afterLook = pause;
    await Promise.allSettled([tickEngine(one.deps)]);
    if (pauses.length > 0) await resume();
    one.fate.afterLook = null;
  },
  6: async () => {
    await pause();
    await round();
    await resume();
  },
};

await installWitness(sql);
const { letIn } = await setScene(database, PEOPLE_EACH_HOUR);
// Slow, but not still: two workers never read the same instant.
await sql`update engine_clock set ratio = 10, anchor_real = clock_timestamp()`;
for (let hour = 0; hour < HOURS; hour += 1) {
  await letIn(PEOPLE_EACH_HOUR);
  await sql`update engine_clock set anchor_virtual = anchor_virtual + interval '1 hour'`;
  await MISHAPS[hour]?.();
  await round();
}
await sql`update engine_clock set anchor_virtual = anchor_virtual + (clock_timestamp() - anchor_real) * ratio,
  anchor_real = clock_timestamp(), ratio = 0`;
for (let rounds = 0; rounds < HEAL_ROUNDS_MAX && (rounds < 2 || (await countLeft(database)) > 0); rounds += 1) {
  await leasesOver();
  await round();
}
const nemesis = {
  counts: { kills: 0, sigstops: 0, terminations: 0, databaseStops: 0, pauses: pauses.length },
  ...{ pauses, databaseRecoveriesMs: [], workerRecoveriesMs: [] },
};
const input = { database, history: CHAOS_HISTORY, nemesis, said: nothingSaid(), orphans: { waitedMs: [] } };
const { "C12 everything happened": _, ...breaches } = await checkAll({
  ...{ ...input, paid: new Map(), minimum: { kills: 0, terminations: 0 } },
});
process.stdout.write(`${JSON.stringify({ breaches, sent: known.size, pauses: pauses.length })}\n`);
await database.close();
process.exit(0);
