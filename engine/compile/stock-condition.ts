import { type Condition, type ConditionLeaf, isLeaf, type StockOperator } from "../model/condition";
import { InvariantError } from "../model/invariant";
import type { DerivedFact, RuleFactType } from "../model/program";

/** A question json-rules-engine can answer with what it brings. */
export type StockLeaf = {
  readonly fact: string;
  readonly operator: StockOperator;
  readonly value: ConditionLeaf["value"];
};
export type StockCondition =
  | { readonly all: readonly StockCondition[] }
  | { readonly any: readonly StockCondition[] }
  | { readonly not: StockCondition }
  | StockLeaf;
export type StockRule = { readonly rule: string; readonly when: StockCondition };

/**
 * The condition in stock operators alone. What json-rules-engine cannot ask (parts of a text, dates against today, "is known") is
 * asked of derived facts, which are added to `derived`; whoever runs the rules reckons them first.
 */
export function stockCondition(condition: Condition, derived: Map<string, DerivedFact>): StockCondition {
  if (isLeaf(condition)) return stockLeaf(condition, derived);
  if ("not" in condition) return { not: stockCondition(condition.not, derived) };
  if ("all" in condition) return { all: condition.all.map((inner) => stockCondition(inner, derived)) };
  return { any: condition.any.map((inner) => stockCondition(inner, derived)) };
}

function stockLeaf(leaf: ConditionLeaf, derived: Map<string, DerivedFact>): StockCondition {
  const { fact, operator, value } = leaf;
  const textFact = (kind: "contains" | "starts-with" | "matches"): string =>
    derive(derived, { kind, fact, text: String(value) });
  switch (operator) {
    case "contains":
      return { fact: textFact("contains"), operator: "equal", value: true };
    case "notContains":
      return { fact: textFact("contains"), operator: "equal", value: false };
    case "startsWith":
      return { fact: textFact("starts-with"), operator: "equal", value: true };
    case "matches":
      return { fact: textFact("matches"), operator: "equal", value: true };
    case "isKnown":
      return { fact: derive(derived, { kind: "is-known", fact }), operator: "equal", value };
    case "withinLastDays":
    case "beforeLastDays":
    case "withinNextDays":
    case "afterNextDays":
      return daysCondition(derive(derived, { kind: "days-since", fact }), operator, Number(value));
    default:
      return { fact, operator, value };
  }
}

/** Days since a date are positive for a past day, 0 for today, negative for a day to come. */
function daysCondition(
  fact: string,
  operator: Extract<ConditionLeaf["operator"], `${string}Days`>,
  days: number,
): StockCondition {
  switch (operator) {
    case "withinLastDays":
      return {
        all: [
          { fact, operator: "greaterThanInclusive", value: 0 },
          { fact, operator: "lessThanInclusive", value: days },
        ],
      };
    case "beforeLastDays":
      return { fact, operator: "greaterThan", value: days };
    case "withinNextDays":
      return {
        all: [
          { fact, operator: "lessThanInclusive", value: 0 },
          { fact, operator: "greaterThanInclusive", value: -days },
        ],
      };
    case "afterNextDays":
      return { fact, operator: "lessThan", value: -days };
    default:
      throw new InvariantError("compile.relative-date", { operator: operator satisfies never });
  }
}

/** Adds a derived fact; its name says what it is, so that other tools show something readable. */
function derive(derived: Map<string, DerivedFact>, spec: DerivedFact): string {
  const name =
    "text" in spec ? `${spec.kind}(${spec.fact}, ${JSON.stringify(spec.text)})` : `${spec.kind}(${spec.fact})`;
  derived.set(name, spec);
  return name;
}

/** How each derived fact is compared. */
export function typesOf(derived: ReadonlyMap<string, DerivedFact>): { readonly [name: string]: RuleFactType } {
  return Object.fromEntries(
    [...derived].map(([name, { kind }]) => [name, kind === "days-since" ? ("number" as const) : ("boolean" as const)]),
  );
}
