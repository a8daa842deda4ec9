import { hasErrors } from "#engine/model/issue";
import type { Command } from "../command";
import { issueLines, issuesJson } from "../issue-lines";
import { checkStrategyFile } from "../strategy-file";

/** `due validate <strategy.json>`: every problem of a file. Warnings alone leave exit 0. */
export const validate: Command = {
  usage: "usage.validate",
  options: {},
  takes: 1,
  run: async ({ positionals: [file = ""], words }) => {
    const { doc, issues } = checkStrategyFile(file);
    const ok = !hasErrors(issues);
    const verdict = words.say(ok ? "validate.ok" : "validate.problems", {
      file,
      steps: doc.nodes.length,
      issues: issues.length,
    });
    return {
      exit: ok ? 0 : 1,
      json: { file, ok, issues: issuesJson(issues, words) },
      lines: [...issueLines(file, issues, words), verdict],
    };
  },
};
