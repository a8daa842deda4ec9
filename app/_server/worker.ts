import { randomUUID } from "node:crypto";
import pino from "pino";
import { openDatabase } from "#db";
import { programStore } from "#db/stores/program-store";
import { listenForWork } from "#db/work-hint";
import type { RuntimeAlarm } from "#engine/runtime/deps";
import { tickEngine, tickOutside } from "#engine/runtime/tick";
import { callBackFor } from "./agency/exchange";
import { readChannels } from "./channels";
import { readEnv, workerDoorAt } from "./env";
import { callbackMetrics } from "./health/callback-metrics";
import { expositionOf } from "./health/exposition";
import { runtimeMetrics } from "./health/runtime-metrics";
import { openWorkerDoor } from "./health/worker-door";
import { workerMetrics } from "./health/worker-metrics";
import { readHouse } from "./house";
import { readIntegrations } from "./integrations";
import { watchProviders } from "./provider-watch";
import { waker } from "./waker";
import { keepHouse } from "./worker-chores";
import { codeOf, runWorkerLoop } from "./worker-loop";
import { runtimeOn } from "./worker-runtime";

/** Process entry of a worker. Any number of them may run on one database; SIGTERM and SIGINT end it after the tick under way. */

/** Connections one worker needs: a transaction, and a few statements beside it. */
const CONNECTIONS = 4;

const log = pino({ name: "duecourse-worker" });

function crash(error: unknown): never {
  // Crash-only: after an error nobody caught, nothing in this process can be relied on. Rows are; the next process reads them.
  const stack = error instanceof Error ? error.stack?.split("\n").slice(1).join("\n") : undefined;
  log.fatal({ code: codeOf(error), stack }, "uncaught");
  process.exit(1);
}

async function main(): Promise<number> {
  const database = openDatabase(readEnv().databaseUrl, { name: "duecourse-worker", connections: CONNECTIONS });
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop.abort());
  const exposition = expositionOf(database);
  const metrics = workerMetrics(exposition.registry);
  const alarm: RuntimeAlarm = metrics.counted((code, ids) => log.error({ code, ...ids }, "alarm"));
  const counts = runtimeMetrics(exposition.registry);
  const { came: onCallbacks } = callbackMetrics(exposition.registry, counts.callbacks, Date.now);
  const channels = readChannels();
  const setUp = { integrations: readIntegrations(), channels, house: readHouse() };
  const deps = runtimeOn(database, { alarm, ...setUp, tell: counts.tell, onCallbacks });
  counts.watch(deps.providers.map(({ guarded }) => guarded));
  const at = workerDoorAt();
  const door =
    at === null
      ? null
      : await openWorkerDoor({ ...at, database, exposition, sinceRoundMs: () => metrics.sinceRoundMs("engine") });
  log.info("started");
  const { signal } = stop;
  const hinted = waker();
  // Only a hint: a worker that cannot listen is late by one poll at most.
  const hint = await listenForWork(readEnv().databaseUrl, hinted.wake).catch((error: unknown) => {
    log.warn({ code: codeOf(error) }, "not listening");
    return null;
  });
  const chores = keepHouse({
    ...{ database, clock: deps.clock, programs: programStore(database), alarm, log, signal },
    callBack: callBackFor(database, channels, log),
    auditVerified: exposition.audit.showVerified,
  });
  const { providers } = deps;
  const watch = watchProviders({ database, worker: randomUUID(), providers, log, signal, now: Date.now });
  const rounds = [
    runWorkerLoop({ tick: metrics.measured("engine", () => tickEngine(deps)), log, signal, waker: hinted }),
    runWorkerLoop({
      tick: metrics.measured("outside", () => tickOutside(deps)),
      log: log.child({ round: "outside" }),
      signal,
    }),
  ];
  // Whichever ends first takes the other along.
  const ends = await Promise.all(rounds.map((round) => round.finally(() => stop.abort())));
  await Promise.all([chores, watch]);
  await hint?.close();
  await door?.close();
  await database.close();
  log.info({ ends }, "ended");
  return ends.every((end) => end === "stopped") ? 0 : 1;
}

process.on("uncaughtException", crash);
process.on("unhandledRejection", crash);
main().then((code) => process.exit(code), crash);
