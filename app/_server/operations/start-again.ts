import type { Database } from "#db";
import { decideReversals, openReversals } from "#db/queries/cure-reversal";
import type { Actor } from "#engine";
import type { AccountId } from "#engine/model/ids";
import { enrollAgain } from "#engine/runtime/enroll";
import { AppError } from "../errors";
import { runtimeFor } from "../runtime-for";

/** Rows of the list: what is beyond shows when these are done. */
export const REVERSALS_SHOWN_MAX = 100;

export type StartAgain = {
  /** Null = everybody on the list. */
  readonly accountId: AccountId | null;
  readonly reason: string;
};

/**
 * Lets accounts whose payment was taken back after a cure into the live version of their strategy again. Who is in it by now is
 * only taken off the list. The enrollment is written first: a process that dies in between leaves the account on the list, and the
 * second try finds it under way. Refuses with `reversal.over` (nothing of the account is open), `reversal.not-live` (its strategy
 * has no live version) and `reversal.not-eligible` (the entry rule does not let it in) for one account; of everybody those are passed over.
 */
export async function startAgain(
  database: Database,
  actor: Actor,
  { accountId, reason }: StartAgain,
): Promise<{ readonly started: number; readonly passedOver: number }> {
  const open = await openReversals(database.sql, REVERSALS_SHOWN_MAX);
  const accounts = [...new Map(open.map((one) => [one.accountId, one])).values()];
  const chosen = accountId === null ? accounts : accounts.filter((one) => one.accountId === accountId);
  if (accountId !== null && chosen.length === 0) throw new AppError("conflict", "reversal.over");
  let started = 0;
  for (const one of chosen) {
    const problem = one.underWay ? null : await enter(database, one);
    if (problem !== null && accountId !== null) throw new AppError("conflict", problem);
    if (problem !== null) continue;
    started += 1;
    await decideReversals(database, { accountId: one.accountId, decision: "started", reason, actorId: actor.id });
  }
  return { started, passedOver: chosen.length - started };
}

type Candidate = Awaited<ReturnType<typeof openReversals>>[number];

/** Null = it is in. */
async function enter(database: Database, { versionId, accountId, rounds }: Candidate): Promise<string | null> {
  if (versionId === null) return "reversal.not-live";
  const entered = await enrollAgain(runtimeFor(database), { versionId, accountId, round: rounds });
  if (!entered.ok) return "reversal.not-live";
  return entered.value === "in" ? null : "reversal.not-eligible";
}
