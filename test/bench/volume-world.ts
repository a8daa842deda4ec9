import { EVENT_TYPES, type Outcome } from "#engine/model/execution";
import { InvariantError } from "#engine/model/invariant";
import { NO_VISIT } from "#engine/run/generated/registers";
import type { Volume } from "#engine/run/generated/volume";
import {
  ANSWER_AFTER_MS,
  answerTo,
  type BenchAccount,
  type Life,
  PAID_AFTER_MS,
  paysIn,
  STARTED_AT_MS,
} from "./executor-strategy";

const TIMER = EVENT_TYPES.indexOf("timer.fired");
const RESULT = EVENT_TYPES.indexOf("contact.result");
const PAYMENT = EVENT_TYPES.indexOf("payment.posted");

/** The bench's world around a volume: it writes what happens into the volume's frame and makes no objects. */
export type VolumeWorld = {
  readonly volume: Volume;
  /** Written over for every account. */
  readonly subject: { readonly enrollmentId: "enr_1"; readonly accountId: "acct_1"; partyId: BenchAccount["partyId"] };
  readonly firstWait: number;
};

export function volumeWorld(volume: Volume): VolumeWorld {
  const subject: VolumeWorld["subject"] = { enrollmentId: "enr_1", accountId: "acct_1", partyId: "party_" };
  volume.frame.subject = subject;
  return { volume, subject, firstWait: volume.nodeIds.indexOf("first-wait") };
}

/** Looks at an account, as a step of it will. */
export function attendTo({ volume, subject }: VolumeWorld, { partyId, facts }: BenchAccount): void {
  subject.partyId = partyId;
  volume.frame.facts = facts;
}

/** Lets an account in that is looked at. */
export function beginInVolume({ volume }: VolumeWorld, row: number): void {
  volume.frame.nowMs = STARTED_AT_MS;
  volume.begin(row);
}

/**
 * Lets happen to a row what happens next to an account that is looked at. The clock is the frame's: it says since when the account
 * has stood where it stands, and afterwards when it happened. The draws are those of `nextEvent`.
 */
export function nextInVolume({ volume, subject, firstWait }: VolumeWorld, row: number): void {
  const { frame } = volume;
  const { partyId } = subject;
  const stepSeq = volume.stepSeq(row);
  if (volume.pending(row)) {
    const attempt = volume.attempt(row);
    frame.nowMs += ANSWER_AFTER_MS;
    frame.outcome = answerTo(partyId, stepSeq, attempt);
    frame.eventType = RESULT;
    frame.eventSeq = stepSeq;
    frame.eventAttempt = attempt;
  } else if (volume.node(row) === firstWait && paysIn(partyId, stepSeq)) {
    frame.nowMs += PAID_AFTER_MS;
    frame.eventType = PAYMENT;
    frame.eventSeq = NO_VISIT;
    frame.eventAttempt = NO_VISIT;
  } else {
    frame.nowMs = volume.wakeAtMs(row);
    frame.eventType = TIMER;
    frame.eventSeq = stepSeq;
    frame.eventAttempt = NO_VISIT;
  }
  volume.advance(row);
}

/** Longest life of an account in the bench's strategy, in events. */
const EVENTS_MAX = 50;

/** One account's life in a row. */
export function liveInVolume(world: VolumeWorld, account: BenchAccount, { row, life }: Place): void {
  const { volume } = world;
  attendTo(world, account);
  beginInVolume(world, row);
  for (let events = 0; volume.active(row); events += 1) {
    if (events > EVENTS_MAX) throw new InvariantError("bench.endless", { partyId: account.partyId });
    nextInVolume(world, row);
  }
  life.steps = volume.stepSeq(row);
  life.endedAtMs = volume.frame.nowMs;
}

export type Place = { readonly row: number; readonly life: Life };

/** The same life, every outcome read from columns and sink. */
export function outcomesInVolume(world: VolumeWorld, account: BenchAccount, row: number): readonly Outcome[] {
  const { volume } = world;
  const outcomes: Outcome[] = [];
  attendTo(world, account);
  beginInVolume(world, row);
  for (let events = 0; ; events += 1) {
    outcomes.push({ state: volume.stateOf(row), decisions: volume.decisions(), effects: volume.effects() });
    if (!volume.active(row) || events > EVENTS_MAX) return outcomes;
    nextInVolume(world, row);
  }
}
