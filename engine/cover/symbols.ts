import type { FactDomain } from "../condition/solve/cells";
import type { Truth } from "../condition/solve/leaf-truth";
import { type Constraint, type Question, type Solution, solve } from "../condition/solve/solve";
import { type Condition, type ConditionLeaf, childrenOf, isLeaf } from "../model/condition";
import { type Facts, type FactType, type FactValue, type FieldCatalogue, fieldOf } from "../model/facts";
import type { Program, RuleFactType } from "../model/program";
import type { LocalDate } from "../model/time";
import type { Assignment, ValueSpec } from "../model/value";
import { variableFact, variableOfFact } from "../model/variable";
import { valueIn, valueOfType } from "../run/values";

/** An arm of an experiment that the party has to be drawn into. */
export type ArmWanted = {
  readonly seed: string;
  readonly arms: readonly { readonly arm: string; readonly weight: number }[];
  readonly arm: string;
};

/**
 * What is known while a chain of instant steps is thought through: what has to hold of the account's facts, and what each
 * variable is by then. A variable is a fact of the solver: one whose value is settled, one that is the same as a fact of the
 * account, or one that could be anything.
 */
export type Symbols = {
  readonly constraints: readonly Constraint[];
  /** Variable -> fact it stands for. */
  readonly vars: { readonly [variable: string]: string };
  readonly settled: Facts;
  readonly domains: { readonly [fact: string]: FactDomain };
  readonly loopCounts: { readonly [step: string]: number };
  readonly arms: readonly ArmWanted[];
  /** Something was taken for anything that is not: the run may decide otherwise. */
  readonly doubtful: boolean;
};

/** What does not change while one event is thought through. */
export type Moment = {
  readonly today: LocalDate;
  readonly nowMs: number;
  readonly timeZone: string;
  readonly domainOf: (fact: string) => FactDomain | undefined;
  /** Facts as they stand; taken where they will do. */
  readonly facts: Facts;
};

/** Begins facts the solver gets from an answer, and those that only stand for variables; no fact of an account does. */
const ANSWER_PREFIX = "$";
const VARIABLE_PREFIX = "#";

const FACT_TYPE_OF: { readonly [type in RuleFactType]: FactType } = {
  number: "number",
  date: "date",
  text: "text",
  boolean: "boolean",
};

/** How a Program's facts are compared: by the catalogue, else as its rules do (variables of strategies used as steps). */
export function domainsOf(program: Program, fields: FieldCatalogue): Moment["domainOf"] {
  const types = new Map(Object.values(program.ruleSets).flatMap((ruleSet) => Object.entries(ruleSet.types)));
  return (fact) => {
    const field = fieldOf(fields, fact);
    if (field !== undefined) return field;
    const type = types.get(fact);
    return type === undefined ? undefined : { type: FACT_TYPE_OF[type] };
  };
}

export function symbolsAt(
  vars: Facts,
  loopCounts: Symbols["loopCounts"],
  constraints: readonly Constraint[] = [],
): Symbols {
  const settled = Object.fromEntries(Object.entries(vars).map(([name, value]) => [variableFact(name), value]));
  return { constraints, vars: {}, settled, domains: {}, loopCounts, arms: [], doubtful: false };
}

/** The solver's fact behind a fact of the strategy; a variable nobody has written is settled as unknown. */
function factBehind(symbols: Symbols, fact: string): string {
  const variable = variableOfFact(fact);
  return variable !== null && Object.hasOwn(symbols.vars, variable) ? (symbols.vars[variable] ?? fact) : fact;
}

function settledValue(symbols: Symbols, fact: string): FactValue | undefined {
  if (Object.hasOwn(symbols.settled, fact)) return symbols.settled[fact] ?? null;
  return variableOfFact(fact) === null ? undefined : null;
}

function renamed(symbols: Symbols, condition: Condition): Condition {
  if (isLeaf(condition)) return { ...condition, fact: factBehind(symbols, condition.fact) };
  if ("not" in condition) return { not: renamed(symbols, condition.not) };
  const children = childrenOf(condition).map((child) => renamed(symbols, child));
  return "all" in condition ? { all: children } : { any: children };
}

/** Adds what a rule has to come out as, read with the variables as they are now. */
export function claiming(symbols: Symbols, condition: Condition, ...truths: readonly Truth[]): Symbols {
  const constraint = { condition: renamed(symbols, condition), truths };
  return { ...symbols, constraints: [...symbols.constraints, constraint] };
}

function standingFor(symbols: Symbols, variable: string, made: Partial<Symbols> & { readonly fact: string }): Symbols {
  const { fact, ...changed } = made;
  return { ...symbols, ...changed, vars: { ...symbols.vars, [variable]: fact } };
}

function newName(symbols: Symbols): string {
  return `${VARIABLE_PREFIX}${Object.keys(symbols.domains).length}`;
}

/** The variable holds a value. */
export function settling(
  symbols: Symbols,
  variable: string,
  to: { readonly type: FactType; readonly value: FactValue },
): Symbols {
  const fact = newName(symbols);
  return standingFor(symbols, variable, {
    fact,
    domains: { ...symbols.domains, [fact]: { type: to.type } },
    settled: { ...symbols.settled, [fact]: valueOfType(to.type, to.value) },
  });
}

/** The variable could hold anything of its type. */
export function loosening(symbols: Symbols, variable: string, type: FactType): Symbols {
  const fact = newName(symbols);
  const domains = { ...symbols.domains, [fact]: { type } };
  return standingFor(symbols, variable, { fact, domains, doubtful: true });
}

/** The variable takes a value that the answer brings and that is free to be chosen. */
export function receiving(
  symbols: Symbols,
  variable: string,
  from: { readonly name: string; readonly type: FactType },
): Symbols {
  const fact = `${ANSWER_PREFIX}${from.name}`;
  return standingFor(symbols, variable, { fact, domains: { ...symbols.domains, [fact]: { type: from.type } } });
}

/** Variables after assignments, one after the other. */
export function assigning(symbols: Symbols, assignments: readonly Assignment[], moment: Moment): Symbols {
  return assignments.reduce((before, { variable, type, value }) => {
    if ("fact" in value) return copying(before, variable, { type, fact: value.fact, moment });
    const pinned = pinning(before, value, moment);
    const known = pinned === null ? undefined : reckoned(pinned, value, moment);
    if (pinned === null || known === undefined) return loosening(before, variable, type);
    return settling(pinned, variable, { type, value: known });
  }, symbols);
}

type Copied = { readonly type: FactType; readonly fact: string; readonly moment: Moment };

function copying(symbols: Symbols, variable: string, { type, fact, moment }: Copied): Symbols {
  const behind = factBehind(symbols, fact);
  const value = settledValue(symbols, behind);
  if (value !== undefined) return settling(symbols, variable, { type, value });
  const domain = domainIn(symbols, moment, behind);
  return domain?.type === type ? standingFor(symbols, variable, { fact: behind }) : loosening(symbols, variable, type);
}

function operandsOf(value: ValueSpec): readonly string[] {
  if ("fact" in value) return [value.fact];
  return "operator" in value ? value.of.flatMap(operandsOf) : [];
}

/** Holds the facts a value is reckoned from to what they would be now, so that it can be reckoned; null = they cannot be told. */
function pinning(symbols: Symbols, value: ValueSpec, moment: Moment): Symbols | null {
  const free = operandsOf(value)
    .map((fact) => factBehind(symbols, fact))
    .filter((fact) => settledValue(symbols, fact) === undefined);
  if (free.length === 0) return symbols;
  const known: Condition[] = free.map((fact) => ({ fact, operator: "isKnown", value: true }));
  const asked = known.map((condition): Constraint => ({ condition, truths: ["true"] }));
  const solution = solve([...symbols.constraints, ...asked], questionOf(symbols, moment));
  if (solution.kind !== "found") return null;
  const pinned = free.map((fact) => [fact, solution.facts[fact] ?? null] as const);
  const leaves = pinned.flatMap(([fact, held]): ConditionLeaf[] =>
    held === null ? [] : [{ fact, operator: "equal", value: held }],
  );
  const held = leaves.map((condition): Constraint => ({ condition, truths: ["true"] }));
  return {
    ...symbols,
    constraints: [...symbols.constraints, ...held],
    settled: { ...symbols.settled, ...Object.fromEntries(pinned) },
    doubtful: true,
  };
}

/** A value whose operands are settled. */
function reckoned(symbols: Symbols, value: ValueSpec, { nowMs, timeZone }: Moment): FactValue {
  return valueIn({ facts: {}, vars: {}, nowMs, timeZone }, withLiterals(symbols, value));
}

function withLiterals(symbols: Symbols, value: ValueSpec): ValueSpec {
  if ("fact" in value) return { literal: settledValue(symbols, factBehind(symbols, value.fact)) ?? null };
  if ("operator" in value) return { ...value, of: value.of.map((operand) => withLiterals(symbols, operand)) };
  return value;
}

/** Names of facts are looked up as own members only: an object inherits some. */
function domainIn({ domains }: Symbols, { domainOf }: Moment, fact: string): FactDomain | undefined {
  return Object.hasOwn(domains, fact) ? domains[fact] : domainOf(fact);
}

function questionOf(symbols: Symbols, moment: Moment): Question {
  const { today, facts } = moment;
  return { domainOf: (fact) => domainIn(symbols, moment, fact), today, settled: symbols.settled, preferred: facts };
}

/** Whether the constraints can be met, and by which facts. Wishes are granted one after the other where they can be. */
export function solved(symbols: Symbols, moment: Moment, wishes: readonly Constraint[] = []): Solution {
  const question = questionOf(withUnwritten(symbols), moment);
  let best = solve(symbols.constraints, question);
  let granted = symbols.constraints;
  for (const wish of best.kind === "found" ? wishes : []) {
    const wished = solve([...granted, wish], question);
    if (wished.kind !== "found") continue;
    best = wished;
    granted = [...granted, wish];
  }
  return best;
}

/** Facts the constraints ask about. */
export function factsAsked({ constraints }: Symbols): ReadonlySet<string> {
  return new Set(constraints.flatMap(({ condition }) => factsOf(condition)));
}

/** Whether the constraints contradict each other on any day and whatever the variables hold. */
export function isContradiction(constraints: readonly Constraint[], symbols: Symbols, moment: Moment): boolean {
  const question = { domainOf: (fact: string) => domainIn(symbols, moment, fact), today: null };
  return solve(constraints, question).kind === "none";
}

/** Variables that nobody has written are unknown, not free. */
function withUnwritten(symbols: Symbols): Symbols {
  const unwritten = symbols.constraints
    .flatMap(({ condition }) => factsOf(condition))
    .filter((fact) => variableOfFact(fact) !== null && !Object.hasOwn(symbols.settled, fact));
  if (unwritten.length === 0) return symbols;
  return { ...symbols, settled: { ...Object.fromEntries(unwritten.map((fact) => [fact, null])), ...symbols.settled } };
}

function factsOf(condition: Condition): readonly string[] {
  return isLeaf(condition) ? [condition.fact] : childrenOf(condition).flatMap(factsOf);
}

/** What a solution says of the account's facts and of what the answer brings. */
export function told(facts: Facts): { readonly facts: Facts; readonly values: Facts } {
  const entries = Object.entries(facts);
  const ofAccount = entries.filter(
    ([fact]) => !fact.startsWith(ANSWER_PREFIX) && !fact.startsWith(VARIABLE_PREFIX) && variableOfFact(fact) === null,
  );
  const ofAnswer = entries.filter(([fact]) => fact.startsWith(ANSWER_PREFIX));
  return {
    facts: Object.fromEntries(ofAccount),
    values: Object.fromEntries(ofAnswer.map(([fact, value]) => [fact.slice(ANSWER_PREFIX.length), value])),
  };
}
