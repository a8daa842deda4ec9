import { type ExperimentPlan, ExperimentPlanSchema } from "#engine/experiment/plan";
import { locateIssues } from "#engine/graph/read";
import { readJson } from "#engine/graph/read-json";
import { shapeIssues } from "#engine/graph/shape-issues";
import { issue } from "#engine/model/issue";
import { type CommandInput, flagText, ProblemsError } from "../command";
import { readText } from "../files";

/** Plans are written by hand. */
const PLAN_LIMITS = { bytes: 1_000_000, depth: 12 };

/** The plan `--plan` names. Throws ProblemsError with line and column where it is none. */
export function readPlan(input: CommandInput): ExperimentPlan {
  const path = flagText(input, "plan");
  // Without a plan nobody said that chance assigned these people, and nobody may read an effect off them.
  if (path === undefined) throw new ProblemsError(null, [issue("experiment.no-plan")]);
  const text = readText(path, PLAN_LIMITS.bytes);
  const json = readJson(text, PLAN_LIMITS);
  if (!json.ok) throw new ProblemsError(path, json.error);
  const plan = ExperimentPlanSchema.safeParse(json.value);
  if (!plan.success) throw new ProblemsError(path, locateIssues(text, shapeIssues(plan.error)));
  return plan.data;
}
