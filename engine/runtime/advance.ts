import type { EpochMs } from "../model/time";
import type { Advance, ClaimedEnrollment, FrozenEnrollment } from "../ports/enrollment-store";
import { RUNTIME_LIMITS, type RuntimeDeps } from "./deps";
import { factsAt } from "./facts-at";
import { lastStandstill } from "./standstill";
import { takeTurn } from "./turn";

export type AdvanceCounts = { readonly claimed: number; readonly written: number };

/** Gives every enrollment that is due its turn, batch by batch. What is left over at the bound is taken by the next tick. */
export async function advanceDue(deps: RuntimeDeps, nowMs: EpochMs): Promise<AdvanceCounts> {
  const total = { claimed: 0, written: 0 };
  for (let batch = 0; batch < RUNTIME_LIMITS.advanceBatchesPerTick; batch += 1) {
    const due = { nowMs, limit: RUNTIME_LIMITS.advanceBatch };
    const { claimed, written } = await deps.enrollments.advance(due, (all) => turnsOf(deps, all, nowMs));
    total.claimed += claimed;
    total.written += written;
    if (written === 0) break;
  }
  return total;
}

async function turnsOf(deps: RuntimeDeps, all: readonly ClaimedEnrollment[], nowMs: EpochMs): Promise<Advance[]> {
  const turns: Advance[] = [];
  for (const claimed of all) {
    const version = await deps.versions.linked(claimed.versionId);
    if (version === null) {
      // Left for a worker that knows the format: an older one must not touch it (design D1).
      deps.alarm("program-missing", { versionId: claimed.versionId });
      continue;
    }
    const pack = deps.packOf(version.program.settings.market);
    const { referenceSampleEvery, alarm } = deps;
    const facts = factsAt({ ...claimed, startedAtMs: claimed.state.startedAtMs }, { version, pack, nowMs });
    turns.push(await takeTurn(claimed, { version, facts, nowMs, referenceSampleEvery, alarm }));
  }
  return turns;
}

/**
 * Sets enrollments going again whose party has no hold any more. They resume where they stood with every wait moved by the
 * time held, so that nothing fires at once that would have fired meanwhile (semantics.md, "In the shell").
 */
export async function thawFreed(deps: RuntimeDeps, nowMs: EpochMs): Promise<number> {
  const frozen = await deps.enrollments.thawable({ nowMs, limit: RUNTIME_LIMITS.freezeBatch });
  const thawed: Advance[] = [];
  for (const one of frozen) {
    const version = await deps.versions.linked(one.versionId);
    if (version !== null) thawed.push(thaw(one, { horizonMs: version.program.limits.horizonMs, nowMs }));
  }
  return thawed.length === 0 ? 0 : deps.enrollments.write(thawed);
}

/** The strategy's horizon does not move: it bounds how long a person is treated, held or not. */
export function thaw(
  frozen: FrozenEnrollment,
  { horizonMs, nowMs }: { readonly horizonMs: number; readonly nowMs: EpochMs },
): Advance {
  const { state } = frozen;
  const span = lastStandstill(frozen.holds, nowMs);
  const shiftMs = span === null ? 0 : Math.max(0, span.untilMs - Math.max(span.fromMs, state.startedAtMs));
  const latestMs = state.startedAtMs + horizonMs;
  const wakeAtMs = state.wakeAtMs === null ? null : Math.min(state.wakeAtMs + shiftMs, latestMs);
  return {
    subject: frozen.subject,
    versionId: frozen.versionId,
    fence: frozen.fence,
    firstOrdinal: frozen.nextOrdinal,
    state: { ...state, status: "active", enteredAtMs: state.enteredAtMs + shiftMs, wakeAtMs },
    decisions: [],
    intents: [],
    cancelled: [],
    arms: [],
    consumed: [],
    outcomes: [],
    shiftIntentsMs: shiftMs,
    nowMs,
  };
}
