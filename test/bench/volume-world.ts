import { EVENT_TYPES, type Outcome } from "#engine/model/execution";
import { InvariantError } from "#engine/model/invariant";
import { NO_VISIT } from "#engine/run/generated/registers";
import type { Volume, World } from "#engine/run/generated/volume";
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

/**
 * The bench's world around a volume: it writes what happens into the volume's frame and makes no objects. Its draws are those of
 * `nextEvent`. The clock is the frame's: it says since when the account has stood where it stands, and afterwards when it happened.
 */
export type VolumeWorld = World & {
  readonly volume: Volume;
  /** Written over for every account. */
  readonly subject: { readonly enrollmentId: "enr_1"; readonly accountId: "acct_1"; partyId: BenchAccount["partyId"] };
};

export function volumeWorld(volume: Volume): VolumeWorld {
  const subject: VolumeWorld["subject"] = { enrollmentId: "enr_1", accountId: "acct_1", partyId: "party_" };
  const firstWait = volume.nodeIds.indexOf("first-wait");
  const { frame } = volume;
  frame.subject = subject;
  return {
    volume,
    subject,
    next: () => {
      const { partyId } = subject;
      const { stepSeq } = frame;
      if (frame.pending === 1) {
        const { attempt } = frame;
        frame.nowMs += ANSWER_AFTER_MS;
        frame.outcome = answerTo(partyId, stepSeq, attempt);
        frame.eventType = RESULT;
        frame.eventSeq = stepSeq;
        frame.eventAttempt = attempt;
      } else if (frame.node === firstWait && paysIn(partyId, stepSeq)) {
        frame.nowMs += PAID_AFTER_MS;
        frame.eventType = PAYMENT;
        frame.eventSeq = NO_VISIT;
        frame.eventAttempt = NO_VISIT;
      } else {
        frame.nowMs = frame.wakeAtMs;
        frame.eventType = TIMER;
        frame.eventSeq = stepSeq;
        frame.eventAttempt = NO_VISIT;
      }
      return true;
    },
  };
}

/** Looks at an account, at the instant it comes in. */
export function attendTo({ volume, subject }: VolumeWorld, { partyId, facts }: BenchAccount): void {
  subject.partyId = partyId;
  volume.frame.facts = facts;
  volume.frame.nowMs = STARTED_AT_MS;
}

export type Place = { readonly row: number; readonly life: Life };

/** One account's life in a row, in one call. */
export function liveInVolume(world: VolumeWorld, account: BenchAccount, { row, life }: Place): void {
  const { volume } = world;
  attendTo(world, account);
  volume.live(row, world);
  life.steps = volume.stepSeq(row);
  life.endedAtMs = volume.frame.nowMs;
}

/** Longest life of an account in the bench's strategy, in events. */
const EVENTS_MAX = 50;

/** The same life, a call for every event. */
export function liveByEvents(world: VolumeWorld, account: BenchAccount, { row, life }: Place): void {
  const { volume } = world;
  attendTo(world, account);
  volume.begin(row);
  for (let events = 0; volume.active(row); events += 1) {
    if (events > EVENTS_MAX) throw new InvariantError("bench.endless", { partyId: account.partyId });
    volume.look(row);
    world.next(row);
    volume.advance(row);
  }
  life.steps = volume.stepSeq(row);
  life.endedAtMs = volume.frame.nowMs;
}

function outcomeIn(volume: Volume, row: number): Outcome {
  return { state: volume.stateOf(row), decisions: volume.decisions(), effects: volume.effects() };
}

/** The same life in one call, every outcome read from columns and sink whenever the world is asked. */
export function outcomesOfLife(world: VolumeWorld, account: BenchAccount, row: number): readonly Outcome[] {
  const { volume } = world;
  const outcomes: Outcome[] = [];
  attendTo(world, account);
  volume.live(row, {
    next: () => {
      outcomes.push(outcomeIn(volume, row));
      return outcomes.length <= EVENTS_MAX && world.next(row);
    },
  });
  outcomes.push(outcomeIn(volume, row));
  return outcomes;
}

/** The same life by events, every outcome read from columns and sink. */
export function outcomesByEvents(world: VolumeWorld, account: BenchAccount, row: number): readonly Outcome[] {
  const { volume } = world;
  attendTo(world, account);
  volume.begin(row);
  const outcomes: Outcome[] = [outcomeIn(volume, row)];
  while (volume.active(row) && outcomes.length <= EVENTS_MAX) {
    volume.look(row);
    world.next(row);
    volume.advance(row);
    outcomes.push(outcomeIn(volume, row));
  }
  return outcomes;
}
