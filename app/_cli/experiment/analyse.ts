import { analyseRows } from "#engine/experiment/analyse";
import { notRandomIssue } from "#engine/experiment/assigned-by-rule";
import { type ExperimentPlan, ExperimentPlanSchema, isRandomised } from "#engine/experiment/plan";
import { columnsOf, type ExperimentRow } from "#engine/experiment/sum-rows";
import { locateIssues } from "#engine/graph/read";
import { readJson } from "#engine/graph/read-json";
import { shapeIssues } from "#engine/graph/shape-issues";
import { issue } from "#engine/model/issue";
import type { JsonValue } from "#engine/model/json";
import { isLocalDate } from "#engine/model/time";
import { type Answer, type CommandInput, flagText, ProblemsError, UsageError } from "../command";
import { readText } from "../files";
import { CellReader, dayNumber, needColumns, numberColumns, readSheet, type Sheet } from "./read-people";
import { reportLines } from "./report-lines";

/** Plans are written by hand. */
const PLAN_LIMITS = { bytes: 1_000_000, depth: 12 };

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
  const lastDay = untilFlag(input) ?? rows.reduce((last, { exposedDay }) => Math.max(last, exposedDay ?? 0), 0);
  const report = analyseRows(plan, rows, lastDay);
  if (!report.ok) throw new ProblemsError(file, report.error);
  const { value } = report;
  return {
    exit: value.verdict.code === "unhealthy" ? 1 : 0,
    json: value as unknown as { readonly [key: string]: JsonValue },
    lines: reportLines(value, input.words),
  };
}

function readPlan(input: CommandInput): ExperimentPlan {
  const path = flagText(input, "plan");
  // Without a plan nobody said that chance assigned these people, and nobody may read an effect off them.
  if (path === undefined) throw new ProblemsError(null, [issue("experiment.no-plan")]);
  const text = readText(path, PLAN_LIMITS.bytes);
  const json = readJson(text, PLAN_LIMITS);
  if (!json.ok) throw new ProblemsError(path, json.error);
  const plan = ExperimentPlanSchema.safeParse(json.value);
  if (!plan.success) throw new ProblemsError(path, locateIssues(text, shapeIssues(plan.error)));
  return plan.data;
}

function columnsIn(input: CommandInput): Columns {
  return {
    unit: flagText(input, "unit") ?? "unit",
    arm: flagText(input, "arm") ?? "arm",
    stratum: flagText(input, "stratum") ?? null,
    exposed: flagText(input, "exposed") ?? "exposed_on",
  };
}

function untilFlag(input: CommandInput): number | null {
  const found = flagText(input, "until");
  if (found === undefined) return null;
  if (isLocalDate(found)) return dayNumber(found);
  throw new UsageError("usage.not-a-date", "usage.not-a-date", { option: "--until", found: found.slice(0, 40) });
}

function rowsOf(sheet: Sheet, plan: ExperimentPlan, columns: Columns): readonly ExperimentRow[] {
  const named = [columns.unit, columns.arm, columns.exposed, ...(columns.stratum === null ? [] : [columns.stratum])];
  const needed = [...plan.metrics.flatMap(columnsOf), ...plan.balance];
  needColumns(sheet, [...named, ...needed]);
  // Numbers the plan does not speak of may still be what decided who is in which arm.
  const others = numberColumns(sheet, [columns.arm, columns.exposed, ...needed]);
  const read = new CellReader(sheet.file);
  const rows = sheet.lines.map((line) => ({
    unit: read.text(line, columns.unit),
    arm: read.text(line, columns.arm),
    stratum: columns.stratum === null ? "" : (line.cells[columns.stratum] ?? ""),
    exposedDay: read.day(line, columns.exposed),
    values: Object.fromEntries([...needed, ...others].map((column) => [column, read.number(line, column)])),
  }));
  read.finish();
  return rows;
}
