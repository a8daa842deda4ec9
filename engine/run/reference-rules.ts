import { Engine, type RuleProperties, type TopLevelCondition } from "json-rules-engine";
import { type RuleValue, ruleValue } from "../compile/rule-value";
import type { CompiledRule, RuleCondition, RuleSet } from "../model/program";
import { derivedIn, factIn, type RuleInput } from "./rule-input";

/** What json-rules-engine says of one rule: true, false, or neither. */
export type RuleVerdict = {
  readonly rule: string;
  readonly outcome: string;
  readonly truth: "holds" | "fails" | "unknown";
};

/**
 * Asks a rule set of json-rules-engine over one snapshot of facts; the verdicts come in the authored order.
 *
 * The engine is made fresh every time: it keeps its run's status in itself, so that concurrent runs on one engine silently skip
 * each other's rules (`reference-rules.test.ts` holds us to it). Paths are resolved among own properties only, so that an
 * imported rule can never reach jsonpath.
 */
export async function askRules(ruleSet: RuleSet, input: RuleInput): Promise<readonly RuleVerdict[]> {
  if (ruleSet.order.length === 0) return [];
  const engine = new Engine(ruleSet.rules.map(stockRule), { pathResolver: ownProperty });
  const { events } = await engine.run(ruleFacts(ruleSet, input));
  const truths = new Map<string, "holds" | "fails">();
  for (const { type, params } of events) {
    if (type === "holds" || type === "fails") truths.set(String(params?.rule), type);
  }
  return ruleSet.order.map(({ rule, outcome }) => ({ rule, outcome, truth: truths.get(rule) ?? "unknown" }));
}

/**
 * The facts as the compiled rules compare them: every fact of the set is there, unknown ones as null, dates as yyyymmdd, and the
 * derived ones reckoned.
 */
export function ruleFacts(ruleSet: RuleSet, input: RuleInput): { [fact: string]: RuleValue } {
  const values: { [fact: string]: RuleValue } = {};
  for (const fact of ruleSet.facts) values[fact] = ruleValue(ruleSet.types[fact] ?? "text", factIn(input, fact));
  for (const [name, derived] of Object.entries(ruleSet.derived ?? {})) {
    values[name] = derivedIn(input, derived, ruleSet.types[derived.fact] ?? "text");
  }
  return values;
}

function ownProperty(value: object, path: string): unknown {
  let current: unknown = value;
  for (const key of path.split(".")) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, key)) return null;
    current = Object.getOwnPropertyDescriptor(current, key)?.value;
  }
  return current;
}

/** A copy in the library's mutable types; it keeps references to what it is given. */
function stockRule({ conditions, event }: CompiledRule): RuleProperties {
  return { conditions: stockRoot(conditions), event: { type: event.type, params: { ...event.params } } };
}

function stockRoot(condition: RuleCondition): TopLevelCondition {
  if ("all" in condition) return { all: condition.all.map(stockCondition) };
  if ("any" in condition) return { any: condition.any.map(stockCondition) };
  return { all: [stockCondition(condition)] };
}

type StockCondition = Extract<TopLevelCondition, { all: unknown }>["all"][number];

function stockCondition(condition: RuleCondition): StockCondition {
  return "fact" in condition ? { ...condition } : stockRoot(condition);
}
