import type { PeriodCounts } from "../model/counters";
import type { Account, ContactPoint } from "../model/party";
import type { PlanStanding } from "../model/payment-plan";
import type { PromiseStanding } from "../model/promise";

/** What a turn needs to know: the facts, and nothing about how the person is reached. */
export type TurnSnapshot = Omit<AccountSnapshot, "contactPoints" | "simulated">;

/** What the database knows of an account at one instant: the raw material of its facts. */
export type AccountSnapshot = {
  readonly account: Account;
  /** Paid since the data date, reversals taken off, minor units. */
  readonly paidMinor: number;
  /** Contact attempts and conversations with the party in the last seven days. */
  readonly contacts7d: number;
  readonly conversations7d: number;
  /** Open accounts of the same party beside this one. */
  readonly otherAccounts: number;
  /** Sticky arms of the party: experiment key and phase (`key:phase`) to arm. */
  readonly arms: { readonly [experimentAndPhase: string]: string };
  readonly contactPoints: readonly ContactPoint[];
  /** The account's latest promise and plan; null = it never had one. */
  readonly promise: PromiseStanding | null;
  readonly plan: PlanStanding | null;
  /** What happened with the party within the last so many days, for the periods that were asked for. */
  readonly periods: { readonly [days: number]: PeriodCounts };
  /** A person who does not exist: synthetic, or reachable by simulated contact points alone. Nothing real is done about them. */
  readonly simulated: boolean;
};
