import { migrateDatabase } from "#db/migrate";
import type { Command } from "../command";
import { withDatabaseUrl } from "../database";

/** `due migrate`: brings the database to the present schema. */
export const migrate: Command = {
  usage: "usage.migrate",
  options: {},
  takes: 0,
  run: async ({ words }) => {
    await withDatabaseUrl(migrateDatabase);
    return { exit: 0, json: { ok: true }, lines: [words.say("migrate.done")] };
  },
};
