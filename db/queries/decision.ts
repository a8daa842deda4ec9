import type { DecisionCode } from "#engine/model/execution";
import type { FactValue } from "#engine/model/facts";
import type { AccountId, EnrollmentId, PartyId, StrategyVersionId } from "#engine/model/ids";
import type { EpochMs, LocalDate } from "#engine/model/time";
import type { Connection } from "../client";

export type DecisionRecord = {
  readonly enrollmentId: EnrollmentId;
  readonly versionId: StrategyVersionId;
  readonly ordinal: number;
  readonly stepSeq: number;
  readonly nodeId: string;
  readonly handle: string | null;
  readonly code: DecisionCode;
  readonly detail: string | null;
  readonly factsRead: { readonly [fact: string]: FactValue };
  readonly atMs: EpochMs;
};

type Row = {
  enrollment_id: EnrollmentId;
  version_id: StrategyVersionId;
  ordinal: number;
  step_seq: number;
  node_id: string;
  handle: string | null;
  code: DecisionCode;
  detail: string | null;
  facts: DecisionRecord["factsRead"];
  at_ms: number;
};

/** What was decided about an account and why, the latest first. */
export async function decisionsOfAccount(
  connection: Connection,
  accountId: AccountId,
  limit: number,
): Promise<readonly DecisionRecord[]> {
  const rows = await connection<Row[]>`
    select d.enrollment_id, ${versionThen(connection, connection`e.version_id`)} as version_id, d.ordinal, d.step_seq,
      d.node_id, d.handle, d.code, d.detail, d.facts, (extract(epoch from d.at) * 1000)::float8 as at_ms
    from enrollment e join decision d on d.party_id = e.party_id and d.enrollment_id = e.id
    where e.account_id = ${accountId} order by d.at desc, d.enrollment_id, d.ordinal desc limit ${limit}`;
  return rows.map(recordOf);
}

/** The version a decision `d` was taken by: that of the first move after it, or the one the account is on now. */
function versionThen(connection: Connection, now: ReturnType<Connection>) {
  return connection`coalesce((select m.from_version_id from version_move m where m.party_id = d.party_id
    and m.enrollment_id = d.enrollment_id and m.ordinal >= d.ordinal order by m.ordinal limit 1), ${now})`;
}

function recordOf(row: Row): DecisionRecord {
  return {
    enrollmentId: row.enrollment_id,
    versionId: row.version_id,
    ordinal: row.ordinal,
    stepSeq: row.step_seq,
    nodeId: row.node_id,
    handle: row.handle,
    code: row.code,
    detail: row.detail,
    factsRead: row.facts,
    atMs: row.at_ms,
  };
}

/** Everything one enrollment decided, from its first decision on, and what it takes to run them again. */
export type EnrollmentRecord = {
  readonly partyId: PartyId;
  /** Version by which the last of the decisions was taken. */
  readonly versionId: StrategyVersionId;
  readonly startedAtMs: EpochMs;
  /** Data date of the account's file. */
  readonly dataDate: LocalDate;
  readonly decisions: readonly DecisionRecord[];
};

/** Decisions up to `throughOrdinal`, oldest first; null when there is no such enrollment. */
export async function decisionsOfEnrollment(
  connection: Connection,
  enrollmentId: EnrollmentId,
  throughOrdinal: number,
): Promise<EnrollmentRecord | null> {
  const [enrollment] = await connection<
    { party_id: PartyId; version_id: StrategyVersionId; started_ms: number; data_date: LocalDate }[]
  >`
    select e.party_id, e.version_id, (extract(epoch from e.started_at) * 1000)::float8 as started_ms,
      to_char(a.data_date, 'YYYY-MM-DD') as data_date
    from enrollment e join account a on a.id = e.account_id where e.id = ${enrollmentId}`;
  if (enrollment === undefined) return null;
  const rows = await connection<Row[]>`
    select d.enrollment_id, ${versionThen(connection, connection`${enrollment.version_id}::text`)} as version_id, d.ordinal,
      d.step_seq, d.node_id, d.handle, d.code, d.detail, d.facts, (extract(epoch from d.at) * 1000)::float8 as at_ms
    from decision d where d.party_id = ${enrollment.party_id} and d.enrollment_id = ${enrollmentId}
      and d.ordinal <= ${throughOrdinal} order by d.ordinal`;
  return {
    partyId: enrollment.party_id,
    versionId: rows.at(-1)?.version_id ?? enrollment.version_id,
    startedAtMs: enrollment.started_ms,
    dataDate: enrollment.data_date,
    decisions: rows.map(recordOf),
  };
}
