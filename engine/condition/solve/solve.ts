import { type Condition, type ConditionLeaf, childrenOf, isLeaf } from "../../model/condition";
import type { Facts, FactValue } from "../../model/facts";
import type { LocalDate } from "../../model/time";
import { cellsOf, type FactCells, type FactDomain, settledCells } from "./cells";
import type { Truth } from "./leaf-truth";

/** A condition, and what it is to come out as: any one of `truths`. */
export type Constraint = { readonly condition: Condition; readonly truths: readonly Truth[] };

export type Question = {
  /** What a fact is; one that nobody knows is taken for a text. */
  readonly domainOf: (fact: string) => FactDomain | undefined;
  /** The date relative questions count from; null = any. */
  readonly today: LocalDate | null;
  /** Facts whose value is settled (null = unknown). */
  readonly settled?: Facts;
  /** Values taken where they will do. */
  readonly preferred?: Facts;
  /** Most alternatives tried; default `ALTERNATIVES_MAX`. */
  readonly alternatives?: number;
};

/**
 * `found`: these facts (a fact that is null is unknown) make every constraint come out as asked. `none`: no facts do, proven.
 * `gave-up`: neither was settled within the bounds, or only a text decides and none was found.
 */
export type Solution =
  | { readonly kind: "found"; readonly facts: Facts }
  | { readonly kind: "none" }
  | { readonly kind: "gave-up" };

/** Most alternatives one question tries. Everyday rules need a handful; what needs more is given up on. */
export const ALTERNATIVES_MAX = 5000;

/** Truths as bits, so that a set of them is a number. */
const FALSE = 1;
const UNKNOWN = 2;
const TRUE = 4;
const ANY = FALSE | UNKNOWN | TRUE;
const BIT_OF = { true: TRUE, unknown: UNKNOWN, false: FALSE } as const satisfies { readonly [truth in Truth]: number };

/** The condition comes out as one of the truths. */
type Claim = { readonly condition: Condition; readonly truths: number };
/** One of the alternatives is the case, each a list of claims. */
type Choice = readonly (readonly Claim[])[];

type Search = { readonly cells: ReadonlyMap<string, FactCells>; left: number };
/** Cells each fact may still be in, and what is not yet decided. */
type Standing = { readonly domains: Map<string, bigint>; readonly choices: Choice[] };

/** Answers one question after the other about conditions that were prepared together. */
export type Solver = (constraints: readonly Constraint[]) => Solution;

/**
 * Whether conditions can come out as asked together, and of which facts. Each question is about one fact and facts are
 * independent, so that values are first sorted into cells (`cells.ts`); what remains is a choice of operands, tried in order.
 */
export function solve(constraints: readonly Constraint[], question: Question): Solution {
  const conditions = constraints.map(({ condition }) => condition);
  return solverOf(conditions, question)(constraints);
}

/** The same for many questions about some of these conditions: their facts are sorted into cells once. */
export function solverOf(conditions: readonly Condition[], question: Question): Solver {
  const leaves = new Map(conditions.map((condition) => [condition, leavesOf(condition)]));
  const cells = cellsByFact([...leaves.values()].flat(), question);
  const alternatives = question.alternatives ?? ALTERNATIVES_MAX;
  return (constraints) => {
    const claims = constraints.map(({ condition, truths }) => ({
      condition,
      truths: truths.reduce((bits, truth) => bits | BIT_OF[truth], 0),
    }));
    const asked = new Set(constraints.flatMap(({ condition }) => leaves.get(condition) ?? []).map(({ fact }) => fact));
    const used = new Map([...cells].filter(([fact]) => asked.has(fact)));
    return solution(claims, { cells: used, left: alternatives });
  };
}

function solution(claims: readonly Claim[], search: Search): Solution {
  const { cells } = search;
  const certain = attempt(claims, { ...search }, ({ sure }) => sure);
  if (certain === "gave-up") return { kind: "gave-up" };
  if (certain !== null) return { kind: "found", facts: factsOf(certain, cells) };
  const divisions = [...cells.values()];
  if (!divisions.every(({ complete }) => complete)) return { kind: "gave-up" };
  if (!divisions.some(({ sure, all }) => sure !== all)) return { kind: "none" };
  return { kind: attempt(claims, { ...search }, ({ all }) => all) === null ? "none" : "gave-up" };
}

function cellsByFact(asked: readonly ConditionLeaf[], question: Question): ReadonlyMap<string, FactCells> {
  const leavesByFact = new Map<string, ConditionLeaf[]>();
  for (const leaf of new Set(asked)) {
    const known = leavesByFact.get(leaf.fact);
    if (known === undefined) leavesByFact.set(leaf.fact, [leaf]);
    else known.push(leaf);
  }
  const { domainOf, today, settled = {}, preferred = {} } = question;
  const cells = new Map<string, FactCells>();
  for (const [fact, leaves] of leavesByFact) {
    const domain = domainOf(fact) ?? { type: "text" };
    const settledValue = Object.hasOwn(settled, fact) ? settled[fact] : undefined;
    const preferredValue = (Object.hasOwn(preferred, fact) ? preferred[fact] : undefined) ?? null;
    cells.set(
      fact,
      settledValue === undefined
        ? cellsOf({ leaves, domain, today, preferred: preferredValue })
        : settledCells(leaves, domain.type, { value: settledValue, today }),
    );
  }
  return cells;
}

function leavesOf(condition: Condition): readonly ConditionLeaf[] {
  return isLeaf(condition) ? [condition] : childrenOf(condition).flatMap(leavesOf);
}

type Attempt = Standing | null | "gave-up";

function attempt(claims: readonly Claim[], search: Search, domainOf: (cells: FactCells) => bigint): Attempt {
  const domains = new Map([...search.cells].map(([fact, found]) => [fact, domainOf(found)]));
  const standing: Standing = { domains, choices: [] };
  if ([...domains.values()].some((domain) => domain === 0n)) return null;
  return claims.every((claim) => assert(search, standing, claim)) ? decide(search, standing) : null;
}

/** Takes a claim in: cells are crossed out, what leaves a choice is put aside. False = it contradicts what stands. */
function assert(search: Search, standing: Standing, { condition, truths }: Claim): boolean {
  if (truths === ANY) return true;
  if (isLeaf(condition)) return assertLeaf(search, standing, { condition, truths });
  if ("not" in condition) return assert(search, standing, { condition: condition.not, truths: opposite(truths) });
  // `any` is `all` with every truth turned round.
  const turned = "any" in condition;
  const children = childrenOf(condition);
  const asAll = turned ? opposite(truths) : truths;
  const claim = (child: Condition, bits: number): Claim => ({
    condition: child,
    truths: turned ? opposite(bits) : bits,
  });
  const atLeast = (asAll & FALSE) !== 0 ? ANY : (asAll & UNKNOWN) !== 0 ? UNKNOWN | TRUE : TRUE;
  if (!children.every((child) => assert(search, standing, claim(child, atLeast)))) return false;
  if (asAll === atLeast) return true;
  if (asAll === (FALSE | TRUE)) {
    const everyTrue = children.map((child) => claim(child, TRUE));
    standing.choices.push([everyTrue, ...children.map((child) => [claim(child, FALSE)])]);
    return true;
  }
  standing.choices.push(children.map((child) => [claim(child, asAll)]));
  return true;
}

function opposite(truths: number): number {
  return (truths & UNKNOWN) | ((truths & FALSE) === 0 ? 0 : TRUE) | ((truths & TRUE) === 0 ? 0 : FALSE);
}

function assertLeaf(
  { cells }: Search,
  { domains }: Standing,
  { condition, truths }: { readonly condition: ConditionLeaf; readonly truths: number },
): boolean {
  const ofFact = cells.get(condition.fact);
  const domain =
    (domains.get(condition.fact) ?? 0n) & (ofFact === undefined ? 0n : cellsWhere(ofFact, condition, truths));
  domains.set(condition.fact, domain);
  return domain !== 0n;
}

function cellsWhere({ holds, fails, unknown, all }: FactCells, leaf: ConditionLeaf, truths: number): bigint {
  const yes = holds.get(leaf) ?? 0n;
  const no = fails.get(leaf) ?? 0n;
  return (
    ((truths & TRUE) === 0 ? 0n : yes) |
    ((truths & FALSE) === 0 ? 0n : no) |
    ((truths & UNKNOWN) === 0 ? 0n : unknown & all & ~(yes | no))
  );
}

/** Settles the choices one after the other, those with the fewest alternatives first. */
function decide(search: Search, standing: Standing): Attempt {
  for (;;) {
    const open = openChoices(search, standing);
    if (open === null) return null;
    const narrowest = open.reduce<Choice | null>(
      (best, choice) => (best === null || choice.length < best.length ? choice : best),
      null,
    );
    if (narrowest === null) return standing;
    const rest = open.filter((choice) => choice !== narrowest);
    const [only] = narrowest;
    if (narrowest.length > 1 || only === undefined)
      return tryEach(search, { domains: standing.domains, choices: rest }, narrowest);
    standing.choices.splice(0, Infinity, ...rest);
    if (!only.every((claim) => assert(search, standing, claim))) return null;
  }
}

function tryEach(search: Search, standing: Standing, choice: Choice): Attempt {
  for (const alternative of choice) {
    search.left -= 1;
    if (search.left < 0) return "gave-up";
    const next: Standing = { domains: new Map(standing.domains), choices: [...standing.choices] };
    if (!alternative.every((claim) => assert(search, next, claim))) continue;
    const found = decide(search, next);
    if (found !== null) return found;
  }
  return null;
}

/** Choices that are not settled already, without the alternatives that have become impossible; null when one has none left. */
function openChoices(search: Search, standing: Standing): readonly Choice[] | null {
  const open: Choice[] = [];
  for (const choice of standing.choices) {
    const left = choice.filter((claims) =>
      claims.every((claim) => (possible(search, standing, claim.condition) & claim.truths) !== 0),
    );
    if (left.length === 0) return null;
    const settled = left.some((claims) =>
      claims.every((claim) => (possible(search, standing, claim.condition) & ~claim.truths) === 0),
    );
    if (!settled) open.push(left);
  }
  return open;
}

/** Truths a condition may still come out as, or more than those. */
function possible(search: Search, standing: Standing, condition: Condition): number {
  if (isLeaf(condition)) {
    const ofFact = search.cells.get(condition.fact);
    const domain = standing.domains.get(condition.fact) ?? 0n;
    if (ofFact === undefined) return UNKNOWN;
    return [TRUE, FALSE, UNKNOWN].reduce(
      (bits, truth) => ((domain & cellsWhere(ofFact, condition, truth)) === 0n ? bits : bits | truth),
      0,
    );
  }
  if ("not" in condition) return opposite(possible(search, standing, condition.not));
  const turned = "any" in condition;
  const masks = childrenOf(condition).map((child) => {
    const mask = possible(search, standing, child);
    return turned ? opposite(mask) : mask;
  });
  const everyTrue = masks.every((mask) => (mask & TRUE) !== 0);
  const unknown = masks.some((mask) => (mask & UNKNOWN) !== 0) && masks.every((mask) => (mask & ~FALSE) !== 0);
  const someFalse = masks.some((mask) => (mask & FALSE) !== 0);
  const least = (everyTrue ? TRUE : 0) | (unknown ? UNKNOWN : 0) | (someFalse ? FALSE : 0);
  return turned ? opposite(least) : least;
}

/** A value of the first cell left to each fact. */
function factsOf({ domains }: Standing, cells: ReadonlyMap<string, FactCells>): Facts {
  const facts: { [fact: string]: FactValue } = {};
  for (const [fact, domain] of domains) {
    const values = cells.get(fact)?.values ?? [];
    facts[fact] = values.find((_, index) => (domain & (1n << BigInt(index))) !== 0n) ?? null;
  }
  return facts;
}
