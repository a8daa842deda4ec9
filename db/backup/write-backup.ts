import { createWriteStream } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import postgres, { type Sql, type TransactionSql } from "postgres";
import { type Issue, issue } from "#engine/model/issue";
import { err, ok, type Result } from "#engine/model/result";
import { readClock } from "../queries/clock";
import { BACKUP_FORMAT, type BackedUpTable, fileOf, MANIFEST_FILE, type Manifest, NOT_BACKED_UP } from "./manifest";
import { measured } from "./measured";

/** Backups hold personal data: nobody but whoever made them may read them. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

type Reader = TransactionSql<Record<string, never>>;

/** A connection of its own, without deadlines: a table may take minutes. */
export function backupConnection(url: string): Sql<Record<string, never>> {
  return postgres(url, {
    max: 1,
    onnotice: () => undefined,
    connection: { application_name: "duecourse-backup", statement_timeout: 0, idle_in_transaction_session_timeout: 0 },
  });
}

/**
 * Writes every row of the database into a folder, as of one moment (one repeatable-read snapshot), while everybody works on. One
 * packed COPY file a table; the manifest with counts and hashes comes last. The snapshot keeps old rows alive while it runs. Issue:
 * `backup.not-empty`.
 */
export async function writeBackup(url: string, folder: string): Promise<Result<Manifest, readonly Issue[]>> {
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  if ((await readdir(folder)).length > 0) return err([issue("backup.not-empty", {}, { folder })]);
  const sql = backupConnection(url);
  try {
    const manifest = await sql.begin("isolation level repeatable read read only", (reader) => copyAll(reader, folder));
    await writeFile(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`, { mode: FILE_MODE });
    return ok(manifest);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function copyAll(reader: Reader, folder: string): Promise<Manifest> {
  const { nowMs, realNowMs } = await readClock(reader);
  const [newest] = await reader<{ at: string }[]>`select max(created_at)::text as at from drizzle.__drizzle_migrations`;
  const tables: BackedUpTable[] = [];
  for (const name of await tablesOf(reader)) {
    if (!NOT_BACKED_UP.includes(name)) tables.push(await copyTable(reader, name, folder));
  }
  return {
    format: BACKUP_FORMAT,
    takenAt: new Date(realNowMs).toISOString(),
    engineAt: new Date(nowMs).toISOString(),
    migration: Number(newest?.at ?? 0),
    tables,
    sequences: await sequencesOf(reader),
    partitions: await partitionsOf(reader),
  };
}

/** Tables by name; of a partitioned one the whole. */
export async function tablesOf(connection: Reader | Sql<Record<string, never>>): Promise<readonly string[]> {
  const rows = await connection<{ name: string }[]>`
    select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition order by 1`;
  return rows.map(({ name }) => name);
}

async function copyTable(reader: Reader, name: string, folder: string): Promise<BackedUpTable> {
  const rows = await reader<{ name: string }[]>`
    select attname as name from pg_attribute where attrelid = ${name}::regclass and attnum > 0 and not attisdropped
      and attgenerated = '' order by attnum`;
  const columns = rows.map((row) => row.name);
  const list = columns.map((column) => `"${column}"`).join(", ");
  const source = await reader.unsafe(`copy (select ${list} from "${name}") to stdout`).readable();
  const measure = measured();
  const file = createWriteStream(join(folder, fileOf(name)), { mode: FILE_MODE });
  await pipeline(source, measure.through, createGzip(), file);
  // The driver stops its socket while the stream is full. One that was full when its end came is not read again, and the socket
  // would stay stopped for the next query (postgres 3.4.9): reading once more starts it.
  source._read(0);
  return { name, columns, ...measure.done() };
}

async function sequencesOf(reader: Reader): Promise<Manifest["sequences"]> {
  const names = await reader<{ name: string }[]>`
    select sequencename as name from pg_sequences where schemaname = 'public' order by 1`;
  const sequences: Manifest["sequences"] = [];
  for (const { name } of names) {
    const [row] = await reader.unsafe<{ value: string; called: boolean }[]>(
      `select last_value::text as value, is_called as called from "${name}"`,
    );
    if (row !== undefined) sequences.push({ name, value: Number(row.value), called: row.called });
  }
  return sequences;
}

async function partitionsOf(reader: Reader): Promise<Manifest["partitions"]> {
  // Bounds are written in the session's zone; one zone, so that they can be read anywhere.
  await reader`set local time zone 'UTC'`;
  return reader<Manifest["partitions"]>`
    select p.relname as parent, c.relname as name, pg_get_expr(c.relpartbound, c.oid) as bound
    from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
    where c.relispartition and c.relkind = 'r' and pg_get_expr(c.relpartbound, c.oid) <> 'DEFAULT' order by 1, 2`;
}
