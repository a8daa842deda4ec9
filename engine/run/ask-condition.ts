import { compileRuleSet } from "../compile/rule-set";
import { conditionIssues } from "../condition/issues";
import type { Condition } from "../model/condition";
import { type Counter, counterFact, counterOfFact, type FieldCatalogue } from "../model/facts";
import { hasErrors, type Issue } from "../model/issue";
import { err, ok, type Result } from "../model/result";
import { linkCondition, TRUE, UNKNOWN } from "./predicate";
import type { RuleInput } from "./rule-input";

/** A condition by itself, ready to be asked of any number of accounts. */
export type AskedCondition = {
  /** Every fact it mentions. */
  readonly facts: readonly string[];
  /** The counters over the past it needs, for whoever loads the facts. */
  readonly counters: readonly Counter[];
  readonly truthOf: (input: RuleInput) => "holds" | "fails" | "unknown";
};

const ASKED = "asked";

/**
 * Links one condition outside any strategy, so that an author can ask it of accounts before it stands in a Program: compiled and
 * evaluated as a rule of a step is. Refuses with the located issues the linter would raise (`path` begins at the condition).
 */
export function askCondition(condition: Condition, fields: FieldCatalogue): Result<AskedCondition, readonly Issue[]> {
  const found = conditionIssues(condition, fields, "");
  if (hasErrors(found)) return err(found.filter(({ severity }) => severity === "error"));
  const rule = { rule: ASKED, outcome: ASKED, when: condition };
  const { ruleSet, issues } = compileRuleSet([rule], { id: ASKED, nodeId: undefined, fields });
  if (issues.length > 0) return err(issues);
  const holds = linkCondition(condition, ruleSet.types);
  const counters = new Map(
    ruleSet.facts.flatMap((fact) => {
      const counter = counterOfFact(fact);
      return counter === null ? [] : [[counterFact(counter), counter] as const];
    }),
  );
  return ok({
    facts: ruleSet.facts,
    counters: [...counters.values()],
    truthOf: (input) => {
      const truth = holds(input);
      return truth === UNKNOWN ? "unknown" : truth === TRUE ? "holds" : "fails";
    },
  });
}
