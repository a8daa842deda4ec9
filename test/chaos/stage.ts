import { mkdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { type Database, openDatabase } from "#db";
import { startEmbedded } from "#db/embedded/start-embedded";
import { migrateDatabase } from "#db/migrate";
import { runtimeOn } from "../../app/_server/worker-runtime";
import { bundle, snapshot } from "./bundle";
import {
  nothingSaid,
  type Said,
  type Starter,
  startCallbacks,
  startProvider,
  takeReport,
  workerStarter,
} from "./house";
import { type Mutation, mutating } from "./mutations";

const FOLDER = ".cache/chaos";
const CLUSTER = ".cache/chaos-postgres";
export const LEASE_SECONDS = 6;

/** Everything a run happens on: a database of its own, a provider nobody kills, and a way to start workers. */
export type Stage = {
  readonly database: Database;
  /** Where the server's data lies. */
  readonly cluster: string;
  readonly start: Starter;
  readonly said: Said;
  /** File the provider writes its history to. */
  readonly history: string;
};

/** Puts the stage up, and takes it down whatever happens on it. */
export async function onStage<TResult>(
  { seed, mutation }: { readonly seed: number; readonly mutation?: Mutation | null },
  play: (stage: Stage) => Promise<TResult>,
): Promise<TResult> {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const workerArgs = await snapshot("test/chaos/worker.ts", {
    folder: resolve(FOLDER),
    plugins: mutation ? [mutating(mutation)] : [],
  });
  const providerFile = await bundle("test/chaos/provider.ts", resolve(FOLDER, "provider.mjs"));
  const server = await startEmbedded(CLUSTER);
  try {
    const url = await freshDatabase(server.url);
    const database = openDatabase(url, { connections: 6, name: "chaos-supervisor", statementTimeoutMs: 60_000 });
    const history = resolve(FOLDER, "history.ndjson");
    const inbox = runtimeOn(database, { alarm: () => undefined }).inbox;
    const callbacks = await startCallbacks((body) => takeReport({ database, inbox }, body));
    const provider = await startProvider(providerFile, {
      ...{ CHAOS_SEED: String(seed), CHAOS_HISTORY: history, CHAOS_CALLBACK: callbacks.url },
    });
    const environment = {
      ...{ DATABASE_URL: url, CHAOS_PROVIDER: provider.url, CHAOS_LEASE_SECONDS: String(LEASE_SECONDS) },
    };
    const said = nothingSaid();
    const start = workerStarter(workerArgs, environment, said);
    try {
      return await play({ database, cluster: CLUSTER, start, said, history });
    } finally {
      provider.stop();
      callbacks.server.closeAllConnections();
      callbacks.server.close();
      await database.close();
    }
  } finally {
    await server.stop();
  }
}

async function freshDatabase(adminUrl: string): Promise<string> {
  const admin = openDatabase(adminUrl, { connections: 2 });
  await admin.sql.unsafe("drop database if exists chaos with (force)");
  await admin.sql.unsafe("create database chaos");
  await admin.close();
  const url = new URL(adminUrl);
  url.pathname = "/chaos";
  await migrateDatabase(url.href);
  return url.href;
}
