import { channelOf } from "../channels";
import { CALL_BACK_AT, CALL_BACK_OUTCOME } from "../model/contact-result";
import { boundedConversation } from "../model/conversation";
import type { Subject } from "../model/execution";
import { type Issue, issue } from "../model/issue";
import { TASK_OUTCOMES } from "../model/program";
import { PROMISE_OUTCOMES, PROMISE_VALUES, type PromiseTerms } from "../model/promise";
import { err, ok, type Result } from "../model/result";
import { type EpochMs, formatInstant, localDate, type TimeZone } from "../model/time";
import type { NewConversation } from "../ports/conversations";
import type { NewInboxEntry } from "../ports/inbox";
import type { IntentOf } from "../ports/outbox";
import { taskEntry } from "./hand-over";
import { resultEntries } from "./result-entries";

/** Work that lies open in the house: a call or a visit people make, or a task. */
export type OpenWork = {
  readonly intent: Pick<IntentOf<"contact">, "kind" | "key" | "channel" | "stepSeq" | "attempt"> | TaskOf;
  readonly subject: Subject;
};
type TaskOf = Pick<IntentOf<"task">, "kind" | "key" | "channel" | "stepSeq" | "attempt" | "task">;

/** What somebody says came of it. */
export type WorkEnd = {
  readonly outcome: string;
  /** What was promised; a promise names both. */
  readonly promise?: PromiseTerms | null;
  /** When the debtor wants to be called again. */
  readonly callbackMs?: EpochMs | null;
};
export type WorkEndSetting = { readonly nowMs: EpochMs; readonly timeZone: TimeZone };

/** How a piece of work may end: a channel's result codes, or the ends of a task. */
export function endingsOf({ intent }: Pick<OpenWork, "intent">): readonly string[] {
  return intent.kind === "task" ? TASK_OUTCOMES[intent.task] : Object.keys(channelOf(intent.channel).outcomes);
}

/**
 * The end of a piece of work as entries of the inbox; ending it twice changes nothing. Issues: `desk.outcome-unknown`,
 * `desk.promise-incomplete` (a promise needs an amount, and a day that is not over), `desk.callback-missing` (a call back needs a
 * time that is to come).
 */
export function endOf(
  work: OpenWork,
  said: WorkEnd,
  setting: WorkEndSetting,
): Result<readonly NewInboxEntry[], readonly Issue[]> {
  const problem = problemOf(work, said, setting);
  if (problem !== null) return err([issue(problem, {}, { outcome: said.outcome })]);
  const { intent, subject } = work;
  const event = { eventId: `desk:${intent.key}`, outcome: said.outcome, atMs: setting.nowMs };
  if (intent.kind === "task") return ok([taskEntry(intent, subject, { ...event, values: {} })]);
  return ok(resultEntries({ intent, subject }, { ...event, key: intent.key, ...valuesOf(said, setting) }));
}

/** What whoever held a conversation wrote down of it, to be judged; null where nobody was spoken to, or nothing was written. */
export function noteOf(
  { intent }: OpenWork,
  { outcome, note, nowMs }: Pick<WorkEnd, "outcome"> & { readonly note: string | null; readonly nowMs: EpochMs },
): NewConversation | null {
  if (intent.kind === "task" || note === null) return null;
  if (channelOf(intent.channel).outcomes[outcome]?.connected !== true) return null;
  const conversation = boundedConversation({ kind: "note", text: note });
  return conversation === null ? null : { ...conversation, intentKey: intent.key, atMs: nowMs, source: "desk" };
}

function problemOf(work: OpenWork, { outcome, promise, callbackMs }: WorkEnd, setting: WorkEndSetting): string | null {
  const { nowMs, timeZone } = setting;
  if (!endingsOf(work).includes(outcome)) return "desk.outcome-unknown";
  if (work.intent.kind === "task") return null;
  if (PROMISE_OUTCOMES.has(outcome)) {
    const isWhole = promise !== null && promise !== undefined && promise.amountMinor > 0;
    if (!isWhole || promise.dueDate < localDate(timeZone, nowMs)) return "desk.promise-incomplete";
  }
  if (outcome === CALL_BACK_OUTCOME && !(typeof callbackMs === "number" && callbackMs > nowMs)) {
    return "desk.callback-missing";
  }
  return null;
}

/** What the end brings along: only what belongs to its outcome. */
function valuesOf({ outcome, promise, callbackMs }: WorkEnd, { timeZone }: WorkEndSetting) {
  if (PROMISE_OUTCOMES.has(outcome) && promise !== null && promise !== undefined) {
    const { amount, dueDate } = PROMISE_VALUES;
    return { values: { [amount]: promise.amountMinor, [dueDate]: promise.dueDate } };
  }
  if (outcome === CALL_BACK_OUTCOME && typeof callbackMs === "number") {
    return { values: { [CALL_BACK_AT]: formatInstant(timeZone, callbackMs) } };
  }
  return {};
}
