import { type Channel, perChannel } from "../model/content";
import type { ExitReason } from "../model/exit-reason";
import type { AccountId } from "../model/ids";
import type { Currency, Money } from "../model/money";
import type { LocalDate } from "../model/time";
import { traceHash } from "../run/trace";
import type { AssumptionMark } from "./assumptions/set";
import type { Pool, PoolDay } from "./capacity/plan";

/** Contacts of one channel, as the strategy asked for them and as they went. */
export type ContactCounts = {
  readonly requested: number;
  /** Left: policy and text check let them pass. */
  readonly sent: number;
  readonly connected: number;
  readonly conversed: number;
  readonly rightParty: number;
  /** Times one was put off to a later instant. */
  readonly deferred: number;
  readonly denied: number;
  /** Called back before they left, because the step was left first. */
  readonly cancelled: number;
  /** Answers by result code. */
  readonly outcomes: { readonly [outcome: string]: number };
};

/** Nothing was asked for. */
export const NO_CONTACTS: ContactCounts = {
  requested: 0,
  sent: 0,
  connected: 0,
  conversed: 0,
  rightParty: 0,
  deferred: 0,
  denied: 0,
  cancelled: 0,
  outcomes: {},
};

type Counts = { readonly [key: string]: number };

export type NodeCounts = {
  /** Times an account entered the step; one of several parts counts as one. */
  readonly entered: number;
  /** Accounts that stand here, active, when the run ends. */
  readonly waiting: number;
  /** Paid by accounts while they stood here (after an exit: at that exit). */
  readonly recoveredMinor: number;
  readonly contacts: number;
  readonly costMinor: number;
  /** Step on the canvas -> times an account went there from here. Absent in results stored before it was counted. */
  readonly wentTo?: Counts;
  /** Contacts put off to the next day for want of people, lines or money, and those that could wait no longer. */
  readonly putOff: number;
  readonly notDone: number;
};

/** One calendar day of the run; the first is its first day, the last the morning it ends in. */
export type DayCounts = {
  readonly recoveredMinor: number;
  readonly costMinor: number;
  readonly contacts: number;
  readonly pools: { readonly [pool in Pool]: PoolDay };
};

/** Accounts that came in and have something in common. */
export type GroupCounts = {
  readonly accounts: number;
  /** Nothing overdue any more at the end. */
  readonly cured: number;
  readonly recoveredMinor: number;
  readonly costMinor: number;
  readonly contacts: number;
};

/** Sums over some parties of a run. Plain data: made in one thread, added up in another. */
export type SimulationPart = {
  readonly accounts: number;
  readonly parties: number;
  readonly enrolled: number;
  readonly notEligible: number;
  readonly unknownEligibility: number;
  readonly steps: number;
  readonly contacts: { readonly [channel in Channel]: ContactCounts };
  readonly blockedBy: { readonly [rule: string]: number };
  /** What work, other systems and checked conversations came to: `<kind>.<outcome>` (`approval.approved`, `external.low`). */
  readonly answers: { readonly [answer: string]: number };
  readonly recoveredMinor: number;
  readonly costMinor: number;
  readonly nodes: { readonly [nodeId: string]: NodeCounts };
  readonly exits: { readonly [reason in ExitReason]?: number };
  readonly held: number;
  readonly faulted: number;
  readonly waiting: number;
  readonly cutShort: number;
  readonly days: readonly DayCounts[];
  /** Accounts that came in, by the stage they began and ended in: `M1>M2`, or `M1>paid`. */
  readonly moves: { readonly [move: string]: number };
  /** By latent segment (`segment:forgetful`) and by the stage at the beginning (`bucket:M1`). */
  readonly groups: { readonly [group: string]: GroupCounts };
  /** Fingerprint of each account's decisions. */
  readonly digests: readonly (readonly [AccountId, string])[];
};

/** What all parts of one run have in common. */
export type SimulationFrame = {
  readonly from: LocalDate;
  readonly days: number;
  readonly seed: number;
  readonly programHash: string;
  readonly currency: Currency;
  readonly costCurrency: Currency;
};

/**
 * What would have happened, from labelled assumptions; never what will. `enrolled` is the sum of `exits` (those that came in),
 * `waiting`, `held` and `faulted`. `steps` counts entries into steps by the accounts that came in, and equals the sum of
 * `nodes[…].entered`; it is the same for both executors.
 */
export type SimulationResult = Omit<SimulationPart, "digests" | "recoveredMinor" | "costMinor" | "days"> &
  Omit<SimulationFrame, "days"> & {
    readonly simulated: true;
    /** Length of the run. */
    readonly days: number;
    readonly perDay: readonly DayCounts[];
    readonly assumptions: AssumptionMark;
    readonly recovered: Money;
    readonly cost: Money;
    /** Accounts whose run was ended at the event limit; anything but 0 is a runaway to be looked at. */
    readonly cutShort: number;
    /** sha256 over the decisions of all accounts by account id: equal for both executors and any number of threads. */
    readonly traceHash: string;
  };

/** Adds the parts of one run up. The order of the parts and how the parties were dealt to them change nothing. */
export function mergeResults(
  parts: readonly SimulationPart[],
  frame: SimulationFrame,
  assumptions: AssumptionMark,
): SimulationResult {
  const sum = (member: (part: SimulationPart) => number): number =>
    parts.reduce((total, part) => total + member(part), 0);
  return {
    ...frame,
    simulated: true,
    assumptions,
    accounts: sum((part) => part.accounts),
    parties: sum((part) => part.parties),
    enrolled: sum((part) => part.enrolled),
    notEligible: sum((part) => part.notEligible),
    unknownEligibility: sum((part) => part.unknownEligibility),
    steps: sum((part) => part.steps),
    contacts: perChannel((channel) => mergeContacts(parts.map((part) => part.contacts[channel]))),
    blockedBy: addCounts(parts.map((part) => part.blockedBy)),
    answers: addCounts(parts.map((part) => part.answers)),
    recovered: { minor: sum((part) => part.recoveredMinor), currency: frame.currency },
    cost: { minor: sum((part) => part.costMinor), currency: frame.costCurrency },
    nodes: mergeNodes(parts.map((part) => part.nodes)),
    exits: addCounts(parts.map((part) => part.exits)),
    held: sum((part) => part.held),
    faulted: sum((part) => part.faulted),
    waiting: sum((part) => part.waiting),
    cutShort: sum((part) => part.cutShort),
    perDay: mergeDays(parts.map((part) => part.days)),
    moves: addCounts(parts.map((part) => part.moves)),
    groups: mergeGroups(parts.map((part) => part.groups)),
    traceHash: traceHash(parts.flatMap((part) => part.digests)),
  };
}

function mergeDays(all: readonly (readonly DayCounts[])[]): readonly DayCounts[] {
  const length = all.reduce((most, days) => Math.max(most, days.length), 0);
  return Array.from({ length }, (_, index) => {
    const of = all.flatMap((days) => days[index] ?? []);
    const pool = (name: Pool) =>
      sumOf(
        of.map(({ pools }) => pools[name]),
        POOL_MEMBERS,
      );
    return {
      ...sumOf(of, ["recoveredMinor", "costMinor", "contacts"]),
      pools: { agent: pool("agent"), robot: pool("robot"), sms: pool("sms") },
    };
  });
}

const POOL_MEMBERS = ["asked", "done", "putOff", "notDone", "units"] as const;

function mergeGroups(all: readonly { readonly [group: string]: GroupCounts }[]) {
  return Object.fromEntries(
    keysOf(all).map((key) => {
      const of = all.flatMap((groups) => (Object.hasOwn(groups, key) ? (groups[key] ?? []) : []));
      return [key, sumOf(of, ["accounts", "cured", "recoveredMinor", "costMinor", "contacts"])];
    }),
  );
}

function sumOf<TMember extends string>(
  all: readonly { readonly [member in TMember]: number }[],
  members: readonly TMember[],
): { readonly [member in TMember]: number } {
  const sums = members.map((member) => [member, all.reduce((sum, one) => sum + one[member], 0)]);
  return Object.fromEntries(sums);
}

function mergeContacts(all: readonly ContactCounts[]): ContactCounts {
  const sum = (member: (counts: ContactCounts) => number): number =>
    all.reduce((total, counts) => total + member(counts), 0);
  return {
    requested: sum((counts) => counts.requested),
    sent: sum((counts) => counts.sent),
    connected: sum((counts) => counts.connected),
    conversed: sum((counts) => counts.conversed),
    rightParty: sum((counts) => counts.rightParty),
    deferred: sum((counts) => counts.deferred),
    denied: sum((counts) => counts.denied),
    cancelled: sum((counts) => counts.cancelled),
    outcomes: addCounts(all.map((counts) => counts.outcomes)),
  };
}

const NODE_MEMBERS = ["entered", "waiting", "recoveredMinor", "contacts", "costMinor", "putOff", "notDone"] as const;

function mergeNodes(all: readonly { readonly [id: string]: NodeCounts }[]): { readonly [id: string]: NodeCounts } {
  const merged: { [id: string]: NodeCounts } = {};
  for (const id of keysOf(all)) {
    const of = all.flatMap((nodes) => (Object.hasOwn(nodes, id) ? (nodes[id] ?? []) : []));
    merged[id] = { ...sumOf(of, NODE_MEMBERS), wentTo: addCounts(of.map((counts) => counts.wentTo ?? {})) };
  }
  return merged;
}

function addCounts(all: readonly Counts[]): Counts {
  return Object.fromEntries(
    keysOf(all).map((key) => [
      key,
      all.reduce((total, counts) => total + (Object.hasOwn(counts, key) ? (counts[key] ?? 0) : 0), 0),
    ]),
  );
}

/** Sorted, so that the same sums are the same bytes. */
function keysOf(all: readonly { readonly [key: string]: unknown }[]): readonly string[] {
  return [...new Set(all.flatMap((one) => Object.keys(one)))].sort();
}
