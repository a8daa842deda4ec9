import type { KnownResult } from "../model/contact-result";
import type { Decision, EnrollmentState, Subject } from "../model/execution";
import type { ReleaseChoices } from "../model/hold-release";
import type { AccountId, PartyId, StrategyVersionId } from "../model/ids";
import type { Account, ContactPoint } from "../model/party";
import type { PlanTerms } from "../model/payment-plan";
import type { ContactRecord, Hold, HoldKind, PolicyReason } from "../model/policy";
import type { PromiseEnd, PromiseTerms } from "../model/promise";
import { DAY_MS, type EpochMs } from "../model/time";
import type { AccountSnapshot } from "../ports/account-snapshot";
import type { StatusEvent } from "../ports/channel";
import type { NewInboxEntry } from "../ports/inbox";
import type { ContactHistoryEntry, IntentState, NewIntent } from "../ports/outbox";
import type { PublishedVersion } from "../ports/program-store";
import { isFrozen } from "../run/freeze";
import { contactsOf, periodIn, planIn, promiseIn } from "./memory-standing";

export type MemoryEnrollment = {
  readonly subject: Subject;
  readonly versionId: StrategyVersionId;
  state: EnrollmentState;
  despite: readonly HoldKind[];
  fence: number;
  readonly decisions: Decision[];
};
export type MemoryInboxEntry = NewInboxEntry & { readonly id: string; status: string; error: string | null };
export type MemoryIntent = {
  intent: NewIntent;
  readonly subject: Subject;
  readonly versionId: StrategyVersionId;
  state: IntentState;
  reasons: readonly PolicyReason[];
  leaseLapsed: boolean;
  /** Times in a row it broke at the gate. */
  failures?: number;
  costMinor: number;
  provider: string | null;
  providerRef: string | null;
  unclear: number;
  askAfterMs: EpochMs | null;
  known: KnownResult | null;
};
/** An intent nobody has handed to anybody yet. */
export const UNTOUCHED = { provider: null, providerRef: null, unclear: 0, askAfterMs: null, known: null } as const;
/** An event of a provider; `taken` once it was placed. */
export type MemoryCallback = { readonly integration: string; readonly event: StatusEvent; taken: boolean };
export type MemoryAttempt = ContactHistoryEntry & {
  readonly intentKey: string;
  readonly partyId: PartyId;
  readonly outcome: string | null;
};
export type MemoryHold = Hold & {
  readonly id: string;
  readonly partyId: PartyId;
  readonly choices?: ReleaseChoices;
};
export type MemoryPromise = PromiseTerms & {
  readonly id: string;
  readonly partyId: PartyId;
  readonly accountId: AccountId;
  readonly openedAtMs: EpochMs;
  closedAtMs: EpochMs | null;
  result: PromiseEnd | "replaced" | null;
};
export type MemoryPlan = PlanTerms & {
  readonly id: string;
  readonly accountId: AccountId;
  readonly openedAtMs: EpochMs;
};
export type MemoryPayment = {
  readonly id: string;
  readonly accountId: AccountId;
  readonly amountMinor: number;
  readonly atMs: EpochMs;
  readonly reversed: boolean;
};

/** The tables of the live shell, held in memory: what the in-memory stores share. For tests only. */
export type MemoryWorld = {
  readonly accounts: Map<AccountId, Account>;
  readonly contactPoints: ContactPoint[];
  readonly versions: Map<StrategyVersionId, PublishedVersion & { paused: boolean }>;
  readonly enrollments: Map<string, MemoryEnrollment>;
  readonly inbox: Map<string, MemoryInboxEntry>;
  readonly intents: Map<string, MemoryIntent>;
  readonly attempts: Map<string, MemoryAttempt>;
  /** Contacts agencies made, by party. */
  readonly outside: Map<PartyId, readonly ContactRecord[]>;
  readonly callbacks: Map<string, MemoryCallback>;
  readonly holds: Map<string, MemoryHold>;
  readonly payments: Map<string, MemoryPayment>;
  readonly promises: Map<string, MemoryPromise>;
  readonly plans: Map<string, MemoryPlan>;
  readonly arms: Map<string, string>;
  /** Accounts whose simulated person has been asked when they would pay. */
  readonly asked: Set<AccountId>;
  /** Parties a worker is deciding about at this moment. */
  readonly deciding: Set<PartyId>;
};

export function memoryWorld(): MemoryWorld {
  return {
    accounts: new Map(),
    contactPoints: [],
    versions: new Map(),
    enrollments: new Map(),
    inbox: new Map(),
    intents: new Map(),
    attempts: new Map(),
    outside: new Map(),
    callbacks: new Map(),
    holds: new Map(),
    payments: new Map(),
    promises: new Map(),
    plans: new Map(),
    arms: new Map(),
    asked: new Set(),
    deciding: new Set(),
  };
}

/** Whether a hold of the party freezes what waits in spite of some holds. */
export function isHeld(
  world: MemoryWorld,
  partyId: PartyId,
  { nowMs, despite = [] }: { readonly nowMs: EpochMs; readonly despite?: readonly HoldKind[] },
): boolean {
  return isFrozen(holdsOf(world, partyId), despite, nowMs);
}

export function holdsOf(world: MemoryWorld, partyId: PartyId): readonly MemoryHold[] {
  return [...world.holds.values()].filter((hold) => hold.partyId === partyId);
}

export function isPaused(world: MemoryWorld, versionId: StrategyVersionId): boolean {
  return world.versions.get(versionId)?.paused ?? false;
}

/** The number is no use any more. */
export function invalidateIn(world: MemoryWorld, contactPointId: string | null): void {
  const index = world.contactPoints.findIndex((point) => point.id === contactPointId);
  const point = world.contactPoints[index];
  if (point?.status === "valid") world.contactPoints[index] = { ...point, status: "invalid" };
}

/** The same reckoning as the database's, row by row. */
export function snapshotIn(world: MemoryWorld, accountId: AccountId, nowMs: EpochMs): AccountSnapshot | null {
  const account = world.accounts.get(accountId);
  if (account === undefined) return null;
  const { partyId } = account;
  const points = world.contactPoints.filter((point) => point.partyId === partyId);
  const week = contactsOf(world, partyId).filter(
    (contact) => contact.atMs <= nowMs && contact.atMs > nowMs - 7 * DAY_MS,
  );
  const paid = [...world.payments.values()].filter(
    (payment) => payment.accountId === accountId && payment.atMs <= nowMs,
  );
  const others = [...world.accounts.values()].filter(
    (other) => other.partyId === partyId && other.id !== accountId && other.status === "open",
  );
  const arms = [...world.arms].flatMap(([key, arm]) =>
    key.startsWith(`${partyId}|`) ? [[key.split("|")[1], arm]] : [],
  );
  return {
    account,
    paidMinor: paid.reduce((sum, payment) => sum + (payment.reversed ? -1 : 1) * payment.amountMinor, 0),
    contacts7d: week.length,
    conversations7d: week.filter((attempt) => attempt.conversed).length,
    otherAccounts: others.length,
    arms: Object.fromEntries(arms),
    contactPoints: points,
    promise: promiseIn(world, accountId, nowMs),
    plan: planIn(world, accountId, nowMs),
    periods: Object.fromEntries(
      daysAskedFor(world).map((days) => [days, periodIn(world, partyId, { days, nowMs })] as const),
    ),
    simulated: points.length > 0 && points.every((point) => point.simulated),
  };
}

function daysAskedFor(world: MemoryWorld): readonly number[] {
  const counters = [...world.versions.values()].flatMap(({ program }) => program.counters ?? []);
  return [...new Set(counters.map(({ days }) => days))];
}

export function byTime<TEntry extends { readonly atMs: EpochMs; readonly id: string }>(
  left: TEntry,
  right: TEntry,
): number {
  return left.atMs - right.atMs || Number(left.id) - Number(right.id);
}
