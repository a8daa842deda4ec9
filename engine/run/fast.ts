import type { SyncExecutor } from "../model/execution";
import type { Program } from "../model/program";
import { linkCompiled } from "./compiled";
import { linkGenerated } from "./generated/executor";
import { type FunctionMaker, GENERATED_STEPS_MAX } from "./generated/generate";

/**
 * The fastest executor there may be: generated code, or linked closures where a content security policy forbids to make code at
 * run time. They agree on every byte. Throws InvariantError on a Program that the compiler could not have made.
 */
export function linkFast(program: Program, makeFunction?: FunctionMaker): SyncExecutor {
  if (program.limits.stepsPerAdvance > GENERATED_STEPS_MAX) return linkCompiled(program);
  try {
    return linkGenerated(program, makeFunction);
  } catch (error) {
    if (error instanceof Error && error.name === "EvalError") return linkCompiled(program);
    throw error;
  }
}
