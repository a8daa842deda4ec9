import { readClock } from "#db/queries/clock";
import { dropLogBefore, logMonthsBefore } from "#db/stores/log-partitions";
import { type Command, flagText, UsageError } from "../command";
import { withDatabase } from "../database";

/**
 * Months that are kept whatever is asked: an explanation may be wanted as long as a complaint may come, and nobody drops this year's
 * log by a slip of the finger. The law of a market may ask for longer; that is for the operator to know.
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
      const months = isMeant ? await dropLogBefore(database, month) : await logMonthsBefore(database.sql, month);
      const names = months.map((name) => name.slice(-7).replace("_", "-"));
      const list = names.join(", ");
      const say = names.length === 0 ? "log.nothing" : isMeant ? "log.dropped" : "log.would-drop";
      return {
        exit: 0,
        json: { ok: true, dropped: isMeant, months: names },
        lines: [words.say(say, { months: list })],
      };
    });
  },
};

/** First instant of a month written `2026-03`, or null. */
function monthOf(text: string): number | null {
  const [, year, month] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text) ?? [];
  return year === undefined || month === undefined ? null : Date.UTC(Number(year), Number(month) - 1, 1);
}
