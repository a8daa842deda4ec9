import { channelOf } from "../channels";
import { foldResults, outcomeCodeOf } from "../channels/results";
import { callBackIn, type KnownResult } from "../model/contact-result";
import type { EpochMs } from "../model/time";
import type { HeardResult, SpokenOf } from "../ports/callbacks";
import type { NewConversation } from "../ports/conversations";
import type { ContactOutcome } from "../ports/enrollment-store";
import type { NewInboxEntry } from "../ports/inbox";
import { RUNTIME_LIMITS, type RuntimeDeps } from "./deps";
import { resultEntries } from "./result-entries";

export type CallbackCounts = { readonly taken: number; readonly orphans: number };
export const NOTHING_HEARD: CallbackCounts = { taken: 0, orphans: 0 };

/** Takes in what providers have said since. Duplicate, late and disordered events come to the same (`foldResults`). */
export async function takeCallbacks(deps: RuntimeDeps, nowMs: EpochMs): Promise<CallbackCounts> {
  const due = { nowMs, limit: RUNTIME_LIMITS.callbacksBatch };
  let late = 0;
  const counts = await deps.callbacks.take(due, (contacts) =>
    contacts.flatMap((contact) => {
      const heard = heardOf(contact, nowMs);
      if (contact.known !== null && heard.every(({ outcome }) => outcome === null)) late += contact.events.length;
      return heard;
    }),
  );
  if (late > 0) deps.tell?.({ kind: "callbacks", what: "late", count: late });
  if (counts.orphans > 0) {
    deps.alarm("callbacks-orphaned", { count: String(counts.orphans) });
    deps.tell?.({ kind: "callbacks", what: "orphan", count: counts.orphans });
  }
  return counts;
}

/** What is known of one contact now. The strategy hears of it whenever that comes to another code of the channel. */
export function heardOf(contact: SpokenOf, nowMs: EpochMs): readonly HeardResult[] {
  const { intent, known: before, events } = contact;
  const known = foldResults(intent.channel, before, { events, nowMs });
  if (known === null) return [];
  const costMinor = events.reduce<number | null>((last, event) => event.costMinor ?? last, null);
  const code = outcomeCodeOf(intent.channel, known);
  const isNews = code !== null && (before === null || outcomeCodeOf(intent.channel, before) !== code);
  const result = { key: intent.key, known, costMinor, conversations: saidIn(contact, nowMs) };
  if (!isNews) return [{ ...result, outcome: null, inbox: [] }];
  return [{ ...result, ...told(contact, known, code) }];
}

/** What the events bring of what was said; of each kind the first that comes is kept. */
function saidIn({ intent, events }: SpokenOf, nowMs: EpochMs): readonly NewConversation[] {
  return events.flatMap(({ conversation, atMs }) =>
    conversation === undefined
      ? []
      : [{ ...conversation, intentKey: intent.key, atMs: Math.min(atMs, nowMs), source: "provider" as const }],
  );
}

function told(
  { intent, subject, events }: SpokenOf,
  known: KnownResult,
  code: string,
): Pick<HeardResult, "outcome" | "inbox"> {
  const meaning = channelOf(intent.channel).outcomes[code];
  const { atMs } = known;
  const { values = {} } = events.find((event) => event.eventId === known.eventId) ?? {};
  const invalidates = meaning?.invalidates === true || known.result === "invalid_vacant";
  const callBackAtMs = callBackIn({ outcome: code, values, atMs });
  const outcome: ContactOutcome = {
    ...(callBackAtMs === null ? {} : { callBackAtMs }),
    intentKey: intent.key,
    outcome: code,
    connected: meaning?.connected ?? false,
    conversed: meaning?.conversed ?? false,
    hold: meaning?.hold ?? null,
    invalidates,
    atMs,
  };
  const event = { eventId: `${intent.key}:${code}`, key: intent.key, outcome: code, atMs, invalidates };
  const inbox = resultEntries(
    { intent, subject },
    { ...event, ...(Object.keys(values).length === 0 ? {} : { values }) },
  );
  return { outcome, inbox: known.result === "replied" ? [...inbox, reply({ intent, subject }, atMs)] : inbox };
}

/** An answer in words, which a strategy may wait for wherever it stands. */
function reply({ intent, subject }: Pick<SpokenOf, "intent" | "subject">, atMs: EpochMs): NewInboxEntry {
  return {
    dedupeKey: `reply:${intent.key}`,
    partyId: subject.partyId,
    enrollmentId: subject.enrollmentId,
    accountId: subject.accountId,
    type: "reply.received",
    atMs,
    stepSeq: null,
    attempt: null,
    data: { channel: intent.channel },
  };
}
