import pino from "pino";
import { openDatabase } from "#db";
import { tickEngine } from "#engine/runtime/tick";
import { readEnv } from "./env";
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
  const deps = runtimeOn(database, { alarm: (code, ids) => log.error({ code, ...ids }, "alarm") });
  log.info("started");
  const end = await runWorkerLoop({ tick: () => tickEngine(deps), log, signal: stop.signal });
  await database.close();
  log.info({ end }, "ended");
  return end === "stopped" ? 0 : 1;
}

process.on("uncaughtException", crash);
process.on("unhandledRejection", crash);
main().then((code) => process.exit(code), crash);
