import type { StrategyVersionId } from "../model/ids";
import type { Account } from "../model/party";
import type { EpochMs } from "../model/time";
import type { NewInboxEntry } from "./inbox";

/** An enrolled account of a person who does not exist: synthetic, or reachable by simulated contact points alone. */
export type SimulatedDebtor = {
  readonly account: Account;
  readonly versionId: StrategyVersionId;
  readonly startedAtMs: EpochMs;
};

/** The demo's simulated people. Real people never come out of here. */
export interface DebtorStore {
  /** Simulated debtors under way who have not been asked yet when they would pay. */
  unasked(limit: number): Promise<readonly SimulatedDebtor[]>;
  /** Puts what they answered into the inbox and remembers that they were asked, in one commit. Asking again changes nothing. */
  answered(debtors: readonly SimulatedDebtor[], payments: readonly NewInboxEntry[]): Promise<void>;
}
