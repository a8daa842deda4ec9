import { availableParallelism } from "node:os";
import type { Worker } from "node:worker_threads";
import type { Account, ContactPoint } from "#engine/model/party";
import { type CapacityPlan, plannedPasses } from "#engine/simulate/capacity/plan";
import type { SimulationInput } from "#engine/simulate/input";
import { type PartySlice, partitionByParty } from "#engine/simulate/partition";
import type { SimulationPart, SimulationResult } from "#engine/simulate/result";
import { assumptionsOf, resultOf } from "#engine/simulate/simulate";
import { startThread } from "../threads";

/** Slices per thread: a slow slice at the end keeps the others waiting less, and progress moves more often. */
const SLICES_PER_THREAD = 8;
/** More threads than this gain nothing and cost memory. */
export const THREADS_MAX = 32;
/** Accounts that are worth a thread of their own: starting one costs about a second, in which these are simulated. */
const ACCOUNTS_PER_THREAD = { compiled: 5_000, reference: 500 } as const;
const ENTRY = "app/_server/simulation/worker.ts";

export type SimulationExecutor = "compiled" | "reference";

export type ThreadedSimulation = {
  /** Checked by `checkSimulation` beforehand. */
  readonly input: SimulationInput;
  readonly executor: SimulationExecutor;
  /** 1..THREADS_MAX; null = as many as the work is worth (`threadsFor`). */
  readonly threads: number | null;
  readonly signal?: AbortSignal;
  readonly onProgress?: (doneAccounts: number, allAccounts: number) => void;
};

/** Threads the work is worth: at least one, at most one per core. */
export function threadsFor(accounts: number, executor: SimulationExecutor): number {
  return Math.min(
    THREADS_MAX,
    availableParallelism(),
    Math.max(1, Math.ceil(accounts / ACCOUNTS_PER_THREAD[executor])),
  );
}

/** What a thread is told once. The pack is found by market in the thread itself, because it is the same files. */
export type WorkerSetting = Omit<SimulationInput, "accounts" | "contactPoints" | "pack"> & {
  readonly executor: SimulationExecutor;
};
/** What a thread is given, one slice after the other. */
export type WorkerSlice = {
  readonly accounts: readonly Account[];
  readonly contactPoints: readonly ContactPoint[];
  readonly plan: CapacityPlan | null;
};

/**
 * Simulates on several cores. The result does not depend on how many. Rejects with the signal's reason when it is aborted; no
 * thread is left behind either way.
 */
export async function simulateInThreads(simulation: ThreadedSimulation): Promise<SimulationResult> {
  const { input, signal } = simulation;
  signal?.throwIfAborted();
  const wanted = simulation.threads ?? threadsFor(input.accounts.length, simulation.executor);
  const slices = partitionByParty(input, wanted * SLICES_PER_THREAD);
  const threads = startThreads(simulation, Math.min(wanted, Math.max(1, slices.length)));
  try {
    const passes = plannedPasses(assumptionsOf(input));
    let pass = passes.next();
    while (pass.done !== true) {
      pass = passes.next(resultOf(input, await dealOut({ slices, plan: pass.value }, threads, simulation)));
    }
    return pass.value;
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

function startThreads({ input, executor }: ThreadedSimulation, count: number): readonly Worker[] {
  const { accounts: _accounts, contactPoints: _points, pack: _pack, ...rest } = input;
  const setting: WorkerSetting = { ...rest, executor };
  return Array.from({ length: count }, () => startThread({ entry: ENTRY, input: setting }));
}

/** Each thread takes the next slice when it has finished its last. */
function dealOut(
  { slices, plan }: { readonly slices: readonly PartySlice[]; readonly plan: CapacityPlan | null },
  threads: readonly Worker[],
  { input, signal, onProgress }: ThreadedSimulation,
): Promise<readonly SimulationPart[]> {
  return new Promise((resolve, reject) => {
    const parts: SimulationPart[] = [];
    let next = 0;
    let doneAccounts = 0;
    const give = (thread: Worker) => {
      const slice = slices[next];
      next += 1;
      if (slice !== undefined) thread.postMessage({ ...slice, plan } satisfies WorkerSlice);
    };
    if (slices.length === 0) resolve(parts);
    if (signal?.aborted === true) reject(signal.reason);
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    for (const thread of threads) {
      // Listeners of an earlier pass would take this one's parts for theirs.
      thread.removeAllListeners();
      thread.on("message", (part: SimulationPart) => {
        parts.push(part);
        doneAccounts += part.accounts;
        onProgress?.(doneAccounts, input.accounts.length);
        if (parts.length === slices.length) resolve(parts);
        else give(thread);
      });
      thread.on("error", reject);
      thread.on("exit", (code) => reject(new Error(`a simulation thread ended early with ${code}`)));
      give(thread);
    }
  });
}
