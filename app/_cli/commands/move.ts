import type { Database } from "#db";
import { placeMigration, populationsOf } from "#db/queries/migration";
import { strategyByKey, versionById } from "#db/queries/strategy";
import { issue } from "#engine/model/issue";
import { type MigrationPlan, MigrationPlanSchema } from "#engine/model/migration-plan";
import { checkMigration, moveOf, proposeMigration } from "#engine/run/migration";
import {
  type Answer,
  type Command,
  type CommandInput,
  flagInteger,
  flagText,
  ProblemsError,
  UsageError,
} from "../command";
import { withDatabase } from "../database";
import { readText } from "../files";

/** Whoever has the database has all roles; the audit says that it was done from here. */
const CLI_ACTOR = "actor_cli";
const REASON_MAX = 500;
const PLAN_BYTES_MAX = 4 * 1024 * 1024;
const VERSIONS_MAX = 1_000_000;

/** `due move <strategy key> --from <n> --to <n> --reason <why> [--plan <file>] [--dry-run]`: accounts in flight to another version. */
export const moveCommand: Command = {
  usage: "usage.move",
  options: {
    from: { type: "string" },
    to: { type: "string" },
    plan: { type: "string" },
    reason: { type: "string" },
    "dry-run": { type: "boolean" },
  },
  takes: 1,
  run: (input) => {
    const plan = planOf(input);
    const isDryRun = input.flags["dry-run"] === true;
    const reason = flagText(input, "reason")?.trim().slice(0, REASON_MAX) ?? "";
    if (!isDryRun && reason === "")
      throw new UsageError("usage.option-missing", "usage.option-missing", { option: "--reason" });
    return withDatabase((database) => move(database, input, { plan, reason, isDryRun }));
  },
};

type Asked = { readonly plan: MigrationPlan; readonly reason: string; readonly isDryRun: boolean };

async function move(database: Database, input: CommandInput, { plan, reason, isDryRun }: Asked): Promise<Answer> {
  const { words } = input;
  const { from, to } = await versionsOf(database, input);
  const wrong = checkMigration(from.program, to.program, plan);
  if (wrong.length > 0) throw new ProblemsError(flagText(input, "plan") ?? null, wrong);
  const { groups } = proposeMigration(from.program, to.program, await populationsOf(database.sql, from.id));
  const planned = groups.map((group) => ({ ...group, move: moveOf(plan, to.program, group.nodeId) }));
  const lines = planned.map(({ nodeId, accounts, held, contactOut, move: act }) =>
    words.say(`move.${act.act}`, {
      step: nodeId,
      accounts,
      waiting: held + contactOut,
      target: act.act === "move" ? act.to : act.act === "exit" ? act.reason : "",
    }),
  );
  const json = { ok: true, from: from.number, to: to.number, groups: planned.map((group) => ({ ...group })) };
  if (isDryRun) return { exit: 0, json: { ...json, id: null }, lines: [...lines, words.say("move.dry-run")] };
  const { strategyId, id: fromVersionId } = from;
  const placed = await placeMigration(database, {
    ...{ strategyId, fromVersionId, toVersionId: to.id, plan, reason },
    actorId: CLI_ACTOR,
  });
  if (!placed.ok) throw new ProblemsError(null, placed.error);
  return { exit: 0, json: { ...json, id: placed.value }, lines: [...lines, words.say("move.placed")] };
}

async function versionsOf({ sql }: Database, input: CommandInput) {
  const range = { minimum: 1, maximum: VERSIONS_MAX, fallback: null };
  const [key = ""] = input.positionals;
  const numbers = [flagInteger(input, "from", range), flagInteger(input, "to", range)];
  const strategy = await strategyByKey(sql, key);
  const [from, to] = await Promise.all(
    numbers.map(async (number) => {
      const found = strategy?.versions.find((version) => version.number === number);
      return found === undefined ? null : versionById(sql, found.id);
    }),
  );
  if (from === null || from === undefined || to === null || to === undefined)
    throw new ProblemsError(null, [issue("migration.version-unknown", {}, { key })]);
  if (from.id === to.id) throw new ProblemsError(null, [issue("migration.same-version")]);
  return { from, to };
}

/** Without a file: steps of one name, and whoever stands at a removed one stays. */
function planOf(input: CommandInput): MigrationPlan {
  const file = flagText(input, "plan");
  if (file === undefined) return { steps: {} };
  const read = parsed(readText(file, PLAN_BYTES_MAX));
  if (read.success) return read.data;
  const path = read.error.issues[0]?.path.join(".") ?? "";
  throw new ProblemsError(file, [issue("migration.plan-unreadable", { path })]);
}

function parsed(text: string) {
  try {
    return MigrationPlanSchema.safeParse(JSON.parse(text));
  } catch {
    return MigrationPlanSchema.safeParse(null);
  }
}
