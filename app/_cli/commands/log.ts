import type { Database } from "#db";
import { readClock } from "#db/queries/clock";
import { rulePacksInUse } from "#db/queries/strategy";
import { dropLogBefore, logMonthsBefore } from "#db/stores/log-partitions";
import { askToDelete } from "#engine/contact/act";
import { layeredPack } from "#engine/policy/link";
import { packOf } from "../../_server/compose-packs";
import { type Command, flagText, UsageError } from "../command";
import { withDatabase } from "../database";

/**
 * Months that are kept whatever is asked: an explanation may be wanted as long as a complaint may come, and nobody drops this year's
 * log by a slip of the finger. The rules on retention of the packs in use keep them longer.
 */
const MONTHS_KEPT = 13;

/** `due log drop --before <YYYY-MM> [--yes]`: says which months of the decision log would go; with `--yes` they do. */
export const log: Command = {
  usage: "usage.log",
  options: { before: { type: "string" }, yes: { type: "boolean" } },
  takes: 1,
  run: async (input) => {
    const { words } = input;
    if (input.positionals[0] !== "drop") {
      throw new UsageError("usage.arguments", "usage.arguments", { usage: words.say("usage.log") });
    }
    const before = flagText(input, "before");
    const month = before === undefined ? null : monthOf(before);
    if (month === null) throw new UsageError("log.month", "log.month", { found: (before ?? "").slice(0, 40) });
    return withDatabase(async (database) => {
      const { nowMs } = await readClock(database.sql);
      const now = new Date(nowMs);
      const youngest = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - MONTHS_KEPT, 1);
      if (month > youngest) {
        const at = new Date(youngest).toISOString().slice(0, 7);
        throw new UsageError("log.too-young", "log.too-young", { months: MONTHS_KEPT, before: at });
      }
      const isMeant = input.flags.yes === true;
      const old = { beforeMs: month, mayGo: await retention(database, nowMs) };
      const { going, kept } = isMeant ? await dropLogBefore(database, old) : await logMonthsBefore(database.sql, old);
      const [months, keptByLaw] = [going.map(monthName), kept.map(monthName)];
      const say = months.length === 0 ? "log.nothing" : isMeant ? "log.dropped" : "log.would-drop";
      const lines = [words.say(say, { months: months.join(", ") })];
      if (keptByLaw.length > 0) lines.push(words.say("log.kept", { months: keptByLaw.join(", ") }));
      return { exit: 0, json: { ok: true, dropped: isMeant, months, keptByLaw }, lines };
    });
  },
};

const monthName = (partition: string): string => partition.slice(-7).replace("_", "-");

/** What the rules of every pack that is in use say of records of a day. */
async function retention(database: Database, nowMs: number) {
  const inUse = await rulePacksInUse(database.sql);
  const rulePacks = inUse.flatMap(({ market, rulePack }) => layeredPack(packOf(market).rulePacks, rulePack) ?? []);
  return (createdOn: string) =>
    askToDelete({ class: "collection-record", createdOn }, { rulePacks, nowMs }).verdict === "allow";
}

/** First instant of a month written `2026-03`, or null. */
function monthOf(text: string): number | null {
  const [, year, month] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text) ?? [];
  return year === undefined || month === undefined ? null : Date.UTC(Number(year), Number(month) - 1, 1);
}
