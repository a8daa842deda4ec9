import { Gauge, type Registry } from "prom-client";

/** Whether the audit can be relied on. */
export type AuditMetrics = {
  /** Rows that are not in the chain yet, as the database says. */
  showUnsealed(rows: number): void;
  /** Whether the chain held when this process walked it last; nothing is shown before it has. */
  showVerified(isWhole: boolean): void;
};

export function auditMetrics(registry: Registry): AuditMetrics {
  const registers = [registry];
  const unsealed = new Gauge({ name: "audit_unsealed_rows", help: "Audit rows not in the chain yet", registers });
  let verified: Gauge | null = null;
  return {
    showUnsealed: (rows) => unsealed.set(rows),
    showVerified: (isWhole) => {
      const help = "1 = the chain of the audit held when it was walked last";
      verified ??= new Gauge({ name: "audit_verify_ok", help, registers });
      verified.set(isWhole ? 1 : 0);
    },
  };
}
