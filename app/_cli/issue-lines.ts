import { databaseIssueTexts } from "#db/texts";
import { agencyIssueTexts } from "#engine/agency/texts";
import { compileIssueTexts } from "#engine/compile/texts";
import { experimentTexts } from "#engine/experiment/texts";
import { factTexts, type IssueTexts, issueText, lawTexts } from "#engine/graph/issue-text";
import { jdmIssueTexts } from "#engine/graph/jdm/texts";
import { tableCsvIssueTexts } from "#engine/graph/table-csv/texts";
import type { Issue } from "#engine/model/issue";
import type { JsonValue } from "#engine/model/json";
import { marketPack } from "#engine/packs/index";
import { shippedRulePacks } from "#engine/packs/rule-cases";
import { portfolioIssueTexts } from "#engine/portfolio/texts";
import { qaTexts } from "#engine/qa/texts";
import { migrationIssueTexts, scenarioIssueTexts } from "#engine/run/texts";
import { simulationIssueTexts } from "#engine/simulate/texts";
import { cliTexts, type Speaker } from "./language";

/** Rows shown to people; the JSON answer has them all. */
const LINES_MAX = 200;

const dictionaries = (): readonly IssueTexts[] => [
  cliTexts,
  portfolioIssueTexts,
  agencyIssueTexts,
  databaseIssueTexts,
  compileIssueTexts,
  simulationIssueTexts,
  scenarioIssueTexts,
  migrationIssueTexts,
  tableCsvIssueTexts,
  jdmIssueTexts,
  experimentTexts,
  lawTexts({ rulePacks: shippedRulePacks() }),
  qaTexts,
  factTexts(marketPack("cn").fields),
];

/** Issues as scripts read them: code, place and params, and the sentence in the chosen language. */
export function issuesJson(issues: readonly Issue[], words: Speaker): readonly { readonly [key: string]: JsonValue }[] {
  const texts = dictionaries();
  return issues.map((found) => ({
    code: found.code,
    severity: found.severity,
    nodeId: found.nodeId ?? null,
    path: found.path,
    params: found.params,
    ...(found.example === undefined ? {} : { example: found.example.facts }),
    ...(found.line === undefined ? {} : { line: found.line }),
    ...(found.column === undefined ? {} : { column: found.column }),
    message: issueText(found, words.locale, texts),
  }));
}

/** Issues as people read them: `file:line:column: what is wrong (path) [code]`. */
export function issueLines(file: string | null, issues: readonly Issue[], words: Speaker): readonly string[] {
  const texts = dictionaries();
  const lines = issues.slice(0, LINES_MAX).map((found) => {
    const place = [file ?? "", found.line, found.column].filter((part) => part !== undefined && part !== "").join(":");
    const step = found.nodeId === undefined ? "" : words.say("issue.at-step", { step: found.nodeId });
    const path = found.path === "" ? "" : ` (${found.path})`;
    const sentence = `${step}${issueText(found, words.locale, texts)}${path} [${found.code}]`;
    return `${place === "" ? "" : `${place}: `}${words.say(`severity.${found.severity}`, { sentence })}`;
  });
  const more = issues.length - lines.length;
  return more > 0 ? [...lines, words.say("issue.more", { count: more })] : lines;
}
