import { draw } from "../model/draw";
import {
  armFact,
  contactTermsOf,
  type Decision,
  type Effect,
  type EngineEvent,
  type EnrollmentState,
  type Outcome,
  requestKey,
  type StepContext,
  type Subject,
} from "../model/execution";
import type { Facts } from "../model/facts";
import { InvariantError } from "../model/invariant";
import { canonicalJson } from "../model/json";
import { DAY_MS, type EpochMs } from "../model/time";
import type { Advance, ClaimedEnrollment, ConsumedEntry, ContactOutcome } from "../ports/enrollment-store";
import type { NewIntent } from "../ports/outbox";
import { RUNTIME_LIMITS, type RuntimeAlarm } from "./deps";
import { readEntry } from "./inbox-event";
import type { LinkedVersion } from "./linked-versions";

export type TurnContext = {
  readonly version: LinkedVersion;
  readonly facts: Facts;
  readonly nowMs: EpochMs;
  readonly referenceSampleEvery: number;
  readonly alarm: RuntimeAlarm;
};

/** What one enrollment's turn has piled up so far. */
type Pile = {
  state: EnrollmentState;
  facts: Facts;
  readonly decisions: Decision[];
  readonly intents: Map<string, NewIntent>;
  readonly cancelled: Set<string>;
  readonly arms: Advance["arms"][number][];
  readonly consumed: ConsumedEntry[];
  readonly outcomes: ContactOutcome[];
};

/**
 * Runs everything that waits for one enrollment, in order: due entries by time, its timer between them where it falls.
 * Touches nothing; what it returns is written in one commit. A bug of ours faults this enrollment and no other.
 */
export async function takeTurn(claimed: ClaimedEnrollment, context: TurnContext): Promise<Advance> {
  const pile = emptyPile(claimed.state, context.facts);
  for (const entry of claimed.entries) {
    const read = readEntry(entry);
    if (!read.ok) {
      pile.consumed.push({ id: entry.id, status: "dead", error: read.error });
      continue;
    }
    await fireTimers(pile, { claimed, context, untilMs: Math.min(entry.atMs, context.nowMs) });
    const before = pile.decisions.length;
    await step(pile, read.value.event, { claimed, context });
    const ignored = pile.decisions.slice(before).every((decision) => decision.code.startsWith("ignored"));
    pile.consumed.push({ id: entry.id, status: ignored ? "ignored" : "done", error: null });
    if (read.value.outcome !== null) pile.outcomes.push(read.value.outcome);
    if (read.value.outcome?.hold != null && pile.state.status === "active") {
      // The person said "stop": this event still counts, everything after it waits until someone releases the hold.
      pile.state = { ...pile.state, status: "held" };
    }
    if (pile.state.status === "held") break;
  }
  await fireTimers(pile, { claimed, context, untilMs: context.nowMs });
  return advanceOf(claimed, pile, context.nowMs);
}

/** The first turn: the entry rule decides whether the account comes in at all. */
export async function takeFirstTurn(subject: Subject, context: TurnContext): Promise<Outcome> {
  const stepContext = { subject, facts: context.facts, nowMs: context.nowMs };
  const outcome = context.version.compiled.start(stepContext);
  if (!isSampled(subject.enrollmentId, "start", context.referenceSampleEvery)) return outcome;
  const reference = await context.version.reference().start(stepContext);
  return agreeing(outcome, reference) ? outcome : disagreement(outcome.state, { subject, context });
}

/** The rows of a first turn that let the account in. */
export function firstAdvance(claimed: ClaimedEnrollment, outcome: Outcome, nowMs: EpochMs): Advance {
  const pile = emptyPile(outcome.state, {});
  pile.decisions.push(...outcome.decisions);
  for (const effect of outcome.effects) collect(pile, effect, { subject: claimed.subject, nowMs });
  return advanceOf(claimed, pile, nowMs);
}

function emptyPile(state: EnrollmentState, facts: Facts): Pile {
  return {
    state,
    facts,
    decisions: [],
    intents: new Map(),
    cancelled: new Set(),
    arms: [],
    consumed: [],
    outcomes: [],
  };
}

function advanceOf(claimed: ClaimedEnrollment, pile: Pile, nowMs: EpochMs): Advance {
  return {
    subject: claimed.subject,
    versionId: claimed.versionId,
    fence: claimed.fence,
    firstOrdinal: claimed.nextOrdinal,
    state: pile.state,
    decisions: pile.decisions,
    intents: [...pile.intents.values()],
    cancelled: [...pile.cancelled],
    arms: pile.arms,
    consumed: pile.consumed,
    outcomes: pile.outcomes,
    shiftIntentsMs: 0,
    nowMs,
  };
}

type Turn = { readonly claimed: ClaimedEnrollment; readonly context: TurnContext };

async function fireTimers(pile: Pile, turn: Turn & { readonly untilMs: EpochMs }): Promise<void> {
  for (let fired = 0; fired < RUNTIME_LIMITS.timersPerTurn; fired += 1) {
    const { status, wakeAtMs, stepSeq } = pile.state;
    if (status !== "active" || wakeAtMs === null || wakeAtMs > turn.untilMs) return;
    const id = `timer:${turn.claimed.subject.enrollmentId}:${stepSeq}:${wakeAtMs}`;
    await step(pile, { id, type: "timer.fired", at: wakeAtMs, stepSeq }, turn);
  }
}

async function step(pile: Pile, event: EngineEvent, { claimed, context }: Turn): Promise<void> {
  const stepContext = { subject: claimed.subject, facts: pile.facts, nowMs: context.nowMs };
  const outcome = await checkedSend(pile.state, event, { context, stepContext });
  pile.state = outcome.state;
  pile.decisions.push(...outcome.decisions);
  for (const effect of outcome.effects) collect(pile, effect, { subject: claimed.subject, nowMs: context.nowMs });
}

async function checkedSend(
  state: EnrollmentState,
  event: EngineEvent,
  { context, stepContext }: { readonly context: TurnContext; readonly stepContext: StepContext },
): Promise<Outcome> {
  const { subject } = stepContext;
  try {
    const outcome = context.version.compiled.send(state, event, stepContext);
    if (!isSampled(subject.enrollmentId, event.id, context.referenceSampleEvery)) return outcome;
    const reference = await context.version.reference().send(state, event, stepContext);
    return agreeing(outcome, reference) ? outcome : disagreement(state, { subject, context });
  } catch (error) {
    const code = error instanceof InvariantError ? error.code : "executor-threw";
    context.alarm("executor-threw", { enrollmentId: subject.enrollmentId, nodeId: state.nodeId, code });
    return faulted(state, code);
  }
}

function agreeing(compiled: Outcome, reference: Outcome): boolean {
  return canonicalJson(compiled) === canonicalJson(reference);
}

function disagreement(
  state: EnrollmentState,
  { subject, context }: { readonly subject: Subject; readonly context: TurnContext },
): Outcome {
  context.alarm("executor-disagreement", { enrollmentId: subject.enrollmentId, nodeId: state.nodeId });
  return faulted(state, "executor-disagreement");
}

/** Nothing the failed step wanted happens; the enrollment stands where it stood, visibly broken. */
function faulted(state: EnrollmentState, code: string): Outcome {
  const path = [state.nodeId];
  return { state: { ...state, status: "faulted", wakeAtMs: null, fault: { code, path } }, decisions: [], effects: [] };
}

/** The same steps are sampled however often and wherever they are run. */
function isSampled(enrollmentId: string, eventId: string, every: number): boolean {
  return every > 0 && draw(0, enrollmentId, eventId) < 1 / every;
}

function collect(pile: Pile, effect: Effect, at: { readonly subject: Subject; readonly nowMs: EpochMs }): void {
  const { enrollmentId } = at.subject;
  switch (effect.kind) {
    case "contact.request":
    case "qa.request": {
      const key = requestKey(enrollmentId, effect.stepSeq, effect.attempt);
      pile.intents.set(key, intentOf(key, effect, at.nowMs));
      return;
    }
    case "request.cancel": {
      const key = requestKey(enrollmentId, effect.stepSeq, effect.attempt);
      const own = pile.intents.get(key);
      if (own === undefined) pile.cancelled.add(key);
      else pile.intents.set(key, { ...own, state: "cancelled" });
      return;
    }
    case "arm.assigned":
      pile.arms.push({ experimentKey: effect.experimentKey, phase: effect.phase, arm: effect.arm });
      pile.facts = { ...pile.facts, [armFact(effect.experimentKey)]: effect.arm };
      return;
    default:
      throw new InvariantError("runtime.effect-not-carried", { kind: effect.kind });
  }
}

/** A text check has no deadline at the sender, it is answered in the house at once; a day is more than it ever needs. */
function intentOf(
  key: string,
  effect: Extract<Effect, { kind: "contact.request" | "qa.request" }>,
  nowMs: EpochMs,
): NewIntent {
  const { stepSeq, attempt, nodeId, contentId } = effect;
  const base = { key, stepSeq, attempt, nodeId, contentId, notBeforeMs: nowMs, state: "ready" } as const;
  if (effect.kind === "qa.request") {
    return { ...base, kind: "qa", channel: null, lexicon: effect.lexicon, notAfterMs: nowMs + DAY_MS };
  }
  const { channel, notAfterMs } = effect;
  return { ...base, kind: "contact", channel, lexicon: null, notAfterMs, terms: contactTermsOf(effect) };
}
