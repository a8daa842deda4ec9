import type { EngineEvent } from "../model/execution";
import { InvariantError } from "../model/invariant";
import { type ProgramStep, passesGate, type RequestSpec, type WatchSpec } from "../model/program";
import { receivedInto } from "./answer-values";
import { redialAtOf, requestDeadlineOf, requestWakeAtOf } from "./deadline";
import { requestEffect } from "./effects";
import { factsReadOf } from "./facts-read";
import {
  type Behaviour,
  type LinkSource,
  linkAct,
  linkCollect,
  linkDecide,
  linkEntry,
  linkRepeat,
  linkScore,
  linkSet,
  linkSplit,
  neverReceives,
  ruleSetOf,
  type SpecOf,
  type WayTo,
} from "./link-decisions";
import { type Advance, NOT_AWAITED, record, STAYS, setVars, type Way } from "./linked-step";
import { linkRules, TRUE } from "./predicate";
import { factsReadByWait, wakeAtOf } from "./wake-up";

/** What a step does, as closures over everything that is known when the Program is linked. */
export function linkStep(step: ProgramStep, source: LinkSource): Behaviour {
  const wayTo = waysOf(step, source);
  const { spec } = step;
  switch (spec.kind) {
    case "entry":
      return linkEntry(spec, source, wayTo);
    case "decide":
      return linkDecide(spec, source, wayTo);
    case "collect":
      return linkCollect(spec, source, wayTo);
    case "score":
      return linkScore(spec, source, wayTo);
    case "set":
      return linkSet(spec, wayTo);
    case "repeat":
      return linkRepeat(spec, source, wayTo);
    case "act":
      return linkAct(spec, wayTo);
    case "split":
      return linkSplit(spec, wayTo);
    case "request":
      return spec.goOn === null ? linkRequest(spec, source, wayTo) : linkRequestAndGoOn(spec, wayTo(spec.goOn));
    case "wait":
      return linkWait(spec, source, wayTo);
    case "exit":
      return linkExit(spec);
    default:
      throw spec satisfies never;
  }
}

/** Ways of a step by handle; one object per handle, made while linking and never while running. */
function waysOf(step: ProgramStep, source: LinkSource): WayTo {
  const ways = new Map<string, Way>();
  return (handle) => {
    const known = ways.get(handle);
    if (known !== undefined) return known;
    const targetId = Object.hasOwn(step.handles, handle) ? step.handles[handle] : undefined;
    const target = targetId === undefined ? undefined : source.steps.get(targetId);
    if (target === undefined) throw new InvariantError("program.unwired-handle", { node: step.id, handle });
    const way = { handle, target };
    ways.set(handle, way);
    return way;
  };
}

type Ask = { readonly request: RequestSpec; readonly deadlineMs: number; readonly watchEveryMs: number | null };

/** Asks, with the deadline (or the next look at the watched rule) as the wake-up. */
function ask(advance: Advance, { request, deadlineMs, watchEveryMs }: Ask): void {
  const { state } = advance;
  const notAfterMs = requestDeadlineOf(state, deadlineMs, advance.horizonAtMs);
  state.pending = true;
  state.wakeAtMs = requestWakeAtOf(advance.nowMs, notAfterMs, watchEveryMs);
  advance.effects.push(requestEffect(request, { state, notAfterMs, input: advance }));
}

function linkRequestAndGoOn(spec: SpecOf<"request">, way: Way): Behaviour {
  return {
    enter: (advance) => {
      advance.state.attempt = 1;
      ask(advance, { request: spec.request, deadlineMs: spec.deadlineMs, watchEveryMs: null });
      // Nobody waits for the answer, so leaving must not call the request back.
      advance.state.pending = false;
      record(advance, way.handle, { code: "requested", detail: "1" });
      return way;
    },
    receive: neverReceives,
  };
}

type EventOf<TType extends EngineEvent["type"]> = Extract<EngineEvent, { readonly type: TType }>;
type Reaction = Way | typeof STAYS;

const ANSWER_TYPES = {
  contact: "contact.result",
  qa: "qa.verdict",
  "conversation-qa": "qa.verdict",
  task: "task.completed",
  external: "external.result",
} as const satisfies { readonly [kind in RequestSpec["kind"]]: EngineEvent["type"] };
type AnswerEvent = EventOf<(typeof ANSWER_TYPES)[keyof typeof ANSWER_TYPES]>;

function linkRequest(spec: SpecOf<"request">, source: LinkSource, wayTo: WayTo): Behaviour {
  const { request, deadlineMs } = spec;
  const asked = { request, deadlineMs, watchEveryMs: spec.watch?.everyMs ?? null };
  const blocked = passesGate(request) ? wayTo(spec.blocked) : null;
  const answerType: EngineEvent["type"] = ANSWER_TYPES[request.kind];
  const answered = linkAnswers(spec, wayTo);
  const watch = spec.watch === undefined ? null : linkWatch(spec.watch, source, wayTo);
  const timerFired = linkRequestTimer(spec, { asked, watch, expired: wayTo(spec.expired) });
  return {
    enter: (advance) => {
      advance.state.attempt = 1;
      ask(advance, asked);
      record(advance, null, { code: "requested", detail: "1" });
      return STAYS;
    },
    receive: (advance, event) => {
      // Which of the answers it is was settled while linking.
      if (event.type === answerType) return answered(advance, event as AnswerEvent);
      switch (event.type) {
        case "contact.deferred":
          if (blocked === null) return NOT_AWAITED;
          record(advance, null, { code: "deferred", detail: event.reasons.join(",") });
          return STAYS;
        case "contact.denied":
          if (blocked === null) return NOT_AWAITED;
          record(advance, blocked.handle, { code: "blocked", detail: event.reasons.join(",") });
          return blocked;
        case "timer.fired":
          return timerFired(advance);
        default:
          return watch?.awaits(event) === true ? watch.look(advance) : NOT_AWAITED;
      }
    },
  };
}

function linkAnswers(spec: SpecOf<"request">, wayTo: WayTo): (advance: Advance, event: AnswerEvent) => Reaction {
  const { deadlineMs, retry, receive } = spec;
  const outcomes = new Map(Object.entries(spec.outcomes).map(([outcome, handle]) => [outcome, wayTo(handle)]));
  const exhausted = wayTo(spec.exhausted);
  return (advance, { outcome, values }) => {
    const { state, nowMs } = advance;
    const deadlineAtMs = requestDeadlineOf(state, deadlineMs, advance.horizonAtMs);
    const redialAtMs =
      retry === null ? null : redialAtOf({ retry, outcome, attempt: state.attempt, nowMs, deadlineMs: deadlineAtMs });
    if (redialAtMs !== null) {
      record(advance, null, { code: "retry-scheduled", detail: outcome });
      state.attempt += 1;
      state.wakeAtMs = redialAtMs;
      return STAYS;
    }
    if (receive !== undefined) setVars(advance, receivedInto(advance.vars, receive, values));
    const mapped = outcomes.get(outcome);
    const code = mapped === undefined ? "exhausted" : "outcome";
    record(advance, (mapped ?? exhausted).handle, { code, detail: outcome });
    return mapped ?? exhausted;
  };
}

type TimerParts = { readonly asked: Ask; readonly watch: LinkedWatch | null; readonly expired: Way };

/** A timer of a request: its deadline, a look at the watched rule, or the next attempt. */
function linkRequestTimer(spec: SpecOf<"request">, { asked, watch, expired }: TimerParts) {
  return (advance: Advance): Reaction => {
    const { state, nowMs } = advance;
    const deadlineAtMs = requestDeadlineOf(state, spec.deadlineMs, advance.horizonAtMs);
    if (nowMs >= deadlineAtMs || (state.pending && watch === null)) {
      record(advance, expired.handle, { code: "expired", detail: null });
      return expired;
    }
    if (watch === null) {
      record(advance, null, { code: "retry-started", detail: String(state.attempt) });
      ask(advance, asked);
      return STAYS;
    }
    const reaction = watch.look(advance);
    if (reaction === STAYS) state.wakeAtMs = requestWakeAtOf(nowMs, deadlineAtMs, asked.watchEveryMs);
    return reaction;
  };
}

type LinkedWatch = {
  readonly awaits: (event: EngineEvent) => boolean;
  readonly look: (advance: Advance) => Reaction;
};

/** A look at the watched rule: only when it holds does the step go; unknown is no reason to call anything back. */
function linkWatch(watch: WatchSpec, source: LinkSource, wayTo: WayTo): LinkedWatch {
  const events: ReadonlySet<string> = new Set(watch.events);
  const ruleSet = ruleSetOf(watch.ruleSet, source);
  const rules = linkRules(ruleSet);
  const holdsWay = wayTo(watch.holds);
  return {
    awaits: ({ type }) => events.has(type),
    look: (advance) => {
      const factsRead = factsReadOf(ruleSet, advance);
      const held = rules.find(({ holds }) => holds(advance) === TRUE);
      if (held === undefined) {
        record(advance, null, { code: "watch-checked", detail: null, factsRead });
        return STAYS;
      }
      record(advance, holdsWay.handle, { code: "watch-holds", detail: held.rule, factsRead });
      return holdsWay;
    },
  };
}

function linkWait(spec: SpecOf<"wait">, source: LinkSource, wayTo: WayTo): Behaviour {
  const { wait } = spec;
  const { calendar } = source;
  const elapsed = wayTo(spec.elapsed);
  const happened = spec.happened === null ? null : wayTo(spec.happened);
  const unknown = spec.unknown === null ? null : wayTo(spec.unknown);
  const awaited: ReadonlySet<string> = new Set(wait.mode === "event" ? wait.events : []);
  const recomputed: ReadonlySet<string> = new Set(spec.recomputeOn ?? []);
  const watch = spec.watch === undefined ? null : linkWatch(spec.watch, source, wayTo);
  const reckon = (advance: Advance): Reaction => {
    const { nowMs, facts, vars, timeZone } = advance;
    const wakeAtMs = wakeAtOf(wait, { nowMs, timeZone, facts, vars, calendar });
    const factsRead = factsReadByWait(wait, advance);
    if (wakeAtMs === null) {
      if (unknown === null) throw new InvariantError("program.unknown-handle-missing", { node: advance.state.nodeId });
      record(advance, unknown.handle, { code: "unknown", detail: null, factsRead });
      return unknown;
    }
    advance.state.wakeAtMs = Math.min(wakeAtMs, advance.horizonAtMs);
    record(advance, null, { code: "waiting", detail: null, factsRead });
    return STAYS;
  };
  return {
    enter: reckon,
    receive: (advance, event) => {
      if (event.type === "timer.fired") {
        record(advance, elapsed.handle, { code: "elapsed", detail: null });
        return elapsed;
      }
      if (happened !== null && awaited.has(event.type)) {
        record(advance, happened.handle, { code: "happened", detail: event.type });
        return happened;
      }
      if (watch?.awaits(event) === true) return watch.look(advance);
      return recomputed.has(event.type) ? reckon(advance) : NOT_AWAITED;
    },
  };
}

function linkExit(spec: SpecOf<"exit">): Behaviour {
  const exit = { reason: spec.reason, label: spec.label };
  return {
    enter: (advance) => {
      record(advance, null, { code: "exit", detail: spec.reason });
      advance.state.status = "exited";
      advance.state.exit = exit;
      return STAYS;
    },
    receive: neverReceives,
  };
}
