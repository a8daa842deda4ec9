import type { ExperimentReport } from "#engine/experiment/report";
import type { JsonValue } from "#engine/model/json";
import type { Answer } from "../command";
import type { Speaker } from "../language";
import { reportLines } from "./report-lines";

/** A report as a command answers it; an unhealthy experiment is a problem found. */
export function answerOf(report: ExperimentReport, words: Speaker): Answer {
  return {
    exit: report.verdict.code === "unhealthy" ? 1 : 0,
    json: report as unknown as { readonly [key: string]: JsonValue },
    lines: reportLines(report, words),
  };
}
