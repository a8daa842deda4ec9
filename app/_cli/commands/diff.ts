import { diffStrategies } from "#engine/graph/diff/diff";
import type { JsonValue } from "#engine/model/json";
import type { Command } from "../command";
import { checkStrategyFile } from "../strategy-file";

/**
 * `due diff <before.json> <after.json>`: what changed, in sentences grouped by what they are about. Drafts with problems can be compared
 * too; finding a difference is no problem, so that the exit stays 0.
 */
export const diff: Command = {
  usage: "usage.diff",
  options: {},
  takes: 2,
  run: async ({ positionals, words }) => {
    const [before = "", after = ""] = positionals;
    const newer = checkStrategyFile(after);
    const { changes, omitted, logic } = diffStrategies(checkStrategyFile(before).doc, newer.doc, newer.pack);
    const sentences = changes.map((change) => `${change.logic ? "  " : "· "}${change.words[words.locale].sentence}`);
    const head = words.say(changes.length === 0 ? "diff.none" : logic ? "diff.logic" : "diff.words", {
      count: changes.length + omitted,
    });
    return {
      exit: 0,
      json: { logic, omitted, changes: JSON.parse(JSON.stringify(changes)) as JsonValue },
      lines: [head, ...sentences, ...(omitted > 0 ? [words.say("diff.omitted", { count: omitted })] : [])],
    };
  },
};
