import { draw } from "../model/draw";
import { addDays, type EpochMs, instantAt, localDate } from "../model/time";
import { poolOf } from "./capacity/plan";
import { putEvent } from "./event-queue";
import { type ExecutorCall, send, visitOf } from "./executor-call";
import { ENTRY_MINUTE_OF_DAY } from "./input";
import type { PartyRun, RunEvent } from "./party-state";
import { dayIndexOf, loadOf, nodeOf } from "./tally";

type Departing = RunEvent & { readonly kind: "depart" };

/**
 * Is there somebody, or something, to carry this contact today? Who is taken and who waits is drawn by account, pool and day, so
 * more capacity never takes a turn away from anybody.
 */
export function admitted(party: PartyRun, { run, request, open }: Departing, nowMs: EpochMs): boolean {
  const { setting, tally } = party;
  const pool = poolOf(request.channel);
  const load = loadOf(tally, request.channel, nowMs);
  if (pool === null || load === null) return true;
  if (open.asked !== true) load.asked += 1;
  open.asked = true;
  const day = dayIndexOf(tally, nowMs);
  const share = setting.capacity?.[pool]?.[day] ?? 1;
  if (share >= 1) return true;
  return draw(setting.seed, run.account.partyId, `capacity:${pool}:${run.account.id}:${day}`) < share;
}

/** Waits for the next day; one whose deadline is before that never leaves, and the step's own deadline ends its visit. */
export function putOffByCapacity(party: PartyRun, event: Departing, nowMs: EpochMs): ExecutorCall | null {
  const { run, request, open } = event;
  const { timeZone } = party.setting.program.settings;
  const untilMs = instantAt(timeZone, addDays(localDate(timeZone, nowMs), 1), ENTRY_MINUTE_OF_DAY);
  const load = loadOf(party.tally, request.channel, nowMs);
  const node = nodeOf(party.tally, request.nodeId);
  if (untilMs >= open.notAfterMs) {
    run.open.delete(open);
    if (load !== null) load.notDone += 1;
    node.notDone += 1;
    return null;
  }
  if (load !== null) load.putOff += 1;
  node.putOff += 1;
  putEvent(party.queue, untilMs, event);
  const { stepSeq, attempt } = request;
  const id = `capacity:${run.account.id}:${visitOf(request)}:${nowMs}`;
  const reasons = [`capacity.${request.channel}`];
  return send(party, run, {
    event: { id, at: nowMs, stepSeq, attempt, type: "contact.deferred", untilMs, reasons },
    nowMs,
  });
}
