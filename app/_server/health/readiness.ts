import { readFileSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Database } from "#db";
import { MIGRATIONS_FOLDER } from "#db/migrate";
import { dataDirectory, givenDatabaseUrl } from "../env";

/** Why a process may not be given work. */
export type NotReady =
  | "database-unreachable"
  | "database-read-only"
  | "schema-differs"
  | "disk-full"
  | "engine-stalled";

/** Ready = no reasons. */
export type Readiness = { readonly reasons: readonly NotReady[] };

/** Below this share of free room Postgres is about to stop on its own. */
const DISK_FREE_LEAST = 0.05;

const JournalSchema = z.object({ entries: z.array(z.object({ when: z.number() })).min(1) });

let newestMigrationMs: number | null = null;

/** When the newest migration this code knows was made; what the database must have seen last. */
function newestMigration(): number {
  if (newestMigrationMs === null) {
    const journal = JSON.parse(readFileSync(join(MIGRATIONS_FOLDER, "meta", "_journal.json"), "utf8"));
    newestMigrationMs = Math.max(...JournalSchema.parse(journal).entries.map(({ when }) => when));
  }
  return newestMigrationMs;
}

/** Writes a row over itself: a full disk or a standby shows here and nowhere else. */
async function databaseReasons({ sql }: Database): Promise<readonly NotReady[]> {
  try {
    const [seen] = await sql<{ newest: number }[]>`
      select max(created_at)::float8 as newest from drizzle.__drizzle_migrations`;
    const known = newestMigration();
    // A database ahead of this code is one that a newer version migrated: it works, until its columns are missed.
    const differs: readonly NotReady[] = (seen?.newest ?? 0) < known ? ["schema-differs"] : [];
    try {
      await sql`update engine_clock set id = id where id = 1`;
      return differs;
    } catch {
      return [...differs, "database-read-only"];
    }
  } catch {
    return ["database-unreachable"];
  }
}

/** Only where the database lies on this machine's disk; another server minds its own. */
async function diskReasons(): Promise<readonly NotReady[]> {
  if (givenDatabaseUrl() !== null && process.env.DUECOURSE_DATA_DIR === undefined) return [];
  const disk = await statfs(dataDirectory()).catch(() => null);
  return disk !== null && disk.bavail / disk.blocks < DISK_FREE_LEAST ? ["disk-full"] : [];
}

/** May this process be given work? Never rejects. */
export async function readinessOf(database: Database): Promise<Readiness> {
  const [ofDatabase, ofDisk] = await Promise.all([databaseReasons(database), diskReasons()]);
  return { reasons: [...ofDatabase, ...ofDisk] };
}

/** The answer of `/readyz`: 200, or 503 with the reasons. */
export function readinessResponse({ reasons }: Readiness): { readonly status: 200 | 503; readonly body: string } {
  const ready = reasons.length === 0;
  return { status: ready ? 200 : 503, body: JSON.stringify({ status: ready ? "ready" : "not-ready", reasons }) };
}
