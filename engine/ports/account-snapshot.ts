import type { Account, ContactPoint } from "../model/party";

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
};
