import type { DecisionCode } from "#engine/model/execution";
import type { FactValue } from "#engine/model/facts";
import type { AccountId, EnrollmentId, StrategyVersionId } from "#engine/model/ids";
import type { EpochMs } from "#engine/model/time";
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
    select d.enrollment_id, e.version_id, d.ordinal, d.step_seq, d.node_id, d.handle, d.code, d.detail, d.facts,
      (extract(epoch from d.at) * 1000)::float8 as at_ms
    from enrollment e join decision d on d.party_id = e.party_id and d.enrollment_id = e.id
    where e.account_id = ${accountId} order by d.at desc, d.enrollment_id, d.ordinal desc limit ${limit}`;
  return rows.map((row) => ({
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
  }));
}
