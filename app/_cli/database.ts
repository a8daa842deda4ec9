import { type Database, openDatabase } from "#db";
import { startEmbedded } from "#db/embedded/start-embedded";
import { migrateDatabase } from "#db/migrate";
import { dataDirectory, givenDatabaseUrl } from "../_server/env";

/** The database of this house, brought to the present schema, for the length of one piece of work. */
export async function withDatabase<TResult>(work: (database: Database) => Promise<TResult>): Promise<TResult> {
  return withDatabaseUrl(async (url) => {
    await migrateDatabase(url);
    const database = openDatabase(url, { name: "duecourse-cli", connections: 2 });
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  });
}

/** Address of DATABASE_URL, or of the embedded database, which is started when it does not run yet and left as it was found. */
export async function withDatabaseUrl<TResult>(work: (url: string) => Promise<TResult>): Promise<TResult> {
  const given = givenDatabaseUrl();
  if (given !== null) return work(given);
  const embedded = await startEmbedded(dataDirectory());
  try {
    return await work(embedded.url);
  } finally {
    await embedded.stop();
  }
}
