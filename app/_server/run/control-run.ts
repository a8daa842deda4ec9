import type { Database } from "#db";
import { type ClockChange, type ClockReading, setClock } from "#db/queries/clock";
import { liftStop, placeStop } from "#db/queries/stop";
import type { Actor } from "#engine";
import type { StrategyId } from "#engine/model/ids";
import { AppError } from "../errors";

/** Pauses or resumes a strategy. Paused means nobody moves and nothing leaves; nobody is dropped and no wait is shortened. */
export async function pauseRun(
  database: Database,
  actor: Actor,
  change: { readonly strategyId: StrategyId; readonly paused: boolean },
): Promise<void> {
  const { strategyId, paused } = change;
  const request = { scope: "strategy", subject: strategyId, reason: "", actorId: actor.id } as const;
  const changed = paused ? await placeStop(database, { ...request, kind: "pause" }) : await liftStop(database, request);
  if (!changed.ok && changed.error.some(({ code }) => code === "stop.unknown"))
    throw new AppError("not-found", "strategy.not-found", { issues: changed.error });
}

/** Real time, or a demo clock that runs faster or stands still. Going back to real time is refused while the demo is ahead of it. */
export async function changeClock(database: Database, actor: Actor, change: ClockChange): Promise<ClockReading> {
  const changed = await setClock(database, change, actor.id);
  if (!changed.ok) {
    const [first] = changed.error;
    throw new AppError("refused", first?.code ?? "clock.refused", { issues: changed.error });
  }
  return changed.value;
}
