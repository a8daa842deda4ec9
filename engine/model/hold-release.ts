import { z } from "zod";
import { AUTHOR_EXIT_REASONS } from "./exit-reason";
import type { EnrollmentId } from "./ids";
import type { Hold } from "./policy";

/** What becomes of an enrollment when the last hold that froze it is released (semantics.md, "In the shell"). */
export const RELEASE_MODES = ["resume", "re-evaluate", "exit"] as const;

/**
 * `resume`: it goes on where it stood, waits moved by the time held. `re-evaluate`: the step it stands at is entered anew, by the
 * facts of now. `exit`: it leaves with the reason.
 */
export const ReleaseChoiceSchema = z.discriminatedUnion("mode", [
  z.strictObject({ mode: z.literal("resume") }),
  z.strictObject({ mode: z.literal("re-evaluate") }),
  z.strictObject({ mode: z.literal("exit"), reason: z.enum(AUTHOR_EXIT_REASONS) }),
]);
export type ReleaseChoice = z.infer<typeof ReleaseChoiceSchema>;

/** Where nobody chose: a hold that ended by its time, or that a strategy ended, takes nothing away from anybody. */
export const RELEASE_DEFAULT: ReleaseChoice = { mode: "resume" };

/** Most enrollments one release chooses for: a person has a few loans, each in one or two strategies. */
export const RELEASE_CHOICES_MAX = 100;

/** Choices by enrollment; one that is not named resumes. */
export const ReleaseChoicesSchema = z
  .record(z.templateLiteral(["enr_", z.string().max(200)]), ReleaseChoiceSchema)
  .refine((choices) => Object.keys(choices).length <= RELEASE_CHOICES_MAX);
export type ReleaseChoices = { readonly [enrollmentId: EnrollmentId]: ReleaseChoice };

/** A hold with what was chosen for one enrollment when it was released; null = nothing was. */
export type ReleasedHold = Hold & { readonly choice: ReleaseChoice | null };
