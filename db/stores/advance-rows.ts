import type { Advance } from "#engine/ports/enrollment-store";
import { rowOf } from "./enrollment-rows";
import { detailsOf } from "./intent-details";
import { rowsParameter } from "./rows-parameter";

/** One JSON parameter per table that a commit writes. */
export type AdvanceParameters = {
  readonly enrollments: string;
  readonly decisions: string;
  readonly intents: string;
  readonly cancelled: string;
  readonly arms: string;
  readonly consumed: string;
  readonly outcomes: string;
};

export function advanceParameters(advances: readonly Advance[]): AdvanceParameters {
  return {
    enrollments: rowsParameter(advances.map(rowOf)),
    decisions: rowsParameter(advances.flatMap(decisionRows)),
    intents: rowsParameter(advances.flatMap(intentRows)),
    cancelled: rowsParameter(
      advances.flatMap(({ subject, cancelled }) =>
        cancelled.map((key) => ({ enrollment_id: subject.enrollmentId, key })),
      ),
    ),
    arms: rowsParameter(
      advances.flatMap(({ subject, arms, nowMs }) =>
        arms.map((arm) => ({
          enrollment_id: subject.enrollmentId,
          party_id: subject.partyId,
          experiment_key: arm.experimentKey,
          phase: arm.phase,
          arm: arm.arm,
          at_ms: nowMs,
        })),
      ),
    ),
    consumed: rowsParameter(
      advances.flatMap(({ subject, consumed }) =>
        consumed.map((entry) => ({ enrollment_id: subject.enrollmentId, ...entry })),
      ),
    ),
    outcomes: rowsParameter(advances.flatMap(outcomeRows)),
  };
}

function decisionRows({ subject, decisions, firstOrdinal }: Advance) {
  return decisions.map((decision, index) => ({
    party_id: subject.partyId,
    enrollment_id: subject.enrollmentId,
    ordinal: firstOrdinal + index,
    step_seq: decision.stepSeq,
    node_id: decision.nodeId,
    handle: decision.handle,
    code: decision.code,
    detail: decision.detail,
    facts: decision.factsRead,
    at_ms: decision.atMs,
  }));
}

function intentRows({ subject, intents }: Advance) {
  return intents.map((intent) => ({
    party_id: subject.partyId,
    enrollment_id: subject.enrollmentId,
    account_id: subject.accountId,
    key: intent.key,
    step_seq: intent.stepSeq,
    attempt: intent.attempt,
    node_id: intent.nodeId,
    kind: intent.kind,
    channel: intent.channel,
    content_id: intent.contentId,
    lexicon: intent.lexicon,
    details: detailsOf(intent),
    not_before_ms: intent.notBeforeMs,
    not_after_ms: intent.notAfterMs,
    state: intent.state,
  }));
}

function outcomeRows({ subject, outcomes }: Advance) {
  return outcomes.map((outcome) => ({
    enrollment_id: subject.enrollmentId,
    party_id: subject.partyId,
    intent_key: outcome.intentKey,
    outcome: outcome.outcome,
    connected: outcome.connected,
    conversed: outcome.conversed,
    hold: outcome.hold,
    invalidates: outcome.invalidates ?? false,
    at_ms: outcome.atMs,
  }));
}
