import type { Hold, HoldKind } from "../model/policy";
import type { EpochMs } from "../model/time";
import { despiteOf, isFrozen, isInForce } from "../run/freeze";
import { thawed } from "../run/thaw";
import { putEvent } from "./event-queue";
import type { AccountRun, PartyRun, RunEvent } from "./party-state";

/** A hold begins, and `settleHolds` makes it felt. One with an end ends by itself. */
export function placeHold(party: PartyRun, run: AccountRun, hold: Hold): void {
  party.holds.push({ ...hold, by: run });
  if (hold.untilMs !== null) putEvent(party.queue, hold.untilMs, { kind: "hold-ends", run });
}

/** Ends the holds of a kind that this account's strategy brought; a hold of another one stays. */
export function releaseHolds({ holds, queue }: PartyRun, run: AccountRun, { kind, nowMs }: Release): void {
  holds.forEach((hold, index) => {
    if (hold.kind === kind && hold.by === run && isInForce(hold, nowMs)) holds[index] = { ...hold, untilMs: nowMs };
  });
  putEvent(queue, nowMs, { kind: "hold-ends", run });
}

type Release = { readonly kind: HoldKind; readonly nowMs: EpochMs };

/**
 * Freezes and thaws the person's accounts as their holds and the steps they stand at want it: what waits moves by the time an
 * account stood still, and what it has not heard is told to it now.
 */
export function settleHolds(party: PartyRun, nowMs: EpochMs): void {
  const { holds, runs, setting } = party;
  if (holds.length === 0) return;
  for (const run of runs) {
    const { state } = run;
    if (state === null || state.status !== "active") continue;
    const despite = despiteOf(setting.program, state.nodeId);
    const frozen = isFrozen(holds, despite, nowMs);
    if (!frozen && run.frozen) thaw(party, run, { despite, nowMs });
    run.frozen = frozen;
  }
}

/** A hold has ended: accounts it alone kept still go on, and what could not leave tries again. */
export function holdEnded(party: PartyRun, nowMs: EpochMs): void {
  settleHolds(party, nowMs);
  for (const parked of party.parked.splice(0)) putEvent(party.queue, nowMs, parked);
}

function thaw(
  party: PartyRun,
  run: AccountRun,
  { despite, nowMs }: { readonly despite: readonly HoldKind[]; readonly nowMs: EpochMs },
): void {
  if (run.state === null) return;
  const { horizonMs } = party.setting.program.limits;
  const freezing = party.holds.filter(({ kind }) => !despite.includes(kind));
  const { state, shiftMs } = thawed(run.state, freezing, { horizonMs, nowMs });
  run.state = state;
  for (const open of run.open) open.notAfterMs += shiftMs;
  for (const told of run.unheard.splice(0)) putEvent(party.queue, nowMs, { kind: "told-late", run, told });
  if (state.wakeAtMs !== null) {
    putEvent(party.queue, Math.max(state.wakeAtMs, nowMs), { kind: "timer", run, stepSeq: state.stepSeq });
  }
}

/**
 * Keeps a request back while the person is held; true = it was kept back. Work that a step asks for in spite of a hold goes out
 * all the same, a contact never.
 */
export function keptBack(
  party: PartyRun,
  event: RunEvent,
  { despite, nowMs }: { readonly despite: readonly HoldKind[]; readonly nowMs: EpochMs },
): boolean {
  if (party.holds.length === 0 || !isFrozen(party.holds, despite, nowMs)) return false;
  party.parked.push(event);
  return true;
}
