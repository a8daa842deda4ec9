import type { Advance } from "#engine/ports/enrollment-store";
import { rowOf } from "./enrollment-rows";
import { detailsOf } from "./intent-details";
import type { RowOf } from "./row-columns";
import { rowsParameter } from "./rows-parameter";

export const ENROLLMENT_COLUMNS = {
  party_id: "text",
  id: "text",
  account_id: "text",
  version_id: "text",
  fence: "int",
  next_ordinal: "int",
  status: "text",
  node_id: "text",
  step_seq: "int",
  started_ms: "epoch",
  entered_ms: "epoch",
  wake_ms: "epoch",
  attempt: "int",
  pending: "boolean",
  loop_counts: "jsonb",
  vars: "jsonb",
  exit_reason: "text",
  exit_label: "text",
  fault: "jsonb",
  shift_ms: "epoch",
  now_ms: "epoch",
  despite: "text",
} as const;

export const DECISION_COLUMNS = {
  party_id: "text",
  enrollment_id: "text",
  ordinal: "int",
  step_seq: "int",
  node_id: "text",
  handle: "text",
  code: "text",
  detail: "text",
  facts: "jsonb",
  at_ms: "epoch",
} as const;

export const INTENT_COLUMNS = {
  party_id: "text",
  enrollment_id: "text",
  account_id: "text",
  key: "text",
  step_seq: "int",
  attempt: "int",
  node_id: "text",
  kind: "text",
  channel: "text",
  content_id: "text",
  lexicon: "text",
  details: "jsonb",
  not_before_ms: "epoch",
  not_after_ms: "epoch",
  state: "text",
} as const;

export const CONSUMED_COLUMNS = { enrollment_id: "text", id: "bigint", status: "text", error: "text" } as const;

/** What a commit writes, table by table; many rows as columns, a few as JSON. */
export type AdvanceParameters = {
  readonly enrollments: readonly RowOf<typeof ENROLLMENT_COLUMNS>[];
  readonly decisions: readonly RowOf<typeof DECISION_COLUMNS>[];
  readonly intents: readonly RowOf<typeof INTENT_COLUMNS>[];
  readonly cancelled: string;
  readonly arms: readonly ArmRow[];
  readonly consumed: readonly RowOf<typeof CONSUMED_COLUMNS>[];
  readonly outcomes: string;
};

export function advanceParameters(advances: readonly Advance[]): AdvanceParameters {
  return {
    enrollments: advances.map(rowOf),
    decisions: advances.flatMap(decisionRows),
    intents: advances.flatMap(intentRows),
    cancelled: rowsParameter(
      advances.flatMap(({ subject: { enrollmentId, partyId }, cancelled, nowMs }) =>
        cancelled.map((key) => ({ enrollment_id: enrollmentId, party_id: partyId, key, now_ms: nowMs })),
      ),
    ),
    arms: advances.flatMap(armRows),
    consumed: advances.flatMap(({ subject, consumed }) =>
      consumed.map((entry) => ({ enrollment_id: subject.enrollmentId, ...entry })),
    ),
    outcomes: rowsParameter(advances.flatMap(outcomeRows)),
  };
}

function armRows({ subject, arms, nowMs }: Advance) {
  return arms.map((arm) => ({
    enrollment_id: subject.enrollmentId,
    party_id: subject.partyId,
    experiment_key: arm.experimentKey,
    phase: arm.phase,
    arm: arm.arm,
    at_ms: nowMs,
  }));
}

type ArmRow = ReturnType<typeof armRows>[number];

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
    call_back_ms: outcome.callBackAtMs ?? null,
    at_ms: outcome.atMs,
  }));
}
