import type { Constraint } from "../condition/solve/solve";
import type { Condition } from "../model/condition";
import { armFact } from "../model/execution";
import { InvariantError } from "../model/invariant";
import type { CollectOutput, Program, ProgramStep, RuleSet, StepSpec, WaitSpec } from "../model/program";
import { aggregated } from "../run/aggregate";
import { DPD_FACT } from "../run/wake-up";
import { scoreOptions } from "./score-options";
import { assigning, claiming, loosening, type Moment, type Symbols, settling } from "./symbols";

/** A way on of a step that decides at once, and what has to hold for it. */
export type Option = { readonly handle: string; readonly symbols: Symbols };

type SpecOf<TKind extends StepSpec["kind"]> = Extract<StepSpec, { readonly kind: TKind }>;
type Thinking = {
  readonly program: Program;
  readonly step: ProgramStep;
  readonly symbols: Symbols;
  readonly moment: Moment;
};

/** Rules in order with their conditions. */
type Rules = RuleSet["order"];

export function rulesOf(program: Program, id: string): Rules {
  const ruleSet = Object.hasOwn(program.ruleSets, id) ? program.ruleSets[id] : undefined;
  if (ruleSet === undefined) throw new InvariantError("program.rule-set-missing", { ruleSet: id });
  return ruleSet.order;
}

/**
 * Ways a step may be left as soon as it is entered. A step that waits has those that it takes when it cannot wait; `staying` says
 * what has to hold for it to wait, null when it never does.
 */
export function optionsOf(thinking: Thinking): {
  readonly options: readonly Option[];
  readonly staying: Symbols | null;
} {
  const { step, symbols, moment } = thinking;
  const { spec } = step;
  const only = (options: readonly Option[]) => ({ options, staying: null });
  switch (spec.kind) {
    case "entry":
      return only(firstRules(thinking, spec.ruleSet).map((option) => ({ ...option, handle: spec.enter })));
    case "decide":
      return only(decideOptions(spec, thinking));
    case "collect":
      return only(collectOptions(spec, thinking));
    case "score":
      return only(scoreOptions(spec, thinking.program, symbols));
    case "set":
      return only([{ handle: spec.next, symbols: assigning(symbols, spec.assign, moment) }]);
    case "repeat":
      return only(repeatOptions(spec, thinking));
    case "act":
      return only([{ handle: spec.next, symbols }]);
    case "split":
      return only(splitOptions(spec, symbols));
    case "request":
      return spec.goOn === null ? { options: [], staying: symbols } : only([{ handle: spec.goOn, symbols }]);
    case "wait":
      return waitOptions(spec, symbols);
    case "exit":
      return only([]);
    default:
      throw spec satisfies never;
  }
}

/** All of these rules fail. */
function failing(symbols: Symbols, rules: Rules): Symbols {
  return rules.reduce((before, { when }) => claiming(before, when, "false"), symbols);
}

type RuleOption = Option & { readonly rule: string };

/** For each rule: it is the first that holds. */
function firstRules({ program, symbols }: Thinking, ruleSet: string): readonly RuleOption[] {
  const rules = rulesOf(program, ruleSet);
  return rules.map(({ rule, outcome, when }, index) => ({
    rule,
    handle: outcome,
    symbols: failing(claiming(symbols, when, "true"), rules.slice(0, index)),
  }));
}

/** For each rule: it is unknown, and those above it fail. */
function unknownRules({ program, symbols }: Thinking, ruleSet: string, handle: string): readonly Option[] {
  const rules = rulesOf(program, ruleSet);
  return rules.map(({ when }, index) => ({
    handle,
    symbols: failing(claiming(symbols, when, "unknown"), rules.slice(0, index)),
  }));
}

function decideOptions(spec: SpecOf<"decide">, thinking: Thinking): readonly Option[] {
  const { program, symbols, moment } = thinking;
  const first = firstRules(thinking, spec.ruleSet).map((option) => ({
    handle: option.handle,
    symbols: assigning(option.symbols, spec.sets?.[option.rule] ?? [], moment),
  }));
  const otherwise = { handle: spec.otherwise, symbols: failing(symbols, rulesOf(program, spec.ruleSet)) };
  return [...first, otherwise, ...unknownRules(thinking, spec.ruleSet, spec.unknown)];
}

function collectOptions(spec: SpecOf<"collect">, thinking: Thinking): readonly Option[] {
  const rules = rulesOf(thinking.program, spec.ruleSet);
  const { symbols } = thinking;
  const none = { handle: spec.none, symbols: collecting(failing(symbols, rules), spec.outputs, []) };
  const alone = rules.map(({ rule, when }) => {
    const others = rules.filter((other) => other.rule !== rule);
    return {
      handle: spec.some,
      symbols: collecting(failing(claiming(symbols, when, "true"), others), spec.outputs, [rule]),
    };
  });
  const among = rules.map(({ when }) => {
    const known = rules.reduce((before, other) => claiming(before, other.when, "true", "false"), symbols);
    return { handle: spec.some, symbols: collecting(claiming(known, when, "true"), spec.outputs, null) };
  });
  const unknown = rules.map(({ when }) => ({ handle: spec.unknown, symbols: claiming(symbols, when, "unknown") }));
  return [...alone, none, ...among, ...unknown];
}

/** What the rules that hold are collected into; null = which of them hold is not settled. */
function collecting(symbols: Symbols, outputs: readonly CollectOutput[], held: readonly string[] | null): Symbols {
  return outputs.reduce((before, output) => {
    const { variable, type } = output;
    const values = (held ?? []).flatMap((rule) => output.values[rule] ?? []);
    const literals = values.flatMap((value) => ("literal" in value ? [value.literal] : []));
    if (held === null || literals.length < values.length) return loosening(before, variable, type);
    return settling(before, variable, { type, value: aggregated(output, literals) });
  }, symbols);
}

function repeatOptions(spec: SpecOf<"repeat">, thinking: Thinking): readonly Option[] {
  const { step, symbols } = thinking;
  const { [step.id]: counted = 0, ...others } = symbols.loopCounts;
  const left = (before: Symbols): Symbols => ({ ...before, loopCounts: others });
  const round = (before: Symbols): Symbols => ({ ...before, loopCounts: { ...others, [step.id]: counted + 1 } });
  const usedUp = counted >= spec.maxTimes;
  if (spec.whileRuleSet === null) {
    return usedUp ? [{ handle: spec.done, symbols: left(symbols) }] : [{ handle: spec.again, symbols: round(symbols) }];
  }
  const holds = firstRules(thinking, spec.whileRuleSet).map((option) =>
    usedUp
      ? { handle: spec.done, symbols: left(option.symbols) }
      : { handle: spec.again, symbols: round(option.symbols) },
  );
  const over = { handle: spec.done, symbols: left(failing(symbols, rulesOf(thinking.program, spec.whileRuleSet))) };
  const unknown = spec.unknown === null ? [] : unknownRules(thinking, spec.whileRuleSet, spec.unknown);
  return [...holds, over, ...unknown.map((option) => ({ ...option, symbols: left(option.symbols) }))];
}

/** An arm is drawn by the party; one that gets nobody is only kept by those who have it. */
function splitOptions(spec: SpecOf<"split">, symbols: Symbols): readonly Option[] {
  const seed = `${spec.experimentKey}:${spec.phase}`;
  const arms = spec.arms.map(({ arm, weight }) => ({ arm, weight }));
  return spec.arms.map(({ arm, weight, handle }) => {
    const kept: Condition = { fact: armFact(spec.experimentKey), operator: "equal", value: arm };
    if (weight === 0) return { handle, symbols: claiming(symbols, kept, "true") };
    return { handle, symbols: { ...symbols, arms: [...symbols.arms, { seed, arms, arm }] } };
  });
}

/** The fact a wait is reckoned from, if it needs one. */
function factOfWait(wait: WaitSpec): string | null {
  if (wait.mode === "until-dpd") return DPD_FACT;
  return "fact" in wait ? wait.fact : null;
}

function waitOptions({ wait, unknown }: SpecOf<"wait">, symbols: Symbols) {
  const fact = factOfWait(wait);
  if (fact === null) return { options: [], staying: symbols };
  const known: Condition = { fact, operator: "isKnown", value: true };
  const dayOfMonth: Condition = {
    all: [
      { fact, operator: "greaterThanInclusive", value: 1 },
      { fact, operator: "lessThanInclusive", value: 31 },
    ],
  };
  const staying = claiming(symbols, wait.mode === "until-day-of-month" ? dayOfMonth : known, "true");
  return {
    options: unknown === null ? [] : [{ handle: unknown, symbols: claiming(symbols, known, "false") }],
    staying,
  };
}

/** Wishes that bring a wait to its end soon, where it hangs on a fact. */
export function wishesOfWait(spec: StepSpec): readonly Constraint[] {
  if (spec.kind !== "wait" || spec.wait.mode !== "until-dpd") return [];
  const { dpd } = spec.wait;
  const near: Condition = { fact: DPD_FACT, operator: "greaterThanInclusive", value: dpd - SOON_DAYS };
  return [{ condition: near, truths: ["true"] }];
}
const SOON_DAYS = 7;
