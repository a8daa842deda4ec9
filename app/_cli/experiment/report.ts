import {
  experimentRows,
  experimentSums,
  LEDGER_COLUMNS,
  type LedgerQuestion,
  unknownColumns,
} from "#db/queries/experiment";
import { analyseExperiment } from "#engine/experiment/analyse";
import type { ExperimentPlan } from "#engine/experiment/plan";
import type { ExperimentRow } from "#engine/experiment/sum-rows";
import { csvText } from "#engine/model/csv-text";
import { issue } from "#engine/model/issue";
import { CURRENCIES } from "#engine/model/money";
import { addDays, isTimeZone, localDate } from "#engine/model/time";
import {
  type Answer,
  type CommandInput,
  flagChoice,
  flagInteger,
  flagText,
  ProblemsError,
  UsageError,
} from "../command";
import { withDatabase } from "../database";
import { writeNewText } from "../files";
import { answerOf } from "./answer";
import { dayFlag } from "./read-people";
import { readPlan } from "./read-plan";

const PHASE_MAX = 1000;
const WINDOW_MAX = 400;
const DAY_MS = 86_400_000;

/**
 * `due experiment report --plan <json>`: an experiment of this house, summed in its database. `--out <new csv>` writes the rows the
 * sums were made of, for `due experiment analyse` or anybody else to recompute.
 */
export async function reportExperiment(input: CommandInput, nowMs: number): Promise<Answer> {
  const plan = readPlan(input);
  const unknown = unknownColumns(plan);
  if (unknown.length > 0) {
    const params = { column: unknown.join(", "), known: LEDGER_COLUMNS.join(", ") };
    throw new ProblemsError(flagText(input, "plan") ?? null, [issue("experiment.column-missing", {}, params)]);
  }
  const question = questionOf(input, plan, nowMs);
  const longest = Math.max(...plan.metrics.map(({ windowDays }) => windowDays));
  const window = flagInteger(input, "window", { minimum: 0, maximum: WINDOW_MAX, fallback: longest });
  const out = flagText(input, "out");
  const { data, rows } = await withDatabase(async ({ sql }) => ({
    data: await experimentSums(sql, question, plan),
    rows: out === undefined ? null : await experimentRows(sql, question, window),
  }));
  const report = analyseExperiment(plan, data);
  if (!report.ok) throw new ProblemsError(flagText(input, "plan") ?? null, report.error);
  if (out !== undefined && rows !== null) writeNewText(out, csvOf(rows));
  return answerOf(report.value, input.words);
}

function questionOf(input: CommandInput, plan: ExperimentPlan, nowMs: number): LedgerQuestion {
  const timeZone = flagText(input, "time-zone") ?? "Asia/Shanghai";
  if (!isTimeZone(timeZone)) {
    throw new UsageError("experiment.no-such-zone", "experiment.no-such-zone", { found: timeZone.slice(0, 40) });
  }
  return {
    experimentKey: plan.key,
    phase: flagInteger(input, "phase", { minimum: 1, maximum: PHASE_MAX, fallback: 1 }),
    currency: flagChoice(input, "currency", { choices: CURRENCIES, fallback: "CNY" }),
    timeZone,
    // Today is not over.
    lastDay: dayFlag(input, "until") ?? addDays(localDate(timeZone, nowMs), -1),
  };
}

function csvOf(rows: readonly ExperimentRow[]): string {
  return csvText([
    ["unit", "arm", "exposed_on", ...LEDGER_COLUMNS],
    ...rows.map(({ unit, arm, exposedDay, values }) => [
      unit,
      arm,
      exposedDay === null ? null : new Date(exposedDay * DAY_MS).toISOString().slice(0, 10),
      ...LEDGER_COLUMNS.map((column) => values[column] ?? null),
    ]),
  ]);
}
