import { isRelativeDate, operatorsFor, takesList } from "../condition/operators";
import {
  type Condition,
  type ConditionLeaf,
  type ConditionScalar,
  isLeaf,
  KNOWN_OPERATOR,
  type StockOperator,
} from "../model/condition";
import { type FactType, type FieldCatalogue, fieldOf } from "../model/facts";
import { type Issue, issue } from "../model/issue";
import type { CompiledRule, DerivedFact, RuleCondition, RuleFactType, RuleSet } from "../model/program";
import type { AuthoredRule } from "../nodes/define";
import { RULE_TYPE_OF, type RuleValue, ruleValue } from "./rule-value";
import { type StockCondition, type StockLeaf, type StockRule, stockCondition, typesOf } from "./stock-condition";

/** What a leaf turns into when it must be false: the operator that holds exactly when the other does not (on known values). */
const OPPOSITE = {
  equal: "notEqual",
  notEqual: "equal",
  lessThan: "greaterThanInclusive",
  lessThanInclusive: "greaterThan",
  greaterThan: "lessThanInclusive",
  greaterThanInclusive: "lessThan",
  in: "notIn",
  notIn: "in",
} as const satisfies { readonly [operator in StockOperator]: StockOperator };

/** Facts outside every catalogue: `arm.<experiment>`, given by the engine itself. */
const ARM_FACT = /^arm\./;

/** Where the rules stand and what they may ask. */
export type RuleSource = { readonly id: string; readonly nodeId: string | undefined; readonly fields: FieldCatalogue };

export type CompiledRuleSet = { readonly ruleSet: RuleSet; readonly issues: readonly Issue[] };

/**
 * Turns authored rules into a rule set that a stock json-rules-engine loads. Each rule becomes two: `holds` fires when the
 * condition is true, `fails` when it is false, neither when it is unknown (Kleene's three-valued logic; `not` is pushed down to
 * the leaves). Issues `compile.unknown-fact`, `compile.operator`, `compile.value` say what the linter ought to have refused.
 */
export function compileRuleSet(rules: readonly AuthoredRule[], source: RuleSource): CompiledRuleSet {
  const leaves = rules.flatMap(({ rule, when }) => leavesOf(when).map((leaf) => ({ rule, leaf })));
  const facts = [...new Set(leaves.map(({ leaf }) => leaf.fact))].sort();
  const types: { [fact: string]: RuleFactType } = {};
  const issues: Issue[] = [];
  for (const fact of facts) {
    const type = factTypeOf(fact, source.fields);
    if (type === null) issues.push(issue("compile.unknown-fact", { nodeId: source.nodeId }, { fact }));
    else types[fact] = RULE_TYPE_OF[type];
  }
  for (const { rule, leaf } of leaves) {
    const code = problemOf(leaf, factTypeOf(leaf.fact, source.fields));
    if (code !== null) {
      issues.push(issue(code, { nodeId: source.nodeId }, { rule, fact: leaf.fact, operator: leaf.operator }));
    }
  }
  const order = rules.map(({ rule, outcome, when }) => ({ rule, outcome, when }));
  const compiled = stockRules(issues.length > 0 ? [] : rules, types);
  return { ruleSet: { id: source.id, order, facts, types, ...compiled }, issues };
}

/** The stock rules of conditions over facts of known types, both sides of each, and the derived facts they ask. */
export function stockRules(
  rules: readonly Pick<AuthoredRule, "rule" | "when">[],
  types: Types,
): Pick<RuleSet, "rules" | "derived"> {
  const derived = new Map<string, DerivedFact>();
  const stock = rules.map(({ rule, when }) => ({ rule, when: stockCondition(when, derived) }));
  const compiled = stock.flatMap((authored) => bothSides(authored, { ...types, ...typesOf(derived) }));
  return derived.size === 0 ? { rules: compiled } : { rules: compiled, derived: Object.fromEntries(derived) };
}

function leavesOf(condition: Condition): readonly ConditionLeaf[] {
  if (isLeaf(condition)) return [condition];
  if ("not" in condition) return leavesOf(condition.not);
  return ("all" in condition ? condition.all : condition.any).flatMap(leavesOf);
}

function factTypeOf(fact: string, fields: FieldCatalogue): FactType | null {
  return fieldOf(fields, fact)?.type ?? (ARM_FACT.test(fact) ? "text" : null);
}

function problemOf({ operator, value }: ConditionLeaf, type: FactType | null): string | null {
  if (type === null) return null;
  if (!operatorsFor(type).includes(operator)) return "compile.operator";
  if ((typeof value === "object") !== takesList(operator)) return "compile.value";
  if (operator === KNOWN_OPERATOR) return typeof value === "boolean" ? null : "compile.value";
  if (isRelativeDate(operator)) return Number.isInteger(value) ? null : "compile.value";
  return listOf(value).every((item) => ruleValue(RULE_TYPE_OF[type], item) !== null) ? null : "compile.value";
}

function listOf(value: ConditionLeaf["value"]): readonly ConditionScalar[] {
  return typeof value === "object" ? value : [value];
}

function bothSides({ rule, when }: StockRule, types: Types): readonly CompiledRule[] {
  return [
    { conditions: whenTrue(when, types), event: { type: "holds", params: { rule } } },
    { conditions: whenFalse(when, types), event: { type: "fails", params: { rule } } },
  ];
}

type Types = { readonly [fact: string]: RuleFactType };

function whenTrue(condition: StockCondition, types: Types): RuleCondition {
  if ("not" in condition) return whenFalse(condition.not, types);
  if ("all" in condition) return { all: condition.all.map((inner) => whenTrue(inner, types)) };
  if ("any" in condition) return { any: condition.any.map((inner) => whenTrue(inner, types)) };
  return knownAnd(condition, condition.operator, types);
}

function whenFalse(condition: StockCondition, types: Types): RuleCondition {
  if ("not" in condition) return whenTrue(condition.not, types);
  if ("all" in condition) return { any: condition.all.map((inner) => whenFalse(inner, types)) };
  if ("any" in condition) return { all: condition.any.map((inner) => whenFalse(inner, types)) };
  return knownAnd(condition, OPPOSITE[condition.operator], types);
}

/** The leaf, and that its fact is known: without the first half a stock `notEqual` or `notIn` would hold on an unknown fact. */
function knownAnd(leaf: StockLeaf, operator: StockOperator, types: Types): RuleCondition {
  return {
    all: [
      { fact: leaf.fact, operator: "notEqual", value: null },
      { fact: leaf.fact, operator, value: stockValue(leaf, types[leaf.fact] ?? "text") },
    ],
  };
}

function stockValue(leaf: StockLeaf, type: RuleFactType): RuleValue | readonly RuleValue[] {
  return typeof leaf.value === "object"
    ? leaf.value.map((value) => ruleValue(type, value))
    : ruleValue(type, leaf.value);
}
