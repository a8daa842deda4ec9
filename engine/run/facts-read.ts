import { ruleValue } from "../compile/rule-value";
import type { FactValue } from "../model/facts";
import type { RuleSet } from "../model/program";
import { factsOfValue, type ValueSpec } from "../model/value";
import { factIn, type RuleInput } from "./rule-input";

type Read = { readonly [fact: string]: FactValue };

/** What a decision read: every fact of its rule set with its value; null where it was unknown or not of its type. */
export function factsReadOf(ruleSet: RuleSet, input: RuleInput): Read {
  const read: { [fact: string]: FactValue } = {};
  for (const fact of ruleSet.facts) {
    const value = factIn(input, fact);
    read[fact] = ruleValue(ruleSet.types[fact] ?? "text", value) === null ? null : value;
  }
  return read;
}

/** What several rule sets read together. */
export function factsReadOfAll(ruleSets: readonly RuleSet[], input: RuleInput): Read {
  const read: { [fact: string]: FactValue } = {};
  for (const ruleSet of ruleSets) Object.assign(read, factsReadOf(ruleSet, input));
  return read;
}

/** What values were made from. */
export function factsReadOfValues(values: readonly ValueSpec[], input: RuleInput): Read {
  const read: { [fact: string]: FactValue } = {};
  for (const fact of values.flatMap(factsOfValue)) read[fact] = factIn(input, fact);
  return read;
}
