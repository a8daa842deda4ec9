import { once } from "node:events";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { openDatabase } from "#db";
import { startEmbedded } from "#db/embedded/start-embedded";
import { migrateDatabase } from "#db/migrate";
import { isEmpty, seedDatabase } from "#db/seed/seed";
import { chooseLocale, type Speaker, speaker } from "../_cli/language";
import { reasonOf } from "../_cli/reason";
import { dataDirectory, givenDatabaseUrl } from "./env";
import { build, hashOfSources, isBuilt, NEXT_BINARY } from "./start-build";
import { type KeptProcess, keepRunning } from "./start-child";
import { findPort } from "./start-port";

/** `npm start`: everything on one machine with one command (design, section 3). Ends with 0 when it was asked to stop. */

const PORT_DEFAULT = 3000;
/** Until identity lands anybody who reaches the console may do everything, so it listens on this machine only unless told otherwise. */
const HOST_DEFAULT = "127.0.0.1";
const HEALTH_TIMEOUT_MS = 180_000;
const HEALTH_POLL_MS = 200;
const STILL_BUSY_MS = 10_000;
const PARENT_POLL_MS = 500;

type Plan = {
  readonly port: number;
  readonly host: string;
  readonly development: boolean;
  readonly words: Speaker;
  /** Aborted when somebody asked to stop: what is under way ends, nothing new is begun. */
  readonly stop: AbortSignal;
};

/** What has to be put away again, the last opened first. */
type Opened = (() => Promise<void>)[];

class StartRefusal extends Error {}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function readPlan(stop: AbortSignal): Plan {
  const options = {
    port: { type: "string" },
    host: { type: "string" },
    dev: { type: "boolean" },
    lang: { type: "string" },
  } as const;
  let values: { port?: string; host?: string; dev?: boolean; lang?: string };
  try {
    values = parseArgs({ options }).values;
  } catch {
    throw new StartRefusal(speaker(chooseLocale(undefined)).say("start.usage"));
  }
  const words = speaker(chooseLocale(values.lang));
  const asked = values.port ?? process.env.PORT;
  const port = asked === undefined || asked === "" ? PORT_DEFAULT : Number(asked);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new StartRefusal(words.say("start.port-malformed", { port: String(asked) }));
  return { port, host: values.host ?? process.env.HOST ?? HOST_DEFAULT, development: values.dev ?? false, words, stop };
}

async function ensureBuilt({ development, words, stop }: Plan, logs: string): Promise<void> {
  if (development) return;
  const sources = hashOfSources();
  if (isBuilt(sources)) return;
  say(words.say("start.building"));
  const startedAt = performance.now();
  const seconds = () => Math.round((performance.now() - startedAt) / 1000);
  const patience = setInterval(() => say(words.say("start.still-building", { seconds: seconds() })), STILL_BUSY_MS);
  const logFile = join(logs, "build.log");
  const code = await build(sources, logFile, stop).finally(() => clearInterval(patience));
  if (code !== 0) throw new StartRefusal(words.say("start.build-failed", { file: logFile }));
  say(words.say("start.built", { seconds: seconds() }));
}

async function ensureDatabase({ words }: Plan, opened: Opened): Promise<string> {
  const given = givenDatabaseUrl();
  if (given !== null) {
    say(words.say("start.database-given"));
    return given;
  }
  const isFirst = !existsSync(join(dataDirectory(), "postgres"));
  say(words.say(isFirst ? "start.database-making" : "start.database-starting", { directory: dataDirectory() }));
  const embedded = await startEmbedded(dataDirectory());
  opened.push(() => embedded.stop());
  if (embedded.reused) say(words.say("start.database-joined"));
  return embedded.url;
}

async function prepareData(url: string, { words }: Plan): Promise<void> {
  say(words.say("start.migrating"));
  await migrateDatabase(url);
  const database = openDatabase(url, { name: "duecourse-start", connections: 2 });
  try {
    if (!(await isEmpty(database))) return;
    say(words.say("start.seeding"));
    const seeded = await seedDatabase(database);
    say(words.say("start.seeded", { accounts: seeded.accounts, strategies: seeded.strategies }));
  } finally {
    await database.close();
  }
}

type House = { readonly url: string; readonly port: number; readonly logs: string };

function startConsole(plan: Plan, { url, port, logs }: House): KeptProcess {
  const mode = plan.development ? "dev" : "start";
  return keepRunning({
    arguments: [NEXT_BINARY, mode, "-p", String(port), "-H", plan.host],
    environment: {
      ...process.env,
      DATABASE_URL: url,
      NODE_ENV: plan.development ? "development" : "production",
      NEXT_TELEMETRY_DISABLED: "1",
    },
    logFile: join(logs, "console.log"),
    visible: plan.development,
    onRestart: ({ pauseMs }) =>
      say(plan.words.say("start.console-ended", { seconds: pauseMs / 1000, file: join(logs, "console.log") })),
  });
}

function startWorker(plan: Plan, { url, logs }: House): KeptProcess {
  return keepRunning({
    arguments: ["--import", "tsx", "app/_server/worker.ts"],
    environment: { ...process.env, DATABASE_URL: url },
    logFile: join(logs, "worker.log"),
    onRestart: ({ pauseMs }) =>
      say(plan.words.say("start.worker-ended", { seconds: pauseMs / 1000, file: join(logs, "worker.log") })),
  });
}

async function waitForHealth(address: string, plan: Plan): Promise<void> {
  for (let waitedMs = 0; waitedMs < HEALTH_TIMEOUT_MS; waitedMs += HEALTH_POLL_MS) {
    const answer = await fetch(`${address}/readyz`, { signal: AbortSignal.timeout(5000) }).catch(() => null);
    if (answer?.ok === true) return;
    plan.stop.throwIfAborted();
    await pause(HEALTH_POLL_MS);
  }
  throw new StartRefusal(plan.words.say("start.not-healthy", { seconds: HEALTH_TIMEOUT_MS / 1000 }));
}

async function start(plan: Plan, opened: Opened): Promise<void> {
  const { words, stop } = plan;
  const logs = join(dataDirectory(), "logs");
  mkdirSync(logs, { recursive: true });
  await ensureBuilt(plan, logs);
  stop.throwIfAborted();
  const url = await ensureDatabase(plan, opened);
  stop.throwIfAborted();
  await prepareData(url, plan);
  stop.throwIfAborted();
  const port = await findPort(plan.port, plan.host);
  if (port === null) throw new StartRefusal(words.say("start.no-port", { port: plan.port }));
  if (port !== plan.port) say(words.say("start.port-taken", { wanted: plan.port, port }));
  say(words.say("start.starting"));
  const children = [startConsole(plan, { url, port, logs }), startWorker(plan, { url, port, logs })];
  opened.push(async () => {
    await Promise.all(children.map((child) => child.stop()));
  });
  const here = plan.host === "0.0.0.0" || plan.host === "::" ? "127.0.0.1" : plan.host;
  await waitForHealth(`http://${here.includes(":") ? `[${here}]` : here}:${port}`, plan);
  say("");
  say(words.say("start.ready", { address: `http://${here === HOST_DEFAULT ? "localhost" : here}:${port}` }));
  say(words.say("start.how-to-stop"));
}

async function putAway(opened: Opened): Promise<void> {
  for (const close of opened.splice(0).reverse()) await close();
}

/**
 * Ctrl-C, `kill` and a closed terminal all ask to stop. npm and the shell hand one Ctrl-C on more than once; the first counts. A
 * SIGTERM to npm reaches npm's shell and not us: there it is the parent that goes away.
 */
function listenForStop(stopping: AbortController): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stopping.abort());
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) stopping.abort();
  }, PARENT_POLL_MS).unref();
}

async function main(): Promise<number> {
  const stopping = new AbortController();
  const opened: Opened = [];
  let words = speaker(chooseLocale(undefined));
  listenForStop(stopping);
  try {
    const plan = readPlan(stopping.signal);
    words = plan.words;
    const asked = once(stopping.signal, "abort");
    void asked.then(() => say(words.say("start.stopping")));
    await start(plan, opened);
    await asked;
  } catch (error) {
    if (!stopping.signal.aborted) {
      await putAway(opened);
      process.stderr.write(`${error instanceof StartRefusal ? error.message : reasonOf(error, words)}\n`);
      return 1;
    }
  }
  await putAway(opened);
  say(words.say("start.stopped"));
  return 0;
}

process.exit(await main());
