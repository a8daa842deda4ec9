import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";

/** Key of the advisory lock; `migrate()` itself takes none, and two at once fail half-way. */
const MIGRATION_LOCK = 7_263_001;
/** How long another process's migration is waited for. */
const LOCK_TIMEOUT_MS = 10 * 60_000;

export const MIGRATIONS_FOLDER = join(dirname(fileURLToPath(import.meta.url)), "migrations");

/** Brings a database to the present schema. Any number of processes may call it at once; one works, the others wait for it. */
export async function migrateDatabase(url: string, migrationsFolder = MIGRATIONS_FOLDER): Promise<void> {
  const lock = postgres(url, { max: 1, onnotice: () => undefined, connection: { lock_timeout: LOCK_TIMEOUT_MS } });
  const work = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    await lock`select pg_advisory_lock(${MIGRATION_LOCK})`;
    await migrate(drizzle({ client: work }), { migrationsFolder });
    await work`
      insert into engine_clock (id, mode, ratio, anchor_real, anchor_virtual) values (1, 'real', 1, now(), now())
      on conflict (id) do nothing`;
  } finally {
    // Ending the session gives the lock back.
    await Promise.all([work.end({ timeout: 5 }), lock.end({ timeout: 5 })]);
  }
}
