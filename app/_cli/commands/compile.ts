import { canonicalJson, type JsonValue } from "#engine/model/json";
import type { Command } from "../command";
import { compileStrategyFile } from "../strategy-file";

/** `due compile <strategy.json>`: the Program, the same bytes every time. */
export const compile: Command = {
  usage: "usage.compile",
  options: {},
  takes: 1,
  run: async ({ positionals: [file = ""], words }) => {
    const { program } = compileStrategyFile(file);
    const steps = Object.keys(program.steps).length;
    const ruleSets = Object.keys(program.ruleSets).length;
    return {
      exit: 0,
      // Through the canonical text, so that members stand in one order whatever order the compiler made them in.
      json: JSON.parse(canonicalJson(program)) as { readonly [key: string]: JsonValue },
      lines: [words.say("compile.done", { steps, ruleSets }), program.hash],
    };
  },
};
