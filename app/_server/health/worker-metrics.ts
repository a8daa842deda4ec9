import { Counter, Histogram, type Registry } from "prom-client";
import type { RuntimeAlarm } from "#engine/runtime/deps";
import type { TickCounts } from "#engine/runtime/tick";

export type Round = "engine" | "outside";

/** What one worker counts about its own rounds. */
export type WorkerMetrics = {
  /** The same round, counted and timed. A round that throws is counted as `failed` and throws on. */
  measured(round: Round, tick: () => Promise<TickCounts>): () => Promise<TickCounts>;
  /** Milliseconds since a round of the kind last ended well; since the worker began, where none has. */
  sinceRoundMs(round: Round): number;
  /** The same alarm, counted by its code. */
  counted(alarm: RuntimeAlarm): RuntimeAlarm;
};

/** A round of a quiet worker takes milliseconds, one that meets its bounds some seconds. */
const TICK_SECONDS = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30];
const MS_PER_SECOND = 1000;

export function workerMetrics(registry: Registry): WorkerMetrics {
  const registers = [registry];
  const ticks = new Counter({
    name: "engine_ticks_total",
    help: "Rounds of the worker",
    labelNames: ["round", "result"] as const,
    registers,
  });
  const duration = new Histogram({
    name: "engine_tick_duration_seconds",
    help: "How long a round took",
    labelNames: ["round"] as const,
    buckets: TICK_SECONDS,
    registers,
  });
  const steps = new Counter({ name: "engine_turns_total", help: "Turns of accounts written", registers });
  const conflicts = new Counter({
    name: "engine_commit_conflicts_total",
    help: "Turns that were not written because somebody else had written meanwhile",
    registers,
  });
  const requests = new Counter({
    name: "channel_decisions_total",
    help: "What became of requests that were due",
    labelNames: ["decision"] as const,
    registers,
  });
  const payments = new Counter({ name: "engine_payments_total", help: "Payments brought into the ledger", registers });
  const alarms = new Counter({
    name: "engine_alarms_total",
    help: "Alarms raised",
    labelNames: ["code"] as const,
    registers,
  });
  const show = ({ advanced, dispatched, recovered, payments: paid }: TickCounts): void => {
    steps.inc(advanced.written);
    conflicts.inc(Math.max(0, advanced.claimed - advanced.written));
    payments.inc(paid);
    for (const counts of [dispatched, recovered]) {
      for (const decision of ["sent", "deferred", "denied"] as const) requests.inc({ decision }, counts[decision]);
    }
  };
  const begunMs = performance.now();
  const endedMs = new Map<Round, number>();
  return {
    sinceRoundMs: (round) => performance.now() - (endedMs.get(round) ?? begunMs),
    measured: (round, tick) => async () => {
      const begun = performance.now();
      try {
        const counts = await tick();
        show(counts);
        ticks.inc({ round, result: "done" });
        endedMs.set(round, performance.now());
        return counts;
      } catch (error) {
        ticks.inc({ round, result: "failed" });
        throw error;
      } finally {
        duration.observe({ round }, (performance.now() - begun) / MS_PER_SECOND);
      }
    },
    counted: (alarm) => (code, ids) => {
      alarms.inc({ code });
      alarm(code, ids);
    },
  };
}
