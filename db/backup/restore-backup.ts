import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { Sql, TransactionSql } from "postgres";
import type { ActorId } from "#engine/model/ids";
import { type Issue, issue } from "#engine/model/issue";
import { err, ok, type Result } from "#engine/model/result";
import { migrateDatabase } from "../migrate";
import { beginRecovery } from "../queries/recovery";
import { BACKUP_FORMAT, type BackedUpTable, fileOf, MANIFEST_FILE, type Manifest, ManifestSchema } from "./manifest";
import { measured } from "./measured";
import { migrateUpTo } from "./migrate-up-to";
import { backupConnection, tablesOf } from "./write-backup";

type Writer = TransactionSql<Record<string, never>>;

/** Rows every migrated database has before anybody has used it. */
const ALWAYS_THERE: readonly string[] = ["engine_clock"];

/**
 * Puts a backup into an empty database, whole or not at all, and begins the time after a restore in the same commit: no worker ever
 * sees the rows without it. An older backup gets the schema it had and is then migrated. Issues: `backup.unreadable`, `backup.newer`,
 * `backup.damaged`, `restore.not-empty`, `restore.schema-differs`.
 */
export async function restoreBackup(
  url: string,
  folder: string,
  actorId: ActorId,
): Promise<Result<Manifest, readonly Issue[]>> {
  const read = await readManifest(folder);
  if (!read.ok) return read;
  const manifest = read.value;
  // Before anything is written: the driver never hears of a COPY that breaks off in the middle.
  const damaged = await damagedFile(manifest, folder);
  if (damaged !== null) return err([issue("backup.damaged", {}, { file: damaged })]);
  const sql = backupConnection(url);
  try {
    const refused = await prepare(sql, url, manifest);
    if (refused !== null) return err([refused]);
    await sql.begin(async (writer) => {
      await load(writer, manifest, folder);
      const backupEngineMs = Date.parse(manifest.engineAt);
      await beginRecovery(writer, { backupEngineMs, backupAtMs: Date.parse(manifest.takenAt), actorId });
    });
  } finally {
    await sql.end({ timeout: 5 });
  }
  await migrateDatabase(url);
  return ok(manifest);
}

async function readManifest(folder: string): Promise<Result<Manifest, readonly Issue[]>> {
  const unreadable = err([issue("backup.unreadable", {}, { file: MANIFEST_FILE })]);
  const text = await readFile(join(folder, MANIFEST_FILE), "utf8").catch(() => null);
  if (text === null) return unreadable;
  try {
    const json: unknown = JSON.parse(text);
    const format = typeof json === "object" && json !== null && "format" in json ? json.format : null;
    if (typeof format === "number" && format > BACKUP_FORMAT) return err([issue("backup.newer")]);
    const parsed = ManifestSchema.safeParse(json);
    return parsed.success ? ok(parsed.data) : unreadable;
  } catch {
    return unreadable;
  }
}

/** The first file that is missing or not what the manifest says; null = all are sound. */
async function damagedFile({ tables }: Manifest, folder: string): Promise<string | null> {
  for (const { name, rows, sha256 } of tables) {
    const file = fileOf(name);
    const measure = measured();
    try {
      const nowhere = new Writable({ write: (_chunk, _encoding, next) => next() });
      await pipeline(createReadStream(join(folder, file)), createGunzip(), measure.through, nowhere);
    } catch {
      return file;
    }
    const found = measure.done();
    if (found.rows !== rows || found.sha256 !== sha256) return file;
  }
  return null;
}

/** The schema of the backup on a database nobody has used; otherwise what is in the way. */
async function prepare(sql: Sql<Record<string, never>>, url: string, manifest: Manifest): Promise<Issue | null> {
  const [found] = await sql<{ migrated: boolean }[]>`
    select to_regclass('drizzle.__drizzle_migrations') is not null as migrated`;
  if (found?.migrated !== true) {
    const known = await migrateUpTo(url, manifest.migration);
    if (!known) return issue("backup.newer");
  }
  const [newest] = await sql<
    { at: string | null }[]
  >`select max(created_at)::text as at from drizzle.__drizzle_migrations`;
  if (Number(newest?.at ?? 0) !== manifest.migration) return issue("restore.schema-differs");
  for (const table of await tablesOf(sql)) {
    if (ALWAYS_THERE.includes(table)) continue;
    const rows = await sql.unsafe(`select 1 from "${table}" limit 1`);
    if (rows.length > 0) return issue("restore.not-empty", {}, { table });
  }
  return null;
}

async function load(writer: Writer, manifest: Manifest, folder: string): Promise<void> {
  for (const table of ALWAYS_THERE) await writer.unsafe(`delete from "${table}"`);
  for (const { parent, name, bound } of manifest.partitions) {
    await writer`set local time zone 'UTC'`;
    await writer.unsafe(`create table if not exists "${name}" partition of "${parent}" ${bound}`);
  }
  const byName = new Map(manifest.tables.map((table) => [table.name, table]));
  for (const name of await inOrderOfReference(writer, [...byName.keys()])) {
    const table = byName.get(name);
    if (table !== undefined) await loadTable(writer, table, folder);
  }
  for (const { name, value, called } of manifest.sequences) {
    await writer`select setval(${name}::regclass, ${value}::bigint, ${called})`;
  }
}

async function loadTable(writer: Writer, table: BackedUpTable, folder: string): Promise<void> {
  const { name, columns } = table;
  const list = columns.map((column) => `"${column}"`).join(", ");
  const target = await writer.unsafe(`copy "${name}" (${list}) from stdin`).writable();
  await pipeline(createReadStream(join(folder, fileOf(name))), createGunzip(), target);
}

/** Tables that others point to come first. Tables do not point to each other in circles here; one that did would fail to load. */
async function inOrderOfReference(writer: Writer, names: readonly string[]): Promise<readonly string[]> {
  const references = await writer<{ from: string; to: string }[]>`
    select f.relname as from, t.relname as to from pg_constraint k join pg_class f on f.oid = k.conrelid
    join pg_class t on t.oid = k.confrelid where k.contype = 'f' and k.conparentid = 0 and k.conrelid <> k.confrelid`;
  const ordered = new Set<string>();
  const visit = (name: string, above: readonly string[]): void => {
    if (ordered.has(name) || above.includes(name)) return;
    for (const { from, to } of references) if (from === name) visit(to, [...above, name]);
    if (names.includes(name)) ordered.add(name);
  };
  for (const name of names) visit(name, []);
  return [...ordered];
}
