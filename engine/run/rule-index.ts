import { type RuleValue, ruleValue } from "../compile/rule-value";
import { type Condition, type ConditionLeaf, isLeaf } from "../model/condition";
import type { RuleSet } from "../model/program";
import { factIn, type RuleInput } from "./rule-input";

/** Fewer rules than this are asked one after the other faster than they are looked up. */
export const INDEX_RULES_MIN = 32;
/** An index must leave at most this share of the rules to be asked, on the average of its values. */
const SHARE_MAX = 0.5;

/** The rules that may hold or be unknown for an input, in their order; those that are left out fail for certain. */
export type Candidates<TRule> = (input: RuleInput) => readonly TRule[];

/**
 * Rules looked up by the one fact whose value leaves the fewest of them: most rows of a large table ask for one value of it. A
 * rule is left out only where its question about that fact is one of several that must all hold, and fails; where the fact is
 * unknown no rule is left out, because each may then be unknown.
 */
export function candidatesOf<TRule>(ruleSet: RuleSet, rules: readonly TRule[]): Candidates<TRule> {
  if (rules.length < INDEX_RULES_MIN) return () => rules;
  const wanted = ruleSet.order.map(({ when }) => valuesWanted(when, ruleSet));
  const index = bestIndex(ruleSet.facts, wanted);
  if (index === null) return () => rules;
  const { fact, byValue, always } = index;
  const pick = (positions: readonly number[]): readonly TRule[] => positions.flatMap((at) => rules[at] ?? []);
  const lists = new Map([...byValue].map(([value, positions]) => [value, pick(positions)]));
  const others = pick(always);
  const type = ruleSet.types[fact] ?? "text";
  return (input) => {
    const value = ruleValue(type, factIn(input, fact));
    return value === null ? rules : (lists.get(value) ?? others);
  };
}

/** Fact -> the values of which it must have one for the rule to hold. */
type Wanted = ReadonlyMap<string, readonly RuleValue[]>;

function valuesWanted(when: Condition, ruleSet: RuleSet): Wanted {
  const wanted = new Map<string, readonly RuleValue[]>();
  for (const leaf of mustHold(when)) {
    const { fact, operator, value } = leaf;
    if (operator !== "equal" && operator !== "in") continue;
    const type = ruleSet.types[fact] ?? "text";
    if (!wanted.has(fact))
      wanted.set(
        fact,
        (typeof value === "object" ? value : [value]).map((one) => ruleValue(type, one)),
      );
  }
  return wanted;
}

/** Questions without which the condition cannot hold. */
function mustHold(condition: Condition): readonly ConditionLeaf[] {
  if (isLeaf(condition)) return [condition];
  return "all" in condition ? condition.all.flatMap(mustHold) : [];
}

type Index = {
  readonly fact: string;
  /** Value -> positions of the rules that may hold for it. */
  readonly byValue: ReadonlyMap<RuleValue, readonly number[]>;
  /** Positions of the rules that do not ask for a value of the fact. */
  readonly always: readonly number[];
};

function bestIndex(facts: readonly string[], wanted: readonly Wanted[]): Index | null {
  let best: { readonly index: Index; readonly left: number } | null = null;
  for (const fact of facts) {
    const index = indexBy(fact, wanted);
    if (index.byValue.size === 0) continue;
    const sizes = [...index.byValue.values()].map((positions) => positions.length);
    const left = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
    if (left <= wanted.length * SHARE_MAX && (best === null || left < best.left)) best = { index, left };
  }
  return best === null ? null : best.index;
}

function indexBy(fact: string, wanted: readonly Wanted[]): Index {
  const byValue = new Map<RuleValue, number[]>();
  const always: number[] = [];
  wanted.forEach((values, at) => {
    const asked = values.get(fact);
    if (asked === undefined) {
      for (const positions of byValue.values()) positions.push(at);
      always.push(at);
      return;
    }
    for (const value of new Set(asked)) {
      const positions = byValue.get(value);
      // A value met for the first time is asked for by this rule, and by none of those before it but the ones that always count.
      if (positions === undefined) byValue.set(value, [...always, at]);
      else positions.push(at);
    }
  });
  return { fact, byValue, always };
}
