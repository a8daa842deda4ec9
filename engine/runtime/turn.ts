import type { Decision, EngineEvent, EnrollmentState, Outcome, StepContext, Subject } from "../model/execution";
import type { Facts } from "../model/facts";
import { InvariantError } from "../model/invariant";
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
import { agreeing, codeOfThrown, DISAGREES, isSampled, type Sample, withSample } from "./reference-sample";
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
export function takeTurn(claimed: ClaimedEnrollment, context: TurnContext): Advance | Promise<Advance> {
  return withSample((sample) => turnOf(claimed, { context, sample }));
}

function turnOf(claimed: ClaimedEnrollment, { context, sample }: Pick<Turn, "context" | "sample">): Advance {
  const pile = emptyPile(claimed.state, context.facts);
  const turn = { claimed, context, sample };
  for (const entry of claimed.entries) {
    const read = readEntry(entry);
    if (!read.ok) {
      pile.consumed.push({ id: entry.id, status: "dead", error: read.error });
      continue;
    }
    fireTimers(pile, turn, Math.min(entry.atMs, context.nowMs));
    if (isHeld(pile)) break;
    const before = pile.decisions.length;
    const heard = hear(pile, read.value, turn);
    // It broke us: it stays in the inbox, so that nothing is lost when the enrollment is tried again.
    if (pile.state.status === "faulted" && pile.decisions.length === before) break;
    pile.consumed.push({ id: entry.id, status: heard ? "done" : "ignored", error: null });
    const { outcome } = read.value;
    if (outcome === null) continue;
    pile.outcomes.push(outcome);
    // The person said "stop": this event still counts, everything after it waits until someone releases the hold.
    if (outcome.hold !== null) pile.brought.push({ kind: outcome.hold, fromMs: outcome.atMs, untilMs: null });
    freeze(pile, turn);
  }
  fireTimers(pile, turn, context.nowMs);
  return advanceOf(claimed, pile, context);
}

/** One entry reaches the strategy; false = it made nothing of it. */
function hear(pile: Pile, { event, plan }: ReadEntry, turn: Turn): boolean {
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
  step(pile, event, turn);
  return !pile.decisions.slice(before).every((decision) => decision.code.startsWith("ignored"));
}

function isHeld({ state }: Pile): boolean {
  return state.status === "held";
}

/** Stops the turn where a hold of the party freezes the enrollment at the step it has come to. */
function freeze(pile: Pile, { claimed, context }: Place): void {
  const { nowMs, version } = context;
  if (pile.state.status !== "active") return;
  if (claimed.holds.length + pile.brought.length + pile.effects.placed.length === 0) return;
  const holds = [...holdsAfter(pile.effects, claimed, nowMs), ...pile.brought];
  if (!isFrozen(holds, despiteOf(version.program, pile.state.nodeId), nowMs)) return;
  pile.state = { ...pile.state, status: "held" };
}

/** A turn of one event a person brought about, past what waits in the inbox: that is heard in the next. */
export async function takeMove(claimed: ClaimedEnrollment, event: EngineEvent, context: TurnContext): Promise<Advance> {
  return withSample((sample) => {
    const pile = emptyPile(claimed.state, context.facts);
    step(pile, event, { claimed, context, sample });
    return advanceOf(claimed, pile, context);
  });
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
  return advanceFrom(claimed, pile, { nowMs, despite: despiteOf(version.program, pile.state.nodeId) });
}

function advanceFrom(
  claimed: ClaimedEnrollment,
  pile: Pile,
  { nowMs, despite }: { readonly nowMs: EpochMs; readonly despite: Advance["despite"] },
): Advance {
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
    despite,
    shiftIntentsMs: 0,
    nowMs,
  };
}

type Place = { readonly claimed: ClaimedEnrollment; readonly context: TurnContext };
type Turn = Place & { readonly sample: Sample };

function fireTimers(pile: Pile, turn: Turn, untilMs: EpochMs): void {
  for (let fired = 0; fired < RUNTIME_LIMITS.timersPerTurn; fired += 1) {
    const { status, wakeAtMs, stepSeq } = pile.state;
    if (status !== "active" || wakeAtMs === null || wakeAtMs > untilMs) return;
    const id = `timer:${turn.claimed.subject.enrollmentId}:${stepSeq}:${wakeAtMs}`;
    step(pile, { id, type: "timer.fired", at: wakeAtMs, stepSeq }, turn);
  }
}

function step(pile: Pile, event: EngineEvent, turn: Turn): void {
  const { claimed, context, sample } = turn;
  const stepContext = { subject: claimed.subject, facts: pile.effects.facts, nowMs: context.nowMs };
  takeIn(pile, checkedSend(pile.state, event, { context, stepContext, sample }), turn);
}

function takeIn(pile: Pile, outcome: Outcome, turn: Place): void {
  pile.state = outcome.state;
  pile.decisions.push(...outcome.decisions);
  for (const effect of outcome.effects) pileUp(pile.effects, effect, placeOf(pile, turn));
  const isOver = pile.state.status === "exited" && outcome.decisions.some(({ code }) => LEFT_EARLY.has(code));
  if (isOver) leavePromise(pile.effects, turn.context.version.program);
  freeze(pile, turn);
}

/** Ways out that no step drew: what the step would have settled is settled here. */
const LEFT_EARLY: ReadonlySet<Decision["code"]> = new Set(["strategy-exit", "stopped", "horizon", "exit-requested"]);

function placeOf({ decisions }: Pile, { claimed, context }: Place) {
  const { subject, nextOrdinal } = claimed;
  const { version, nowMs } = context;
  return { subject, program: version.program, nowMs, ordinal: nextOrdinal + decisions.length };
}

type Sending = { readonly context: TurnContext; readonly stepContext: StepContext; readonly sample: Sample };

function checkedSend(state: EnrollmentState, event: EngineEvent, { context, stepContext, sample }: Sending): Outcome {
  const { subject } = stepContext;
  const place = sample.steps;
  sample.steps += 1;
  try {
    const refuted = sample.refuted.get(place);
    if (refuted === DISAGREES) return disagreement(state, { subject, context });
    if (refuted !== undefined) throw new InvariantError(refuted);
    const outcome = context.version.compiled.send(state, event, stepContext);
    if (isSampled(subject.enrollmentId, event.id, context.referenceSampleEvery)) {
      const ask = () => context.version.reference().send(state, event, stepContext);
      sample.open.push({ place, outcome, ask });
    }
    return outcome;
  } catch (error) {
    const code = codeOfThrown(error);
    context.alarm("executor-threw", { enrollmentId: subject.enrollmentId, nodeId: state.nodeId, code });
    return faulted(state, code);
  }
}

function disagreement(
  state: EnrollmentState,
  { subject, context }: { readonly subject: Subject; readonly context: TurnContext },
): Outcome {
  context.alarm("executor-disagreement", { enrollmentId: subject.enrollmentId, nodeId: state.nodeId });
  return faulted(state, DISAGREES);
}

/** A turn that could not even begin: the enrollment stands where it stood, visibly broken, and its neighbours go on. */
export function brokenTurn(
  claimed: ClaimedEnrollment,
  { nowMs, code }: { readonly nowMs: EpochMs; readonly code: string },
): Advance {
  const { state } = faulted(claimed.state, code);
  return advanceFrom(claimed, emptyPile(state, {}), { nowMs, despite: [] });
}

/** Nothing the failed step wanted happens; the enrollment stands where it stood, visibly broken. */
function faulted(state: EnrollmentState, code: string): Outcome {
  const path = [state.nodeId];
  return { state: { ...state, status: "faulted", wakeAtMs: null, fault: { code, path } }, decisions: [], effects: [] };
}
