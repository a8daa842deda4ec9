import { canonicalJson, type JsonValue } from "#engine/model/json";
import type { Program } from "#engine/model/program";
import { type Command, flagChoice } from "../command";
import { compileStrategyFile } from "../strategy-file";

const PARTS = ["program", "machine", "rules"] as const;

/** What other tools take: the XState config loads in any XState tool, the rules in any json-rules-engine. */
function partOf(program: Program, part: (typeof PARTS)[number]): unknown {
  if (part === "program") return program;
  if (part === "machine") return program.machine;
  return Object.fromEntries(Object.entries(program.ruleSets).map(([id, { rules }]) => [id, rules]));
}

/** `due compile <strategy.json> [--part …]`: the Program, or a part of it for other tools; the same bytes every time. */
export const compile: Command = {
  usage: "usage.compile",
  options: { part: { type: "string" } },
  takes: 1,
  run: async (input) => {
    const { positionals, words } = input;
    const part = flagChoice(input, "part", { choices: PARTS, fallback: "program" });
    const { program } = compileStrategyFile(positionals[0] ?? "");
    // Through the canonical text, so that members stand in one order whatever order the compiler made them in.
    const json = JSON.parse(canonicalJson(partOf(program, part))) as { readonly [key: string]: JsonValue };
    const steps = Object.keys(program.steps).length;
    const ruleSets = Object.keys(program.ruleSets).length;
    const summary = [words.say("compile.done", { steps, ruleSets }), program.hash];
    return { exit: 0, json, lines: part === "program" ? summary : JSON.stringify(json, null, 2).split("\n") };
  },
};
