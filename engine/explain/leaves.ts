import { stockRules } from "../compile/rule-set";
import { type Condition, type ConditionLeaf, isLeaf } from "../model/condition";
import type { FactValue } from "../model/facts";
import type { RuleSet } from "../model/program";
import { askRules } from "../run/reference-rules";
import { factIn, type RuleInput } from "../run/rule-input";

export type Truth = "holds" | "fails" | "unknown";

/** A condition with what became of each of its parts; a leaf shows the value it was asked over. */
export type ExplainedCondition =
  | { readonly kind: "all" | "any"; readonly truth: Truth; readonly of: readonly ExplainedCondition[] }
  | { readonly kind: "not"; readonly truth: Truth; readonly of: ExplainedCondition }
  | { readonly kind: "leaf"; readonly truth: Truth; readonly leaf: ConditionLeaf; readonly value: FactValue };

/** A rule as it was asked, in the authored order. */
export type ExplainedRule = {
  readonly rule: string;
  readonly outcome: string;
  readonly truth: Truth;
  readonly condition: ExplainedCondition;
};

/**
 * The rules of a set with ✓ and ✗ on every leaf. Whole rules and single leaves are both answered by json-rules-engine, so that
 * what is shown is what decided; the parts between them follow Kleene's logic.
 */
export async function explainRules(ruleSet: RuleSet, input: RuleInput): Promise<readonly ExplainedRule[]> {
  const verdicts = await askRules(ruleSet, input);
  return Promise.all(
    ruleSet.order.map(async ({ rule, outcome, when }, index) => ({
      rule,
      outcome,
      truth: verdicts[index]?.truth ?? "unknown",
      condition: await explainCondition(when, ruleSet, input),
    })),
  );
}

async function explainCondition(condition: Condition, ruleSet: RuleSet, input: RuleInput): Promise<ExplainedCondition> {
  if (isLeaf(condition)) {
    const truth = await truthOfLeaf(condition, ruleSet, input);
    return { kind: "leaf", truth, leaf: condition, value: factIn(input, condition.fact) };
  }
  if ("not" in condition) {
    const of = await explainCondition(condition.not, ruleSet, input);
    return { kind: "not", truth: OPPOSITE[of.truth], of };
  }
  const kind = "all" in condition ? "all" : "any";
  const children = "all" in condition ? condition.all : condition.any;
  const of = await Promise.all(children.map((child) => explainCondition(child, ruleSet, input)));
  const decisive = kind === "all" ? "fails" : "holds";
  return { kind, truth: joined(of, decisive), of };
}

const OPPOSITE = { holds: "fails", fails: "holds", unknown: "unknown" } as const satisfies {
  readonly [truth in Truth]: Truth;
};

function joined(parts: readonly ExplainedCondition[], decisive: "holds" | "fails"): Truth {
  if (parts.some((part) => part.truth === decisive)) return decisive;
  return parts.some((part) => part.truth === "unknown") ? "unknown" : OPPOSITE[decisive];
}

async function truthOfLeaf(leaf: ConditionLeaf, ruleSet: RuleSet, input: RuleInput): Promise<Truth> {
  const { types } = ruleSet;
  const alone = { id: ruleSet.id, order: [{ rule: "leaf", outcome: "", when: leaf }], facts: [leaf.fact], types };
  const [verdict] = await askRules({ ...alone, ...stockRules(alone.order, types) }, input);
  return verdict?.truth ?? "unknown";
}
