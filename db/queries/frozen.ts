import type { EnrollmentState } from "#engine/model/execution";
import { RELEASE_DEFAULT, type ReleaseChoice, ReleaseChoiceSchema } from "#engine/model/hold-release";
import type { EnrollmentId, PartyId, StrategyVersionId } from "#engine/model/ids";
import type { Hold, HoldKind } from "#engine/model/policy";
import type { IntentKind } from "#engine/ports/outbox";
import type { Connection } from "../client";
import { type EnrollmentRow, enrollmentColumns, stateOf } from "../stores/enrollment-rows";

/** An enrollment of a held person that is under way, and what its present step has asked for. */
export type StandingEnrollment = {
  readonly enrollmentId: EnrollmentId;
  readonly accountNo: string;
  readonly strategyKey: string;
  readonly versionId: StrategyVersionId;
  readonly versionNumber: number;
  readonly horizonMs: number;
  /** What its strategy has chosen beforehand for a release. */
  readonly onRelease: ReleaseChoice;
  readonly state: EnrollmentState;
  /** Holds that do not freeze it at the step it stands at. */
  readonly despite: readonly HoldKind[];
  /** What its present attempt asked for and still waits for; null = nothing is out. */
  readonly open: { readonly kind: IntentKind; readonly left: boolean } | null;
};

/** Most that one person has under way at once; what is beyond resumes. */
const STANDING_MAX = 100;

type Row = EnrollmentRow & {
  account_no: string;
  key: string;
  number: number;
  horizon_ms: number;
  on_release: unknown;
  despite: readonly HoldKind[];
  open: { kind: IntentKind; left: boolean } | null;
};

/** What a person has under way, whether it stands still by now or will at the next tick. */
export async function standingOfParty(
  connection: Connection,
  partyId: PartyId,
): Promise<readonly StandingEnrollment[]> {
  const rows = await connection<Row[]>`
    select ${enrollmentColumns(connection)}, e.despite, a.account_no, v.number, s.key,
      (v.program -> 'limits' ->> 'horizonMs')::float8 as horizon_ms,
      v.program #> '{settings,onRelease}' as on_release,
      (select jsonb_build_object('kind', i.kind, 'left', i.state <> 'ready') from intent i
        where i.party_id = e.party_id and i.enrollment_id = e.id and i.step_seq = e.step_seq and i.attempt = e.attempt
          and e.pending and i.state in ('ready', 'sending', 'unknown', 'sent')) as open
    from enrollment e join account a on a.id = e.account_id join strategy_version v on v.id = e.version_id
    join strategy s on s.id = v.strategy_id
    where e.party_id = ${partyId} and e.status in ('active', 'held') order by a.account_no, s.key limit ${STANDING_MAX}`;
  return rows.map((row) => ({
    enrollmentId: row.id,
    accountNo: row.account_no,
    strategyKey: row.key,
    versionId: row.version_id,
    versionNumber: row.number,
    horizonMs: row.horizon_ms,
    onRelease: ReleaseChoiceSchema.catch(RELEASE_DEFAULT).parse(row.on_release),
    state: stateOf(row),
    despite: row.despite,
    open: row.open,
  }));
}

/** The person's holds, over or not. */
export async function holdsOfParty(
  connection: Connection,
  partyId: PartyId,
): Promise<readonly (Hold & { readonly id: string })[]> {
  return connection<(Hold & { id: string })[]>`
    select id, kind, (extract(epoch from from_at) * 1000)::float8 as "fromMs",
      (extract(epoch from until_at) * 1000)::float8 as "untilMs" from hold where party_id = ${partyId} order by from_at, id`;
}
