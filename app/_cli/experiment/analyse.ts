import { analyseRows } from "#engine/experiment/analyse";
import { notRandomIssue } from "#engine/experiment/assigned-by-rule";
import { type ExperimentPlan, isRandomised } from "#engine/experiment/plan";
import { columnsOf, type ExperimentRow } from "#engine/experiment/sum-rows";
import { type Answer, type CommandInput, flagText, ProblemsError } from "../command";
import { answerOf } from "./answer";
import { CellReader, dayFlag, dayNumber, needColumns, numberColumns, readSheet, type Sheet } from "./read-people";
import { readPlan } from "./read-plan";

type Columns = {
  readonly unit: string;
  readonly arm: string;
  readonly stratum: string | null;
  readonly exposed: string;
};

/** `due experiment analyse <csv> --plan <json>`: one line a person; refuses what chance did not assign. */
export function analyseExperimentFile(input: CommandInput, file: string): Answer {
  const plan = readPlan(input);
  // Said before the file is looked at: no column of it can mend this.
  if (!isRandomised(plan.assignment)) throw new ProblemsError(flagText(input, "plan") ?? null, [notRandomIssue(plan)]);
  const rows = rowsOf(readSheet(file), plan, columnsIn(input));
  const lastDay = untilDay(input) ?? rows.reduce((last, { exposedDay }) => Math.max(last, exposedDay ?? 0), 0);
  const report = analyseRows(plan, rows, lastDay);
  if (!report.ok) throw new ProblemsError(file, report.error);
  return answerOf(report.value, input.words);
}

function untilDay(input: CommandInput): number | null {
  const until = dayFlag(input, "until");
  return until === null ? null : dayNumber(until);
}

function columnsIn(input: CommandInput): Columns {
  return {
    unit: flagText(input, "unit") ?? "unit",
    arm: flagText(input, "arm") ?? "arm",
    stratum: flagText(input, "stratum") ?? null,
    exposed: flagText(input, "exposed") ?? "exposed_on",
  };
}

function rowsOf(sheet: Sheet, plan: ExperimentPlan, columns: Columns): readonly ExperimentRow[] {
  const named = [columns.unit, columns.arm, columns.exposed, ...(columns.stratum === null ? [] : [columns.stratum])];
  const needed = [...plan.metrics.flatMap(columnsOf), ...plan.balance];
  needColumns(sheet, [...named, ...needed]);
  // Numbers the plan does not speak of may still be what decided who is in which arm.
  const others = numberColumns(sheet, [columns.arm, columns.exposed, ...needed]);
  const flags = new Set(plan.metrics.flatMap(flagColumns));
  const read = new CellReader(sheet.file);
  const rows = sheet.lines.map((line) => ({
    unit: read.text(line, columns.unit),
    arm: read.text(line, columns.arm),
    stratum: columns.stratum === null ? "" : (line.cells[columns.stratum] ?? ""),
    exposedDay: read.day(line, columns.exposed),
    values: Object.fromEntries(
      [...needed, ...others].map((column) => [
        column,
        flags.has(column) ? read.flag(line, column) : read.number(line, column),
      ]),
    ),
  }));
  read.finish();
  return rows;
}

/** Columns that say only yes or no: a share of anything else is none. */
function flagColumns(metric: ExperimentPlan["metrics"][number]): readonly string[] {
  if (metric.kind === "proportion") return [metric.column];
  return metric.kind === "time" ? [metric.event] : [];
}
