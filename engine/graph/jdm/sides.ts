import type { Condition, ConditionScalar, StockOperator } from "../../model/condition";
import type { FactType } from "../../model/facts";
import { canonicalJson } from "../../model/json";
import type { Comparison, Expression } from "./expression";
import { Refusal } from "./refusal";

/** A condition, or one that always or never holds. */
export type Cond = Condition | boolean;

/**
 * When a test is true and when it is false, each for certain: never unknown. Where neither holds, ZEN stops with an error, and the
 * row or statement it stands in does not apply. `needs` are the facts without which there may be an error; `shows` are known
 * wherever it is true.
 */
export type Sides = {
  readonly yes: Cond;
  readonly no: Cond;
  readonly needs: readonly string[];
  readonly shows: readonly string[];
};

/** What an operand stands for: a fact of the strategy with its type, or null where ZEN reads nothing. */
export type Operand = { readonly fact: string; readonly type: FactType };
export type Resolve = (expression: Expression) => Operand | null;

export function allOf(conditions: readonly Cond[]): Cond {
  if (conditions.includes(false)) return false;
  const kept = new Map<string, Condition>();
  for (const condition of conditions) {
    if (typeof condition === "boolean") continue;
    for (const part of "all" in condition ? condition.all : [condition]) kept.set(canonicalJson(part), part);
  }
  const parts = [...kept.values()];
  const [only] = parts;
  return parts.length === 0 ? true : parts.length === 1 && only !== undefined ? only : { all: parts };
}

export function anyOf(conditions: readonly Cond[]): Cond {
  if (conditions.includes(true)) return true;
  const kept = new Map<string, Condition>();
  for (const condition of conditions) {
    if (typeof condition === "boolean") continue;
    for (const part of "any" in condition ? condition.any : [condition]) kept.set(canonicalJson(part), part);
  }
  const parts = [...kept.values()];
  const [only] = parts;
  return parts.length === 0 ? false : parts.length === 1 && only !== undefined ? only : { any: parts };
}

export const isKnown = (fact: string, known: boolean): Condition => ({ fact, operator: "isKnown", value: known });

const constant = (value: boolean): Sides => ({ yes: value, no: !value, needs: [], shows: [] });

/** A test as two conditions. Throws Refusal. */
export function sidesOf(test: Expression, resolve: Resolve): Sides {
  switch (test.kind) {
    case "literal":
      if (typeof test.value === "boolean") return constant(test.value);
      throw new Refusal("jdm.not-yes-or-no", String(test.value));
    case "not": {
      const { yes, no, needs } = sidesOf(test.of, resolve);
      return { yes: no, no: yes, needs, shows: [] };
    }
    case "and":
      return both(sidesOf(test.left, resolve), sidesOf(test.right, resolve));
    case "or":
      return either(sidesOf(test.left, resolve), sidesOf(test.right, resolve));
    case "compare":
      return compare(test.operator, [test.left, test.right], resolve);
    case "call":
      return partOfText(test.name, test.of, resolve);
    case "path":
    case "own":
    case "reference":
      return yesOrNo(test, resolve);
    default:
      throw new Refusal("jdm.not-yes-or-no", test.kind);
  }
}

function both(left: Sides, right: Sides): Sides {
  return {
    yes: allOf([left.yes, right.yes]),
    no: anyOf([left.no, allOf([left.yes, right.no])]),
    needs: [...new Set([...left.needs, ...right.needs])],
    shows: [...new Set([...left.shows, ...right.shows])],
  };
}

/** The right side is only asked where the left one is false, not where it is an error. */
function either(left: Sides, right: Sides): Sides {
  const asked = left.needs.every((fact) => right.shows.includes(fact));
  return {
    yes: anyOf([left.yes, asked ? right.yes : allOf([left.no, right.yes])]),
    no: allOf([left.no, right.no]),
    needs: [...new Set([...left.needs, ...right.needs])],
    shows: left.shows.filter((fact) => right.shows.includes(fact)),
  };
}

function yesOrNo(operand: Expression, resolve: Resolve): Sides {
  const found = resolve(operand);
  // Nothing is neither yes nor no: an error.
  if (found === null) return { yes: false, no: false, needs: [], shows: [] };
  const { fact } = found;
  const is = (value: boolean) => allOf([isKnown(fact, true), { fact, operator: "equal", value }]);
  return { yes: is(true), no: is(false), needs: [fact], shows: [fact] };
}

const MIRRORED: { readonly [comparison in Comparison]?: Comparison } = {
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
  "==": "==",
  "!=": "!=",
};

function compare(comparison: Comparison, [left, right]: readonly [Expression, Expression], resolve: Resolve): Sides {
  if (left.kind === "literal" && right.kind !== "list" && right.kind !== "interval") {
    const mirrored = MIRRORED[comparison];
    if (mirrored === undefined) throw new Refusal("jdm.list", comparison);
    if (right.kind === "literal") return constantComparison(comparison, left.value, right.value);
    return compare(mirrored, [right, left], resolve);
  }
  const operand = resolve(left);
  if (comparison === "not in" || comparison === "!=") {
    const positive = comparison === "!=" ? "==" : "in";
    const { yes, no, needs } = compare(positive, [left, right], resolve);
    return { yes: no, no: yes, needs, shows: [] };
  }
  if (comparison === "in") return within(operand, right);
  if (right.kind !== "literal") throw new Refusal("jdm.compared-fields", comparison);
  return comparison === "==" ? equal(operand, [right.value]) : ordered(comparison, operand, right.value);
}

function constantComparison(
  comparison: Comparison,
  left: ConditionScalar | null,
  right: ConditionScalar | null,
): Sides {
  if (comparison === "==") return constant(left === right);
  if (comparison === "!=") return constant(left !== right);
  throw new Refusal("jdm.operator", comparison);
}

function kindOf(type: FactType): "number" | "string" | "boolean" {
  if (type === "boolean") return "boolean";
  return type === "text" ? "string" : "number";
}

/** Whether a field is one of the values; another kind of value than the field's is never equal to it. */
function equal(operand: Operand | null, values: readonly (ConditionScalar | null)[]): Sides {
  const nothing = values.includes(null);
  if (operand === null) return constant(nothing);
  const { fact, type } = operand;
  const same = values.filter((value): value is ConditionScalar => value !== null && typeof value === kindOf(type));
  const [only] = same;
  if (only === undefined) {
    return {
      yes: nothing ? isKnown(fact, false) : false,
      no: nothing ? isKnown(fact, true) : true,
      needs: [],
      shows: [],
    };
  }
  const several = same.length > 1;
  const is: Condition = several ? { fact, operator: "in", value: same } : { fact, operator: "equal", value: only };
  const differs: Condition = several
    ? { fact, operator: "notIn", value: same }
    : { fact, operator: "notEqual", value: only };
  return {
    yes: nothing ? anyOf([isKnown(fact, false), is]) : allOf([isKnown(fact, true), is]),
    no: nothing ? allOf([isKnown(fact, true), differs]) : anyOf([isKnown(fact, false), differs]),
    needs: [],
    shows: nothing ? [] : [fact],
  };
}

function within(operand: Operand | null, right: Expression): Sides {
  if (right.kind === "interval") {
    const [from, to] = [numberIn(right.from), numberIn(right.to)];
    if (operand === null) return { yes: false, no: false, needs: [], shows: [] };
    const low = ordered(right.fromInclusive ? ">=" : ">", operand, from);
    return both(low, ordered(right.toInclusive ? "<=" : "<", operand, to));
  }
  if (right.kind !== "list") throw new Refusal("jdm.list", "in");
  const values = right.items.map((item) => {
    if (item.kind !== "literal") throw new Refusal("jdm.compared-fields", "in");
    return item.value;
  });
  return equal(operand, values);
}

function numberIn(expression: Expression): number {
  if (expression.kind === "literal" && typeof expression.value === "number") return expression.value;
  throw new Refusal("jdm.compared-fields", "..");
}

const ORDER: {
  readonly [comparison in Comparison]?: readonly [yes: StockOperator, no: StockOperator];
} = {
  "<": ["lessThan", "greaterThanInclusive"],
  "<=": ["lessThanInclusive", "greaterThan"],
  ">": ["greaterThan", "lessThanInclusive"],
  ">=": ["greaterThanInclusive", "lessThan"],
};

function ordered(comparison: Comparison, operand: Operand | null, value: ConditionScalar | null): Sides {
  const operators = ORDER[comparison];
  if (operators === undefined || typeof value !== "number") throw new Refusal("jdm.operator", comparison);
  if (operand === null) return { yes: false, no: false, needs: [], shows: [] };
  const { fact } = operand;
  const [yes, no] = operators.map((operator) => allOf([isKnown(fact, true), { fact, operator, value }]));
  return { yes: yes ?? false, no: no ?? false, needs: [fact], shows: [fact] };
}

const ESCAPED = /[\\^$.*+?()[\]{}|]/g;

function partOfText(name: string, of: readonly Expression[], resolve: Resolve): Sides {
  const [subject, part] = of;
  if (!["contains", "startsWith", "endsWith"].includes(name)) throw new Refusal("jdm.not-yes-or-no", name);
  if (subject === undefined || part?.kind !== "literal" || typeof part.value !== "string") {
    throw new Refusal("jdm.function", name);
  }
  const operand = resolve(subject);
  if (operand === null) return { yes: false, no: false, needs: [], shows: [] };
  const { fact } = operand;
  const asked: Condition =
    name === "endsWith"
      ? { fact, operator: "matches", value: `${part.value.replace(ESCAPED, "\\$&")}\\z` }
      : { fact, operator: name === "contains" ? "contains" : "startsWith", value: part.value };
  const known = isKnown(fact, true);
  return { yes: allOf([known, asked]), no: allOf([known, { not: asked }]), needs: [fact], shows: [fact] };
}
