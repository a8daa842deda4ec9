import { z } from "zod";
import { AUTHOR_EXIT_REASONS } from "./exit-reason";

/** Longest id of a Program's step: a drawn id and the ids within it, parted by `/`. */
const STEP_ID_MAX = 400;
const StepIdSchema = z.string().min(1).max(STEP_ID_MAX);
/** Most steps of one version: that of a strategy with all it uses in its place. */
const PLANNED_STEPS_MAX = 20_000;

/**
 * What becomes of accounts that stand at one step of the old version. `move`: the step `to` of the new version is entered, with a
 * new `stepSeq`. `stay`: they finish on the old version. `exit`: they leave with the reason.
 */
export const StepMoveSchema = z.discriminatedUnion("act", [
  z.strictObject({ act: z.literal("move"), to: StepIdSchema }),
  z.strictObject({ act: z.literal("stay") }),
  z.strictObject({ act: z.literal("exit"), reason: z.enum(AUTHOR_EXIT_REASONS) }),
]);
export type StepMove = z.infer<typeof StepMoveSchema>;

/** A move of accounts in flight: what becomes of those at each step of the old version where somebody may stand. */
export const MigrationPlanSchema = z.strictObject({
  steps: z.record(StepIdSchema, StepMoveSchema).refine((steps) => Object.keys(steps).length <= PLANNED_STEPS_MAX),
});
export type MigrationPlan = z.infer<typeof MigrationPlanSchema>;
