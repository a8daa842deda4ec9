import { Gauge, type Registry } from "prom-client";
import type { EngineBacklog, StandingAccounts } from "#db/queries/engine-backlog";

/** Gauges of what the database holds; set right before they are read, so every process of one database shows the same. */
export type BacklogMetrics = {
  show(backlog: EngineBacklog, standing: readonly StandingAccounts[]): void;
};

/** Names follow Prometheus; no label ever carries an account or a person. */
export function backlogMetrics(registry: Registry): BacklogMetrics {
  const registers = [registry];
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
  const due = gauge("engine_due_accounts", "Accounts whose timer has come and that nothing holds");
  const dueAge = gauge(
    "engine_oldest_due_age_seconds",
    "Age of the oldest such timer on the engine's clock: alert on this",
  );
  const events = gauge("engine_waiting_events", "Events that have happened and were not yet given to their account");
  const eventAge = gauge("engine_oldest_event_age_seconds", "Age of the oldest such event on the engine's clock");
  const dead = gauge("engine_dead_letters", "Accounts and events that will not move on by themselves");
  const unknown = gauge("channel_unknown_outcomes", "Requests of which nobody knows whether they left");
  const requests = new Gauge({
    name: "channel_requests",
    help: "Requests by state; ready ones whose time has come",
    labelNames: ["state"] as const,
    registers,
  });
  const accounts = new Gauge({
    name: "strategy_accounts",
    help: "Accounts in a version of a strategy, by how they stand",
    labelNames: ["strategy", "version", "status"] as const,
    registers,
  });
  return {
    show: (backlog, standing) => {
      due.set(backlog.dueAccounts);
      dueAge.set(backlog.oldestDueAgeSeconds);
      events.set(backlog.waitingEvents);
      eventAge.set(backlog.oldestEventAgeSeconds);
      dead.set(backlog.deadLetters);
      unknown.set(backlog.requests.unknown);
      for (const [state, count] of Object.entries(backlog.requests)) requests.set({ state }, count);
      accounts.reset();
      for (const { strategy, version, status, accounts: count } of standing) {
        accounts.set({ strategy, version: String(version), status }, count);
      }
    },
  };
}
