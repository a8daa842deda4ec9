import { armFact, contactTermsOf, type Effect, requestKey, type Subject } from "../model/execution";
import { counterFact, type Facts } from "../model/facts";
import { holdIdOf, ownHoldsOf } from "../model/hold-id";
import { type PlanTerms, planReviewInstants } from "../model/payment-plan";
import type { Hold, HoldKind } from "../model/policy";
import type { Program } from "../model/program";
import { type PromiseEnd, promiseLeft } from "../model/promise";
import { DAY_MS, type EpochMs } from "../model/time";
import type { WrittenFacts } from "../portfolio/facts";
import type { Advance, ClaimedEnrollment, IdentifiedHold, NewPlan } from "../ports/enrollment-store";
import type { NewInboxEntry } from "../ports/inbox";
import type { NewIntent } from "../ports/outbox";
import { isInForce } from "../run/freeze";
import { listensFor } from "../run/listens";

/** What the effects of one enrollment's turn have piled up so far. */
export type EffectPile = {
  facts: Facts;
  readonly intents: Map<string, NewIntent>;
  readonly cancelled: Set<string>;
  readonly arms: Advance["arms"][number][];
  readonly released: Set<HoldKind>;
  placed: readonly IdentifiedHold[];
  promiseClosed: PromiseEnd | null;
  plan: NewPlan | null;
  readonly announced: NewInboxEntry[];
};

export type EffectPlace = {
  readonly subject: Subject;
  readonly program: Program;
  readonly nowMs: EpochMs;
  /** Ordinal of the next decision: names what has no name of its own. */
  readonly ordinal: number;
};

export function emptyEffectPile(facts: Facts): EffectPile {
  return {
    facts,
    intents: new Map(),
    cancelled: new Set(),
    arms: [],
    released: new Set(),
    placed: [],
    promiseClosed: null,
    plan: null,
    announced: [],
  };
}

/** Puts an effect on the pile: a row to be, in the commit that writes the state. */
export function pileUp(pile: EffectPile, effect: Effect, place: EffectPlace): void {
  const { subject, nowMs } = place;
  switch (effect.kind) {
    case "contact.request":
    case "qa.request":
    case "conversation-qa.request":
    case "task.request":
    case "external.request": {
      const key = requestKey(subject.enrollmentId, effect.stepSeq, effect.attempt);
      pile.intents.set(key, intentOf(key, effect, nowMs));
      return;
    }
    case "request.cancel": {
      const key = requestKey(subject.enrollmentId, effect.stepSeq, effect.attempt);
      const own = pile.intents.get(key);
      if (own === undefined) pile.cancelled.add(key);
      else pile.intents.set(key, { ...own, state: "cancelled" });
      return;
    }
    case "hold.place": {
      const id = holdIdOf(subject.enrollmentId, `${place.ordinal}.${pile.placed.length}`);
      pile.placed = [...pile.placed, { id, kind: effect.hold, fromMs: nowMs, untilMs: effect.untilMs }];
      return;
    }
    case "hold.release":
      pile.released.add(effect.hold);
      pile.placed = pile.placed.filter(({ kind }) => kind !== effect.hold);
      return;
    case "promise.close":
      closePromise(pile, effect.result, place.program);
      return;
    case "arm.assigned":
      pile.arms.push({ experimentKey: effect.experimentKey, phase: effect.phase, arm: effect.arm });
      pile.facts = { ...pile.facts, [armFact(effect.experimentKey)]: effect.arm };
      return;
    default:
      throw effect satisfies never;
  }
}

/** Holds in force after the turn so far: those before it that the strategy did not end, and those it placed. */
export function holdsAfter(
  pile: EffectPile,
  { holds, subject }: Pick<ClaimedEnrollment, "holds" | "subject">,
  nowMs: EpochMs,
): readonly Hold[] {
  const own = ownHoldsOf(subject.enrollmentId);
  const kept = holds.filter((hold) => {
    const isEnded = pile.released.has(hold.kind) && hold.id.startsWith(own);
    return isInForce(hold, nowMs) && !isEnded;
  });
  return [...kept, ...pile.placed];
}

/** What is decided later in the turn already knows how the promise ended; without an open one nothing ends. */
function closePromise(pile: EffectPile, result: PromiseEnd, program: Program): void {
  if (pile.facts.promise_status !== "open") return;
  pile.promiseClosed = result;
  const facts: WrittenFacts = { ...pile.facts, promise_status: result };
  for (const counter of program.counters ?? []) {
    const fact = counterFact(counter);
    const counted = facts[fact];
    const isCounted = result === "broken" && counter.metric === "promises_broken";
    if (isCounted && typeof counted === "number") facts[fact] = counted + 1;
  }
  pile.facts = facts;
}

/** Whoever leaves leaves no promise open behind: the ledger says whether it was kept, and otherwise it counts for nothing. */
export function leavePromise(pile: EffectPile, program: Program): void {
  const { promise_amount: amountMinor, promise_paid: paidMinor } = pile.facts;
  if (typeof amountMinor !== "number" || typeof paidMinor !== "number") return;
  closePromise(pile, promiseLeft({ amountMinor, paidMinor }), program);
}

/** A plan that was agreed runs from now on; on the days an instalment may have been missed the strategy looks again, if it would. */
export function openPlan(pile: EffectPile, terms: PlanTerms, { subject, program, nowMs, ordinal }: EffectPlace): void {
  const id = `plan_${subject.enrollmentId}:${ordinal}`;
  pile.plan = { ...terms, id, openedAtMs: nowMs };
  if (!listensFor(program, "facts.changed")) return;
  const { timeZone } = program.settings;
  const { partyId, enrollmentId, accountId } = subject;
  for (const atMs of planReviewInstants(terms, { timeZone, afterMs: nowMs })) {
    const visit = { stepSeq: null, attempt: null };
    const entry = { partyId, enrollmentId, accountId, type: "facts.changed", atMs, ...visit, data: null };
    pile.announced.push({ ...entry, dedupeKey: `plan-review:${id}:${atMs}` });
  }
}

type RequestEffect = Extract<Effect, { readonly nodeId: string }>;

/** A text check has no deadline at the sender, it is answered in the house at once; a day is more than it ever needs. */
function intentOf(key: string, effect: RequestEffect, nowMs: EpochMs): NewIntent {
  const { stepSeq, attempt, nodeId } = effect;
  if (effect.kind === "contact.request") {
    // Written out: this is what most requests are, and put together from parts it costs three times the memory.
    return {
      key,
      stepSeq,
      attempt,
      nodeId,
      notBeforeMs: nowMs,
      state: "ready",
      kind: "contact",
      channel: effect.channel,
      contentId: effect.contentId,
      lexicon: null,
      notAfterMs: effect.notAfterMs,
      terms: contactTermsOf(effect),
    };
  }
  const base = { key, stepSeq, attempt, nodeId, notBeforeMs: nowMs, state: "ready" } as const;
  const nowhere = { channel: null, contentId: null, lexicon: null } as const;
  switch (effect.kind) {
    case "qa.request": {
      const { contentId, lexicon } = effect;
      return { ...base, kind: "qa", channel: null, contentId, lexicon, notAfterMs: nowMs + DAY_MS };
    }
    case "conversation-qa.request": {
      const { channel, lexicon, passScore, notAfterMs } = effect;
      return { ...base, kind: "conversation-qa", channel, contentId: null, lexicon, passScore, notAfterMs };
    }
    case "task.request": {
      const { task, desk, details, notAfterMs } = effect;
      return { ...base, ...nowhere, kind: "task", task, desk, details, notAfterMs };
    }
    case "external.request": {
      const { integration, send, timeoutMs, notAfterMs } = effect;
      return { ...base, ...nowhere, kind: "external", integration, send, timeoutMs, notAfterMs };
    }
    default:
      throw effect satisfies never;
  }
}
