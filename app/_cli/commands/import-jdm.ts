import { importJdm } from "#engine/graph/jdm/import-jdm";
import { JDM_LIMITS } from "#engine/graph/jdm/shape";
import { locateIssues } from "#engine/graph/read";
import { writeStrategy } from "#engine/graph/write";
import { StrategyKeySchema } from "#engine/model/strategy";
import { type Command, flagText, ProblemsError, UsageError } from "../command";
import { readText, writeText } from "../files";
import { issueLines, issuesJson } from "../issue-lines";

/**
 * `due import-jdm <file.json> --key <key> --out <strategy.json>`: a GoRules decision graph as a strategy of its own. What cannot be
 * taken over exactly is refused with its place, and nothing is written.
 */
export const importJdmCommand: Command = {
  usage: "usage.import-jdm",
  options: { key: { type: "string" }, out: { type: "string" } },
  takes: 1,
  run: async (input) => {
    const [file = ""] = input.positionals;
    const { words } = input;
    const [key, out] = ["key", "out"].map((name) => {
      const given = flagText(input, name);
      if (given === undefined) {
        throw new UsageError("usage.option-missing", "usage.option-missing", { option: `--${name}` });
      }
      return given;
    }) as [string, string];
    if (!StrategyKeySchema.safeParse(key).success) {
      throw new UsageError("usage.not-a-key", "usage.not-a-key", { option: "--key", found: key.slice(0, 40) });
    }
    const text = readText(file, JDM_LIMITS.bytes);
    const read = importJdm(text, { id: `strat_${key}`, key, name: { en: key } });
    if (!read.ok) throw new ProblemsError(file, locateIssues(text, read.error));
    const { doc, inputs, answers, remarks } = read.value;
    writeText(out, writeStrategy(doc));
    return {
      exit: 0,
      json: { out, steps: doc.nodes.length, inputs, answers, remarks: issuesJson(remarks, words) },
      lines: [
        ...issueLines(file, remarks, words),
        ...inputs.map(({ path, field }) => words.say("import-jdm.field", { path, field })),
        words.say("import-jdm.done", {
          file: out,
          steps: doc.nodes.length,
          fields: inputs.length,
          variables: doc.settings.variables.length,
        }),
      ],
    };
  },
};
