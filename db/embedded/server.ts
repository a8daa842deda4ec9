import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import postgres from "postgres";
import type { SystemUser } from "./account";
import type { Binaries } from "./binaries";
import { isAlive, worksIn } from "./processes";

/** One Postgres cluster on disk and how to run it. */
export type Cluster = {
  /** Postgres's own directory. */
  readonly directory: string;
  readonly logFile: string;
  readonly binaries: Binaries;
  readonly user: SystemUser;
  /** Throw-away data: no fsync. Only for tests. */
  readonly disposable: boolean;
};

export class EmbeddedStartError extends Error {
  readonly code = "embedded.start-failed";
}

const READY_TIMEOUT_MS = 60_000;
const READY_POLL_MS = 50;
const STOP_TIMEOUT_MS = 30_000;
const START_ATTEMPTS = 4;
const LOG_TAIL_LINES = 6;
const WRONG_PASSWORD = "28P01";
const SUPERUSER = "duecourse";

export function databaseUrl(cluster: Cluster, port: number, database: string): string {
  const password = readFileSync(passwordFileOf(cluster), "utf8");
  return `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`;
}

/** A password of its own for every cluster: other people on the machine may reach the port. */
function passwordFileOf(cluster: Cluster): string {
  return join(cluster.directory, "duecourse.password");
}

/** Whether the cluster was made and made to the end. */
export function isInitialised(cluster: Cluster): boolean {
  return existsSync(passwordFileOf(cluster));
}

/** Makes a new cluster, over whatever a broken first start left: code-point order and full Unicode, so that text sorts the same here and in JavaScript. */
export async function initialise(cluster: Cluster): Promise<void> {
  rmSync(cluster.directory, { recursive: true, force: true });
  mkdirSync(cluster.directory, { recursive: true, mode: 0o700 });
  const { uid, gid } = cluster.user;
  const password = randomBytes(24).toString("base64url");
  const passwordFile = `${cluster.directory}.new`;
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (uid !== undefined && gid !== undefined) {
    chownSync(cluster.directory, uid, gid);
    chownSync(passwordFile, uid, gid);
  }
  const locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  const flags = [`--username=${SUPERUSER}`, `--pwfile=${passwordFile}`, "--auth=scram-sha-256", ...locale];
  try {
    await promisify(execFile)(cluster.binaries.initdb, [`--pgdata=${cluster.directory}`, ...flags], {
      ...cluster.user,
      cwd: cluster.directory,
    });
    // Last, so that a cluster that was cut short while it was made has none and is made again.
    writeFileSync(passwordFileOf(cluster), password, { mode: 0o600 });
  } catch (error) {
    rmSync(cluster.directory, { recursive: true, force: true });
    throw new EmbeddedStartError(String((error as { readonly stderr?: unknown }).stderr ?? error), { cause: error });
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

type PidFile = { readonly pid: number; readonly port: number };

function readPidFile(cluster: Cluster): PidFile | null {
  try {
    const lines = readFileSync(join(cluster.directory, "postmaster.pid"), "utf8").split("\n");
    const [pid, port] = [Number(lines[0]), Number(lines[3])];
    return Number.isInteger(pid) && pid > 0 ? { pid, port } : null;
  } catch {
    return null;
  }
}

function isOurs(cluster: Cluster, pid: number): boolean {
  return isAlive(pid) && worksIn(pid, realpathSync(cluster.directory)) !== false;
}

/** Port of the server that already runs on this cluster, once it answers; null when there is none. Waits out a start or stop under way. */
export async function runningPort(cluster: Cluster): Promise<number | null> {
  for (let waitedMs = 0; waitedMs < READY_TIMEOUT_MS; waitedMs += READY_POLL_MS) {
    const found = readPidFile(cluster);
    if (found === null || !isOurs(cluster, found.pid)) return null;
    if (found.port > 0 && (await answers(cluster, found.port))) return found.port;
    await pause(READY_POLL_MS);
  }
  return null;
}

async function answers(cluster: Cluster, port: number): Promise<boolean> {
  const sql = postgres(databaseUrl(cluster, port, "postgres"), {
    max: 1,
    connect_timeout: 5,
    onnotice: () => undefined,
  });
  try {
    await sql`select 1`;
    return true;
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== WRONG_PASSWORD) return false;
    throw new EmbeddedStartError("the server refuses the password of its own data directory", { cause: error });
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** Starts the server and returns its port once it answers. A pid file left by a killed server is taken away first. */
export async function start(cluster: Cluster): Promise<number> {
  let last: unknown;
  for (let attempt = 1; attempt <= START_ATTEMPTS; attempt += 1) {
    const stale = readPidFile(cluster);
    if (stale !== null && !isOurs(cluster, stale.pid))
      rmSync(join(cluster.directory, "postmaster.pid"), { force: true });
    try {
      return await startOn(cluster, await freePort());
    } catch (error) {
      // The port may have been taken since, or memory of a killed server is not given back yet: both pass.
      last = error;
      await pause(attempt * 500);
    }
  }
  throw last;
}

async function startOn(cluster: Cluster, port: number): Promise<number> {
  const log = openSync(cluster.logFile, "a");
  // Its own session: Ctrl-C in the terminal must not stop it before the web server and the worker have finished.
  const child = spawn(cluster.binaries.postgres, ["-D", cluster.directory, ...settings(cluster, port)], {
    ...cluster.user,
    cwd: cluster.directory,
    stdio: ["ignore", log, log],
    detached: true,
  });
  closeSync(log);
  let ended = false;
  child.once("exit", () => {
    ended = true;
  });
  child.once("error", () => {
    ended = true;
  });
  child.unref();
  for (let waitedMs = 0; waitedMs < READY_TIMEOUT_MS && !ended; waitedMs += READY_POLL_MS) {
    if (readPidFile(cluster)?.pid === child.pid && (await answers(cluster, port))) return port;
    await pause(READY_POLL_MS);
  }
  throw new EmbeddedStartError(tailOf(cluster.logFile));
}

function settings(cluster: Cluster, port: number): readonly string[] {
  const values: { readonly [name: string]: string } = {
    port: String(port),
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: "100",
    shared_buffers: cluster.disposable ? "64MB" : "256MB",
    max_wal_size: "4GB",
    jit: "off",
    // Small containers have 64 MB of shared memory; parallel plans would fail there and are of no use to short queries.
    max_parallel_workers_per_gather: "0",
    // A run fills empty tables within seconds; with the stock minute the planner would still believe them empty.
    autovacuum_naptime: "10s",
    ...(cluster.disposable ? { fsync: "off", synchronous_commit: "off", full_page_writes: "off" } : {}),
  };
  return Object.entries(values).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        address === null || typeof address === "string" ? reject(new Error("no port")) : resolve(address.port),
      );
    });
  });
}

function tailOf(file: string): string {
  try {
    return readFileSync(file, "utf8").trimEnd().split("\n").slice(-LOG_TAIL_LINES).join("\n");
  } catch {
    return "";
  }
}

/** Stops the server: lets commits finish, cuts connections. Forces it after half a minute. */
export async function stop(cluster: Cluster): Promise<void> {
  const found = readPidFile(cluster);
  if (found === null || !isOurs(cluster, found.pid)) return;
  for (const signal of ["SIGINT", "SIGQUIT"] as const) {
    kill(found.pid, signal);
    for (let waitedMs = 0; waitedMs < STOP_TIMEOUT_MS; waitedMs += READY_POLL_MS) {
      if (!isAlive(found.pid)) return;
      await pause(READY_POLL_MS);
    }
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already.
  }
}
