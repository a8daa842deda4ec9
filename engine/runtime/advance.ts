import { requestKey } from "../model/execution";
import { InvariantError } from "../model/invariant";
import type { Program } from "../model/program";
import type { EpochMs } from "../model/time";
import type { Advance, ClaimedEnrollment, FrozenEnrollment } from "../ports/enrollment-store";
import type { NewInboxEntry } from "../ports/inbox";
import { despiteOf } from "../run/freeze";
import { choiceAtRelease, thawed } from "../run/thaw";
import { RUNTIME_LIMITS, type RuntimeDeps } from "./deps";
import { factsAt } from "./facts-at";
import type { LinkedVersion } from "./linked-versions";
import { brokenTurn, takeTurn } from "./turn";

export type AdvanceCounts = { readonly claimed: number; readonly written: number };

/** Gives every enrollment that is due its turn, batch by batch. What is left over at the bound is taken by the next tick. */
export async function advanceDue(deps: RuntimeDeps, nowMs: EpochMs): Promise<AdvanceCounts> {
  const total = { claimed: 0, written: 0 };
  // Timers ask for new contacts; while those that wait already cannot keep up, only what has happened is heard.
  const timers = (await deps.outbox.backlog(nowMs)) < RUNTIME_LIMITS.outboxBacklog;
  for (let batch = 0; batch < RUNTIME_LIMITS.advanceBatchesPerTick; batch += 1) {
    const due = { nowMs, limit: RUNTIME_LIMITS.advanceBatch, timers };
    let lateMs: readonly number[] = [];
    const { claimed, written } = await deps.enrollments.advance(due, (all) => {
      if (deps.tell !== undefined) lateMs = latenessOf(all, nowMs);
      return turnsOf(deps, all, nowMs);
    });
    if (lateMs.length > 0) deps.tell?.({ kind: "timers", lateMs });
    total.claimed += claimed;
    total.written += written;
    if (written === 0) break;
  }
  return total;
}

/** How late timers are that fire now, milliseconds of the engine's clock. */
function latenessOf(all: readonly ClaimedEnrollment[], nowMs: EpochMs): readonly number[] {
  return all.flatMap(({ state: { wakeAtMs } }) => (wakeAtMs !== null && wakeAtMs <= nowMs ? [nowMs - wakeAtMs] : []));
}

async function turnsOf(deps: RuntimeDeps, all: readonly ClaimedEnrollment[], nowMs: EpochMs): Promise<Advance[]> {
  const turns: Advance[] = [];
  let version: LinkedVersion | null = null;
  for (const claimed of all) {
    // Most stand in the version of the one before, so that nobody has to be waited for.
    if (version?.versionId !== claimed.versionId) version = await deps.versions.linked(claimed.versionId);
    if (version === null) {
      // Left for a worker that knows the format: an older one must not touch it (design D1).
      deps.alarm("program-missing", { versionId: claimed.versionId });
      continue;
    }
    const turn = turnOf(deps, claimed, { version, nowMs });
    turns.push(turn instanceof Promise ? await turn : turn);
  }
  return turns;
}

/** One that breaks before it begins takes nobody along. */
function turnOf(
  deps: RuntimeDeps,
  claimed: ClaimedEnrollment,
  { version, nowMs }: { readonly version: LinkedVersion; readonly nowMs: EpochMs },
): Advance | Promise<Advance> {
  const broken = (error: unknown): Advance => {
    const code = error instanceof InvariantError ? error.code : "turn-threw";
    deps.alarm("executor-threw", { enrollmentId: claimed.subject.enrollmentId, nodeId: claimed.state.nodeId, code });
    return brokenTurn(claimed, { nowMs, code });
  };
  try {
    const pack = deps.packOf(version.program.settings.market);
    const { referenceSampleEvery, alarm } = deps;
    const { snapshot, state } = claimed;
    const facts = factsAt({ snapshot, startedAtMs: state.startedAtMs }, { version, pack, nowMs });
    const turn = takeTurn(claimed, { version, facts, nowMs, referenceSampleEvery, alarm });
    return turn instanceof Promise ? turn.catch(broken) : turn;
  } catch (error) {
    return broken(error);
  }
}

/**
 * Sets enrollments going again whose party has no hold any more, as whoever released the last one chose (ADR 0017). Waits have
 * moved by the time held, so that nothing fires at once that would have fired meanwhile (semantics.md, "In the shell").
 */
export async function thawFreed(deps: RuntimeDeps, nowMs: EpochMs): Promise<number> {
  return deps.enrollments.thaw({ nowMs, limit: RUNTIME_LIMITS.freezeBatch }, async (frozen) => {
    const freed: Advance[] = [];
    for (const one of frozen) {
      const version = await deps.versions.linked(one.versionId);
      if (version !== null) freed.push(thaw(one, { program: version.program, nowMs }));
    }
    return freed;
  });
}

/** The strategy's horizon does not move: it bounds how long a person is treated, held or not. */
export function thaw(
  frozen: FrozenEnrollment,
  { program, nowMs }: { readonly program: Program; readonly nowMs: EpochMs },
): Advance {
  const { horizonMs } = program.limits;
  const { state, shiftMs } = thawed(frozen.state, frozen.holds, { horizonMs, nowMs });
  const chosen = chosenAtRelease(frozen, nowMs);
  return {
    subject: frozen.subject,
    versionId: frozen.versionId,
    fence: frozen.fence,
    firstOrdinal: frozen.nextOrdinal,
    // What was chosen is heard after what came in during the hold; until then no timer fires.
    state: chosen === null ? state : { ...state, wakeAtMs: null },
    decisions: [],
    intents: [],
    cancelled:
      chosen === null || !state.pending ? [] : [requestKey(frozen.subject.enrollmentId, state.stepSeq, state.attempt)],
    arms: [],
    consumed: [],
    outcomes: [],
    holds: { released: [], placed: [] },
    promiseClosed: null,
    plan: null,
    announced: chosen === null ? [] : [chosen],
    despite: despiteOf(program, state.nodeId),
    shiftIntentsMs: shiftMs,
    nowMs,
  };
}

/**
 * The entry that carries a choice other than to go on; null = it goes on. A step whose contact has left is not entered anew: the
 * person would be contacted twice, so its answer is awaited.
 */
function chosenAtRelease(frozen: FrozenEnrollment, nowMs: EpochMs): NewInboxEntry | null {
  const choice = choiceAtRelease(frozen.holds, nowMs);
  const { enrollmentId, partyId, accountId } = frozen.subject;
  const { stepSeq } = frozen.state;
  const base = { partyId, enrollmentId, accountId, atMs: nowMs, attempt: null };
  const dedupeKey = `release:${enrollmentId}:${frozen.fence}`;
  switch (choice.mode) {
    case "resume":
      return null;
    case "re-evaluate":
      return frozen.contactOut ? null : { ...base, dedupeKey, type: "resumed", stepSeq, data: null };
    case "exit":
      return { ...base, dedupeKey, type: "exit.requested", stepSeq: null, data: { reason: choice.reason } };
    default:
      throw choice satisfies never;
  }
}
