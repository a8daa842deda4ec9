import { randomUUID } from "node:crypto";
import { type Database, inTransaction } from "#db";
import { insertAudit } from "#db/queries/audit";
import { readClock } from "#db/queries/clock";
import { endHold, type HoldRecord, insertHold, strangersTo } from "#db/queries/hold";
import type { Actor } from "#engine";
import type { ReleaseChoices } from "#engine/model/hold-release";
import type { AccountId, EnrollmentId } from "#engine/model/ids";
import type { HoldKind } from "#engine/model/policy";
import { DAY_MS } from "#engine/model/time";
import { AppError } from "../errors";

export type HoldByHand = {
  readonly accountId: AccountId;
  readonly kind: HoldKind;
  /** Days until it ends by itself; null = until somebody releases it. */
  readonly forDays: number | null;
  readonly reason: string;
  readonly evidence: string | null;
};

/**
 * Places a hold on the person behind an account; every enrollment of theirs stands still from now on. Reason and evidence may name
 * people and stand in the hold's own row; the audit says which hold it was. Refuses with `account.not-found`.
 */
export async function placeHold(database: Database, actor: Actor, hold: HoldByHand): Promise<HoldRecord> {
  return inTransaction(database, async (connection) => {
    const { nowMs } = await readClock(connection);
    const { forDays, ...rest } = hold;
    const untilMs = forDays === null ? null : nowMs + forDays * DAY_MS;
    const id = `hold_by-hand:${randomUUID()}`;
    const placed = await insertHold(connection, { ...rest, id, fromMs: nowMs, untilMs, actorId: actor.id });
    if (placed === null) throw new AppError("not-found", "account.not-found");
    const detail = { holdId: id, kind: hold.kind, fromMs: nowMs, untilMs };
    await insertAudit(connection, { actorId: actor.id, action: "hold.placed", subject: placed.partyId, detail });
    return placed;
  });
}

export type Release = { readonly holdId: string; readonly choices: ReleaseChoices };

/**
 * Ends a hold by hand. The worker sets the person's enrollments free, each as chosen, once no other hold keeps them still. Refuses
 * with `run.hold-not-in-force`, and `run.release-stranger` for a choice about somebody else's enrollment.
 */
export async function releaseHold(database: Database, actor: Actor, { holdId, choices }: Release): Promise<HoldRecord> {
  return inTransaction(database, async (connection) => {
    const { nowMs } = await readClock(connection);
    const hold = await endHold(connection, { holdId, choices, nowMs });
    if (hold === null) throw new AppError("conflict", "run.hold-not-in-force");
    const strangers = await strangersTo(connection, hold.partyId, Object.keys(choices) as EnrollmentId[]);
    if (strangers.length > 0) throw new AppError("invalid", "run.release-stranger");
    const detail = { holdId, kind: hold.kind, source: hold.source, choices };
    await insertAudit(connection, { actorId: actor.id, action: "hold.released", subject: hold.partyId, detail });
    return hold;
  });
}
