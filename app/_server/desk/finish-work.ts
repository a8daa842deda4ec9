import type { Database } from "#db";
import { readClock } from "#db/queries/clock";
import { endWork, openWorkOf } from "#db/queries/desk";
import type { Actor } from "#engine";
import type { Channel } from "#engine/model/content";
import { instantAt, type LocalDate, type LocalTime, minutesOf } from "#engine/model/time";
import { endOf, noteOf, type OpenWork } from "#engine/runtime/end-work";
import { AppError, orRefuse } from "../errors";
import { LENDER_TIME_ZONE } from "../lender";

export type Finish = {
  readonly key: string;
  readonly outcome: string;
  readonly promise: { readonly amountMinor: number; readonly dueDate: LocalDate } | null;
  /** By the lender's clock. */
  readonly callback: { readonly date: LocalDate; readonly time: LocalTime } | null;
  readonly note: string | null;
};

/** Ends a piece of work the actor has taken; the strategy hears of it with the next tick. */
export async function finishWork(database: Database, actor: Actor, finish: Finish): Promise<void> {
  const { sql } = database;
  const { nowMs } = await readClock(sql);
  const { key, outcome, promise, callback, note } = finish;
  const line = await openWorkOf(sql, key, nowMs);
  if (line === null) throw new AppError("not-found", "desk.not-open", { params: { key } });
  const callbackMs = callback === null ? null : instantAt(LENDER_TIME_ZONE, callback.date, minutesOf(callback.time));
  const setting = { nowMs, timeZone: LENDER_TIME_ZONE };
  const work = workOf(line);
  const entries = orRefuse(endOf(work, { outcome, promise, callbackMs }, setting));
  const conversation = noteOf(work, { outcome, note, nowMs });
  orRefuse(await endWork(database, { key, actorId: actor.id, nowMs, outcome, note, entries, conversation }), {
    "desk.not-open": "not-found",
    "desk.not-taken": "conflict",
  });
}

function workOf(line: NonNullable<Awaited<ReturnType<typeof openWorkOf>>>): OpenWork {
  const { key, stepSeq, attempt, partyId, accountId, enrollmentId, task } = line;
  const subject = { partyId, accountId, enrollmentId };
  const visit = { key, stepSeq, attempt };
  if (task !== null) return { subject, intent: { kind: "task", channel: null, task, ...visit } };
  // Whatever lies open in the house and is no task is a contact, and a contact has a channel.
  return { subject, intent: { kind: "contact", channel: line.channel as Channel, ...visit } };
}
