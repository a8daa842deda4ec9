import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import postgres from "postgres";
import { isReachableByOthers, systemUser } from "./account";
import { copyBinaries, shippedBinaries } from "./binaries";
import { type Cluster, databaseUrl, initialise, isInitialised, runningPort, start, stop } from "./server";
import { countUsers, signIn, signOut, withLock } from "./users";

/** A Postgres out of npm, shared by every process that works in the same data directory. */
export type Embedded = {
  /** Address of the `duecourse` database, with its password. */
  readonly url: string;
  /** It was running already, started by another process or left by one that was killed. */
  readonly reused: boolean;
  /** Signs this process out; the last one stops the server. */
  stop(): Promise<void>;
};

export type EmbeddedOptions = {
  /** No fsync: for tests whose data may be lost. */
  readonly disposable?: boolean;
};

const DATABASE = "duecourse";
/** Where root keeps the cluster when the account Postgres runs as cannot reach the data directory (below /root, say). */
const SYSTEM_HOME = "/var/lib/duecourse";

/**
 * Starts the embedded Postgres of a data directory, or joins the one that runs there. The first start makes the cluster (about
 * a second). Throws NoBinariesError, NoSystemUserError or EmbeddedStartError; all carry a `code`.
 */
export async function startEmbedded(dataDirectory: string, options: EmbeddedOptions = {}): Promise<Embedded> {
  const directory = resolve(dataDirectory);
  return withLock(directory, async () => {
    const cluster = locate(directory, options.disposable ?? false);
    if (!isInitialised(cluster)) await initialise(cluster);
    countUsers(directory);
    const running = await runningPort(cluster);
    const port = running ?? (await start(cluster));
    const user = signIn(directory);
    await createDatabase(databaseUrl(cluster, port, "postgres"));
    return {
      url: databaseUrl(cluster, port, DATABASE),
      reused: running !== null,
      stop: () => leave(directory, cluster, user),
    };
  });
}

async function leave(directory: string, cluster: Cluster, user: string): Promise<void> {
  await withLock(directory, async () => {
    signOut(directory, user);
    if (countUsers(directory) === 0) await stop(cluster);
  });
}

/** Binaries, place and account. Deleting the data directory starts over, also where the cluster had to lie elsewhere. */
function locate(directory: string, disposable: boolean): Cluster {
  mkdirSync(directory, { recursive: true });
  const user = systemUser();
  const shipped = shippedBinaries();
  const place = join(directory, "postgres");
  const logFile = join(directory, "postgres.log");
  const reachable = user.uid === undefined || (isReachableByOthers(directory) && isReachableByOthers(shipped.home));
  if (reachable) return { directory: place, logFile, binaries: shipped, user, disposable };
  const home = join(SYSTEM_HOME, createHash("sha256").update(directory).digest("hex").slice(0, 12));
  const elsewhere = join(home, "postgres");
  if (!existsSync(place)) {
    rmSync(elsewhere, { recursive: true, force: true });
    mkdirSync(elsewhere, { recursive: true });
    rmSync(place, { force: true });
    symlinkSync(elsewhere, place);
  }
  const version = createHash("sha256").update(readFileSync(shipped.initdb)).digest("hex").slice(0, 12);
  const binaries = copyBinaries(shipped, join(SYSTEM_HOME, `native-${version}`));
  return { directory: realpathSync(place), logFile, binaries, user, disposable };
}

async function createDatabase(adminUrl: string): Promise<void> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  try {
    const found = await sql`select 1 from pg_database where datname = ${DATABASE}`;
    if (found.length === 0) await sql.unsafe(`create database ${DATABASE}`);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
