import { type Channel, perChannel } from "../model/content";
import type { Decision, EnrollmentState } from "../model/execution";
import type { ExitReason } from "../model/exit-reason";
import type { AccountId } from "../model/ids";
import { drawnStepId } from "../model/program";
import { type ContactCounts, NO_CONTACTS, type NodeCounts, type SimulationPart } from "./result";

type Mutable<T> = { -readonly [member in keyof T]: T[member] };
type CountsByKey = { [key: string]: number };

type CountedNode = Mutable<Omit<NodeCounts, "wentTo">> & { readonly wentTo: CountsByKey };

/** Sums of a part while it is being run. */
export type Tally = {
  readonly totals: Mutable<Omit<SimulationPart, "contacts" | "blockedBy" | "answers" | "nodes" | "exits" | "digests">>;
  readonly contacts: {
    readonly [channel in Channel]: Mutable<Omit<ContactCounts, "outcomes">> & { readonly outcomes: CountsByKey };
  };
  readonly blockedBy: CountsByKey;
  readonly answers: CountsByKey;
  readonly nodes: Map<string, CountedNode>;
  readonly exits: { [reason in ExitReason]?: number };
  readonly digests: (readonly [AccountId, string])[];
};

export function newTally(): Tally {
  return {
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

/** Counts of the step on the author's canvas that a Program's step belongs to: its parts, and the strategy in it, count as one. */
export function nodeOf(tally: Tally, nodeId: string): CountedNode {
  const drawn = drawnStepId(nodeId);
  const known = tally.nodes.get(drawn);
  if (known !== undefined) return known;
  const made = { entered: 0, waiting: 0, recoveredMinor: 0, contacts: 0, costMinor: 0, wentTo: {} };
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
  const { totals, contacts, blockedBy, answers, exits, digests } = tally;
  return { ...totals, contacts, blockedBy, answers, exits, digests, nodes: Object.fromEntries(tally.nodes) };
}
