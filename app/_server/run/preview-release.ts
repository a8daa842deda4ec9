import type { Database } from "#db";
import { readClock } from "#db/queries/clock";
import { holdsOfParty, type StandingEnrollment, standingOfParty } from "#db/queries/frozen";
import { type HoldRecord, holdById } from "#db/queries/hold";
import type { ReleaseChoice } from "#engine/model/hold-release";
import type { EnrollmentId, StrategyVersionId } from "#engine/model/ids";
import type { Hold, HoldKind } from "#engine/model/policy";
import type { EpochMs } from "#engine/model/time";
import { isInForce } from "#engine/run/freeze";
import { thawed } from "#engine/run/thaw";
import { AppError } from "../errors";

/** What the release would mean for one enrollment of the person. */
export type ReleasedEnrollment = {
  readonly enrollmentId: EnrollmentId;
  readonly accountNo: string;
  readonly strategyKey: string;
  readonly versionId: StrategyVersionId;
  readonly versionNumber: number;
  readonly nodeId: string;
  /** When its step would have gone on by itself, had nobody held it; null = it waits for events only. */
  readonly dueAtMs: EpochMs | null;
  /** By how much that is past; null = it is still to come. */
  readonly overdueMs: number | null;
  /** When it goes on by itself if it resumes where it stood. */
  readonly resumesAtMs: EpochMs | null;
  readonly open: StandingEnrollment["open"];
  /** What its strategy has chosen beforehand. */
  readonly preChosen: ReleaseChoice;
  /** Other holds of the person that keep it still: while there are any, nothing is freed and nothing is to choose. */
  readonly keptBy: readonly HoldKind[];
};
export type ReleasePreview = {
  readonly hold: HoldRecord;
  readonly enrollments: readonly ReleasedEnrollment[];
  readonly nowMs: EpochMs;
};

/** What is overdue for whom, before anybody confirms a release. Refuses with `run.hold-not-in-force`. */
export async function previewRelease(database: Database, holdId: string): Promise<ReleasePreview> {
  const { sql } = database;
  const { nowMs } = await readClock(sql);
  const hold = await holdById(sql, holdId);
  if (hold === null || !isInForce(hold, nowMs)) throw new AppError("conflict", "run.hold-not-in-force");
  const [standing, holds] = await Promise.all([standingOfParty(sql, hold.partyId), holdsOfParty(sql, hold.partyId)]);
  const frozen = standing.filter(({ despite }) => !despite.includes(hold.kind));
  const after = holds.map((one) => (one.id === holdId ? { ...one, untilMs: nowMs } : one));
  return { hold, nowMs, enrollments: frozen.map((own) => released(own, { holds: after, nowMs })) };
}

function released(
  own: StandingEnrollment,
  { holds, nowMs }: { readonly holds: readonly Hold[]; readonly nowMs: EpochMs },
): ReleasedEnrollment {
  const { state, horizonMs, despite } = own;
  const freezing = holds.filter(({ kind }) => !despite.includes(kind));
  const { wakeAtMs } = state;
  return {
    enrollmentId: own.enrollmentId,
    accountNo: own.accountNo,
    strategyKey: own.strategyKey,
    versionId: own.versionId,
    versionNumber: own.versionNumber,
    nodeId: state.nodeId,
    dueAtMs: wakeAtMs,
    overdueMs: wakeAtMs === null || wakeAtMs >= nowMs ? null : nowMs - wakeAtMs,
    resumesAtMs: thawed(state, freezing, { horizonMs, nowMs }).state.wakeAtMs,
    open: own.open,
    preChosen: own.onRelease,
    keptBy: [...new Set(freezing.filter((hold) => isInForce(hold, nowMs)).map(({ kind }) => kind))],
  };
}
