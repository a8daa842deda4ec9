import { createHash, randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { type Database, openDatabase } from "./client";
import { birthOf, isAlive } from "./embedded/processes";
import { startEmbedded } from "./embedded/start-embedded";
import { MIGRATIONS_FOLDER, migrateDatabase } from "./migrate";

/** An empty database of its own for one test file, with the present schema. Drop it in `afterAll`. */
export type TestDatabase = {
  readonly database: Database;
  readonly url: string;
  drop(): Promise<void>;
};

/** Where throw-away clusters lie; the folder is ignored by git and may be deleted at any time. */
const TEST_DIRECTORY = ".cache/postgres";
const TEMPLATE_LOCK = 7_263_002;

/** Clones the migrated template, which is made once per schema. Starts the shared test server when nobody has yet. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const server = await startEmbedded(TEST_DIRECTORY, { disposable: true });
  const admin = postgres(server.url, { max: 1, onnotice: () => undefined });
  const name = `test_${process.pid}_${birthOf(process.pid)}_${randomBytes(4).toString("hex")}`;
  try {
    await admin`select pg_advisory_lock(${TEMPLATE_LOCK})`;
    const template = await ensureTemplate(admin, server.url);
    await admin.unsafe(`create database ${name} template ${template}`);
  } finally {
    await admin.end({ timeout: 5 });
  }
  const url = withDatabase(server.url, name);
  const database = openDatabase(url, { name: "test" });
  return {
    database,
    url,
    drop: async () => {
      await database.close();
      const dropper = postgres(server.url, { max: 1, onnotice: () => undefined });
      await dropper.unsafe(`drop database if exists ${name} with (force)`);
      await dropper.end({ timeout: 5 });
      await server.stop();
    },
  };
}

async function ensureTemplate(admin: postgres.Sql, url: string): Promise<string> {
  await dropLeftOvers(admin);
  const template = `template_${schemaHash()}`;
  const found = await admin`select 1 from pg_database where datname = ${template}`;
  if (found.length > 0) return template;
  const half = `${template}_half`;
  await admin.unsafe(`drop database if exists ${half} with (force)`);
  await admin.unsafe(`create database ${half}`);
  await migrateDatabase(withDatabase(url, half));
  await admin.unsafe(`alter database ${half} rename to ${template}`);
  return template;
}

/** Databases of test runs that were killed. */
async function dropLeftOvers(admin: postgres.Sql): Promise<void> {
  const databases = await admin<
    { name: string }[]
  >`select datname as name from pg_database where datname like 'test\\_%'`;
  for (const { name } of databases) {
    const [, pid, birth] = name.split("_");
    if (!isAlive(Number(pid)) || birthOf(Number(pid)) !== birth)
      await admin.unsafe(`drop database if exists ${name} with (force)`);
  }
}

function schemaHash(): string {
  const hash = createHash("sha256");
  for (const file of readdirSync(MIGRATIONS_FOLDER)
    .filter((name) => name.endsWith(".sql"))
    .sort()) {
    hash.update(readFileSync(join(MIGRATIONS_FOLDER, file)));
  }
  return hash.digest("hex").slice(0, 12);
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
