import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { Database } from "#db";
import { countUnsealed } from "#db/queries/audit-seal";
import { readClock } from "#db/queries/clock";
import { readEngineBacklog, readStandingAccounts } from "#db/queries/engine-backlog";
import { type AuditMetrics, auditMetrics } from "./audit-metrics";
import { backlogMetrics } from "./backlog-metrics";

/** The metrics of one process, and how they are read out. */
export type Exposition = {
  /** More metrics of the process are registered here. */
  readonly registry: Registry;
  readonly audit: AuditMetrics;
  /** Text in the Prometheus exposition format, as of now. Rejects when the database cannot be asked. */
  read(): Promise<{ readonly text: string; readonly contentType: string }>;
};

/** Default metrics of Node (memory, event loop, garbage), and the engine's backlog read from its database. */
export function expositionOf(database: Database): Exposition {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const backlog = backlogMetrics(registry);
  const audit = auditMetrics(registry);
  new Gauge({
    name: "db_pool_waiting",
    help: "Queries of this process that wait for a free connection to the database",
    registers: [registry],
    collect() {
      this.set(database.waiting());
    },
  });
  return {
    registry,
    audit,
    read: async () => {
      const { sql } = database;
      const { nowMs } = await readClock(sql);
      const [behind, standing, unsealed] = await Promise.all([
        readEngineBacklog(sql, nowMs),
        readStandingAccounts(sql),
        countUnsealed(sql),
      ]);
      audit.showUnsealed(unsealed);
      backlog.show(behind, standing);
      return { text: await registry.metrics(), contentType: registry.contentType };
    },
  };
}
