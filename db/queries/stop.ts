import type { ActorId } from "#engine/model/ids";
import { type Issue, issue } from "#engine/model/issue";
import { err, ok, type Result } from "#engine/model/result";
import type { StopKind, StopScope } from "#engine/model/stop";
import type { EpochMs } from "#engine/model/time";
import { type Connection, type Database, inTransaction } from "../client";
import { recallChannel } from "../stores/recall-store";
import { WORK_CHANNEL } from "../work-hint";
import { insertAudit } from "./audit";
import { readClock } from "./clock";

export type StopRequest = StopScope & { readonly kind: StopKind; readonly reason: string; readonly actorId: ActorId };
export type StopLift = StopScope & { readonly reason: string; readonly actorId: ActorId };

export type StopRecord = StopScope & {
  readonly id: number;
  readonly kind: StopKind;
  readonly phase: "in-force" | "lifting" | "over";
  readonly fromMs: EpochMs;
  readonly untilMs: EpochMs | null;
  readonly placedAtMs: EpochMs;
  readonly placedBy: ActorId;
  readonly reason: string;
};

/** Most rows the list shows; every one of them stands in the audit as well. */
const STOPS_SHOWN_MAX = 200;

/**
 * Places a pause or a stop, or makes a stop of a pause; its audit row is in the same commit. Issues: `stop.unknown` (no such
 * strategy or version), `stop.already` (it is in force), `stop.stopped` (a stop cannot become a pause: it has ended people
 * already), `stop.lifting` (an earlier pause is just being lifted).
 */
export async function placeStop(database: Database, request: StopRequest): Promise<Result<number, readonly Issue[]>> {
  const { scope, subject, kind, reason, actorId } = request;
  return inTransaction(database, async (connection) => {
    if (!(await exists(connection, request))) return err([issue("stop.unknown", {}, { scope, subject })]);
    const [before] = await connection<{ id: number; kind: StopKind; phase: StopRecord["phase"] }[]>`
      select id, kind, phase from stop where scope = ${scope} and subject = ${subject} and phase <> 'over' for update`;
    if (before?.phase === "lifting") return err([issue("stop.lifting", {}, { scope, subject })]);
    if (before?.kind === kind) return err([issue("stop.already", {}, { scope, subject })]);
    if (before?.kind === "stop") return err([issue("stop.stopped", {}, { scope, subject })]);
    const { nowMs } = await readClock(connection);
    const [row] =
      before === undefined
        ? await connection<{ id: number }[]>`
            insert into stop (scope, subject, kind, from_at, placed_by, reason)
            values (${scope}, ${subject}, ${kind}, to_timestamp(${nowMs} / 1000.0), ${actorId}, ${reason})
            on conflict (scope, subject) where phase <> 'over' do nothing returning id`
        : await connection<{ id: number }[]>`
            update stop set kind = ${kind}, reason = ${reason}, placed_by = ${actorId} where id = ${before.id} returning id`;
    if (row === undefined) return err([issue("stop.already", {}, { scope, subject })]);
    // What a stop ends in strategies calls its own contacts off; over a channel it ends nobody.
    if (kind === "stop" && scope === "channel") await recallChannel(connection, subject, nowMs);
    await note(connection, { actorId, action: `stop.${kind}`, request, detail: { reason, nowMs } });
    return ok(row.id);
  });
}

/**
 * Lifts what is in force. After a pause the workers first move every wait and deadline by the time it lasted (`lifting`, seconds
 * for a million people), then everything goes on; after a stop new accounts may come in again. Issue: `stop.not-in-force`.
 */
export async function liftStop(database: Database, lift: StopLift): Promise<Result<null, readonly Issue[]>> {
  const { scope, subject, reason, actorId } = lift;
  return inTransaction(database, async (connection) => {
    const { nowMs } = await readClock(connection);
    const lifted = await connection`
      update stop set until_at = greatest(from_at, to_timestamp(${nowMs} / 1000.0)),
        phase = case when kind = 'pause' then 'lifting' else 'over' end
      where scope = ${scope} and subject = ${subject} and phase = 'in-force' returning id`;
    if (lifted.length === 0) return err([issue("stop.not-in-force", {}, { scope, subject })]);
    await note(connection, { actorId, action: "stop.lifted", request: lift, detail: { reason, nowMs } });
    return ok(null);
  });
}

type Note = {
  readonly actorId: ActorId;
  readonly action: string;
  readonly request: StopScope;
  readonly detail: { readonly reason: string; readonly nowMs: EpochMs };
};

async function note(connection: Connection, { actorId, action, request, detail }: Note): Promise<void> {
  const { scope, subject } = request;
  await insertAudit(connection, {
    actorId,
    action,
    subject: subject === "" ? scope : subject,
    detail: { ...detail, scope },
  });
  await connection`select pg_notify(${WORK_CHANNEL}, '')`;
}

async function exists(connection: Connection, { scope, subject }: StopScope): Promise<boolean> {
  if (scope === "everything" || scope === "channel") return true;
  const rows =
    scope === "strategy"
      ? await connection`select 1 from strategy where id = ${subject}`
      : await connection`select 1 from strategy_version where id = ${subject}`;
  return rows.length > 0;
}

/** Those in force, and the latest that are over. */
export async function listStops(connection: Connection): Promise<readonly StopRecord[]> {
  return connection<StopRecord[]>`
    select id, scope, subject, kind, phase, reason, placed_by as "placedBy",
      (extract(epoch from from_at) * 1000)::float8 as "fromMs", (extract(epoch from until_at) * 1000)::float8 as "untilMs",
      (extract(epoch from placed_at) * 1000)::float8 as "placedAtMs"
    from stop order by phase = 'over', id desc limit ${STOPS_SHOWN_MAX}`;
}
