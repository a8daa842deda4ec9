import { type TickCounts, wasBusy } from "#engine/runtime/tick";
import { type Waker, waker } from "./waker";

/** An idle worker looks again after this long: timers are late by at most one poll and one tick. */
const POLL_MS = 1000;
/** Under a fast demo clock a second is an hour, so it looks more often. */
const FAST_POLL_MS = 200;
const FAST_CLOCK_RATIO = 2;
/** A worker that fails so often in a row ends itself; whoever started it starts a fresh one. */
const FAILURES_MAX = 5;
const HEARTBEAT_MS = 30_000;

export type WorkerLog = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};
export type WorkerLoop = {
  readonly tick: () => Promise<TickCounts>;
  readonly log: WorkerLog;
  /** Cuts the pause between two looks short; without it they are a second apart. */
  readonly waker?: Waker;
  /** Aborted = finish the tick under way and return. */
  readonly signal: AbortSignal;
};
/** Why a loop ended: asked to, or too many failures in a row. */
export type WorkerEnd = "stopped" | "failing";

/** Ticks until it is asked to stop. Nothing is lost by dying in the middle: what a tick wants is a row before it happens. */
export async function runWorkerLoop({ tick, log, signal, waker: own = waker() }: WorkerLoop): Promise<WorkerEnd> {
  let failures = 0;
  let previous: { readonly realMs: number; readonly engineMs: number } | null = null;
  const beat = heartbeat(log);
  while (!signal.aborted) {
    try {
      const counts = await tick();
      failures = 0;
      beat(counts);
      const now = { realMs: performance.now(), engineMs: counts.nowMs };
      const isFast = previous !== null && runsFast(previous, now);
      previous = now;
      if (!wasBusy(counts)) await own.sleep(isFast ? FAST_POLL_MS : POLL_MS, signal);
    } catch (error) {
      failures += 1;
      log.error({ code: codeOf(error), failures }, "tick failed");
      if (failures >= FAILURES_MAX) return "failing";
      await own.sleep(POLL_MS, signal);
    }
  }
  return "stopped";
}

/** Codes only: a driver's message may quote a row. */
export function codeOf(error: unknown): string {
  if (typeof error === "object" && error !== null && "code" in error && typeof error.code === "string")
    return error.code;
  return error instanceof Error ? error.name : "unknown";
}

type Reading = { readonly realMs: number; readonly engineMs: number };

function runsFast(before: Reading, now: Reading): boolean {
  return now.engineMs - before.engineMs > FAST_CLOCK_RATIO * (now.realMs - before.realMs);
}

/** Says now and then that it is alive and what it did since; a quiet worker is not a dead one. */
function heartbeat(log: WorkerLog): (counts: TickCounts) => void {
  let since = performance.now();
  let sum = { ticks: 0, advanced: 0, sent: 0, deferred: 0, denied: 0, payments: 0 };
  return (counts) => {
    sum = {
      ticks: sum.ticks + 1,
      advanced: sum.advanced + counts.advanced.written,
      sent: sum.sent + counts.dispatched.sent + counts.recovered.sent,
      deferred: sum.deferred + counts.dispatched.deferred,
      denied: sum.denied + counts.dispatched.denied,
      payments: sum.payments + counts.payments,
    };
    if (performance.now() - since < HEARTBEAT_MS) return;
    log.info({ ...sum, engineNow: new Date(counts.nowMs).toISOString() }, "alive");
    since = performance.now();
    sum = { ticks: 0, advanced: 0, sent: 0, deferred: 0, denied: 0, payments: 0 };
  };
}
