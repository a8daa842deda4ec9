import { inTransaction } from "#db";
import { restoreBackup } from "#db/backup/restore-backup";
import { writeBackup } from "#db/backup/write-backup";
import { beginRecovery, liftRecovery, readRecovery } from "#db/queries/recovery";
import type { Issue } from "#engine/model/issue";
import { type Answer, type Command, type CommandInput, flagText, ProblemsError, UsageError } from "../command";
import { withDatabase, withDatabaseUrl } from "../database";

/** Whoever has the database has all roles; the audit says that it was done from here. */
const CLI_ACTOR = "actor_cli";
const REASON_MAX = 500;

const fail = (issues: readonly Issue[]): never => {
  throw new ProblemsError(null, issues);
};

/** `due backup --to <folder>`: every row as of one moment, while everybody works on. */
export const backup: Command = {
  usage: "usage.backup",
  options: { to: { type: "string" } },
  takes: 0,
  run: (input) =>
    withDatabaseUrl(async (url) => {
      const folder = flagText(input, "to") ?? missing("--to");
      const written = await writeBackup(url, folder);
      if (!written.ok) return fail(written.error);
      const { takenAt, tables } = written.value;
      const rows = tables.reduce((sum, table) => sum + table.rows, 0);
      return {
        exit: 0,
        json: { ok: true, folder, takenAt, tables: tables.length, rows },
        lines: [input.words.say("backup.done", { folder, rows, tables: tables.length })],
      };
    }),
};

/**
 * `due restore --from <folder>` into an empty database; `--begin --as-of <instant>` where another tool has restored it; `--lift
 * --reason <why> [--anyway]` when everything is found out; alone it says what is left to find out. Exit 1 while something is.
 */
export const restore: Command = {
  usage: "usage.restore",
  options: {
    from: { type: "string" },
    begin: { type: "boolean" },
    "as-of": { type: "string" },
    lift: { type: "boolean" },
    reason: { type: "string" },
    anyway: { type: "boolean" },
  },
  takes: 0,
  run: (input) => {
    const from = flagText(input, "from");
    if (from !== undefined) return restoreFrom(input, from);
    if (input.flags.begin === true) return begin(input);
    return input.flags.lift === true ? lift(input) : standing(input);
  },
};

function missing(option: string): never {
  throw new UsageError("usage.option-missing", "usage.option-missing", { option });
}

function restoreFrom({ words }: CommandInput, folder: string): Promise<Answer> {
  return withDatabaseUrl(async (url) => {
    const restored = await restoreBackup(url, folder, CLI_ACTOR);
    if (!restored.ok) return fail(restored.error);
    const { takenAt, tables } = restored.value;
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    const lines = [words.say("restore.done", { rows, takenAt }), words.say("restore.next")];
    return { exit: 0, json: { ok: true, takenAt, rows }, lines };
  });
}

/** Engine time and real time are one in production; a demo clock's backups know both. */
function begin(input: CommandInput): Promise<Answer> {
  const asOf = flagText(input, "as-of") ?? missing("--as-of");
  const backupAtMs = Date.parse(asOf);
  if (!Number.isFinite(backupAtMs) || backupAtMs > Date.now()) {
    throw new UsageError("restore.as-of", "restore.as-of", { found: asOf.slice(0, 40) });
  }
  return withDatabase(async (database) => {
    await inTransaction(database, (connection) =>
      beginRecovery(connection, { backupEngineMs: backupAtMs, backupAtMs, actorId: CLI_ACTOR }),
    );
    return { exit: 0, json: { ok: true }, lines: [input.words.say("restore.next")] };
  });
}

function lift(input: CommandInput): Promise<Answer> {
  const reason = flagText(input, "reason")?.trim() ?? "";
  if (reason === "") missing("--reason");
  return withDatabase(async (database) => {
    const anyway = input.flags.anyway === true;
    const lifted = await liftRecovery(database, { reason: reason.slice(0, REASON_MAX), anyway, actorId: CLI_ACTOR });
    if (!lifted.ok) return fail(lifted.error);
    return { exit: 0, json: { ok: true }, lines: [input.words.say("restore.lifted")] };
  });
}

function standing({ words }: CommandInput): Promise<Answer> {
  return withDatabase(async (database) => {
    const found = await readRecovery(database.sql);
    if (found === null) return { exit: 0, json: { recovery: null }, lines: [words.say("restore.none")] };
    const { asking, forPeople, behind, coveredFromMs, done } = found;
    const coveredFrom = new Date(coveredFromMs).toISOString();
    const recovery = { asking, forPeople, behind, coveredFrom, done };
    return {
      exit: done ? 0 : 1,
      json: { recovery },
      lines: [words.say(done ? "restore.can-lift" : "restore.left", { asking, forPeople, behind, coveredFrom })],
    };
  });
}
