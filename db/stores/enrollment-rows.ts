import type { EnrollmentState, Subject } from "#engine/model/execution";
import type { ExitReason } from "#engine/model/exit-reason";
import type { StrategyVersionId } from "#engine/model/ids";
import type { Advance } from "#engine/ports/enrollment-store";

/** An enrollment as the stores select it (`ENROLLMENT_COLUMNS`): instants as epoch milliseconds. */
export type EnrollmentRow = {
  party_id: Subject["partyId"];
  id: Subject["enrollmentId"];
  account_id: Subject["accountId"];
  version_id: StrategyVersionId;
  status: EnrollmentState["status"];
  node_id: string;
  step_seq: number;
  started_ms: number;
  entered_ms: number;
  wake_ms: number | null;
  attempt: number;
  pending: boolean;
  loop_counts: EnrollmentState["loopCounts"];
  vars: EnrollmentState["vars"];
  exit_reason: ExitReason | null;
  exit_label: string | null;
  fault: EnrollmentState["fault"];
  fence: number;
  next_ordinal: number;
};

export function subjectOf(row: EnrollmentRow): Subject {
  return { enrollmentId: row.id, partyId: row.party_id, accountId: row.account_id };
}

export function stateOf(row: EnrollmentRow): EnrollmentState {
  return {
    status: row.status,
    nodeId: row.node_id,
    stepSeq: row.step_seq,
    startedAtMs: row.started_ms,
    enteredAtMs: row.entered_ms,
    wakeAtMs: row.wake_ms,
    attempt: row.attempt,
    pending: row.pending,
    loopCounts: row.loop_counts,
    vars: row.vars,
    exit: row.exit_reason === null ? null : { reason: row.exit_reason, label: row.exit_label },
    fault: row.fault,
  };
}

/** The same state as a row of a JSON parameter. */
export function rowOf({
  subject,
  versionId,
  fence,
  firstOrdinal,
  decisions,
  state,
  despite,
  shiftIntentsMs,
  nowMs,
}: Advance) {
  return {
    party_id: subject.partyId,
    id: subject.enrollmentId,
    account_id: subject.accountId,
    version_id: versionId,
    fence,
    next_ordinal: firstOrdinal + decisions.length,
    status: state.status,
    node_id: state.nodeId,
    step_seq: state.stepSeq,
    started_ms: state.startedAtMs,
    entered_ms: state.enteredAtMs,
    wake_ms: state.wakeAtMs,
    attempt: state.attempt,
    pending: state.pending,
    loop_counts: state.loopCounts,
    vars: state.vars,
    exit_reason: state.exit?.reason ?? null,
    exit_label: state.exit?.label ?? null,
    fault: state.fault,
    shift_ms: shiftIntentsMs,
    now_ms: nowMs,
    despite: despite.join(","),
  };
}
