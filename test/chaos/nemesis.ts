import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "#db";
import { systemUser } from "#db/embedded/account";
import { liftStop, placeStop } from "#db/queries/stop";
import { draw } from "#engine/model/draw";
import { CRASH_POINTS, type WorkerSetting } from "./faults";
import { keepSpares, type Spares, type Starter, type Worker } from "./house";

export type Counts = {
  /** Workers killed from outside; those that died at a named point are counted by what they said. */
  kills: number;
  sigstops: number;
  terminations: number;
  databaseStops: number;
  pauses: number;
};

/** A pause as it was in force, by the real clock of this machine, which is the provider's, too. */
export type PauseSpan = { readonly fromMs: number; untilMs: number };

export type Nemesis = {
  readonly counts: Counts;
  readonly pauses: PauseSpan[];
  /** From a crash of the database until something was written again. */
  readonly databaseRecoveriesMs: number[];
  /** From a worker's death until a successor in its place had finished a round. */
  readonly workerRecoveriesMs: number[];
};

export type Field = {
  readonly seed: number;
  readonly database: Database;
  readonly start: Starter;
  readonly settings: readonly WorkerSetting[];
  readonly leaseSeconds: number;
  readonly cluster: string;
  /** When a round of any worker was over last. */
  readonly tickedAtMs: () => number;
  /** How many transitions are in the log: what "going on again" is measured by. */
  readonly progress: () => Promise<number>;
};

/** Workers at work at once, and those booted behind them. */
const PLACES = 3;
const SPARES = 4;
/** A worker is killed this often, when the one to follow it stands ready; most of them not before they have got through a round. */
const KILL_EVERY_MS = 130;
const LIFE_MIN_MS = 60;
const PATIENT_SHARE = 0.7;
/** Whoever has not got through a round in so long is killed all the same. */
const PATIENCE_MS = 20_000;
/** Of those whose turn it is, so many are put to sleep past their lease instead. */
const SLEEP_SHARE = 0.03;
/** How long a sleeper that woke up goes on. */
const AWAKE_MS = 2000;
const NAMED_POINT_SHARE = 0.6;
const DIE_CHANCE = 0.3;
/** Backends killed in a row, 15 to 40 ms apart, and the rest before the next row, or on a busy machine nothing would ever be written. */
const BURST = 25;
const REST_MS = 700;
/** The next row waits until somebody has got through a round since the last, but no longer than this. */
const REST_MAX_MS = 12_000;

/** Everything bad that can happen, by the seed, until it is enough. Leaves with all workers dead. */
export async function rage(field: Field, isEnough: (soFar: Nemesis) => boolean): Promise<Nemesis> {
  const nemesis: Nemesis = {
    counts: { kills: 0, sigstops: 0, terminations: 0, databaseStops: 0, pauses: 0 },
    pauses: [],
    databaseRecoveriesMs: [],
    workerRecoveriesMs: [],
  };
  let isOver = false;
  const over = () => {
    isOver ||= isEnough(nemesis);
    return isOver;
  };
  const spares = keepSpares(field.start, SPARES);
  const places: readonly Place[] = Array.from({ length: PLACES }, (_, index) => ({
    ...{ index, worker: null, sinceMs: 0, isPatient: false, leave: () => undefined },
  }));
  const stage: Stage = { places, spares, sleepers: new Set(), over };
  const kept = places.map((place) => keep(field, nemesis, { ...stage, place }));
  await Promise.all([
    killing(field, nemesis, stage),
    terminating(field, nemesis, over),
    crashingDatabase(field, nemesis, over),
    pausing(field, nemesis, over),
  ]);
  for (const worker of [...stage.sleepers, ...places.map((place) => place.worker)]) worker?.child.kill("SIGKILL");
  await Promise.all(kept);
  await spares.end();
  return nemesis;
}

/** A place for one worker; whoever dies there, by whatever hand, is followed by the next at once. */
type Place = {
  readonly index: number;
  worker: Worker | null;
  sinceMs: number;
  isPatient: boolean;
  /** Gives the place up to the next without having died. */
  leave: () => void;
};
type Stage = {
  readonly places: readonly Place[];
  readonly spares: Spares;
  readonly sleepers: Set<Worker>;
  readonly over: () => boolean;
};

async function keep(field: Field, nemesis: Nemesis, { place, spares, over }: Stage & { readonly place: Place }) {
  let diedAtMs: number | null = null;
  for (let number = 0; !over(); number += 1) {
    const worker = await spares.take();
    // Every life draws its own luck, the same in every run of a seed.
    const name = `${place.index}:${number}`;
    const luck = (what: string) => draw(field.seed, name, what);
    const point = CRASH_POINTS[Math.floor(luck("point") * CRASH_POINTS.length)] ?? null;
    worker.begin({
      ...(field.settings[Math.floor(luck("setting") * field.settings.length)] ?? {}),
      ...{ seed: field.seed, name, dieChance: DIE_CHANCE },
      dieAt: luck("named") < NAMED_POINT_SHARE ? point : null,
    });
    const left = new Promise<void>((resolve) => {
      place.leave = resolve;
    });
    Object.assign(place, { worker, sinceMs: performance.now(), isPatient: luck("patient") < PATIENT_SHARE });
    await Promise.race([worker.ended, left]);
    place.worker = null;
    if (diedAtMs !== null && worker.tickedAtMs !== null) {
      nemesis.workerRecoveriesMs.push(worker.tickedAtMs - diedAtMs);
      diedAtMs = null;
    }
    diedAtMs ??= performance.now();
  }
}

/** One worker after the other dies or is put to sleep past its lease. */
async function killing(field: Field, nemesis: Nemesis, stage: Stage): Promise<void> {
  const { places, spares, over } = stage;
  for (let round = 0; !over(); round += 1) {
    const luck = (what: string) => draw(field.seed, "nemesis", `${what}:${round}`);
    await delay(KILL_EVERY_MS * (0.5 + luck("pause")));
    while (!over() && !(spares.ready() > 0 && places.some(isRipe))) await delay(10);
    const ripe = places.filter(isRipe);
    const place = ripe[Math.floor(luck("who") * ripe.length)];
    if (place === undefined) continue;
    if (luck("how") < SLEEP_SHARE) void sleepPastLease(field, nemesis, { ...stage, place });
    else kill(nemesis, place.worker);
  }
}

function kill({ counts }: Nemesis, worker: Worker | null): void {
  if (worker?.child.kill("SIGKILL")) counts.kills += 1;
}

/** Another takes its place meanwhile; when it wakes it goes on where it was, with a lease that is over, until it is killed. */
async function sleepPastLease(field: Field, nemesis: Nemesis, { place, sleepers }: Stage & { readonly place: Place }) {
  const { worker } = place;
  if (!worker?.child.kill("SIGSTOP")) return;
  nemesis.counts.sigstops += 1;
  sleepers.add(worker);
  place.leave();
  await delay(field.leaseSeconds * 1300);
  worker.child.kill("SIGCONT");
  await delay(AWAKE_MS);
  if (sleepers.delete(worker) && worker.child.exitCode === null) kill(nemesis, worker);
}

function isRipe({ worker, sinceMs, isPatient }: Place): boolean {
  if (worker === null || worker.child.exitCode !== null || worker.child.signalCode !== null) return false;
  const lifeMs = performance.now() - sinceMs;
  return lifeMs > PATIENCE_MS || (lifeMs > LIFE_MIN_MS && (!isPatient || worker.tickedAtMs !== null));
}

async function terminating(field: Field, { counts }: Nemesis, over: () => boolean): Promise<void> {
  for (let round = 0; !over(); round += 1) {
    await delay(15 + 25 * draw(field.seed, "nemesis", `backend:${round}`));
    if (round % BURST === 0) await rest(field, over);
    await field.database.sql<{ killed: number }[]>`
      select count(pg_terminate_backend(pid))::int as killed from (
        select pid from pg_stat_activity where application_name = 'chaos-worker'
        -- Every second time one that is in the middle of something, if there is one.
        order by (state <> 'idle' and ${round % 2 === 0}) desc, random() limit 1) b`.then(
      ([row]) => {
        counts.terminations += row?.killed ?? 0;
      },
      () => undefined,
    );
  }
}

async function rest({ tickedAtMs }: Field, over: () => boolean): Promise<void> {
  const sinceMs = performance.now();
  await delay(REST_MS);
  while (!over() && tickedAtMs() < sinceMs && performance.now() - sinceMs < REST_MAX_MS) await delay(20);
}

/** `pg_ctl stop -m immediate` by signal, as a power cut would; the server is then started again and recovers from its log. */
async function crashingDatabase(field: Field, nemesis: Nemesis, over: () => boolean): Promise<void> {
  for (let round = 0; !over(); round += 1) {
    await delay(25_000 + 15_000 * draw(field.seed, "nemesis", `crash:${round}`));
    if (over()) return;
    const before = await field.progress().catch(() => 0);
    const sinceMs = performance.now();
    await restartDatabase(field.cluster);
    nemesis.counts.databaseStops += 1;
    while (performance.now() - sinceMs < 60_000) {
      if ((await field.progress().catch(() => before)) > before) break;
      await delay(50);
    }
    nemesis.databaseRecoveriesMs.push(performance.now() - sinceMs);
  }
}

/** Started again with the very words it was started with, which it writes down itself. */
async function restartDatabase(cluster: string): Promise<void> {
  const data = `${cluster}/postgres`;
  const words = readFileSync(`${data}/postmaster.opts`, "utf8").trim();
  const options = [...words.matchAll(/"([^"]*)"/g)].map((match) => match[1] ?? "");
  const pid = Number(readFileSync(`${data}/postmaster.pid`, "utf8").split("\n")[0]);
  process.kill(pid, "SIGQUIT");
  while (isThere(pid)) await delay(10);
  spawn(words.slice(0, words.indexOf(" ")), options, {
    ...systemUser(),
    cwd: data,
    stdio: "ignore",
    detached: true,
  }).unref();
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Everything is paused now and then; what the provider hears two seconds later or more is a breach. */
async function pausing(field: Field, nemesis: Nemesis, over: () => boolean): Promise<void> {
  const about = { scope: "everything", subject: "", reason: "nemesis", actorId: "actor_nemesis" } as const;
  const insist = async (work: () => Promise<unknown>) => {
    for (let attempt = 0; attempt < 300; attempt += 1) {
      try {
        await work();
        return;
      } catch {
        await delay(50);
      }
    }
  };
  while (!over()) {
    await delay(15_000);
    if (over()) return;
    await insist(() => placeStop(field.database, { ...about, kind: "pause" }));
    const span: PauseSpan = { fromMs: Date.now(), untilMs: Number.POSITIVE_INFINITY };
    nemesis.pauses.push(span);
    nemesis.counts.pauses += 1;
    await delay(3000);
    span.untilMs = Date.now();
    await insist(() => liftStop(field.database, about));
  }
}
