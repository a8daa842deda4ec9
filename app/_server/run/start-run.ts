import type { Database } from "#db";
import { insertAudit } from "#db/queries/audit";
import { setLiveVersion, versionById } from "#db/queries/strategy";
import type { Actor } from "#engine";
import type { AccountId, StrategyVersionId } from "#engine/model/ids";
import { addEnrollCounts, type EnrollCounts, enrollPage, NOBODY_ENROLLED } from "#engine/runtime/enroll";
import { AppError } from "../errors";
import { runtimeFor } from "../runtime-for";

export type RunStarted = { readonly versionId: StrategyVersionId; readonly counts: EnrollCounts };

/** Makes a version live; from now on it is the one accounts are enrolled into. */
export async function makeLive(database: Database, actor: Actor, versionId: StrategyVersionId): Promise<void> {
  const version = await versionById(database.sql, versionId);
  if (version === null) throw new AppError("not-found", "run.version-unknown");
  const changed = await setLiveVersion(database, { strategyId: version.strategyId, versionId, actorId: actor.id });
  if (!changed.ok) throw new AppError("not-found", "run.version-unknown", { issues: changed.error });
}

export type EnrollStep = {
  readonly versionId: StrategyVersionId;
  /** Where the last page ended; null = from the beginning. */
  readonly after: AccountId | null;
  /** Only these accounts; null = the whole portfolio. */
  readonly accountIds: readonly AccountId[] | null;
};

/**
 * Enrolls one page of the portfolio, so that a screen can show how far it is. Doing a page again changes nothing. The audit row
 * carries the counts; the enrollments themselves are written by their own commit, each with its first decision.
 */
export async function enrollNext(database: Database, actor: Actor, step: EnrollStep) {
  const enrolled = await enrollPage(runtimeFor(database), step);
  if (!enrolled.ok && enrolled.error.some(({ code }) => code === "run.stopped"))
    throw new AppError("refused", "run.stopped", { issues: enrolled.error });
  if (!enrolled.ok) throw new AppError("not-found", "run.version-unknown", { issues: enrolled.error });
  const { counts, after } = enrolled.value;
  if (counts.enrolled > 0) {
    await insertAudit(database.sql, {
      actorId: actor.id,
      action: "run.enrolled",
      subject: step.versionId,
      detail: { ...counts, after },
    });
  }
  return { counts, after };
}

/** Makes a version live and lets in every account of the portfolio that its entry rule accepts. */
export async function startRun(database: Database, actor: Actor, versionId: StrategyVersionId): Promise<RunStarted> {
  await makeLive(database, actor, versionId);
  let counts = NOBODY_ENROLLED;
  let after: AccountId | null = null;
  do {
    const page: Awaited<ReturnType<typeof enrollNext>> = await enrollNext(database, actor, {
      versionId,
      after,
      accountIds: null,
    });
    counts = addEnrollCounts(counts, page.counts);
    after = page.after;
  } while (after !== null);
  return { versionId, counts };
}
