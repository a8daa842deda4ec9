import { setTimeout as delay } from "node:timers/promises";
import { Logger, type Runner, run, runMigrations } from "graphile-worker";
import PgBoss from "pg-boss";
import { type Database, openDatabase } from "#db";
import type { Contender, QueueName } from "./contender";

/** Job queues on Postgres that other people build on, with jobs that do nothing: one job is one row taken and one row done. */
const QUEUE = "noop";
const CONNECTIONS = 4;
/** Jobs taken at once, as many as the engine claims enrollments. */
const BATCH = 1000;
const AT_ONCE = 20;
const INSERTED_AT_ONCE = 10_000;
/** Longest a runner may be silent before its queue counts as empty. */
const SILENT_MS = 2000;
/** A line per job would be most of what a job costs. */
const SILENT = new Logger(() => () => undefined);
const LOOK_MS = 10;

export async function seedQueues(url: string, jobs: number): Promise<void> {
  await runMigrations({ connectionString: url });
  const database = openDatabase(url, { statementTimeoutMs: 600_000, connections: 2 });
  await seedGraphile(database, jobs);
  await database.close();
  const boss = await openBoss(url);
  await boss.createQueue(QUEUE);
  for (let from = 0; from < jobs; from += INSERTED_AT_ONCE) {
    const count = Math.min(INSERTED_AT_ONCE, jobs - from);
    await boss.insert(Array.from({ length: count }, () => ({ name: QUEUE })));
  }
  await boss.stop({ graceful: false });
}

async function seedGraphile({ sql }: Database, jobs: number): Promise<void> {
  for (let from = 0; from < jobs; from += INSERTED_AT_ONCE) {
    await sql`select count(*) from graphile_worker.add_jobs(array(
      select row(${QUEUE}, '{}'::json, null, now(), 1, null, 0, null)::graphile_worker.job_spec
      from generate_series(1, ${Math.min(INSERTED_AT_ONCE, jobs - from)}::int)))`;
  }
  await sql`vacuum analyze`;
}

async function openBoss(url: string): Promise<PgBoss> {
  const boss = new PgBoss({ connectionString: url, max: CONNECTIONS, supervise: false, schedule: false });
  return boss.start();
}

export function queueContender(name: QueueName, url: string): Promise<Contender> {
  return name === "pg-boss" ? bossContender(url) : Promise.resolve(graphileContender(url));
}

/** Takes and completes whole batches: several times as fast as its own loop, which asks every half second. */
async function bossContender(url: string): Promise<Contender> {
  const boss = await openBoss(url);
  return {
    round: async () => {
      const jobs = await boss.fetch(QUEUE, { batchSize: BATCH });
      if (jobs.length > 0) {
        const ids = jobs.map(({ id }) => id);
        await boss.complete(QUEUE, ids);
      }
      return { steps: jobs.length, sends: 0 };
    },
    close: () => boss.stop({ graceful: false }),
  };
}

/** With the settings its makers recommend for speed: jobs fetched and completed in batches. */
function graphileContender(url: string): Contender {
  let done = 0;
  let told = 0;
  let runner: Runner | null = null;
  const start = () =>
    run({
      connectionString: url,
      concurrency: AT_ONCE,
      maxPoolSize: CONNECTIONS,
      noHandleSignals: true,
      logger: SILENT,
      preset: { worker: { localQueue: { size: BATCH }, completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
      taskList: {
        [QUEUE]: () => {
          done += 1;
        },
      },
    });
  return {
    round: async () => {
      runner ??= await start();
      for (let waitedMs = 0; done === told && waitedMs < SILENT_MS; waitedMs += LOOK_MS) await delay(LOOK_MS);
      const steps = done - told;
      told = done;
      return { steps, sends: 0 };
    },
    close: async () => runner?.stop(),
  };
}
