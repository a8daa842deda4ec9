import type { Database } from "#db";
import { auditHead, sealAudit, verifyAudit } from "#db/queries/audit-seal";
import { ensureLogPartitions } from "#db/stores/log-partitions";
import type { EngineClock } from "#engine/ports/engine-clock";
import type { ProgramStore } from "#engine/ports/program-store";
import type { RuntimeAlarm } from "#engine/runtime/deps";
import { waker } from "./waker";
import { codeOf, type WorkerLog } from "./worker-loop";

/** How often: a month of a fast demo clock takes minutes, and nobody needs to hear more often what is left alone. */
const EVERY_MS = 60_000;

/** Batches of the audit sealed in one go; what is left waits for the next. */
const SEAL_BATCHES_MAX = 20;
/** The whole chain is walked this often; a year of a busy house is a few seconds of reading. */
const VERIFY_EVERY_MS = 3_600_000;

export type Chores = {
  readonly database: Database;
  readonly clock: EngineClock;
  readonly programs: ProgramStore;
  readonly alarm: RuntimeAlarm;
  readonly log: WorkerLog;
  /** Calls back from agencies what must come back; null = nothing is exchanged with any. */
  readonly callBack: (() => Promise<void>) | null;
  readonly signal: AbortSignal;
  /** Told whether the chain of the audit held when it was walked last. */
  readonly auditVerified: (isWhole: boolean) => void;
};

/**
 * What a worker does beside its ticks: the log's next months, the seals of the audit, saying which versions it leaves to newer workers,
 * and calling accounts back from agencies. Never throws, and none of them keeps another from being done.
 */
export async function keepHouse(house: Chores): Promise<void> {
  const { database, clock, programs, alarm, log, callBack, signal } = house;
  const pause = waker();
  const chores = [
    async () => ensureLogPartitions(database, (await clock.read()).nowMs),
    () => seal(house),
    verifyNowAndThen(house),
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

async function seal({ database, log }: Chores): Promise<void> {
  let sealed = 0;
  for (let batch = 0; batch < SEAL_BATCHES_MAX; batch += 1) {
    const count = await sealAudit(database);
    sealed += count;
    if (count === 0) break;
  }
  // A log that is kept elsewhere keeps the head of the chain with it.
  if (sealed > 0) log.info({ sealed, ...(await auditHead(database.sql)) }, "audit sealed");
}

function verifyNowAndThen(house: Chores): () => Promise<void> {
  let verifiedAtMs = Number.NEGATIVE_INFINITY;
  return async () => {
    if (performance.now() - verifiedAtMs < VERIFY_EVERY_MS) return;
    verifiedAtMs = performance.now();
    await verify(house);
  };
}

async function verify({ database, log, auditVerified }: Chores): Promise<void> {
  const verdict = await verifyAudit(database.sql);
  auditVerified(verdict.ok);
  if (!verdict.ok) log.error({ code: `audit.${verdict.fault}`, seq: verdict.firstBadSeq }, "audit does not hold");
}
