import type { DebtorStore } from "../ports/debtor-store";
import { putIn } from "./memory-inbox";
import type { MemoryWorld } from "./memory-world";

/** Simulated people in memory. Passes the same contract as the Postgres store. */
export function memoryDebtors(world: MemoryWorld): DebtorStore {
  return {
    async unasked(limit) {
      const open = [...world.enrollments.values()].filter((own) => {
        const points = world.contactPoints.filter((point) => point.partyId === own.subject.partyId);
        const underWay = ["active", "paused", "held"].includes(own.state.status);
        const simulated = points.length > 0 && points.every((point) => point.simulated);
        return underWay && simulated && !world.asked.has(own.subject.accountId);
      });
      return open.slice(0, limit).flatMap((own) => {
        const account = world.accounts.get(own.subject.accountId);
        return account === undefined ? [] : [{ account, versionId: own.versionId, startedAtMs: own.state.startedAtMs }];
      });
    },
    async answered(debtors, payments) {
      for (const { account } of debtors) world.asked.add(account.id);
      putIn(world, payments);
    },
  };
}
