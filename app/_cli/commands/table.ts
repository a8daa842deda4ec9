import { DecisionTableSchema } from "#engine/condition/tables/table";
import { lintStrategy } from "#engine/graph/lint";
import { parseStrategy } from "#engine/graph/parse";
import { csvToTable, TABLE_CSV_CHARACTERS_MAX } from "#engine/graph/table-csv/read";
import { tableCsvTypes, tableToCsv } from "#engine/graph/table-csv/write";
import { writeStrategy } from "#engine/graph/write";
import { hasErrors, issue } from "#engine/model/issue";
import type { JsonValue } from "#engine/model/json";
import type { StrategyDoc } from "#engine/model/strategy";
import { type Answer, type Command, type CommandInput, flagText, ProblemsError, UsageError } from "../command";
import { readText, writeText } from "../files";
import { issueLines, issuesJson } from "../issue-lines";
import { checkStrategyFile } from "../strategy-file";

/** Most bytes of one character in UTF-8. */
const BYTES_PER_CHARACTER = 4;

/**
 * `due table export <strategy.json> --step <id> [--out <file>]` and
 * `due table import <strategy.json> --step <id> --csv <file> --out <file>`: a decision table to a spreadsheet and back. A file with
 * any problem changes nothing.
 */
export const table: Command = {
  usage: "usage.table",
  options: { step: { type: "string" }, csv: { type: "string" }, out: { type: "string" } },
  takes: 2,
  run: async (input) => {
    const [action = "", file = ""] = input.positionals;
    if (action === "export") return exportTable(input, file);
    if (action === "import") return importTable(input, file);
    throw new UsageError("usage.arguments", "usage.arguments", { usage: input.words.say("usage.table") });
  },
};

function needed(input: CommandInput, name: string): string {
  const text = flagText(input, name);
  if (text === undefined) throw new UsageError("usage.option-missing", "usage.option-missing", { option: `--${name}` });
  return text;
}

/** The step's position and its table. Throws ProblemsError when the strategy has no such step or it holds no table. */
function tableOf(doc: StrategyDoc, step: string, file: string) {
  const index = doc.nodes.findIndex(({ id }) => id === step);
  const node = doc.nodes[index];
  if (node === undefined) throw new ProblemsError(file, [issue("cli.step-unknown", {}, { step })]);
  const parsed = DecisionTableSchema.safeParse(node.data.table);
  if (!parsed.success) {
    throw new ProblemsError(file, [
      issue("cli.step-without-table", { path: `nodes[${index}]`, nodeId: step }, { step }),
    ]);
  }
  return { index, node, table: parsed.data };
}

function exportTable(input: CommandInput, file: string): Answer {
  const { doc, pack } = checkStrategyFile(file);
  const step = needed(input, "step");
  const found = tableOf(doc, step, file);
  const csv = tableToCsv(found.table, tableCsvTypes(pack.fields, doc.settings), input.words.locale);
  const out = flagText(input, "out");
  const rows = found.table.rows.length;
  if (out === undefined) return { exit: 0, json: { step, rows, csv }, lines: [csv.replace(/\r\n$/, "")] };
  writeText(out, csv);
  return { exit: 0, json: { step, rows, out }, lines: [input.words.say("table.exported", { rows, file: out })] };
}

function importTable(input: CommandInput, file: string): Answer {
  const { doc, pack } = checkStrategyFile(file);
  const [step, csvFile, out] = [needed(input, "step"), needed(input, "csv"), needed(input, "out")];
  const { index, node } = tableOf(doc, step, file);
  const read = csvToTable(
    readText(csvFile, TABLE_CSV_CHARACTERS_MAX * BYTES_PER_CHARACTER),
    tableCsvTypes(pack.fields, doc.settings),
  );
  if (!read.ok) throw new ProblemsError(csvFile, read.error);
  // Through JSON and the door, as any document comes in.
  const data = { ...node.data, table: JSON.parse(JSON.stringify(read.value)) as JsonValue };
  const changed = parseStrategy({ ...doc, nodes: doc.nodes.map((one, at) => (at === index ? { ...one, data } : one)) });
  if (!changed.ok) throw new ProblemsError(csvFile, changed.error);
  const issues = lintStrategy(changed.value, pack).filter(({ nodeId }) => nodeId === step);
  // A way on that leads nowhere yet is drawn later; what the table itself gets wrong is not taken in.
  const inTable = issues.filter(({ path }) => path.startsWith(`nodes[${index}].data`));
  if (hasErrors(inTable)) throw new ProblemsError(csvFile, inTable);
  writeText(out, writeStrategy(changed.value));
  const rows = read.value.rows.length;
  return {
    exit: 0,
    json: { step, rows, out, issues: issuesJson(issues, input.words) },
    lines: [
      ...issueLines(out, issues, input.words),
      input.words.say("table.imported", { rows, step, issues: issues.length, file: out }),
    ],
  };
}
