import { type RuleValue, ruleValue } from "../compile/rule-value";
import { matcherOf } from "../condition/pattern";
import type { EnrollmentState } from "../model/execution";
import type { Facts, FactValue } from "../model/facts";
import { InvariantError } from "../model/invariant";
import type { DerivedFact, RuleFactType } from "../model/program";
import { DAY_MS, dateToUtcMs, type EpochMs, localDayNumber, type TimeZone } from "../model/time";
import { variableOfFact } from "../model/variable";

/** Everything a rule or a value may be made from: one snapshot of facts, the strategy's variables, and what day it is. */
export type RuleInput = {
  readonly facts: Facts;
  readonly vars: EnrollmentState["vars"];
  readonly nowMs: EpochMs;
  readonly timeZone: TimeZone;
};

/** A fact by its name, `var.<name>` being a variable; null when unknown. Never anything an object inherits. */
export function factIn({ facts, vars }: RuleInput, fact: string): FactValue {
  const variable = variableOfFact(fact);
  if (variable !== null) return (Object.hasOwn(vars, variable) ? vars[variable] : undefined) ?? null;
  return (Object.hasOwn(facts, fact) ? facts[fact] : undefined) ?? null;
}

/** Days from a date until today: 0 today, negative for a day to come; null when the text is no date. */
export function daysSince(date: string, { nowMs, timeZone }: Pick<RuleInput, "nowMs" | "timeZone">): number | null {
  const dateMs = dateToUtcMs(date);
  return dateMs === null ? null : localDayNumber(timeZone, nowMs) - dateMs / DAY_MS;
}

/** A derived fact as the compiled rules ask it; null when the fact it is made from is unknown. */
export function derivedIn(input: RuleInput, derived: DerivedFact, type: RuleFactType): RuleValue {
  const value = factIn(input, derived.fact);
  if (derived.kind === "is-known") return ruleValue(type, value) !== null;
  if (typeof value !== "string") return null;
  switch (derived.kind) {
    case "days-since":
      return daysSince(value, input);
    case "contains":
      return value.includes(derived.text);
    case "starts-with":
      return value.startsWith(derived.text);
    case "matches": {
      const matches = matcherOf(derived.text);
      if (matches === null) throw new InvariantError("program.pattern", { fact: derived.fact });
      return matches(value);
    }
    default:
      throw derived satisfies never;
  }
}
