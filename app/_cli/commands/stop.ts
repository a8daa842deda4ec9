import type { Connection } from "#db";
import { liftStop, placeStop } from "#db/queries/stop";
import { strategyByKey } from "#db/queries/strategy";
import { type StopScope, StopScopeSchema } from "#engine/model/stop";
import { type Command, type CommandInput, flagText, ProblemsError, UsageError } from "../command";
import { withDatabase } from "../database";

/** Whoever has the database has all roles; the audit says that it was done from here. */
const CLI_ACTOR = "actor_cli";
const REASON_MAX = 500;

const OPTIONS = { reason: { type: "string" } } as const;

/** `due pause|stop <everything | strategy:key | version:id | channel:name> --reason <why>` */
function placing(kind: "pause" | "stop"): Command {
  return {
    usage: `usage.${kind}`,
    options: OPTIONS,
    takes: 1,
    run: (input) =>
      withDatabase(async (database) => {
        const about = await scopeOf(database.sql, input);
        const placed = await placeStop(database, { ...about, kind, reason: reasonOf(input), actorId: CLI_ACTOR });
        if (!placed.ok) throw new ProblemsError(null, placed.error);
        return {
          exit: 0,
          json: { ok: true, id: placed.value, kind, ...about },
          lines: [input.words.say(`${kind}.done`)],
        };
      }),
  };
}

export const pauseCommand = placing("pause");
export const stopCommand = placing("stop");

/** `due resume <what> --reason <why>`: lifts a pause or a stop. */
export const resumeCommand: Command = {
  usage: "usage.resume",
  options: OPTIONS,
  takes: 1,
  run: (input) =>
    withDatabase(async (database) => {
      const about = await scopeOf(database.sql, input);
      const lifted = await liftStop(database, { ...about, reason: reasonOf(input), actorId: CLI_ACTOR });
      if (!lifted.ok) throw new ProblemsError(null, lifted.error);
      return { exit: 0, json: { ok: true, ...about }, lines: [input.words.say("resume.done")] };
    }),
};

function reasonOf(input: CommandInput): string {
  const reason = flagText(input, "reason")?.trim() ?? "";
  if (reason === "") throw new UsageError("usage.option-missing", "usage.option-missing", { option: "--reason" });
  return reason.slice(0, REASON_MAX);
}

async function scopeOf(connection: Connection, { positionals }: CommandInput): Promise<StopScope> {
  const [word = ""] = positionals;
  const at = word.indexOf(":");
  const scope = at < 0 ? word : word.slice(0, at);
  const named = at < 0 ? "" : word.slice(at + 1);
  const strategy = scope === "strategy" ? await strategyByKey(connection, named) : null;
  const read = StopScopeSchema.safeParse({ scope, subject: strategy?.id ?? named });
  if (!read.success) throw new UsageError("stop.scope", "stop.scope", { found: word.slice(0, 60) });
  return read.data;
}
