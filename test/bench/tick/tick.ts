import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { type Database, openDatabase } from "#db";
import { startEmbedded } from "#db/embedded/start-embedded";
import { migrateDatabase } from "#db/migrate";
import { RUNTIME_LIMITS } from "#engine/runtime/deps";
import { type QueueName, STEPPERS, type StepperName } from "./contender";
import { type Crew, hire, type Scene, type Turn } from "./crew";
import { type Latency, measureLatency } from "./latency";
import { type BesideReader, measureBesideReader } from "./long-reader";
import { seedQueues } from "./queues";
import { rearm, seedBench } from "./scene";
import { type Sizes, sizesOf } from "./sizes";

/** A cluster of the bench's own, durable like a real one; may be deleted at any time. */
const CLUSTER = ".cache/bench-postgres";
const DEFAULTS = { accounts: "100000", seconds: "3", workers: "2", rounds: "4", jobs: "50000" } as const;
const LARGEST = { accounts: 5_000_000, seconds: 3600, workers: 16, rounds: 100, jobs: 1_000_000 } as const;

export type Options = { readonly [name in keyof typeof DEFAULTS]: number };

type Cost = {
  readonly perSecond: number;
  /** Processor time, microseconds a step or job. */
  readonly workerCpuUs: number;
  readonly serverCpuUs: number;
};

export type TickBench = Options & {
  readonly rawCeilingStepsPerSecond: number;
  readonly engineStepsPerSecond: number;
  readonly engineOverCeiling: number;
  /** Processor time of the ceiling over the engine's, worker and server together: what the quotient is on a machine that others use, too. */
  readonly engineOverCeilingByCpu: number;
  /** `sendsPerStep`: requests that left; half of the people are written to. */
  readonly steppers: { readonly [name in StepperName]: Cost & { readonly sendsPerStep: number } };
  /** Most memory the largest worker has held, and the server at the end of a turn, megabytes. */
  readonly peakMb: { readonly worker: number; readonly server: number };
  /** Job queues others build on, with jobs that do nothing. */
  readonly queues: { readonly [name in QueueName]: Cost };
  /** From an event put in until the provider is asked because of it, at low load. */
  readonly latency: Latency;
  /** The engine with and without somebody who reads for long beside it. */
  readonly longReader: BesideReader;
  readonly sizes: Sizes;
  readonly advanceBatch: number;
  readonly cores: number;
  /** Load average of the last minute, before and after. */
  readonly load: readonly [number, number];
};

/** Options: --accounts --seconds --workers --rounds --jobs. Throws on one that is not a number in range. */
export function readTickOptions(args: readonly string[]): Options {
  const string = { type: "string" } as const;
  const options = { accounts: string, seconds: string, workers: string, rounds: string, jobs: string };
  const { values } = parseArgs({ args: [...args], options });
  const read = (name: keyof Options): number => {
    const value = Number(values[name] ?? DEFAULTS[name]);
    if (!Number.isFinite(value) || value <= 0 || value > LARGEST[name])
      throw new RangeError(`--${name} is 1 to ${LARGEST[name]}`);
    return value;
  };
  return {
    accounts: read("accounts"),
    seconds: read("seconds"),
    workers: read("workers"),
    rounds: read("rounds"),
    jobs: read("jobs"),
  };
}

/** The engine against the bare writing of the same rows, turn about on one server with the same rows due, and what else it is asked for. */
export async function benchTick(args: readonly string[]): Promise<TickBench> {
  const options = readTickOptions(args);
  const [loadBefore = 0] = loadavg();
  const server = await startEmbedded(CLUSTER);
  const scene = { url: await freshDatabase(server.url), cluster: CLUSTER };
  const database = openDatabase(scene.url, { statementTimeoutMs: 600_000 });
  try {
    await seedBench(database, options.accounts, (seeded) => progress(`${seeded} of ${options.accounts} accounts`));
    const crews = {
      raw: await hire("raw", options.workers, scene),
      engine: await hire("engine", options.workers, scene),
    };
    const turns = await takeTurns(database, crews, options);
    const sizes = await sizesOf(database);
    progress("beside a long reader");
    await rearm(database);
    const longReader = await measureBesideReader(database, crews.engine, options.seconds * 1000);
    await Promise.all(STEPPERS.map((name) => crews[name].dismiss()));
    progress("from event to request");
    const latency = await measureLatency(database);
    progress("job queues");
    await seedQueues(scene.url, options.jobs);
    const queues = {
      "graphile-worker": await runQueue("graphile-worker", options, scene),
      "pg-boss": await runQueue("pg-boss", options, scene),
    };
    const [loadAfter = 0] = loadavg();
    const measured = {
      queues,
      latency,
      longReader,
      sizes,
      load: [rounded(loadBefore, 1), rounded(loadAfter, 1)],
    } as const;
    return { ...reportOf(options, turns), ...measured };
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

type Turns = { readonly [name in StepperName]: readonly Turn[] };

/** Turn about, in short turns, so that what else the machine does falls on both. The first turn of each warms it up and does not count. */
async function takeTurns(
  database: Database,
  crews: { readonly [name in StepperName]: Crew },
  { accounts, rounds, seconds }: Options,
): Promise<Turns> {
  const turns: { readonly [name in StepperName]: Turn[] } = { raw: [], engine: [] };
  let used = 0;
  let largest = 0;
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of STEPPERS) {
      // A turn that ran out of people would be measured on its tail.
      if (used + 1.5 * largest > accounts) {
        await rearm(database);
        used = 0;
      }
      const turn = await crews[name].work(seconds * 1000);
      progress(`round ${round} of ${rounds}, ${name}: ${turn.steps} steps`);
      used += turn.steps;
      largest = Math.max(largest, turn.steps);
      if (round > 0) turns[name].push(turn);
    }
  }
  return turns;
}

async function runQueue(name: QueueName, { workers, seconds }: Options, scene: Scene): Promise<Cost> {
  const crew = await hire(name, workers, scene);
  const turn = await crew.work(seconds * 1000);
  await crew.dismiss();
  return costOf([turn]);
}

function costOf(turns: readonly Turn[]): Cost {
  const total = (count: (turn: Turn) => number) => turns.reduce((sum, turn) => sum + count(turn), 0);
  const steps = total((turn) => turn.steps);
  return {
    perSecond: Math.round((steps / total(({ ms }) => ms)) * 1000),
    workerCpuUs: rounded((total(({ cpuMs }) => cpuMs) / steps) * 1000, 1),
    serverCpuUs: rounded((total(({ serverMs }) => serverMs) / steps) * 1000, 1),
  };
}

function reportOf(options: Options, turns: Turns) {
  const of = (name: StepperName) => {
    const total = (count: (turn: Turn) => number) => turns[name].reduce((sum, turn) => sum + count(turn), 0);
    return {
      ...costOf(turns[name]),
      sendsPerStep: rounded(total(({ sends }) => sends) / total(({ steps }) => steps), 2),
    };
  };
  const raw = of("raw");
  const engine = of("engine");
  const cpuOf = ({ workerCpuUs, serverCpuUs }: Cost) => workerCpuUs + serverCpuUs;
  return {
    ...options,
    rawCeilingStepsPerSecond: raw.perSecond,
    engineStepsPerSecond: engine.perSecond,
    engineOverCeiling: rounded(engine.perSecond / raw.perSecond, 3),
    engineOverCeilingByCpu: rounded(cpuOf(raw) / cpuOf(engine), 3),
    steppers: { raw, engine },
    peakMb: {
      worker: peakOf(turns.engine.map(({ peakMb }) => peakMb)),
      server: peakOf([...turns.raw, ...turns.engine].map(({ serverMb }) => serverMb)),
    },
    advanceBatch: RUNTIME_LIMITS.advanceBatch,
    cores: cpus().length,
  };
}

function peakOf(megabytes: readonly number[]): number {
  return Math.round(Math.max(0, ...megabytes));
}

/** Of a run that takes minutes somebody wants to know that it goes on; the answer itself goes to the standard output. */
function progress(text: string): void {
  process.stderr.write(`tick: ${text}\n`);
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
