import type { ActorId } from "#engine/model/ids";
import { type Issue, issue } from "#engine/model/issue";
import { err, ok, type Result } from "#engine/model/result";
import type { EpochMs } from "#engine/model/time";
import { type Connection, type Database, inTransaction } from "../client";
import { insertAudit } from "./audit";

/** The engine's clock at one instant of the database. */
export type ClockReading = {
  readonly mode: "real" | "demo";
  /** Engine seconds per real second; 1 in real time, 0 = a demo clock that stands still. */
  readonly ratio: number;
  readonly nowMs: EpochMs;
  readonly realNowMs: EpochMs;
};

/** `demo` keeps the present engine time and runs on from it; `real` goes back to the wall clock. */
export type ClockChange = { readonly mode: "demo"; readonly ratio: number } | { readonly mode: "real" };

/** A day in a second: faster than that and a tick would leap over contact windows. */
export const CLOCK_RATIO_MAX = 86_400;

/** What time it is for the engine. Every due decision is taken on this, on whatever machine. */
export async function readClock(connection: Connection): Promise<ClockReading> {
  const [row] = await connection<{ mode: "real" | "demo"; ratio: number; now_ms: number; real_ms: number }[]>`
    select c.mode, c.ratio, round(extract(epoch from r.now) * 1000)::float8 as real_ms,
      round(extract(epoch from c.anchor_virtual) * 1000
        + extract(epoch from r.now - c.anchor_real) * 1000 * c.ratio::numeric)::float8 as now_ms
    from engine_clock c cross join (select clock_timestamp() as now) r where c.id = 1`;
  if (row === undefined) throw new Error("the engine clock is missing: the database is not migrated");
  return { mode: row.mode, ratio: row.ratio, nowMs: row.now_ms, realNowMs: row.real_ms };
}

/**
 * Changes the clock without a jump in engine time. Issues: `clock.ratio-out-of-range`; `clock.ahead` when real time is asked
 * for while the demo clock is ahead of it, because the engine's time must never run backwards.
 */
export async function setClock(
  database: Database,
  change: ClockChange,
  actorId: ActorId,
): Promise<Result<ClockReading, readonly Issue[]>> {
  if (change.mode === "demo" && !(change.ratio >= 0 && change.ratio <= CLOCK_RATIO_MAX)) {
    return err([issue("clock.ratio-out-of-range", {}, { minimum: 0, maximum: CLOCK_RATIO_MAX })]);
  }
  return inTransaction(database, async (connection) => {
    await connection`select 1 from engine_clock where id = 1 for update`;
    const before = await readClock(connection);
    if (change.mode === "real" && before.nowMs > before.realNowMs) {
      return err([issue("clock.ahead", {}, { aheadMs: before.nowMs - before.realNowMs })]);
    }
    const ratio = change.mode === "demo" ? change.ratio : 1;
    const nowMs = change.mode === "demo" ? before.nowMs : before.realNowMs;
    await connection`
      update engine_clock set mode = ${change.mode}, ratio = ${ratio}, anchor_real = to_timestamp(${before.realNowMs} / 1000.0),
        anchor_virtual = to_timestamp(${nowMs} / 1000.0) where id = 1`;
    await insertAudit(connection, {
      actorId,
      action: `clock.${change.mode}`,
      subject: "clock",
      detail: { ratio, nowMs },
    });
    return ok({ mode: change.mode, ratio, nowMs, realNowMs: before.realNowMs });
  });
}
