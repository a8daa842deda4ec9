import { ruleValue } from "../compile/rule-value";
import type { Facts, FactValue } from "../model/facts";
import type { RuleSet } from "../model/program";

/** What a decision read: every fact of its rule set with its value; null where it was unknown or not of its type. */
export function factsReadOf(ruleSet: RuleSet, facts: Facts): { readonly [fact: string]: FactValue } {
  const read: { [fact: string]: FactValue } = {};
  for (const fact of ruleSet.facts) {
    const value = (Object.hasOwn(facts, fact) ? facts[fact] : undefined) ?? null;
    read[fact] = ruleValue(ruleSet.types[fact] ?? "text", value) === null ? null : value;
  }
  return read;
}
