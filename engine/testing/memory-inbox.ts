import type { AccountId } from "../model/ids";
import { PromiseTermsSchema } from "../model/promise";
import type { ContactOutcome } from "../ports/enrollment-store";
import type { Due, Inbox, NewInboxEntry } from "../ports/inbox";
import { readEntry, type UnreadEntry } from "../runtime/inbox-event";
import {
  byTime,
  invalidateIn,
  isHeld,
  isPaused,
  type MemoryInboxEntry,
  type MemoryWorld,
  snapshotIn,
} from "./memory-world";

/** The inbox in memory. Passes the same contract as the Postgres store. */
export function memoryInbox(world: MemoryWorld): Inbox {
  return {
    async put(entries) {
      return putIn(world, entries);
    },
    async postDuePayments({ nowMs, limit }) {
      const due = pending(world, nowMs).filter(
        (entry) => entry.enrollmentId === null && entry.type.startsWith("payment."),
      );
      for (const entry of due.slice(0, limit)) book(world, entry, nowMs);
      return Math.min(due.length, limit);
    },
    async bookDuePromises(due) {
      return bookPromisesIn(world, due, null);
    },
    async recordWaitingResults({ nowMs, limit }) {
      let recorded = 0;
      for (const entry of pending(world, nowMs).slice(0, limit)) {
        const own = world.enrollments.get(entry.enrollmentId ?? "");
        if (own === undefined) continue;
        const blocked =
          own.state.status === "held" ||
          isPaused(world, own.versionId) ||
          isHeld(world, entry.partyId, { nowMs, despite: own.despite });
        if (blocked && record(world, entry)) recorded += 1;
      }
      return recorded;
    },
  };
}

export function putIn(world: MemoryWorld, entries: readonly NewInboxEntry[]): number {
  const before = world.inbox.size;
  for (const entry of entries) {
    if (world.inbox.has(entry.dedupeKey)) continue;
    world.inbox.set(entry.dedupeKey, { ...entry, id: String(world.inbox.size + 1), status: "pending", error: null });
  }
  return world.inbox.size - before;
}

function pending(world: MemoryWorld, nowMs: number): readonly MemoryInboxEntry[] {
  return [...world.inbox.values()].filter((entry) => entry.status === "pending" && entry.atMs <= nowMs).sort(byTime);
}

type PaymentData = {
  readonly amountMinor: number;
  readonly source?: string;
  readonly intentKey?: string;
  readonly currency?: string;
};

/** Opens due promises of one account (null = of all) and tells its enrollments. */
export function bookPromisesIn(world: MemoryWorld, { nowMs, limit }: Due, accountId: AccountId | null): number {
  const due = pending(world, nowMs).filter(
    (entry) =>
      entry.enrollmentId === null &&
      entry.type === "promise.made" &&
      (accountId === null || entry.accountId === accountId),
  );
  for (const entry of due.slice(0, limit)) {
    const read = PromiseTermsSchema.safeParse(entry.data);
    if (!read.success) {
      Object.assign(entry, { status: "dead", error: "inbox.unreadable:data" });
      continue;
    }
    const open = [...world.promises.values()].filter(
      (promise) => promise.accountId === entry.accountId && promise.result === null,
    );
    for (const promise of open) Object.assign(promise, { result: "replaced", closedAtMs: entry.atMs });
    const id = `prm_${entry.dedupeKey}`;
    const opened = { openedAtMs: entry.atMs, closedAtMs: null, result: null };
    const { partyId, accountId: ofAccount } = entry;
    world.promises.set(id, { id, partyId, accountId: ofAccount, ...read.data, ...opened });
    entry.status = "done";
    tell(world, entry, entry.data);
  }
  return Math.min(due.length, limit);
}

/** Tells every enrollment of the account that is under way. */
function tell(world: MemoryWorld, entry: MemoryInboxEntry, data: NewInboxEntry["data"]): void {
  for (const own of world.enrollments.values()) {
    if (own.subject.accountId !== entry.accountId || !["active", "paused", "held"].includes(own.state.status)) continue;
    const { enrollmentId } = own.subject;
    putIn(world, [{ ...entry, enrollmentId, dedupeKey: `${entry.dedupeKey}:${enrollmentId}`, data }]);
  }
}

function book(world: MemoryWorld, entry: MemoryInboxEntry, nowMs: number): void {
  const { amountMinor: asked, source, intentKey, currency } = entry.data as PaymentData;
  if (currency !== undefined && currency !== world.accounts.get(entry.accountId ?? "acct_")?.currency) {
    Object.assign(entry, { status: "dead", error: "payment.other-currency" });
    return;
  }
  if (intentKey !== undefined && world.intents.get(intentKey)?.state === "cancelled") {
    entry.status = "ignored";
    return;
  }
  const snapshot = snapshotIn(world, entry.accountId, nowMs);
  const left = (snapshot?.account.overdueMinor ?? 0) - (snapshot?.paidMinor ?? 0);
  const amountMinor = source === "simulated" ? Math.max(0, Math.min(asked, left)) : asked;
  entry.status = amountMinor > 0 ? "done" : "ignored";
  if (amountMinor <= 0) return;
  const id = `pay_${entry.dedupeKey}`;
  const reversed = entry.type === "payment.reversed";
  world.payments.set(id, { id, accountId: entry.accountId, amountMinor, atMs: entry.atMs, reversed });
  tell(world, entry, { ...(entry.data as object), amountMinor });
}

/** When the person asked to be called again, as a member of the contact; nothing where they did not. */
export function callBackOf({ callBackAtMs }: ContactOutcome): Pick<ContactOutcome, "callBackAtMs"> {
  return callBackAtMs === undefined ? {} : { callBackAtMs };
}

/** What a result says about its contact, once; a hold it brings is left to whoever hears it. */
export function hearIn(world: MemoryWorld, entry: UnreadEntry): ContactOutcome | null {
  const read = readEntry(entry);
  if (!read.ok || read.value.outcome === null) return null;
  const { intentKey, outcome, connected, conversed, invalidates } = read.value.outcome;
  const attempt = world.attempts.get(intentKey);
  if (attempt === undefined || attempt.outcome !== null) return null;
  world.attempts.set(intentKey, {
    ...attempt,
    ...callBackOf(read.value.outcome),
    ...{ outcome, connected, conversed, settled: true },
  });
  if (invalidates === true) invalidateIn(world, attempt.contactPointId);
  return read.value.outcome;
}

function record(world: MemoryWorld, entry: MemoryInboxEntry): boolean {
  const heard = hearIn(world, entry);
  if (heard === null) return false;
  const { intentKey, hold } = heard;
  const id = `hold_${intentKey}`;
  if (hold !== null) world.holds.set(id, { id, partyId: entry.partyId, kind: hold, fromMs: entry.atMs, untilMs: null });
  return true;
}
