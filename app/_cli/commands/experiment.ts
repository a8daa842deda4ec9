import { type Command, UsageError } from "../command";
import { analyseExperimentFile } from "../experiment/analyse";
import { discontinuityOfFile } from "../experiment/discontinuity";
import { planExperiment } from "../experiment/plan";
import { reportExperiment } from "../experiment/report";

const text = { type: "string" } as const;

/** `due experiment plan | analyse <csv> | report | discontinuity <csv>`: docs/guide/experiments. */
export const experiment: Command = {
  usage: "usage.experiment",
  options: {
    rate: text,
    lift: text,
    "per-day": text,
    shares: text,
    window: text,
    power: text,
    alpha: text,
    cv: text,
    correlation: text,
    method: text,
    plan: text,
    until: text,
    unit: text,
    arm: text,
    stratum: text,
    exposed: text,
    x: text,
    y: text,
    bandwidth: text,
    phase: text,
    currency: text,
    "time-zone": text,
    out: text,
  },
  takes: 1,
  takesAtMost: 2,
  run: async (input) => {
    const [what, file] = input.positionals;
    if (what === "plan" && file === undefined) return planExperiment(input);
    if (what === "report" && file === undefined) return reportExperiment(input, Date.now());
    if (what === "analyse" && file !== undefined) return analyseExperimentFile(input, file);
    if (what === "discontinuity" && file !== undefined) return discontinuityOfFile(input, file);
    throw new UsageError("usage.arguments", "usage.arguments", { usage: input.words.say("usage.experiment") });
  },
};
