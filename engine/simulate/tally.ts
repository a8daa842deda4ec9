import { type Channel, perChannel } from "../model/content";
import type { Decision, EnrollmentState } from "../model/execution";
import type { ExitReason } from "../model/exit-reason";
import type { AccountId } from "../model/ids";
import { drawnStepId } from "../model/program";
import { DAY_MS, type EpochMs } from "../model/time";
import { MEASURED_IN, type Pool, type PoolDay, poolOf } from "./capacity/plan";
import {
  type ContactCounts,
  type DayCounts,
  type GroupCounts,
  NO_CONTACTS,
  type NodeCounts,
  type SimulationPart,
} from "./result";

type Mutable<T> = { -readonly [member in keyof T]: T[member] };
type CountsByKey = { [key: string]: number };

type CountedNode = Mutable<Omit<NodeCounts, "wentTo">> & { readonly wentTo: CountsByKey };

/** Sums of a part while it is being run. */
export type Tally = {
  readonly totals: Mutable<
    Omit<
      SimulationPart,
      "contacts" | "blockedBy" | "answers" | "nodes" | "exits" | "days" | "moves" | "groups" | "digests"
    >
  >;
  readonly contacts: {
    readonly [channel in Channel]: Mutable<Omit<ContactCounts, "outcomes">> & { readonly outcomes: CountsByKey };
  };
  readonly blockedBy: CountsByKey;
  readonly answers: CountsByKey;
  readonly nodes: Map<string, CountedNode>;
  readonly exits: { [reason in ExitReason]?: number };
  /** Local midnight before the run begins; its days are whole days from there. */
  readonly firstMidnightMs: EpochMs;
  readonly days: DayTally[];
  readonly moves: CountsByKey;
  readonly groups: Map<string, Mutable<GroupCounts>>;
  readonly digests: (readonly [AccountId, string])[];
};

type PoolTally = Mutable<PoolDay> & { readonly measuredIn: (typeof MEASURED_IN)[Pool] };
type DayTally = Mutable<Omit<DayCounts, "pools">> & { readonly pools: { readonly [pool in Pool]: PoolTally } };

export function newTally({
  firstMidnightMs,
  days,
}: {
  readonly firstMidnightMs: EpochMs;
  readonly days: number;
}): Tally {
  return {
    firstMidnightMs,
    // A run ends in the morning of the day after its last.
    days: Array.from({ length: days + 1 }, newDay),
    moves: {},
    groups: new Map(),
    totals: {
      accounts: 0,
      parties: 0,
      enrolled: 0,
      notEligible: 0,
      unknownEligibility: 0,
      steps: 0,
      recoveredMinor: 0,
      costMinor: 0,
      held: 0,
      faulted: 0,
      waiting: 0,
      cutShort: 0,
    },
    contacts: perChannel(() => ({ ...NO_CONTACTS, outcomes: {} })),
    blockedBy: {},
    answers: {},
    nodes: new Map(),
    exits: {},
    digests: [],
  };
}

function newDay(): DayTally {
  const pool = (name: Pool): PoolTally => ({
    asked: 0,
    done: 0,
    putOff: 0,
    notDone: 0,
    units: 0,
    measuredIn: MEASURED_IN[name],
  });
  return {
    recoveredMinor: 0,
    costMinor: 0,
    contacts: 0,
    pools: { agent: pool("agent"), robot: pool("robot"), sms: pool("sms") },
  };
}

/** Day of the run an instant falls on, 0-based; zones with summer time are an hour off around midnight for a part of the year. */
export function dayIndexOf({ firstMidnightMs, days }: Tally, atMs: EpochMs): number {
  return Math.min(days.length - 1, Math.max(0, Math.floor((atMs - firstMidnightMs) / DAY_MS)));
}

export function dayOf(tally: Tally, atMs: EpochMs): DayTally {
  const index = dayIndexOf(tally, atMs);
  const known = tally.days[index];
  if (known !== undefined) return known;
  const made = newDay();
  tally.days[index] = made;
  return made;
}

/** What a channel's pool did on a day; null = the channel draws on nothing scarce. */
export function loadOf(tally: Tally, channel: Channel, atMs: EpochMs): PoolTally | null {
  const pool = poolOf(channel);
  return pool === null ? null : dayOf(tally, atMs).pools[pool];
}

export function groupOf(tally: Tally, key: string): Mutable<GroupCounts> {
  const known = tally.groups.get(key);
  if (known !== undefined) return known;
  const made = { accounts: 0, cured: 0, recoveredMinor: 0, costMinor: 0, contacts: 0 };
  tally.groups.set(key, made);
  return made;
}

/** Money spent by a step on an account. */
export function chargeTo(
  tally: Tally,
  run: { costMinor: number },
  { nodeId, costMinor, nowMs }: { readonly nodeId: string; readonly costMinor: number; readonly nowMs: EpochMs },
): void {
  run.costMinor += costMinor;
  tally.totals.costMinor += costMinor;
  nodeOf(tally, nodeId).costMinor += costMinor;
  dayOf(tally, nowMs).costMinor += costMinor;
}

/** Counts of the step on the author's canvas that a Program's step belongs to: its parts, and the strategy in it, count as one. */
export function nodeOf(tally: Tally, nodeId: string): CountedNode {
  const drawn = drawnStepId(nodeId);
  const known = tally.nodes.get(drawn);
  if (known !== undefined) return known;
  const made = {
    ...{ entered: 0, waiting: 0, recoveredMinor: 0, contacts: 0, costMinor: 0, putOff: 0, notDone: 0 },
    wentTo: {},
  };
  tally.nodes.set(drawn, made);
  return made;
}

export function countOne(counts: CountsByKey, key: string): void {
  counts[key] = (Object.hasOwn(counts, key) ? (counts[key] ?? 0) : 0) + 1;
}

/**
 * Counts the steps these decisions show to have been entered: every visit has its own `stepSeq` and leaves at least one
 * decision. A step of several parts is entered by the part that has its id; the others are on the way through it. Returns the
 * last visit seen.
 */
export function countSteps(tally: Tally, decisions: readonly Decision[], last: LastVisit): LastVisit {
  let { seq, drawn } = last;
  for (const { stepSeq, nodeId } of decisions) {
    if (stepSeq <= seq) continue;
    seq = stepSeq;
    if (drawnStepId(nodeId) !== nodeId) continue;
    nodeOf(tally, nodeId).entered += 1;
    tally.totals.steps += 1;
    if (drawn !== null) countOne(nodeOf(tally, drawn).wentTo, nodeId);
    drawn = nodeId;
  }
  return { seq, drawn };
}

/** Where counting an account's steps has come to: its last visit, and the step on the canvas it entered last. */
export type LastVisit = { readonly seq: number; readonly drawn: string | null };
export const NO_VISIT: LastVisit = { seq: 0, drawn: null };

/** Where an account that came in stands when the run ends. */
export function countEnd(tally: Tally, state: EnrollmentState, held: boolean): void {
  if (state.status === "faulted") tally.totals.faulted += 1;
  else if (state.exit !== null) tally.exits[state.exit.reason] = (tally.exits[state.exit.reason] ?? 0) + 1;
  else if (held) tally.totals.held += 1;
  else {
    tally.totals.waiting += 1;
    nodeOf(tally, state.nodeId).waiting += 1;
  }
}

export function partOf(tally: Tally): SimulationPart {
  const { totals, contacts, blockedBy, answers, exits, digests, days, moves } = tally;
  const plain = ({ measuredIn: _, ...pool }: PoolTally): PoolDay => pool;
  return {
    ...totals,
    contacts,
    blockedBy,
    answers,
    exits,
    digests,
    moves,
    nodes: Object.fromEntries(tally.nodes),
    groups: Object.fromEntries(tally.groups),
    days: days.map(({ pools, ...day }) => ({
      ...day,
      pools: { agent: plain(pools.agent), robot: plain(pools.robot), sms: plain(pools.sms) },
    })),
  };
}
