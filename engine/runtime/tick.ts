import { type AdvanceCounts, advanceDue, thawFreed } from "./advance";
import { askAboutLost } from "./ask-lost";
import { callOffUnwanted } from "./call-off";
import { type CallbackCounts, NOTHING_HEARD, takeCallbacks } from "./callbacks";
import { askDebtors } from "./debtors";
import { RUNTIME_LIMITS, type RuntimeDeps } from "./deps";
import { askOutside, dispatchDue } from "./dispatch";
import { judgeConversations } from "./judge-conversations";
import { carryOnMigrations } from "./migrate";
import { recoverUnclear } from "./recover";
import { type DispatchCounts, NOTHING_DISPATCHED } from "./tally";

export type TickCounts = {
  readonly nowMs: number;
  readonly payments: number;
  /** Accounts a move to another version looked at. */
  readonly migrating: number;
  readonly frozen: number;
  readonly thawed: number;
  readonly advanced: AdvanceCounts;
  readonly dispatched: DispatchCounts;
  readonly recovered: DispatchCounts;
  readonly heard: CallbackCounts;
  /** Conversations that were judged. */
  readonly judged: number;
};

/**
 * One round of the engine: payments into the ledger, everybody who is due gets a turn, holds freeze and thaw, requests leave.
 * Safe to run in any number of workers at once and to die in at any point. Bounded (`RUNTIME_LIMITS`).
 */
export async function tickEngine(deps: RuntimeDeps): Promise<TickCounts> {
  const time = await deps.clock.read();
  const { nowMs } = time;
  await deps.stops.carryOn({ nowMs, limit: RUNTIME_LIMITS.stopBatch });
  const migrating = await carryOnMigrations(deps, nowMs);
  if (time.isDemo) await askDebtors(deps);
  const payments = await deps.inbox.postDuePayments({ nowMs, limit: RUNTIME_LIMITS.paymentsBatch });
  await deps.inbox.bookDuePromises({ nowMs, limit: RUNTIME_LIMITS.promisesBatch });
  const heard = await takeCallbacks(deps, nowMs);
  const judged = await judgeConversations(deps, nowMs);
  const advanced = await advanceDue(deps, nowMs);
  await deps.inbox.recordWaitingResults({ nowMs, limit: RUNTIME_LIMITS.paymentsBatch });
  const frozen = await deps.enrollments.freeze({ nowMs, limit: RUNTIME_LIMITS.freezeBatch });
  const thawed = await thawFreed(deps, nowMs);
  const recovered = await recoverUnclear(deps, time);
  await askAboutLost(deps, time);
  await callOffUnwanted(deps, time);
  const dispatched = await dispatchDue(deps, time);
  return { nowMs, payments, migrating, frozen, thawed, advanced, dispatched, recovered, heard, judged };
}

/**
 * One round of questions to other systems. It runs beside `tickEngine`, as often: a system that takes half a minute then holds
 * back nobody's timers and messages.
 */
export async function tickOutside(deps: RuntimeDeps): Promise<TickCounts> {
  const time = await deps.clock.read();
  const dispatched = await askOutside(deps, time);
  const nothing = {
    payments: 0,
    migrating: 0,
    frozen: 0,
    thawed: 0,
    advanced: { claimed: 0, written: 0 },
    heard: NOTHING_HEARD,
    judged: 0,
  };
  return { ...nothing, nowMs: time.nowMs, dispatched, recovered: NOTHING_DISPATCHED };
}

/** Whether a tick found anything to do; a worker that found something looks again at once. */
export function wasBusy(counts: TickCounts): boolean {
  return (
    counts.payments +
      counts.migrating +
      counts.thawed +
      counts.heard.taken +
      counts.judged +
      counts.advanced.written +
      counts.dispatched.looked >
    0
  );
}
