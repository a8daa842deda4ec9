import { locateIssues } from "#engine/graph/read";
import { readJson } from "#engine/graph/read-json";
import { PRESETS, type Preset, presetOf } from "#engine/simulate/assumptions/presets";
import { type AssumptionSet, readAssumptions } from "#engine/simulate/assumptions/set";
import { type CommandInput, flagChoice, flagText, ProblemsError, UsageError } from "./command";
import { readText } from "./files";

/** A set is a few hundred numbers; a file of megabytes is something else. */
const SET_BYTES_MAX = 1024 * 1024;
const SET_DEPTH_MAX = 16;

export function flagPreset(input: CommandInput): Preset {
  return flagChoice(input, "preset", { choices: PRESETS, fallback: "base" });
}

/** The set a simulation is asked to use: the file of `--assumptions`, or a shipped one. Throws UsageError or ProblemsError. */
export function readAssumptionSet(input: CommandInput): AssumptionSet {
  const path = flagText(input, "assumptions");
  if (path === undefined) return presetOf(flagPreset(input));
  if (flagText(input, "preset") !== undefined) {
    throw new UsageError("usage.one-of", "usage.one-of", { options: "--assumptions, --preset" });
  }
  const text = readText(path, SET_BYTES_MAX);
  const json = readJson(text, { bytes: SET_BYTES_MAX, depth: SET_DEPTH_MAX });
  if (!json.ok) throw new ProblemsError(path, json.error);
  const set = readAssumptions(json.value);
  if (!set.ok) throw new ProblemsError(path, locateIssues(text, set.error));
  return set.value;
}
