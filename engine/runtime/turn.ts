import { draw } from "../model/draw";
import type { Decision, EngineEvent, EnrollmentState, Outcome, StepContext, Subject } from "../model/execution";
import type { Facts } from "../model/facts";
import { InvariantError } from "../model/invariant";
import { canonicalJson } from "../model/json";
import type { Hold } from "../model/policy";
import type { EpochMs } from "../model/time";
import { factsWithPlan } from "../portfolio/facts";
import type { Advance, ClaimedEnrollment, ConsumedEntry, ContactOutcome } from "../ports/enrollment-store";
import { despiteOf, isFrozen } from "../run/freeze";
import { ignoredCodeOf } from "../run/gate";
import { listensFor } from "../run/listens";
import { RUNTIME_LIMITS, type RuntimeAlarm } from "./deps";
import { type ReadEntry, readEntry } from "./inbox-event";
import type { LinkedVersion } from "./linked-versions";
import { type EffectPile, emptyEffectPile, holdsAfter, leavePromise, openPlan, pileUp } from "./turn-effects";

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
  readonly decisions: Decision[];
  readonly effects: EffectPile;
  readonly consumed: ConsumedEntry[];
  readonly outcomes: ContactOutcome[];
  /** Holds that answers of the turn bring. */
  readonly brought: Hold[];
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
    if (isHeld(pile)) break;
    const before = pile.decisions.length;
    const heard = await hear(pile, read.value, { claimed, context });
    // It broke us: it stays in the inbox, so that nothing is lost when the enrollment is tried again.
    if (pile.state.status === "faulted" && pile.decisions.length === before) break;
    pile.consumed.push({ id: entry.id, status: heard ? "done" : "ignored", error: null });
    const { outcome } = read.value;
    if (outcome === null) continue;
    pile.outcomes.push(outcome);
    // The person said "stop": this event still counts, everything after it waits until someone releases the hold.
    if (outcome.hold !== null) pile.brought.push({ kind: outcome.hold, fromMs: outcome.atMs, untilMs: null });
    freeze(pile, { claimed, context });
  }
  await fireTimers(pile, { claimed, context, untilMs: context.nowMs });
  return advanceOf(claimed, pile, context);
}

/** One entry reaches the strategy; false = it made nothing of it. */
async function hear(pile: Pile, { event, plan }: ReadEntry, turn: Turn): Promise<boolean> {
  const { nowMs } = turn.context;
  const { program } = turn.context.version;
  const { timeZone } = program.settings;
  if (event.type === "promise.made" && !listensFor(program, event.type)) return false;
  if (plan !== null && ignoredCodeOf(pile.state, event, nowMs) === null) {
    openPlan(pile.effects, plan, placeOf(pile, turn));
    const agreed = { ...plan, paidMinor: 0 };
    pile.effects.facts = factsWithPlan(pile.effects.facts, agreed, { timeZone, nowMs });
  }
  const before = pile.decisions.length;
  await step(pile, event, turn);
  return !pile.decisions.slice(before).every((decision) => decision.code.startsWith("ignored"));
}

function isHeld({ state }: Pile): boolean {
  return state.status === "held";
}

/** Stops the turn where a hold of the party freezes the enrollment at the step it has come to. */
function freeze(pile: Pile, { claimed, context }: Turn): void {
  const { nowMs, version } = context;
  if (pile.state.status !== "active") return;
  const holds = [...holdsAfter(pile.effects, claimed, nowMs), ...pile.brought];
  if (!isFrozen(holds, despiteOf(version.program, pile.state.nodeId), nowMs)) return;
  pile.state = { ...pile.state, status: "held" };
}

/** A turn of one event a person brought about, past what waits in the inbox: that is heard in the next. */
export async function takeMove(claimed: ClaimedEnrollment, event: EngineEvent, context: TurnContext): Promise<Advance> {
  const pile = emptyPile(claimed.state, context.facts);
  await step(pile, event, { claimed, context });
  return advanceOf(claimed, pile, context);
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
export function firstAdvance(claimed: ClaimedEnrollment, outcome: Outcome, context: TurnContext): Advance {
  const pile = emptyPile(outcome.state, context.facts);
  takeIn(pile, outcome, { claimed, context });
  return advanceOf(claimed, pile, context);
}

function emptyPile(state: EnrollmentState, facts: Facts): Pile {
  return { state, decisions: [], effects: emptyEffectPile(facts), consumed: [], outcomes: [], brought: [] };
}

function advanceOf(claimed: ClaimedEnrollment, pile: Pile, { version, nowMs }: TurnContext): Advance {
  return { ...advanceFrom(claimed, pile, nowMs), despite: despiteOf(version.program, pile.state.nodeId) };
}

function advanceFrom(claimed: ClaimedEnrollment, pile: Pile, nowMs: EpochMs): Omit<Advance, "despite"> {
  const { effects, state } = pile;
  return {
    subject: claimed.subject,
    versionId: claimed.versionId,
    fence: claimed.fence,
    firstOrdinal: claimed.nextOrdinal,
    state,
    decisions: pile.decisions,
    intents: [...effects.intents.values()],
    cancelled: [...effects.cancelled],
    arms: effects.arms,
    consumed: pile.consumed,
    outcomes: pile.outcomes,
    holds: { released: [...effects.released], placed: effects.placed },
    promiseClosed: effects.promiseClosed,
    plan: effects.plan,
    announced: effects.announced,
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

async function step(pile: Pile, event: EngineEvent, turn: Turn): Promise<void> {
  const { claimed, context } = turn;
  const stepContext = { subject: claimed.subject, facts: pile.effects.facts, nowMs: context.nowMs };
  takeIn(pile, await checkedSend(pile.state, event, { context, stepContext }), turn);
}

function takeIn(pile: Pile, outcome: Outcome, turn: Turn): void {
  pile.state = outcome.state;
  pile.decisions.push(...outcome.decisions);
  for (const effect of outcome.effects) pileUp(pile.effects, effect, placeOf(pile, turn));
  const isOver = pile.state.status === "exited" && outcome.decisions.some(({ code }) => LEFT_EARLY.has(code));
  if (isOver) leavePromise(pile.effects, turn.context.version.program);
  freeze(pile, turn);
}

/** Ways out that no step drew: what the step would have settled is settled here. */
const LEFT_EARLY: ReadonlySet<Decision["code"]> = new Set(["strategy-exit", "stopped", "horizon", "exit-requested"]);

function placeOf({ decisions }: Pile, { claimed, context }: Turn) {
  const { subject, nextOrdinal } = claimed;
  const { version, nowMs } = context;
  return { subject, program: version.program, nowMs, ordinal: nextOrdinal + decisions.length };
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

/** A turn that could not even begin: the enrollment stands where it stood, visibly broken, and its neighbours go on. */
export function brokenTurn(
  claimed: ClaimedEnrollment,
  { nowMs, code }: { readonly nowMs: EpochMs; readonly code: string },
): Advance {
  const { state } = faulted(claimed.state, code);
  const pile = { ...emptyPile(state, {}), state };
  return { ...advanceFrom(claimed, pile, nowMs), despite: [] };
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
