import { armAt, bucketOf } from "../experiment/assign";
import { armFact } from "../model/execution";
import type { FactValue } from "../model/facts";
import { InvariantError } from "../model/invariant";
import type { CollectOutput, ProgramCalendar, RuleSet, ScoreAttribute, StepSpec } from "../model/program";
import { aggregated } from "./aggregate";
import { actEffect, actReason } from "./effects";
import { factsReadOf, factsReadOfAll, factsReadOfValues } from "./facts-read";
import { type Advance, type LinkedStep, NOT_AWAITED, record, STAYS, setVars, type Way } from "./linked-step";
import { roundsOf, withoutRounds, withoutRoundsUnder } from "./loop-counts";
import { FALSE, type LinkedRule, linkRules, TRUE, UNKNOWN } from "./predicate";
import { candidatesOf } from "./rule-index";
import { assigned, valueIn, valueOfType } from "./values";

/** What linking a step may look at. */
export type LinkSource = {
  readonly steps: ReadonlyMap<string, LinkedStep>;
  readonly ruleSets: { readonly [id: string]: RuleSet };
  readonly calendar: ProgramCalendar | undefined;
};

export type SpecOf<TKind extends StepSpec["kind"]> = Extract<StepSpec, { readonly kind: TKind }>;
export type Behaviour = Pick<LinkedStep, "enter" | "receive">;
export type WayTo = (handle: string) => Way;

export function ruleSetOf(id: string, source: LinkSource): RuleSet {
  const ruleSet = Object.hasOwn(source.ruleSets, id) ? source.ruleSets[id] : undefined;
  if (ruleSet === undefined) throw new InvariantError("program.rule-set-missing", { ruleSet: id });
  return ruleSet;
}

/** What belongs to a rule; a rule may have a name that every object inherits. */
function ownOf<TValue>(byRule: { readonly [rule: string]: TValue } | undefined, rule: string): TValue | undefined {
  return byRule !== undefined && Object.hasOwn(byRule, rule) ? byRule[rule] : undefined;
}

export const neverReceives = (): typeof NOT_AWAITED => NOT_AWAITED;

export function linkEntry(spec: SpecOf<"entry">, source: LinkSource, wayTo: WayTo): Behaviour {
  const ruleSet = ruleSetOf(spec.ruleSet, source);
  const rules = linkRules(ruleSet);
  const way = wayTo(spec.enter);
  const refuse = (
    advance: Advance,
    code: "not-eligible" | "eligibility-unknown",
    rule: string | null,
  ): typeof STAYS => {
    const factsRead = factsReadOf(ruleSet, advance);
    record(advance, null, { code, detail: rule, factsRead });
    advance.state.status = "exited";
    advance.state.exit = { reason: code, label: null };
    return STAYS;
  };
  return {
    enter: (advance) => {
      for (const { rule, holds } of rules) {
        const truth = holds(advance);
        if (truth === UNKNOWN) return refuse(advance, "eligibility-unknown", rule);
        if (truth !== TRUE) continue;
        record(advance, way.handle, { code: "entered", detail: rule, factsRead: factsReadOf(ruleSet, advance) });
        return way;
      }
      return refuse(advance, "not-eligible", null);
    },
    receive: neverReceives,
  };
}

export function linkDecide(spec: SpecOf<"decide">, source: LinkSource, wayTo: WayTo): Behaviour {
  const ruleSet = ruleSetOf(spec.ruleSet, source);
  const rules: readonly (LinkedRule & { readonly way: Way })[] = linkRules(ruleSet).map((linked) => ({
    ...linked,
    way: wayTo(linked.outcome),
  }));
  const candidates = candidatesOf(ruleSet, rules);
  const otherwise = wayTo(spec.otherwise);
  const unknown = wayTo(spec.unknown);
  const { sets } = spec;
  return {
    enter: (advance) => {
      const factsRead = factsReadOf(ruleSet, advance);
      for (const { rule, holds, way } of candidates(advance)) {
        const truth = holds(advance);
        if (truth === TRUE) {
          record(advance, way.handle, { code: "rule-holds", detail: rule, factsRead });
          const own = ownOf(sets, rule);
          if (own !== undefined) setVars(advance, assigned(advance, own));
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

export function linkSplit(spec: SpecOf<"split">, wayTo: WayTo): Behaviour {
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

export function linkCollect(spec: SpecOf<"collect">, source: LinkSource, wayTo: WayTo): Behaviour {
  const ruleSet = ruleSetOf(spec.ruleSet, source);
  const candidates = candidatesOf(ruleSet, linkRules(ruleSet));
  const { outputs } = spec;
  const [some, none, unknown] = [wayTo(spec.some), wayTo(spec.none), wayTo(spec.unknown)];
  return {
    enter: (advance) => {
      const factsRead = factsReadOf(ruleSet, advance);
      const held: string[] = [];
      for (const { rule, holds } of candidates(advance)) {
        const truth = holds(advance);
        if (truth === UNKNOWN) {
          record(advance, unknown.handle, { code: "unknown", detail: rule, factsRead });
          return unknown;
        }
        if (truth === TRUE) held.push(rule);
      }
      const way = held.length === 0 ? none : some;
      record(advance, way.handle, { code: "collected", detail: held.join(","), factsRead });
      setVars(advance, collected(advance, outputs, held));
      return way;
    },
    receive: neverReceives,
  };
}

function collected(advance: Advance, outputs: readonly CollectOutput[], held: readonly string[]): Advance["vars"] {
  const vars: { [name: string]: FactValue } = { ...advance.vars };
  for (const output of outputs) {
    const contributions: FactValue[] = [];
    for (const rule of held) {
      const value = ownOf(output.values, rule);
      if (value !== undefined) contributions.push(valueIn(advance, value));
    }
    vars[output.variable] = aggregated(output, contributions);
  }
  return vars;
}

type LinkedAttribute = Pick<ScoreAttribute, "id" | "weight"> & {
  /** Null = cannot be told. */
  readonly points: (advance: Advance) => number | null;
};

function linkAttribute(attribute: ScoreAttribute, source: LinkSource): LinkedAttribute {
  const rules = linkRules(ruleSetOf(attribute.ruleSet, source)).map((linked) => ({
    holds: linked.holds,
    points: ownOf(attribute.points, linked.rule) ?? 0,
  }));
  return {
    id: attribute.id,
    weight: attribute.weight,
    points: (advance) => {
      for (const { holds, points } of rules) {
        const truth = holds(advance);
        if (truth === TRUE) return points;
        if (truth === UNKNOWN) return attribute.unknown;
      }
      return attribute.otherwise;
    },
  };
}

export function linkScore(spec: SpecOf<"score">, source: LinkSource, wayTo: WayTo): Behaviour {
  const ruleSets = spec.attributes.map((attribute) => ruleSetOf(attribute.ruleSet, source));
  const attributes = spec.attributes.map((attribute) => linkAttribute(attribute, source));
  const bands = spec.bands.map(({ atLeast, handle }) => ({ atLeast, way: wayTo(handle) }));
  const unknown = wayTo(spec.unknown);
  const { variable } = spec;
  return {
    enter: (advance) => {
      const factsRead = factsReadOfAll(ruleSets, advance);
      let total = 0;
      for (const { id, weight, points } of attributes) {
        const own = points(advance);
        if (own === null) {
          record(advance, unknown.handle, { code: "unknown", detail: id, factsRead });
          return unknown;
        }
        total += weight * own;
      }
      const band = bands.find(({ atLeast }) => atLeast === null || total >= atLeast);
      if (band === undefined) throw new InvariantError("program.band-missing", { node: advance.state.nodeId });
      record(advance, band.way.handle, { code: "scored", detail: String(total), factsRead });
      if (variable !== null) setVars(advance, { ...advance.vars, [variable]: valueOfType("number", total) });
      return band.way;
    },
    receive: neverReceives,
  };
}

export function linkSet(spec: SpecOf<"set">, wayTo: WayTo): Behaviour {
  const { assign, forgets } = spec;
  const next = wayTo(spec.next);
  const values = assign.map(({ value }) => value);
  const detail = assign.map(({ variable }) => variable).join(",");
  return {
    enter: (advance) => {
      record(advance, next.handle, { code: "set", detail, factsRead: factsReadOfValues(values, advance) });
      setVars(advance, assigned(advance, assign));
      advance.state.loopCounts = withoutRoundsUnder(advance.state.loopCounts, forgets);
      return next;
    },
    receive: neverReceives,
  };
}

function firstNotFalse(rules: readonly LinkedRule[], advance: Advance) {
  for (const { rule, holds } of rules) {
    const truth = holds(advance);
    if (truth !== FALSE) return { rule, truth };
  }
  return null;
}

export function linkRepeat(spec: SpecOf<"repeat">, source: LinkSource, wayTo: WayTo): Behaviour {
  const { maxTimes, whileRuleSet } = spec;
  const ruleSet = whileRuleSet === null ? null : ruleSetOf(whileRuleSet, source);
  const rules = ruleSet === null ? [] : linkRules(ruleSet);
  const [again, done] = [wayTo(spec.again), wayTo(spec.done)];
  const unknown = spec.unknown === null ? null : wayTo(spec.unknown);
  return {
    enter: (advance) => {
      const { state } = advance;
      const { nodeId } = state;
      const counted = roundsOf(state.loopCounts, nodeId);
      const others = withoutRounds(state.loopCounts, nodeId);
      const factsRead = ruleSet === null ? {} : factsReadOf(ruleSet, advance);
      state.loopCounts = others;
      const decisive = firstNotFalse(rules, advance);
      if (decisive?.truth === UNKNOWN) {
        if (unknown === null) throw new InvariantError("program.unknown-handle-missing", { node: nodeId });
        record(advance, unknown.handle, { code: "unknown", detail: decisive.rule, factsRead });
        return unknown;
      }
      if (ruleSet !== null && decisive === null) {
        record(advance, done.handle, { code: "otherwise", detail: null, factsRead });
        return done;
      }
      if (counted >= maxTimes) {
        record(advance, done.handle, { code: "repeats-used-up", detail: String(maxTimes), factsRead });
        return done;
      }
      state.loopCounts = { ...others, [nodeId]: counted + 1 };
      record(advance, again.handle, { code: "repeated", detail: `${counted + 1}/${maxTimes}`, factsRead });
      return again;
    },
    receive: neverReceives,
  };
}

export function linkAct(spec: SpecOf<"act">, wayTo: WayTo): Behaviour {
  const next = wayTo(spec.next);
  const reason = actReason(spec.act);
  return {
    enter: (advance) => {
      record(advance, next.handle, reason);
      advance.effects.push(actEffect(spec.act, advance.nowMs));
      return next;
    },
    receive: neverReceives,
  };
}
