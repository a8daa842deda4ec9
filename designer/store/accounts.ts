import type { Condition, FactValue, Issue, StrategySettings } from "#engine";

/** An account as a list may show it: no name in full. */
export type ShownAccount = { readonly id: string; readonly label: string; readonly hint: string };

/** As much of a strategy as says what the facts of an account are. */
export type AskedSettings = Pick<StrategySettings, "market" | "currency" | "timeZone" | "fields" | "variables">;

/** What the lender's accounts say to a condition. */
export type AccountsAnswer =
  | {
      readonly kind: "counted";
      readonly looked: number;
      /** There are more accounts than were looked at. */
      readonly capped: boolean;
      readonly matches: number;
      readonly unknown: number;
      readonly synthetic: boolean;
      /** What the strategy itself gives an account is taken as on the way in. */
      readonly asOnEntry: boolean;
      readonly examples: readonly ShownAccount[];
    }
  /** The condition has problems; paths begin at it. */
  | { readonly kind: "refused"; readonly issues: readonly Issue[] };

/** How often each row of a table has decided, by its id, in a published version. */
export type RowHits = { readonly version: number; readonly rows: { readonly [row: string]: number } };

/** The lender's accounts, as far as the host lets an author look at them. */
export type AccountDesk = {
  /** Rejects when nobody answers, and when it is called off. */
  readonly ask: (condition: Condition, settings: AskedSettings, signal: AbortSignal) => Promise<AccountsAnswer>;
  /** Address of an account's page. */
  readonly hrefOf: (accountId: string) => string;
  readonly find: (search: string) => Promise<readonly ShownAccount[]>;
  /** Null where no version was published yet. */
  readonly rowHits: (nodeId: string) => Promise<RowHits | null>;
  /** What a text may quote of an account; what is personal comes masked. */
  readonly valuesOf: (accountId: string, settings: AskedSettings) => Promise<{ readonly [key: string]: FactValue }>;
};
