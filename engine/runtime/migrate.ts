import type { EngineEvent } from "../model/execution";
import type { EpochMs } from "../model/time";
import type { Advance, ClaimedEnrollment } from "../ports/enrollment-store";
import type { MigrationBatch } from "../ports/migrations";
import { carriedInto, moveOf } from "../run/migration";
import { RUNTIME_LIMITS, type RuntimeDeps } from "./deps";
import { factsAt } from "./facts-at";
import type { LinkedVersion } from "./linked-versions";
import { takeMove } from "./turn";

/** A bounded part of the moves under way. Returns how many accounts were looked at. */
export async function carryOnMigrations(deps: RuntimeDeps, nowMs: EpochMs): Promise<number> {
  return deps.migrations.carryOn({ nowMs, limit: RUNTIME_LIMITS.migrationBatch }, async (batch) => {
    const from = await deps.versions.linked(batch.fromVersionId);
    const to = await deps.versions.linked(batch.toVersionId);
    // Of a format this worker does not know: a newer one carries it out.
    if (from === null || to === null) return null;
    const moved: Advance[] = [];
    for (const claimed of batch.claimed) {
      const advance = await moveOne(deps, claimed, { plan: batch.plan, from, to, nowMs });
      if (advance !== null) moved.push(advance);
    }
    return moved;
  });
}

type Move = {
  readonly plan: MigrationBatch["plan"];
  readonly from: LinkedVersion;
  readonly to: LinkedVersion;
  readonly nowMs: EpochMs;
};

/** One account by the step it stands at now, whatever was counted when the plan was made. Null = it stays where it is. */
async function moveOne(
  deps: RuntimeDeps,
  claimed: ClaimedEnrollment,
  { plan, from, to, nowMs }: Move,
): Promise<Advance | null> {
  const { state } = claimed;
  const { stepSeq } = state;
  const move = moveOf(plan, to.program, state.nodeId);
  const base = { id: `migrated:${claimed.subject.enrollmentId}:${stepSeq}`, at: nowMs };
  if (move.act === "stay") return null;
  const exits = move.act === "exit";
  const version = exits ? from : to;
  const event: EngineEvent = exits
    ? { ...base, type: "exit.requested", reason: move.reason }
    : { ...base, type: "migrated", stepSeq, nodeId: move.to };
  const carried = exits ? state : carriedInto(state, from.program, to.program);
  const pack = deps.packOf(version.program.settings.market);
  const facts = factsAt({ ...claimed, startedAtMs: state.startedAtMs }, { version, pack, nowMs });
  const { referenceSampleEvery, alarm } = deps;
  const going = { ...claimed, versionId: version.versionId, state: carried };
  const advance = await takeMove(going, event, { version, facts, nowMs, referenceSampleEvery, alarm });
  // A bug of ours must not carry anybody over broken: it stands on the old version as it stood, and the alarm has said so.
  return advance.state.status === "faulted" ? null : advance;
}
