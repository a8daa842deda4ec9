import type { Database } from "#db";
import { ensureLogPartitions } from "#db/stores/log-partitions";
import type { EngineClock } from "#engine/ports/engine-clock";
import type { ProgramStore } from "#engine/ports/program-store";
import type { RuntimeAlarm } from "#engine/runtime/deps";
import { waker } from "./waker";
import { codeOf, type WorkerLog } from "./worker-loop";

/** How often: a month of a fast demo clock takes minutes, and nobody needs to hear more often what is left alone. */
const EVERY_MS = 60_000;

export type Chores = {
  readonly database: Database;
  readonly clock: EngineClock;
  readonly programs: ProgramStore;
  readonly alarm: RuntimeAlarm;
  readonly log: WorkerLog;
  /** Calls back from agencies what must come back; null = nothing is exchanged with any. */
  readonly callBack: (() => Promise<void>) | null;
  readonly signal: AbortSignal;
};

/**
 * What a worker does beside its ticks: the log's next months, saying which versions it leaves to newer workers, and calling accounts
 * back from agencies. Never throws, and none of them keeps another from being done.
 */
export async function keepHouse({ database, clock, programs, alarm, log, callBack, signal }: Chores): Promise<void> {
  const pause = waker();
  const chores = [
    async () => ensureLogPartitions(database, (await clock.read()).nowMs),
    async () => {
      for (const versionId of await programs.leftAlone()) alarm("program-missing", { versionId });
    },
    async () => callBack?.(),
  ];
  while (!signal.aborted) {
    for (const chore of chores) {
      await chore().catch((error: unknown) => log.warn({ code: codeOf(error) }, "chores failed"));
    }
    await pause.sleep(EVERY_MS, signal);
  }
}
