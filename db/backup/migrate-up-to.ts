import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { MIGRATIONS_FOLDER, migrateDatabase } from "../migrate";

const JournalSchema = z.looseObject({ entries: z.array(z.looseObject({ when: z.number() })) });

/**
 * Brings a database to the schema it had after one migration, named by the journal's date of it. False = this code does not know
 * that migration: a newer version made it.
 */
export async function migrateUpTo(url: string, migration: number): Promise<boolean> {
  const journal = JournalSchema.parse(
    JSON.parse(readFileSync(join(MIGRATIONS_FOLDER, "meta", "_journal.json"), "utf8")),
  );
  if (!journal.entries.some(({ when }) => when === migration)) return false;
  // The migrator runs everything a folder's journal names, so it is given one that ends earlier.
  const folder = mkdtempSync(join(tmpdir(), "duecourse-migrations-"));
  try {
    cpSync(MIGRATIONS_FOLDER, folder, { recursive: true });
    const entries = journal.entries.filter(({ when }) => when <= migration);
    writeFileSync(join(folder, "meta", "_journal.json"), JSON.stringify({ ...journal, entries }));
    await migrateDatabase(url, folder);
    return true;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
