import { checkSimulation, type SimulationInput } from "#engine/simulate/input";
import type { SimulationResult } from "#engine/simulate/result";
import { simulate, simulateOnReference } from "#engine/simulate/simulate";
import { simulateInThreads } from "../_server/simulation/threads";
import { ProblemsError } from "./command";

export type TimedSimulation = {
  readonly result: SimulationResult;
  /** Wall clock, starting the threads included. */
  readonly seconds: number;
};

export type SimulationWay = { readonly executor: "compiled" | "reference"; readonly threads: number };

/** Runs a simulation beside or, with one thread, inside this process: the same bytes either way. Throws ProblemsError on a bad input. */
export async function runSimulation(
  file: string,
  input: SimulationInput,
  way: SimulationWay,
): Promise<TimedSimulation> {
  const problems = checkSimulation(input);
  if (problems.length > 0) throw new ProblemsError(file, problems);
  const startedAt = performance.now();
  const result = await perform(input, way);
  return { result, seconds: (performance.now() - startedAt) / 1000 };
}

async function perform(input: SimulationInput, { executor, threads }: SimulationWay): Promise<SimulationResult> {
  if (threads > 1) return simulateInThreads({ input, executor, threads });
  return executor === "compiled" ? simulate(input) : simulateOnReference(input);
}
