import type { Database } from "#db";
import { type ContactRequestRecord, contactRequestsOfAccount } from "#db/queries/contact";
import { type DecisionRecord, decisionsOfAccount } from "#db/queries/decision";
import { type AccountEnrollment, enrollmentsOfAccount } from "#db/queries/enrollment";
import { type HoldRecord, holdsOfAccount } from "#db/queries/hold";
import { type OutsideContactRecord, outsideContactsOfAccount } from "#db/queries/outside-contact";
import { type PaymentRecord, paymentsOfAccount } from "#db/queries/payment";
import type { AccountId } from "#engine/model/ids";
import type { EpochMs } from "#engine/model/time";

/** Most entries of one kind a history shows; older ones are left out and `truncated` says so. */
const ENTRIES_MAX = 500;

export type HistoryEntry = { readonly atMs: EpochMs } & (
  | { readonly kind: "decision"; readonly decision: DecisionRecord }
  | { readonly kind: "contact"; readonly contact: ContactRequestRecord }
  | { readonly kind: "outside"; readonly contact: OutsideContactRecord }
  | { readonly kind: "payment"; readonly payment: PaymentRecord }
  | { readonly kind: "hold"; readonly hold: HoldRecord; readonly begins: boolean }
);
export type AccountHistory = {
  readonly enrollments: readonly AccountEnrollment[];
  /**
   * The latest first; at one instant in the order they were decided, also the latest first. A contact stands at the time it
   * left; one that did not leave, at the time from which it may.
   */
  readonly entries: readonly HistoryEntry[];
  readonly holds: readonly HoldRecord[];
  readonly truncated: boolean;
};

/** Everything that happened to one account, with the reason of each decision and of each refused contact. */
export async function accountHistory(database: Database, accountId: AccountId): Promise<AccountHistory> {
  const { sql } = database;
  const [enrollments, decisions, contacts, outside, payments, holds] = await Promise.all([
    enrollmentsOfAccount(sql, accountId),
    decisionsOfAccount(sql, accountId, ENTRIES_MAX),
    contactRequestsOfAccount(sql, accountId, ENTRIES_MAX),
    outsideContactsOfAccount(sql, accountId, ENTRIES_MAX),
    paymentsOfAccount(sql, accountId, ENTRIES_MAX),
    holdsOfAccount(sql, accountId),
  ]);
  const entries: HistoryEntry[] = [
    // Sorting keeps the order of what has one instant: a contact stands above the decision that asked for it.
    ...contacts.map((contact) => ({
      kind: "contact" as const,
      atMs: contact.sentAtMs ?? contact.notBeforeMs,
      contact,
    })),
    ...decisions.map((decision) => ({ kind: "decision" as const, atMs: decision.atMs, decision })),
    ...outside.map((contact) => ({ kind: "outside" as const, atMs: contact.atMs, contact })),
    ...payments.map((payment) => ({ kind: "payment" as const, atMs: payment.atMs, payment })),
    ...holds.flatMap(holdEntries),
  ];
  const truncated = [decisions, contacts, outside, payments].some((list) => list.length === ENTRIES_MAX);
  return { enrollments, entries: entries.sort((left, right) => right.atMs - left.atMs), holds, truncated };
}

function holdEntries(hold: HoldRecord): readonly HistoryEntry[] {
  const begin = { kind: "hold" as const, atMs: hold.fromMs, hold, begins: true };
  return hold.untilMs === null ? [begin] : [begin, { kind: "hold" as const, atMs: hold.untilMs, hold, begins: false }];
}
