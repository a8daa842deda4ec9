import { armAt, bucketOf } from "../experiment/assign";
import { armFact, type EngineEvent } from "../model/execution";
import type { FactValue } from "../model/facts";
import { InvariantError } from "../model/invariant";
import type { ProgramStep, RequestSpec, RuleSet, StepSpec } from "../model/program";
import type { TimeZone } from "../model/time";
import { redialAtOf, requestDeadlineOf } from "./deadline";
import { requestEffect } from "./effects";
import { factsReadOf } from "./facts-read";
import { type Advance, type LinkedStep, NOT_AWAITED, record, STAYS, type Way } from "./linked-step";
import { type LinkedRule, linkRules, TRUE, UNKNOWN } from "./predicate";
import { DPD_FACT, daysPastDueOf, wakeAtOf } from "./wake-up";

/** What linking a step may look at. */
export type LinkSource = {
  readonly steps: ReadonlyMap<string, LinkedStep>;
  readonly ruleSets: { readonly [id: string]: RuleSet };
  readonly timeZone: TimeZone;
};

type SpecOf<TKind extends StepSpec["kind"]> = Extract<StepSpec, { readonly kind: TKind }>;
type Behaviour = Pick<LinkedStep, "enter" | "receive">;
type WayTo = (handle: string) => Way;

/** What a step does, as closures over everything that is known when the Program is linked. */
export function linkStep(step: ProgramStep, source: LinkSource): Behaviour {
  const wayTo = waysOf(step, source);
  const { spec } = step;
  switch (spec.kind) {
    case "entry":
      return linkEntry(spec, source, wayTo);
    case "decide":
      return linkDecide(spec, source, wayTo);
    case "split":
      return linkSplit(spec, wayTo);
    case "request":
      return spec.goOn === null ? linkRequest(spec, wayTo) : linkRequestAndGoOn(spec, wayTo(spec.goOn));
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

function ruleSetOf(id: string, source: LinkSource): RuleSet {
  const ruleSet = Object.hasOwn(source.ruleSets, id) ? source.ruleSets[id] : undefined;
  if (ruleSet === undefined) throw new InvariantError("program.rule-set-missing", { ruleSet: id });
  return ruleSet;
}

const neverReceives = (): typeof NOT_AWAITED => NOT_AWAITED;

function linkEntry(spec: SpecOf<"entry">, source: LinkSource, wayTo: WayTo): Behaviour {
  const ruleSet = ruleSetOf(spec.ruleSet, source);
  const rules = linkRules(ruleSet);
  const way = wayTo(spec.enter);
  const refuse = (
    advance: Advance,
    code: "not-eligible" | "eligibility-unknown",
    rule: string | null,
  ): typeof STAYS => {
    const factsRead = factsReadOf(ruleSet, advance.context.facts);
    record(advance, null, { code, detail: rule, factsRead });
    advance.state.status = "exited";
    advance.state.exit = { reason: code, label: null };
    return STAYS;
  };
  return {
    enter: (advance) => {
      const { facts } = advance.context;
      for (const { rule, holds } of rules) {
        const truth = holds(facts);
        if (truth === UNKNOWN) return refuse(advance, "eligibility-unknown", rule);
        if (truth !== TRUE) continue;
        record(advance, way.handle, { code: "entered", detail: rule, factsRead: factsReadOf(ruleSet, facts) });
        return way;
      }
      return refuse(advance, "not-eligible", null);
    },
    receive: neverReceives,
  };
}

function linkDecide(spec: SpecOf<"decide">, source: LinkSource, wayTo: WayTo): Behaviour {
  const ruleSet = ruleSetOf(spec.ruleSet, source);
  const rules: readonly (LinkedRule & { readonly way: Way })[] = linkRules(ruleSet).map((linked) => ({
    ...linked,
    way: wayTo(linked.outcome),
  }));
  const otherwise = wayTo(spec.otherwise);
  const unknown = wayTo(spec.unknown);
  return {
    enter: (advance) => {
      const { facts } = advance.context;
      const factsRead = factsReadOf(ruleSet, facts);
      for (const { rule, holds, way } of rules) {
        const truth = holds(facts);
        if (truth === TRUE) {
          record(advance, way.handle, { code: "rule-holds", detail: rule, factsRead });
          return way;
        }
        if (truth === UNKNOWN) {
          record(advance, unknown.handle, { code: "unknown", detail: rule, factsRead });
          return unknown;
        }
      }
      record(advance, otherwise.handle, { code: "otherwise", detail: null, factsRead });
      return otherwise;
    },
    receive: neverReceives,
  };
}

function linkSplit(spec: SpecOf<"split">, wayTo: WayTo): Behaviour {
  const { experimentKey, phase } = spec;
  const fact = armFact(experimentKey);
  const seed = `${experimentKey}:${phase}`;
  const byArm = new Map(spec.arms.map(({ arm, handle }) => [arm, wayTo(handle)]));
  const stickyWay = (value: FactValue | undefined) => (typeof value === "string" ? byArm.get(value) : undefined);
  return {
    enter: (advance) => {
      const { facts, subject } = advance.context;
      const sticky = stickyWay(facts[fact]);
      if (sticky !== undefined) {
        record(advance, sticky.handle, { code: "split", detail: String(facts[fact]) });
        return sticky;
      }
      const bucket = bucketOf(seed, subject.partyId);
      const arm = armAt(bucket, spec.arms);
      const drawn = byArm.get(arm);
      if (drawn === undefined) throw new InvariantError("program.arm-unknown", { experimentKey, arm });
      advance.effects.push({ kind: "arm.assigned", experimentKey, phase, arm });
      record(advance, drawn.handle, { code: "split", detail: arm });
      return drawn;
    },
    receive: neverReceives,
  };
}

/** Asks, with the deadline as the wake-up. */
function ask(advance: Advance, request: RequestSpec, deadlineMs: number): void {
  const { state } = advance;
  const deadlineAtMs = requestDeadlineOf(state, deadlineMs, advance.horizonAtMs);
  state.pending = true;
  state.wakeAtMs = deadlineAtMs;
  advance.effects.push(requestEffect(request, state, deadlineAtMs));
}

function linkRequestAndGoOn(spec: SpecOf<"request">, way: Way): Behaviour {
  return {
    enter: (advance) => {
      advance.state.attempt = 1;
      ask(advance, spec.request, spec.deadlineMs);
      // Nobody waits for the answer, so leaving must not call the request back.
      advance.state.pending = false;
      record(advance, way.handle, { code: "requested", detail: "1" });
      return way;
    },
    receive: neverReceives,
  };
}

function linkRequest(spec: SpecOf<"request">, wayTo: WayTo): Behaviour {
  const { request, deadlineMs, retry } = spec;
  const outcomes = new Map(Object.entries(spec.outcomes).map(([outcome, handle]) => [outcome, wayTo(handle)]));
  const exhausted = wayTo(spec.exhausted);
  const expired = wayTo(spec.expired);
  const blocked = request.kind === "contact" ? wayTo(spec.blocked) : null;
  const answerType = request.kind === "contact" ? "contact.result" : "qa.verdict";

  const answered = (advance: Advance, outcome: string): Way | typeof STAYS => {
    const { state } = advance;
    const deadlineAtMs = requestDeadlineOf(state, deadlineMs, advance.horizonAtMs);
    const redialAtMs =
      retry === null
        ? null
        : redialAtOf({
            retry,
            outcome,
            attempt: state.attempt,
            nowMs: advance.context.nowMs,
            deadlineMs: deadlineAtMs,
          });
    if (redialAtMs !== null) {
      record(advance, null, { code: "retry-scheduled", detail: outcome });
      state.attempt += 1;
      state.wakeAtMs = redialAtMs;
      return STAYS;
    }
    const mapped = outcomes.get(outcome);
    record(advance, (mapped ?? exhausted).handle, {
      code: mapped === undefined ? "exhausted" : "outcome",
      detail: outcome,
    });
    return mapped ?? exhausted;
  };

  const timerFired = (advance: Advance): Way | typeof STAYS => {
    const { state } = advance;
    const deadlineAtMs = requestDeadlineOf(state, deadlineMs, advance.horizonAtMs);
    if (state.pending || advance.context.nowMs >= deadlineAtMs) {
      record(advance, expired.handle, { code: "expired", detail: null });
      return expired;
    }
    record(advance, null, { code: "retry-started", detail: String(state.attempt) });
    ask(advance, request, deadlineMs);
    return STAYS;
  };

  return {
    enter: (advance) => {
      advance.state.attempt = 1;
      ask(advance, request, deadlineMs);
      record(advance, null, { code: "requested", detail: "1" });
      return STAYS;
    },
    receive: (advance, event) => {
      switch (event.type) {
        case "contact.result":
        case "qa.verdict":
          return event.type === answerType ? answered(advance, event.outcome) : NOT_AWAITED;
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
          return NOT_AWAITED;
      }
    },
  };
}

function linkWait(spec: SpecOf<"wait">, source: LinkSource, wayTo: WayTo): Behaviour {
  const { wait } = spec;
  const elapsed = wayTo(spec.elapsed);
  const happened = spec.happened === null ? null : wayTo(spec.happened);
  const unknown = spec.unknown === null ? null : wayTo(spec.unknown);
  const awaited: ReadonlySet<string> = new Set(wait.mode === "event" ? wait.events : []);
  const { timeZone } = source;
  return {
    enter: (advance) => {
      const { nowMs, facts } = advance.context;
      const wakeAtMs = wakeAtOf(wait, { nowMs, timeZone, facts });
      const factsRead = wait.mode === "until-dpd" ? { [DPD_FACT]: daysPastDueOf(facts) } : {};
      if (wakeAtMs === null) {
        if (unknown === null)
          throw new InvariantError("program.unknown-handle-missing", { node: advance.state.nodeId });
        record(advance, unknown.handle, { code: "unknown", detail: null, factsRead });
        return unknown;
      }
      advance.state.wakeAtMs = Math.min(wakeAtMs, advance.horizonAtMs);
      record(advance, null, { code: "waiting", detail: null, factsRead });
      return STAYS;
    },
    receive: (advance, event: EngineEvent) => {
      if (event.type === "timer.fired") {
        record(advance, elapsed.handle, { code: "elapsed", detail: null });
        return elapsed;
      }
      if (happened === null || !awaited.has(event.type)) return NOT_AWAITED;
      record(advance, happened.handle, { code: "happened", detail: event.type });
      return happened;
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
