import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { startupSnapshot } from "node:v8";
import { type Database, openDatabase } from "#db";
import { sealAudit } from "#db/queries/audit-seal";
import type { Channel } from "#engine/model/content";
import { draw } from "#engine/model/draw";
import type { ChannelPort, QueryAnswer, SendOutcome } from "#engine/ports/channel";
import type { EnrollmentStore } from "#engine/ports/enrollment-store";
import type { Outbox } from "#engine/ports/outbox";
import type { RuntimeDeps } from "#engine/runtime/deps";
import { tickEngine } from "#engine/runtime/tick";
import { CAPABILITIES } from "#engine/testing/live-shell";
import { STRICT_MARKET } from "#engine/testing/live-story";
import { codeOf, runWorkerLoop } from "../../app/_server/worker-loop";
import { runtimeOn } from "../../app/_server/worker-runtime";
import { CAPABILITY, type CrashPoint, classOf, type Handed, type Life, type WorkerLine } from "./faults";

/**
 * A worker for the chaos run: the production runtime and stores, providers over HTTP, and named points at which it kills itself.
 * What it does beyond `app/_server/worker.ts` is to wait until its turn comes, to die, to be given a short lease and to be told a
 * wrong time. It starts from a heap snapshot, so nothing here may read the environment while loading.
 */

const SEND_TIMEOUT_MS = 400;
/** Short, so that a query of a dead connection does not outlive the run. */
const STATEMENT_TIMEOUT_MS = 5000;
/** What a machine with a wrong clock still knows. */
const RealDate = Date;

/** Synchronous: a worker that dies in the next instant has said it. */
function say(line: WorkerLine): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

function die(point: CrashPoint): never {
  say({ crash: point });
  process.kill(process.pid, "SIGKILL");
  throw new Error("unreachable");
}

/** Whether it dies as it passes a point: by the seed, its life and how often it has come by. */
type Fate = (point: CrashPoint) => boolean;

function fateOf({ seed, name, dieAt, dieChance }: Life): Fate {
  let passed = 0;
  return (point) => {
    if (point !== dieAt) return false;
    passed += 1;
    return draw(seed, name, `${point}:${passed}`) < dieChance;
  };
}

/** A machine whose clock is wrong. Everything that asks this process what time it is gets the wrong answer. */
function skewClock(byMs: number): void {
  const now = () => RealDate.now() + byMs;
  globalThis.Date = class extends RealDate {
    constructor(...args: [] | [string | number | Date]) {
      super(args.length === 0 ? now() : args[0]);
    }
    static override now = now;
  } as DateConstructor;
}

/** Engine time after which the provider that can be asked is believed: a second by the clock of this run, more than a request may take. */
const QUERY_DELAY_MS = 300_000;

function port(isTime: Fate, channel: Channel, simulated: boolean): ChannelPort {
  const kind = classOf(channel, simulated);
  return {
    id: kind,
    channel,
    simulated,
    capabilities: { ...CAPABILITIES, idempotency: CAPABILITY[kind], queryDelayMs: QUERY_DELAY_MS },
    ...(kind === "queryable" ? { query } : {}),
    async send({ key, partyId, nowMs }) {
      if (isTime("before-send")) die("before-send");
      const outcome = await ask({ key, partyId, nowMs, class: kind, handedMs: RealDate.now() });
      if (isTime("after-send")) die("after-send");
      return outcome;
    },
  };
}

async function query(key: string): Promise<QueryAnswer> {
  const response = await fetch(`${process.env.CHAOS_PROVIDER}?key=${encodeURIComponent(key)}`, {
    signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
  });
  const { known } = (await response.json()) as { readonly known: boolean };
  return known ? { kind: "known", ref: `r-${key}`, events: [] } : { kind: "not_found" };
}

async function ask(handed: Handed): Promise<SendOutcome> {
  try {
    const response = await fetch(process.env.CHAOS_PROVIDER ?? "", {
      method: "POST",
      body: JSON.stringify(handed),
      signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
    });
    if (!response.ok) return { kind: "rejected", code: String(response.status), retryable: true };
    const answer = (await response.json()) as { readonly ref: string };
    return { kind: "accepted", ref: answer.ref, costMinor: 3, announced: [] };
  } catch {
    // No answer, or one that means nothing: it may have left.
    return { kind: "unknown" };
  }
}

function dyingEnrollments(isTime: Fate, store: EnrollmentStore): EnrollmentStore {
  return {
    ...store,
    async advance(due, work) {
      const done = await store.advance(due, async (claimed) => {
        if (claimed.length > 0 && isTime("after-claim")) die("after-claim");
        const turns = await work(claimed);
        // The commit is on its way to the server when this fires.
        if (turns.length > 0 && isTime("mid-commit")) setTimeout(() => die("mid-commit"), 1);
        return turns;
      });
      if (done.written > 0 && isTime("after-intent")) die("after-intent");
      return done;
    },
  };
}

function dyingOutbox(isTime: Fate, outbox: Outbox): Outbox {
  return {
    ...outbox,
    async settle(settlements) {
      if (settlements.length > 0 && isTime("before-ack")) die("before-ack");
      return outbox.settle(settlements);
    },
  };
}

function dyingRuntime(database: Database, life: Life): RuntimeDeps {
  const isTime = fateOf(life);
  const leaseSeconds = Number(process.env.CHAOS_LEASE_SECONDS ?? 2);
  const stores = { leaseSeconds, ...(life.formats === undefined ? {} : { formats: life.formats }) };
  const deps = runtimeOn(database, { alarm: (code) => say({ alarm: code }), stores, referenceSampleEvery: 0 });
  return {
    ...deps,
    packOf: () => STRICT_MARKET,
    channelPort: (channel, simulated) => port(isTime, channel, simulated),
    enrollments: dyingEnrollments(isTime, deps.enrollments),
    outbox: dyingOutbox(isTime, deps.outbox),
    // People of this run pay and promise by what the provider and the nemesis say, not of their own accord.
    clock: { read: async () => ({ ...(await deps.clock.read()), isDemo: false }) },
  };
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return Math.round((user + system) / 1000);
}

function crash(error: unknown): never {
  say({ uncaught: codeOf(error) });
  process.exit(1);
}

/** Its turn comes with a line on standard input; until then it is a spare. */
async function turn(): Promise<Life> {
  const lines = createInterface({ input: process.stdin });
  for await (const line of lines) {
    // Whoever kept it is gone: so is it.
    process.stdin.once("end", () => process.exit(0)).resume();
    return JSON.parse(line) as Life;
  }
  process.exit(0);
}

async function main(): Promise<void> {
  process.on("uncaughtException", crash);
  process.on("unhandledRejection", crash);
  const stop = new AbortController();
  process.once("SIGTERM", () => stop.abort());
  const database = openDatabase(process.env.DATABASE_URL ?? "", {
    name: "chaos-worker",
    connections: 3,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  });
  say({ ready: cpuMs() });
  const life = await turn();
  const begunMs = cpuMs();
  if (life.skewMs !== undefined) skewClock(life.skewMs);
  const deps = dyingRuntime(database, life);
  const tick = async () => {
    const counts = await tickEngine(deps);
    // Every worker seals, so that the chain is as much in danger as everything else.
    await sealAudit(database);
    say({ ticked: cpuMs() - begunMs });
    return counts;
  };
  const nothing = () => undefined;
  const log = {
    ...{ info: nothing, warn: nothing },
    error: (fields: object) => say({ failed: { code: codeOf(fields) } }),
  };
  await runWorkerLoop({ tick, log, signal: stop.signal });
  process.exit(0);
}

if (startupSnapshot.isBuildingSnapshot()) startupSnapshot.setDeserializeMainFunction(() => void main());
else void main();
