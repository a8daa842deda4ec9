import { type ChildProcess, fork } from "node:child_process";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Database, openDatabase } from "#db";
import { startEmbedded } from "#db/embedded/start-embedded";
import { migrateDatabase } from "#db/migrate";
import { RUNTIME_LIMITS } from "#engine/runtime/deps";
import type { ContenderName, Measured } from "./contender";
import { type Latency, measureLatency } from "./latency";
import { rearm, seedBench } from "./scene";
import { serverCpuMs } from "./server-cpu";

/** A cluster of the bench's own, durable like a real one; may be deleted at any time. */
const CLUSTER = ".cache/bench-postgres";
const DEFAULTS = { enrollments: "100000", seconds: "6", workers: "2", rounds: "2" } as const;
const ENROLLMENTS_MAX = 5_000_000;
const WORKERS_MAX = 16;

type Options = {
  readonly enrollments: number;
  readonly seconds: number;
  readonly workers: number;
  readonly rounds: number;
};

export type TickBench = Options & {
  readonly rawCeilingStepsPerSecond: number;
  readonly engineStepsPerSecond: number;
  readonly engineOverCeiling: number;
  /** Requests that left, per step: half of the accounts are written to. */
  readonly sendsPerStep: { readonly [contender in ContenderName]: number };
  /** Processor time, microseconds a step. */
  readonly workerCpuUsPerStep: { readonly [contender in ContenderName]: number };
  readonly serverCpuUsPerStep: { readonly [contender in ContenderName]: number };
  /** Processor time of the ceiling over the engine's, worker and server together: what the quotient is on a machine that others use, too. */
  readonly engineOverCeilingByCpu: number;
  /** From an event put in until the provider is asked because of it, at low load. */
  readonly latency: Latency;
  readonly advanceBatch: number;
  readonly cores: number;
};

/** Options: --enrollments --seconds --workers --rounds. Throws on one that is not a number in range. */
export function readTickOptions(args: readonly string[]): Options {
  const string = { type: "string" } as const;
  const options = { enrollments: string, seconds: string, workers: string, rounds: string };
  const { values } = parseArgs({ args: [...args], options });
  const read = (name: keyof Options, max: number): number => {
    const value = Number(values[name] ?? DEFAULTS[name]);
    if (!Number.isFinite(value) || value <= 0 || value > max) throw new RangeError(`--${name} is 1 to ${max}`);
    return value;
  };
  return {
    enrollments: read("enrollments", ENROLLMENTS_MAX),
    seconds: read("seconds", 3600),
    workers: read("workers", WORKERS_MAX),
    rounds: read("rounds", 20),
  };
}

/** The engine against the bare writing of the same rows, turn about on one server with the same rows due. */
export async function benchTick(args: readonly string[]): Promise<TickBench> {
  const options = readTickOptions(args);
  const server = await startEmbedded(CLUSTER);
  const url = await freshDatabase(server.url);
  const database = openDatabase(url, { statementTimeoutMs: 600_000 });
  try {
    await seedBench(database, options.enrollments);
    const found: { readonly [name in ContenderName]: Round[] } = { raw: [], engine: [] };
    for (let round = 0; round < options.rounds; round += 1) {
      for (const name of ["raw", "engine"] as const) {
        found[name].push(await compete({ database, url }, name, options));
        await rearm(database);
      }
    }
    const latency = await measureLatency(database);
    return { ...reportOf(options, found), latency };
  } finally {
    await database.close();
    await server.stop();
  }
}

async function freshDatabase(adminUrl: string): Promise<string> {
  const admin = openDatabase(adminUrl, { connections: 2 });
  await admin.sql.unsafe("drop database if exists bench with (force)");
  await admin.sql.unsafe("create database bench");
  await admin.close();
  const url = new URL(adminUrl);
  url.pathname = "/bench";
  await migrateDatabase(url.href);
  return url.href;
}

type Round = Measured & { readonly serverMs: number };

const WORKER = fileURLToPath(new URL("./worker.ts", import.meta.url));

async function compete(
  { url }: { readonly database: Database; readonly url: string },
  name: ContenderName,
  { seconds, workers }: Options,
): Promise<Round> {
  const started = Array.from({ length: workers }, () =>
    fork(WORKER, [url, name, String(seconds * 1000)], { execArgv: ["--import", "tsx"] }),
  );
  await Promise.all(started.map((worker) => heard(worker)));
  const results = started.map((worker) => heard(worker) as Promise<Measured>);
  const serverSinceMs = serverCpuMs(CLUSTER);
  for (const worker of started) worker.send("go");
  const each = await Promise.all(results);
  const serverMs = serverCpuMs(CLUSTER) - serverSinceMs;
  for (const worker of started) worker.send("end");
  return {
    serverMs,
    steps: each.reduce((sum, { steps }) => sum + steps, 0),
    sends: each.reduce((sum, { sends }) => sum + sends, 0),
    ms: Math.max(...each.map(({ ms }) => ms)),
    cpuMs: each.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
  };
}

function heard(worker: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("exit", (code) => reject(new Error(`a worker ended with ${code}`)));
  });
}

function reportOf(
  options: Options,
  found: { readonly [name in ContenderName]: readonly Round[] },
): Omit<TickBench, "latency"> {
  const of = (name: ContenderName) => {
    const steps = found[name].reduce((sum, one) => sum + one.steps, 0);
    const total = (count: (one: Round) => number) => found[name].reduce((sum, one) => sum + count(one), 0);
    return {
      perSecond: (steps / total(({ ms }) => ms)) * 1000,
      sends: total(({ sends }) => sends) / steps,
      cpuUs: (total(({ cpuMs }) => cpuMs) / steps) * 1000,
      serverUs: (total(({ serverMs }) => serverMs) / steps) * 1000,
    };
  };
  const raw = of("raw");
  const engine = of("engine");
  return {
    ...options,
    rawCeilingStepsPerSecond: Math.round(raw.perSecond),
    engineStepsPerSecond: Math.round(engine.perSecond),
    engineOverCeiling: Number((engine.perSecond / raw.perSecond).toFixed(3)),
    sendsPerStep: { raw: Number(raw.sends.toFixed(2)), engine: Number(engine.sends.toFixed(2)) },
    workerCpuUsPerStep: { raw: Math.round(raw.cpuUs), engine: Math.round(engine.cpuUs) },
    serverCpuUsPerStep: { raw: Math.round(raw.serverUs), engine: Math.round(engine.serverUs) },
    engineOverCeilingByCpu: Number(((raw.cpuUs + raw.serverUs) / (engine.cpuUs + engine.serverUs)).toFixed(3)),
    advanceBatch: RUNTIME_LIMITS.advanceBatch,
    cores: cpus().length,
  };
}
