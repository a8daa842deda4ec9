import type { PgDatabase } from "drizzle-orm/pg-core";
import { drizzle, type PostgresJsQueryResultHKT } from "drizzle-orm/postgres-js";
import postgres, { type ISql, type Sql } from "postgres";
import { guardClient, type Plain } from "./driver-guard";

/** A drizzle handle for ordinary reads. */
export type Drizzle = PgDatabase<PostgresJsQueryResultHKT, Record<string, never>>;

/** A connection or an open transaction: what a statement can be run on. */
export type Connection = ISql<Plain>;

/**
 * Two pools on one database, because `drizzle(client)` changes how its client reads and writes dates and JSON. `sql` is plain
 * postgres.js (timestamps are `Date`, bigint is a number); give it JSON as `${JSON.stringify(value)}::text::jsonb`, never
 * `::jsonb` alone, which stores a JSON string.
 */
export type Database = {
  readonly url: string;
  readonly db: Drizzle;
  readonly sql: Sql<Plain>;
  /** Queries and transactions of this process that wait for a free connection at this moment. */
  waiting(): number;
  close(): Promise<void>;
};

export type DatabaseOptions = {
  /** Connections for `sql`; drizzle gets half as many. */
  readonly connections?: number;
  /** Longest a statement may run, milliseconds. */
  readonly statementTimeoutMs?: number;
  /** Shows in pg_stat_activity. */
  readonly name?: string;
};

const CONNECTIONS_DEFAULT = 8;
const STATEMENT_TIMEOUT_DEFAULT_MS = 30_000;
/** The server's own timeout speaks first; ours is for queries the driver has lost. */
const DEADLINE_MARGIN_MS = 5_000;
/** An open transaction keeps old rows alive and slows every claim down (measured); nobody may sleep in one. */
const IDLE_IN_TRANSACTION_MS = 60_000;
/**
 * A plan kept for later is made for ten rows and a table as large as it was: it then reads whole tables that have grown since, and
 * looks for each row in a thousand ids one by one. Planning anew costs a batch nothing (measured: a fifth of the server's time of a step).
 */
const PLAN_CACHE_MODE = "force_custom_plan";
const CLOSE_TIMEOUT_SECONDS = 5;
const BIGINT_OID = 20;

/** Opens a database. Connects lazily: a wrong address shows at the first query. Close it, or the process will not end. */
export function openDatabase(url: string, options: DatabaseOptions = {}): Database {
  const connections = options.connections ?? CONNECTIONS_DEFAULT;
  const plain = connect(url, options, connections);
  const forDrizzle = connect(url, options, Math.max(1, Math.floor(connections / 2)));
  return {
    url,
    db: drizzle({ client: forDrizzle.guarded }),
    sql: plain.guarded,
    waiting: () => plain.waiting() + forDrizzle.waiting(),
    close: async () => {
      await Promise.all([plain, forDrizzle].map(({ client }) => client.end({ timeout: CLOSE_TIMEOUT_SECONDS })));
    },
  };
}

function connect(url: string, options: DatabaseOptions, max: number) {
  const statementTimeoutMs = options.statementTimeoutMs ?? STATEMENT_TIMEOUT_DEFAULT_MS;
  const client: Sql<Plain> = postgres(url, {
    max,
    connect_timeout: 10,
    idle_timeout: 60,
    onnotice: () => undefined,
    connection: {
      application_name: options.name ?? "duecourse",
      statement_timeout: statementTimeoutMs,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
      plan_cache_mode: PLAN_CACHE_MODE,
    },
  });
  client.options.parsers[BIGINT_OID] = Number;
  const pool = { asking: 0 };
  return {
    client,
    guarded: guardClient(client, statementTimeoutMs + DEADLINE_MARGIN_MS, pool),
    waiting: () => Math.max(0, pool.asking - max),
  };
}

/**
 * Runs `work` in one transaction and returns what it returns; rolls back when it throws. Throws TransactionLostError when the
 * connection died, and then it is unknown only whether a COMMIT that was already sent took effect.
 */
export async function inTransaction<TResult>(
  database: Database,
  work: (connection: Connection) => Promise<TResult>,
): Promise<TResult> {
  return (await database.sql.begin((transaction) => work(transaction))) as TResult;
}
