import { presetOf } from "#engine/simulate/assumptions/presets";
import { flagPreset } from "../assumption-file";
import type { Command } from "../command";

/** `due assumptions`: a shipped set of assumptions as the file one edits and gives to `due simulate --assumptions`. */
export const assumptions: Command = {
  usage: "usage.assumptions",
  options: { preset: { type: "string" } },
  takes: 0,
  run: async (input) => {
    const json = JSON.parse(JSON.stringify(presetOf(flagPreset(input))));
    return { exit: 0, json, lines: JSON.stringify(json, null, 2).split("\n") };
  },
};
