import type { EnrollmentState, Subject } from "#engine/model/execution";
import type { ExitReason } from "#engine/model/exit-reason";
import type { StrategyVersionId } from "#engine/model/ids";
import type { Advance } from "#engine/ports/enrollment-store";
import type { Connection } from "../client";

/** An enrollment as the stores select it (`enrollmentColumns`): instants as epoch milliseconds. */
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

/** The columns of an enrollment named `e` in the statement, in the order in which `enrollmentRowOf` reads them. */
export const enrollmentColumns = (connection: Connection) => connection`
  e.party_id, e.id, e.account_id, e.version_id, e.status, e.node_id, e.step_seq,
  (extract(epoch from e.started_at) * 1000)::float8 as started_ms,
  (extract(epoch from e.entered_at) * 1000)::float8 as entered_ms,
  (extract(epoch from e.wake_at) * 1000)::float8 as wake_ms,
  e.attempt, e.pending, e.loop_counts, e.vars, e.exit_reason, e.exit_label, e.fault, e.fence, e.next_ordinal`;

/**
 * A row that was read as a list of values. The driver builds a row column by column, and an object of so many columns becomes a
 * hash table (measured: several times the memory and the time of this).
 */
export function enrollmentRowOf(values: readonly unknown[]): EnrollmentRow {
  const row = values as EnrollmentValues;
  return {
    party_id: row[0],
    id: row[1],
    account_id: row[2],
    version_id: row[3],
    status: row[4],
    node_id: row[5],
    step_seq: row[6],
    started_ms: row[7],
    entered_ms: row[8],
    wake_ms: row[9],
    attempt: row[10],
    pending: row[11],
    loop_counts: row[12],
    vars: row[13],
    exit_reason: row[14],
    exit_label: row[15],
    fault: row[16],
    fence: row[17],
    next_ordinal: row[18],
  };
}

type EnrollmentValues = readonly [
  EnrollmentRow["party_id"],
  EnrollmentRow["id"],
  EnrollmentRow["account_id"],
  EnrollmentRow["version_id"],
  EnrollmentRow["status"],
  string,
  number,
  number,
  number,
  number | null,
  number,
  boolean,
  EnrollmentRow["loop_counts"],
  EnrollmentRow["vars"],
  EnrollmentRow["exit_reason"],
  string | null,
  EnrollmentRow["fault"],
  number,
  number,
];

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
