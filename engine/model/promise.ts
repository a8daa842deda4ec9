import { z } from "zod";
import type { FactValue } from "./facts";
import type { LocalDate } from "./time";

/** How a promise to pay ended, as the ledger told. */
export const PROMISE_RESULTS = ["kept", "partial", "broken"] as const;
export type PromiseResult = (typeof PROMISE_RESULTS)[number];
/** What a promise comes to: as the ledger told, or `cancelled`, because the strategy that followed it ended before its time. */
export type PromiseEnd = PromiseResult | "cancelled";

/**
 * What an open promise comes to when nobody follows it any more: kept where what was promised has been paid. Nothing else counts
 * against the debtor, whose day may not have come (domain.md 4.1, PTP sub-flow).
 */
export function promiseLeft({
  amountMinor,
  paidMinor,
}: {
  readonly amountMinor: number;
  readonly paidMinor: number;
}): PromiseEnd {
  return paidMinor >= amountMinor ? "kept" : "cancelled";
}

/** Result codes that are a promise to pay (domain's table of results): all of it, or a part. */
export const PROMISE_OUTCOMES: ReadonlySet<string> = new Set(["PTP", "PPP"]);

/** Names under which a contact's answer brings a promise along; a provider that sends only one of them has promised nothing. */
export const PROMISE_VALUES = { amount: "promise_amount", dueDate: "promise_due_date" } as const;

/** What was promised; minor units of the account's currency. */
export type PromiseTerms = { readonly amountMinor: number; readonly dueDate: LocalDate };

/** An account's latest promise as it stands. `result` null = open. */
export type PromiseStanding = PromiseTerms & {
  /** Paid since it was made (until it was settled), reversals taken off. */
  readonly paidMinor: number;
  readonly result: PromiseEnd | null;
};

export const PromiseTermsSchema = z.object({ amountMinor: z.int().positive(), dueDate: z.iso.date() });

/** The promise an answer brings along, or null: no such outcome, or amount and date are not both there. */
export function promiseIn(
  outcome: string,
  values: { readonly [name: string]: FactValue } | undefined,
): PromiseTerms | null {
  if (!PROMISE_OUTCOMES.has(outcome)) return null;
  const { amount, dueDate } = PROMISE_VALUES;
  const terms = PromiseTermsSchema.safeParse({ amountMinor: values?.[amount], dueDate: values?.[dueDate] });
  return terms.success ? terms.data : null;
}
