import type { StrategyVersionId } from "../model/ids";
import type { MigrationPlan } from "../model/migration-plan";
import type { Advance, ClaimedEnrollment } from "./enrollment-store";
import type { Due } from "./inbox";

/** Accounts of one plan whose turn it is to be moved, locked so that nothing of theirs can leave or be heard meanwhile. */
export type MigrationBatch = {
  readonly fromVersionId: StrategyVersionId;
  readonly toVersionId: StrategyVersionId;
  readonly plan: MigrationPlan;
  readonly claimed: readonly ClaimedEnrollment[];
};

/** Moves of accounts in flight, as every worker sees them. Placing and ending them is a person's business, not the runtime's. */
export interface Migrations {
  /**
   * Hands the next accounts of a plan under way to `work` and writes what it returns with how far the plan has come, in one commit;
   * what a turn moves has the new version's id. Whoever is on hold, paused, or has a request out that cannot be called back, waits
   * for a later pass. Done again, or by several workers, it comes to the same. Null from `work` = this worker cannot carry the plan out;
   * it is left as it stands, for one that can. Returns how many accounts it looked at.
   */
  carryOn(due: Due, work: (batch: MigrationBatch) => Promise<readonly Advance[] | null>): Promise<number>;
}
