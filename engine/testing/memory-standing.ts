import type { PeriodCounts } from "../model/counters";
import type { AccountId, PartyId } from "../model/ids";
import type { PlanStanding } from "../model/payment-plan";
import type { ContactRecord } from "../model/policy";
import type { PromiseStanding } from "../model/promise";
import { DAY_MS, type EpochMs } from "../model/time";
import type { MemoryWorld } from "./memory-world";

/** Paid by an account from an instant on up to another, both included, reversals taken off. */
function paidBetween(world: MemoryWorld, accountId: AccountId, [fromMs, untilMs]: readonly [EpochMs, EpochMs]): number {
  return [...world.payments.values()]
    .filter((payment) => payment.accountId === accountId && payment.atMs >= fromMs && payment.atMs <= untilMs)
    .reduce((sum, payment) => sum + (payment.reversed ? -1 : 1) * payment.amountMinor, 0);
}

/** The account's latest promise that was not made anew. */
export function promiseIn(world: MemoryWorld, accountId: AccountId, nowMs: EpochMs): PromiseStanding | null {
  const own = [...world.promises.values()].filter(
    (promise) => promise.accountId === accountId && promise.openedAtMs <= nowMs && promise.result !== "replaced",
  );
  const latest = own.sort((left, right) => left.openedAtMs - right.openedAtMs).at(-1);
  if (latest === undefined || latest.result === "replaced") return null;
  const { amountMinor, dueDate, result, openedAtMs, closedAtMs } = latest;
  const paidMinor = paidBetween(world, accountId, [openedAtMs, closedAtMs ?? nowMs]);
  return { amountMinor, dueDate, result, paidMinor };
}

export function planIn(world: MemoryWorld, accountId: AccountId, nowMs: EpochMs): PlanStanding | null {
  const own = [...world.plans.values()].filter((plan) => plan.accountId === accountId && plan.openedAtMs <= nowMs);
  const latest = own.sort((left, right) => left.openedAtMs - right.openedAtMs).at(-1);
  if (latest === undefined) return null;
  const { instalments, instalmentMinor, firstDue, openedAtMs } = latest;
  return { instalments, instalmentMinor, firstDue, paidMinor: paidBetween(world, accountId, [openedAtMs, nowMs]) };
}

/** Contacts with a party, whoever made them. */
export function contactsOf(world: MemoryWorld, partyId: PartyId): readonly ContactRecord[] {
  const own = [...world.attempts.values()].filter((attempt) => attempt.partyId === partyId);
  return [...own, ...(world.outside.get(partyId) ?? [])];
}

type Window = { readonly days: number; readonly nowMs: EpochMs };

/** What happened with a party within the last so many days. */
export function periodIn(world: MemoryWorld, partyId: PartyId, { days, nowMs }: Window): PeriodCounts {
  const falls = (atMs: EpochMs | null): boolean => atMs !== null && atMs > nowMs - days * DAY_MS && atMs <= nowMs;
  const attempts = contactsOf(world, partyId).filter((one) => falls(one.atMs));
  const payments = [...world.payments.values()].filter(
    (payment) => world.accounts.get(payment.accountId)?.partyId === partyId && falls(payment.atMs),
  );
  const promises = [...world.promises.values()].filter((promise) => promise.partyId === partyId);
  return {
    contacts: attempts.map(({ channel, connected, conversed }) => ({
      channel,
      attempts: 1,
      connects: Number(connected),
      conversations: Number(conversed),
    })),
    payments: Math.max(
      0,
      payments.reduce((sum, payment) => sum + (payment.reversed ? -1 : 1), 0),
    ),
    promises: promises.filter(({ openedAtMs }) => falls(openedAtMs)).length,
    promisesBroken: promises.filter(({ result, closedAtMs }) => result === "broken" && falls(closedAtMs)).length,
  };
}
