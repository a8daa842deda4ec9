import type { ContactMood } from "../model/contact-mood";
import type { Channel } from "../model/content";
import type { Account } from "../model/party";
import type { PromiseTerms } from "../model/promise";
import { DAY_MS, type EpochMs, type TimeZone } from "../model/time";
import { remainingMinor } from "../portfolio/facts";
import type { ChannelEvent } from "../ports/channel";
import type { NewInboxEntry } from "../ports/inbox";
import { baseAssumptions } from "../simulate/assumptions/presets";
import { moodOf, segmentOf } from "../simulate/behaviour/people";
import { callBackAfter, promiseAfter, type Settlement, settlementsOf } from "../simulate/behaviour/settlements";
import { RUNTIME_LIMITS, type RuntimeDeps } from "./deps";

/** How far ahead a simulated person knows when they would pay of their own accord; no strategy runs longer by default. */
const OWN_ACCORD_AHEAD_MS = 400 * DAY_MS;
/** Marks a payment that no person made, in the ledger and on every screen. */
const SIMULATED_SOURCE = "simulated";

/**
 * Asks simulated people who have come in when they would pay without being asked. The same functions and assumptions as the
 * simulator's; only under a demo clock, so that no invented payment ever stands beside a real one. Returns how many were asked.
 */
export async function askDebtors(deps: RuntimeDeps): Promise<number> {
  const { debtors, debtorSeed: seed } = deps;
  const unasked = await debtors.unasked(RUNTIME_LIMITS.debtorsBatch);
  if (unasked.length === 0) return 0;
  const payments: NewInboxEntry[] = [];
  for (const { account, versionId, startedAtMs } of unasked) {
    const version = await deps.versions.linked(versionId);
    if (version === null) continue;
    const { timeZone } = version.program.settings;
    const untilMs = startedAtMs + OWN_ACCORD_AHEAD_MS;
    const cause = { kind: "own-accord", fromMs: startedAtMs, untilMs, dueMinor: account.overdueMinor } as const;
    const own = settlementsOf({ account, seed, timeZone, assumptions: baseAssumptions }, cause);
    payments.push(...own.map((settlement) => paymentEntry(account, settlement)));
  }
  await debtors.answered(unasked, payments);
  return unasked.length;
}

export type ContactedDebtor = {
  readonly account: Account;
  /** Paid since the data date. */
  readonly paidMinor: number;
  readonly seed: number;
  readonly timeZone: TimeZone;
  readonly channel: Channel;
  /** Contacts of the party on this channel before this one. */
  readonly ordinal: number;
};

/** What a simulated person pays because of a contact they answered. */
export function paymentsAfter(
  { account, paidMinor, seed, timeZone, channel, ordinal }: ContactedDebtor,
  event: ChannelEvent,
): readonly NewInboxEntry[] {
  const dueMinor = remainingMinor(account, paidMinor);
  const cause = { kind: "contact", channel, outcome: event.outcome, ordinal, atMs: event.atMs, dueMinor } as const;
  return settlementsOf({ account, seed, timeZone, assumptions: baseAssumptions }, cause).map((settlement) =>
    paymentEntry(account, settlement),
  );
}

/** What a simulated person promises in a contact's answer; null when it is no promise. */
export function promisedBy(
  { account, paidMinor, seed, timeZone, channel, ordinal }: ContactedDebtor,
  event: ChannelEvent,
): PromiseTerms | null {
  const cause = { channel, outcome: event.outcome, ordinal, atMs: event.atMs };
  return promiseAfter(
    { account, seed, timeZone, assumptions: baseAssumptions },
    cause,
    remainingMinor(account, paidMinor),
  );
}

type Asked = Pick<ContactedDebtor, "account" | "seed" | "timeZone" | "channel"> & {
  readonly atMs: number;
  readonly contacts7d: number;
};

/** In what mood a contact finds a simulated person: as the simulator has it. */
export function moodNow({ account, seed, timeZone, channel, atMs, contacts7d }: Asked): ContactMood {
  const debtor = { account, seed, timeZone, assumptions: baseAssumptions };
  return moodOf(debtor, segmentOf(debtor), { contacts7d, atMs, channel });
}

/** When a simulated person wants to be called again; null when they do not ask for it. */
export function callBackNamed(
  { account, seed, timeZone, channel, ordinal }: ContactedDebtor,
  event: ChannelEvent,
): EpochMs | null {
  const cause = { channel, outcome: event.outcome, ordinal, atMs: event.atMs };
  return callBackAfter({ account, seed, timeZone, assumptions: baseAssumptions }, cause);
}

function paymentEntry(account: Account, { id, atMs, amountMinor }: Settlement): NewInboxEntry {
  return {
    dedupeKey: `simulated:${id}`,
    partyId: account.partyId,
    enrollmentId: null,
    accountId: account.id,
    type: "payment.posted",
    atMs,
    stepSeq: null,
    attempt: null,
    data: { amountMinor, source: SIMULATED_SOURCE },
  };
}
