import type { Database } from "#db";
import { tellStanding } from "#db/queries/channel-standing";
import { beforeAbort } from "#engine/ports/before-abort";
import type { CheckedHealth } from "#engine/ports/channel-standing";
import { waker } from "./waker";
import { codeOf, type WorkerLog } from "./worker-loop";
import type { GuardedProvider } from "./worker-runtime";

/** How often a worker says how its providers stand: what an operator who looks takes for "now". */
const TELL_EVERY_MS = 5000;
/** How often it asks a provider whether all is well; every worker does, and none of them may be a burden. */
const CHECK_EVERY_MS = 60_000;
/** Longest a provider may take to say so. */
const CHECK_DEADLINE_MS = 10_000;

export type ProviderWatch = {
  readonly database: Database;
  /** Names this life of this process. */
  readonly worker: string;
  readonly providers: readonly GuardedProvider[];
  readonly log: WorkerLog;
  readonly signal: AbortSignal;
  /** Real time in milliseconds. */
  readonly now: () => number;
};

/** Lets the console know how providers stand in this worker, until it is asked to stop. Never throws. */
export async function watchProviders(watch: ProviderWatch): Promise<void> {
  const { database, worker, providers, log, signal } = watch;
  const pause = waker();
  const checks = new Map<string, CheckedHealth>();
  let checking: Promise<void> = Promise.resolve();
  let checkedMs = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    if (performance.now() - checkedMs >= CHECK_EVERY_MS) {
      checkedMs = performance.now();
      // Beside the telling: one provider that does not answer must not make all of them look gone.
      checking = checking.then(() => checkAll(watch, checks));
    }
    try {
      const told = providers.map(({ guarded }) => {
        const standing = guarded.standing();
        return { standing, health: checks.get(standing.id) ?? null };
      });
      await tellStanding(database.sql, worker, told);
    } catch (error) {
      log.warn({ code: codeOf(error) }, "standing not told");
    }
    await pause.sleep(TELL_EVERY_MS, signal);
  }
  await checking;
}

async function checkAll({ providers, now }: ProviderWatch, checks: Map<string, CheckedHealth>): Promise<void> {
  await Promise.all(
    providers.map(async ({ adapter }) => {
      const signal = AbortSignal.timeout(CHECK_DEADLINE_MS);
      const health = await beforeAbort(adapter.check({ signal }), signal).catch(() => ({
        ok: false,
        problems: [signal.aborted ? "timeout" : "check-threw"],
      }));
      checks.set(adapter.id, { ...health, atMs: now() });
    }),
  );
}
