import { writeSync } from "node:fs";
import { openDatabase } from "#db";
import type { Channel } from "#engine/model/content";
import { draw } from "#engine/model/draw";
import type { ChannelPort, SendOutcome, SendRequest } from "#engine/ports/channel";
import type { EnrollmentStore } from "#engine/ports/enrollment-store";
import type { Outbox } from "#engine/ports/outbox";
import type { RuntimeDeps } from "#engine/runtime/deps";
import { tickEngine } from "#engine/runtime/tick";
import { CAPABILITIES } from "#engine/testing/live-shell";
import { STRICT_MARKET } from "#engine/testing/live-story";
import { codeOf, runWorkerLoop } from "../../app/_server/worker-loop";
import { runtimeOn } from "../../app/_server/worker-runtime";
import { CRASH_POINTS, type CrashPoint } from "./faults";

/**
 * A worker for the chaos run: the production runtime and stores, providers over HTTP, and named points at which it kills itself.
 * What it does beyond `app/_server/worker.ts` is to die, to be given a short lease and to be told a wrong time.
 */

const environment = process.env;
const DIE_AT = CRASH_POINTS.find((point) => point === environment.CHAOS_DIE_AT) ?? null;
const DIE_CHANCE = Number(environment.CHAOS_DIE_CHANCE ?? 0.3);
const SEED = Number(environment.CHAOS_SEED ?? 1);
const LIFE = environment.CHAOS_LIFE ?? "";
const LEASE_SECONDS = Number(environment.CHAOS_LEASE_SECONDS ?? 2);
const SEND_TIMEOUT_MS = 400;
/** Short, so that a query of a dead connection does not outlive the run. */
const STATEMENT_TIMEOUT_MS = 5000;

let passed = 0;

/** Whether it dies as it passes here: by the seed, its life and how often it has come by. */
function isTime(point: CrashPoint): boolean {
  if (point !== DIE_AT) return false;
  passed += 1;
  return draw(SEED, LIFE, `${point}:${passed}`) < DIE_CHANCE;
}

function die(point: CrashPoint): never {
  // Synchronous: nothing after it would be written.
  writeSync(1, `${JSON.stringify({ crash: point })}\n`);
  process.kill(process.pid, "SIGKILL");
  throw new Error("unreachable");
}

/** A machine whose clock is wrong. Everything that asks this process what time it is gets the wrong answer. */
function skewClock(byMs: number): void {
  const RealDate = Date;
  const now = () => RealDate.now() + byMs;
  globalThis.Date = class extends RealDate {
    constructor(...args: [] | [string | number | Date]) {
      super(args.length === 0 ? now() : args[0]);
    }
    static override now = now;
  } as DateConstructor;
}

function port(channel: Channel, simulated: boolean): ChannelPort {
  return {
    id: simulated ? "idempotent" : "blind",
    channel,
    simulated,
    capabilities: { ...CAPABILITIES, idempotency: simulated ? "key" : "none" },
    async send(request) {
      if (isTime("before-send")) die("before-send");
      const outcome = await ask(request, simulated ? "idempotent" : "blind");
      if (isTime("after-send")) die("after-send");
      return outcome;
    },
  };
}

async function ask({ key, partyId, nowMs }: SendRequest, kind: string): Promise<SendOutcome> {
  try {
    const response = await fetch(environment.CHAOS_PROVIDER ?? "", {
      method: "POST",
      body: JSON.stringify({ key, partyId, nowMs, class: kind }),
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

function dyingEnrollments(store: EnrollmentStore): EnrollmentStore {
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

function dyingOutbox(outbox: Outbox): Outbox {
  return {
    ...outbox,
    async settle(settlements) {
      if (settlements.length > 0 && isTime("before-ack")) die("before-ack");
      return outbox.settle(settlements);
    },
  };
}

function dyingRuntime(): RuntimeDeps {
  const formats = environment.CHAOS_FORMATS?.split(",").map(Number);
  const database = openDatabase(environment.DATABASE_URL ?? "", {
    name: "chaos-worker",
    connections: 3,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  });
  const stores = { leaseSeconds: LEASE_SECONDS, ...(formats === undefined ? {} : { formats }) };
  const alarm: RuntimeDeps["alarm"] = (code, ids) => writeSync(1, `${JSON.stringify({ alarm: code, ...ids })}\n`);
  const deps = runtimeOn(database, { alarm, stores, referenceSampleEvery: 0 });
  return {
    ...deps,
    packOf: () => STRICT_MARKET,
    channelPort: port,
    enrollments: dyingEnrollments(deps.enrollments),
    outbox: dyingOutbox(deps.outbox),
    // People of this run pay and promise by what the provider and the nemesis say, not of their own accord.
    clock: { read: async () => ({ ...(await deps.clock.read()), isDemo: false }) },
  };
}

function crash(error: unknown): never {
  writeSync(1, `${JSON.stringify({ uncaught: codeOf(error) })}\n`);
  process.exit(1);
}

process.on("uncaughtException", crash);
process.on("unhandledRejection", crash);
if (environment.CHAOS_SKEW_MS !== undefined) skewClock(Number(environment.CHAOS_SKEW_MS));
const stop = new AbortController();
process.once("SIGTERM", () => stop.abort());
const deps = dyingRuntime();
const say = (fields: object) => writeSync(1, `${JSON.stringify({ failed: fields })}\n`);
const log = { info: () => undefined, warn: () => undefined, error: say };
writeSync(1, `${JSON.stringify({ ready: Math.round(performance.now()) })}\n`);
await runWorkerLoop({ tick: () => tickEngine(deps), log, signal: stop.signal });
process.exit(0);
