import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "#db";
import { systemUser } from "#db/embedded/account";
import { liftStop, placeStop } from "#db/queries/stop";
import { draw } from "#engine/model/draw";
import { CRASH_POINTS } from "./faults";
import { type Said, startWorker, type Worker, type WorkerSetting } from "./house";

export type Counts = {
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
  readonly recoveriesMs: number[];
};

export type Field = {
  readonly seed: number;
  readonly database: Database;
  readonly workerFile: string;
  readonly base: WorkerSetting;
  readonly settings: readonly WorkerSetting[];
  readonly said: Said;
  readonly leaseSeconds: number;
  readonly cluster: string;
  /** How many transitions are in the log: what "going on again" is measured by. */
  readonly progress: () => Promise<number>;
};

const LIFE_MIN_MS = 60;
/** Longest life beyond that, in births. */
const LIFE_SPREAD = 1.5;
/** Of those whose turn it is, so many are put to sleep past their lease instead. */
const SLEEP_SHARE = 0.08;
/** Backends killed in a row, 15 to 40 ms apart, and the rest before the next row. */
const BURST = 20;
const REST_MS = 5000;
const BOOT_MAX_MS = 15_000;

/** Everything bad that can happen, by the seed, until the time is over. Leaves with all workers dead. */
export async function rage(field: Field, milliseconds: number): Promise<Nemesis> {
  const nemesis: Nemesis = {
    counts: { kills: 0, sigstops: 0, terminations: 0, databaseStops: 0, pauses: 0 },
    pauses: [],
    recoveriesMs: [],
  };
  const untilMs = performance.now() + milliseconds;
  const over = () => performance.now() >= untilMs;
  const stage: Stage = { slots: field.settings.map((setting) => ({ setting, dieAt: "", worker: null })), over };
  const kept = stage.slots.map((slot) => keep(field, slot, over));
  await Promise.all([
    killing(field, nemesis, stage),
    terminating(field, nemesis, over),
    crashingDatabase(field, nemesis, over),
    pausing(field, nemesis, over),
  ]);
  for (const { worker } of stage.slots) {
    worker?.child.kill("SIGCONT");
    worker?.child.kill("SIGKILL");
  }
  await Promise.all(kept);
  return nemesis;
}

/** A place for one worker; whoever dies there, by whatever hand, is followed by the next at once. */
type Slot = { readonly setting: WorkerSetting; dieAt: string; worker: Worker | null };
type Stage = { readonly slots: readonly Slot[]; readonly over: () => boolean };

async function keep({ workerFile, base, said, seed }: Field, slot: Slot, over: () => boolean): Promise<void> {
  for (let life = 0; !over(); life += 1) {
    // Every life draws its own luck, the same in every run of a seed.
    const luck = { CHAOS_SEED: String(seed), CHAOS_LIFE: `${JSON.stringify(slot.setting)}:${life}` };
    slot.worker = startWorker(workerFile, { ...base, ...slot.setting, ...luck, CHAOS_DIE_AT: slot.dieAt }, said);
    await slot.worker.ended;
  }
}

/** One worker after the other dies or is put to sleep past its lease; its successor begins at once, often to die at a named point. */
async function killing(field: Field, { counts }: Nemesis, { slots, over }: Stage): Promise<void> {
  for (let round = 0; !over(); round += 1) {
    const slot = slots[Math.floor(draw(field.seed, "nemesis", `who:${round}`) * slots.length)];
    const worker = slot?.worker ?? null;
    if (slot === undefined || worker === null) {
      await delay(LIFE_MIN_MS);
      continue;
    }
    // A life is reckoned by what it takes to be born: on a busy machine none would else ever get to work.
    const bootMs = (await Promise.race([worker.ready, delay(BOOT_MAX_MS, null)])) ?? 0;
    await delay(LIFE_MIN_MS + bootMs * LIFE_SPREAD * draw(field.seed, "nemesis", `life:${round}`));
    if (worker !== slot.worker || worker.child.exitCode !== null || worker.child.signalCode !== null) continue;
    if (draw(field.seed, "nemesis", `how:${round}`) < SLEEP_SHARE) {
      counts.sigstops += 1;
      worker.child.kill("SIGSTOP");
      void delay(field.leaseSeconds * 1300).then(() => worker.child.kill("SIGCONT"));
      continue;
    }
    slot.dieAt =
      draw(field.seed, "nemesis", `point:${round}`) < 0.6 ? (CRASH_POINTS[round % CRASH_POINTS.length] ?? "") : "";
    worker.child.kill("SIGKILL");
    counts.kills += 1;
  }
}

async function terminating(field: Field, { counts }: Nemesis, over: () => boolean): Promise<void> {
  for (let round = 0; !over(); round += 1) {
    await delay(15 + 25 * draw(field.seed, "nemesis", `backend:${round}`));
    // In bursts, with a rest between them, or on a busy machine nothing would ever be written.
    if (round % BURST === 0) await delay(REST_MS);
    await field.database.sql<{ killed: number }[]>`
      select count(pg_terminate_backend(pid))::int as killed from (
        select pid from pg_stat_activity where application_name = 'chaos-worker' order by random() limit 1) b`.then(
      ([row]) => {
        counts.terminations += row?.killed ?? 0;
      },
      () => undefined,
    );
  }
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
    nemesis.recoveriesMs.push(performance.now() - sinceMs);
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
