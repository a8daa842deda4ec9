import type { Decision, EnrollmentState, Outcome } from "../model/execution";
import type { Facts } from "../model/facts";
import { drawnStepId, type Program } from "../model/program";
import type { Scenario, ScenarioEvent } from "../model/scenario";
import { type EpochMs, formatInstant } from "../model/time";
import { linkReference } from "../run/reference";
import { momentOf, passedBy, subjectOf, waysTaken } from "../run/scenario";
import { agedFacts, factsAfter } from "./walk-facts";

/** One account's story as somebody walks it: what it comes in with, and what happens, without what time does by itself. */
export type Walk = {
  readonly startMs: EpochMs;
  readonly party: string;
  readonly facts: Facts;
  readonly events: readonly ScenarioEvent[];
};

/** Something that happened, and what the reference executor made of it. */
export type WalkMoment = {
  /** As it is saved in a scenario, facts that time changed included; null: the account came in. */
  readonly event: ScenarioEvent | null;
  readonly nowMs: EpochMs;
  readonly facts: Facts;
  readonly state: EnrollmentState;
  readonly decisions: readonly Decision[];
};

export type ToldWalk = {
  /** At least one: the account came in. */
  readonly moments: readonly WalkMoment[];
  /** Events at the end that no longer happen, because the account took another way or left before. */
  readonly untold: number;
};

/** Runs walks through one Program on the reference executor. */
export type Walker = (walk: Walk) => Promise<ToldWalk>;

/**
 * The reference executor behind a walk. A walk is told from its beginning every time, so that a fact that is changed changes
 * everything after it; the same walk gives the same moments.
 */
export function createWalker(program: Program): Walker {
  const executor = linkReference(program);
  const { timeZone } = program.settings;
  return async ({ startMs, party, facts, events }) => {
    const subject = subjectOf(party);
    const first = await executor.start({ subject, facts, nowMs: startMs });
    const moments: WalkMoment[] = [momentFrom(first, { event: null, nowMs: startMs, facts })];
    let point = { state: first.state, facts, nowMs: startMs };
    for (const chosen of events) {
      if (point.state.status !== "active") break;
      const { nowMs } = momentOf(point, chosen);
      const aged = { ...point.facts, ...agedFacts(point.facts, { fromMs: point.nowMs, toMs: nowMs, timeZone }) };
      const known = { ...aged, ...factsAfter(aged, chosen) };
      const next = withFacts(chosen, changedFacts(point.facts, { ...known, ...factsOf(chosen) }));
      const moment = momentOf(point, next);
      const outcome = await executor.send(point.state, moment.event, { subject, facts: moment.facts, nowMs });
      if (passedBy(outcome, next)) break;
      moments.push(momentFrom(outcome, { event: next, nowMs, facts: moment.facts }));
      point = { state: outcome.state, facts: moment.facts, nowMs };
    }
    return { moments, untold: events.length - (moments.length - 1) };
  };
}

type Given = Pick<WalkMoment, "event" | "nowMs" | "facts">;

function momentFrom({ state, decisions }: Outcome, given: Given): WalkMoment {
  return { ...given, state, decisions };
}

function factsOf(event: ScenarioEvent): Facts {
  return "facts" in event ? (event.facts ?? {}) : {};
}

function changedFacts(before: Facts, after: Facts): Facts {
  return Object.fromEntries(Object.entries(after).filter(([fact, value]) => before[fact] !== value));
}

/** The event with the facts that hold from then on; those that carry none stay as they are. */
function withFacts(event: ScenarioEvent, facts: Facts): ScenarioEvent {
  if (!CARRIES_FACTS.has(event.type) || Object.keys(facts).length === 0) return event;
  return { ...event, facts } as ScenarioEvent;
}

const CARRIES_FACTS: ReadonlySet<ScenarioEvent["type"]> = new Set([
  "timer.fired",
  "contact.result",
  "qa.verdict",
  "task.completed",
  "external.result",
  "payment.posted",
  "payment.reversed",
  "promise.made",
  "reply.received",
  "facts.changed",
]);

/** One way on that was taken, and the step it was taken from. */
export type WalkFrame = {
  readonly moment: number;
  /** Index among all decisions of the walk. */
  readonly decision: number;
  readonly drawnStep: string;
};

/** The ways on of a walk, one by one, in order. */
export function framesOf({ moments }: ToldWalk): readonly WalkFrame[] {
  let before = 0;
  return moments.flatMap(({ decisions }, moment) => {
    const frames = decisions.flatMap(({ handle, nodeId }, index): WalkFrame[] =>
      handle === null ? [] : [{ moment, decision: before + index, drawnStep: drawnStepId(nodeId) }],
    );
    before += decisions.length;
    return frames;
  });
}

/** A walk as a scenario that expects what happened. */
export function scenarioOfWalk(
  { walk, told }: { readonly walk: Walk; readonly told: ToldWalk },
  { id, name, timeZone }: Pick<Scenario, "id" | "name"> & { readonly timeZone: string },
): Scenario {
  const path = told.moments.flatMap((moment) => waysTaken(moment));
  const state = told.moments.at(-1)?.state;
  const events = told.moments.flatMap(({ event }) => (event === null ? [] : [event]));
  return {
    id,
    name,
    startAt: formatInstant(timeZone, walk.startMs),
    party: walk.party,
    facts: { ...walk.facts },
    events,
    expect: {
      path: [...path],
      ...(state === undefined ? {} : { at: state.nodeId }),
      ...(state?.exit == null ? {} : { exit: state.exit.reason }),
    },
  };
}
