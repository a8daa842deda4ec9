import type { FactType, FactValue } from "../../model/facts";
import { VALUE_DEPTH_MAX, type ValueOperator, type ValueSpec } from "../../model/value";
import type { Arithmetic, Expression } from "./expression";
import { Refusal } from "./refusal";
import { allOf, type Cond, isKnown, type Resolve, sidesOf } from "./sides";

/** A value an expression has, and when it has it. */
export type Case = {
  readonly when: Cond;
  readonly value: ValueSpec;
  /** What it is; null = nothing. */
  readonly type: FactType | null;
};

/** Most cases one expression may fall into. */
const CASES_MAX = 24;
const OPERANDS_MAX = 8;

const OPERATORS: { readonly [operator in Arithmetic]: ValueOperator } = {
  "+": "add",
  "-": "subtract",
  "*": "multiply",
  "/": "divide",
};

/**
 * An expression as the values it may have, each with its condition. Conditions exclude each other; where none holds ZEN stops with an
 * error. Throws Refusal.
 */
export function casesOf(expression: Expression, resolve: Resolve): readonly Case[] {
  const cases = allCases(expression, resolve).filter(({ when }) => when !== false);
  if (cases.length > CASES_MAX) throw new Refusal("jdm.too-many-cases", String(cases.length));
  for (const { value } of cases) {
    if (depthOf(value) > VALUE_DEPTH_MAX) throw new Refusal("jdm.too-deep", expression.kind);
  }
  return cases;
}

function allCases(expression: Expression, resolve: Resolve): readonly Case[] {
  switch (expression.kind) {
    case "literal":
      return [literalCase(expression.value)];
    case "path":
    case "own":
    case "reference": {
      const operand = resolve(expression);
      if (operand === null) return [literalCase(null)];
      return [{ when: true, value: { fact: operand.fact }, type: operand.type }];
    }
    case "negative":
      return combined("subtract", [{ kind: "literal", value: 0 }, expression.of], resolve);
    case "reckon":
      return combined(OPERATORS[expression.operator], flattened(expression), resolve);
    case "choose": {
      const { yes, no } = sidesOf(expression.when, resolve);
      return [...guarded(yes, expression.then, resolve), ...guarded(no, expression.else, resolve)];
    }
    case "otherwise": {
      const operand = resolve(expression.left);
      if (operand === null) return allCases(expression.right, resolve);
      const present: Case = { when: isKnown(operand.fact, true), value: { fact: operand.fact }, type: operand.type };
      return [present, ...guarded(isKnown(operand.fact, false), expression.right, resolve)];
    }
    case "compare":
    case "and":
    case "or":
    case "not": {
      const { yes, no } = sidesOf(expression, resolve);
      return [
        { when: yes, value: { literal: true }, type: "boolean" },
        { when: no, value: { literal: false }, type: "boolean" },
      ];
    }
    case "call":
      return called(expression.name, expression.of, resolve);
    case "list":
    case "interval":
      throw new Refusal("jdm.list", "[");
    default:
      throw expression satisfies never;
  }
}

function literalCase(value: FactValue): Case {
  const type = typeof value === "number" ? "number" : typeof value === "string" ? "text" : "boolean";
  return { when: true, value: { literal: value }, type: value === null ? null : type };
}

function guarded(when: Cond, expression: Expression, resolve: Resolve): readonly Case[] {
  if (when === false) return [];
  return allCases(expression, resolve).map((one) => ({ ...one, when: allOf([when, one.when]) }));
}

/** `a + b + c` as one sum of three, which is what it is: from left to right. The right side keeps its own brackets. */
function flattened(expression: Extract<Expression, { readonly kind: "reckon" }>): readonly Expression[] {
  const operands: Expression[] = [];
  let left: Expression = expression;
  while (left.kind === "reckon" && left.operator === expression.operator && operands.length < OPERANDS_MAX - 2) {
    operands.unshift(left.right);
    left = left.left;
  }
  return [left, ...operands];
}

function called(name: string, of: readonly Expression[], resolve: Resolve): readonly Case[] {
  if (name === "min" || name === "max") {
    const [list] = of;
    if (of.length !== 1 || list?.kind !== "list") throw new Refusal("jdm.list", name);
    if (list.items.length === 0 || list.items.length > OPERANDS_MAX) throw new Refusal("jdm.list", name);
    return combined(name, list.items, resolve);
  }
  if (name === "number") {
    const [only] = of;
    if (only === undefined || of.length !== 1) throw new Refusal("jdm.function", name);
    const cases = allCases(only, resolve);
    if (cases.some(({ type }) => type !== "number")) throw new Refusal("jdm.function", name);
    return cases.map((one) => ({ ...one, when: allOf([one.when, ...known(one.value)]) }));
  }
  const { yes, no } = sidesOf({ kind: "call", name, of }, resolve);
  return [
    { when: yes, value: { literal: true }, type: "boolean" },
    { when: no, value: { literal: false }, type: "boolean" },
  ];
}

/** Every combination of the operands' cases. All operands must be numbers, known, and no divisor zero: else ZEN stops. */
function combined(operator: ValueOperator, operands: readonly Expression[], resolve: Resolve): readonly Case[] {
  let combinations: readonly { readonly when: Cond; readonly of: readonly ValueSpec[] }[] = [{ when: true, of: [] }];
  operands.forEach((operand, index) => {
    const cases = allCases(operand, resolve);
    if (cases.some(({ type }) => type === "text")) throw new Refusal("jdm.text-joined", "+");
    if (cases.some(({ type }) => type === "boolean")) throw new Refusal("jdm.operator", operator);
    combinations = combinations.flatMap(({ when, of }) =>
      cases.flatMap((one) => {
        if (one.type === null) return [];
        const divides = operator === "divide" && index > 0;
        const held = allOf([when, one.when, ...known(one.value), divides ? notZero(one.value) : true]);
        return held === false ? [] : [{ when: held, of: [...of, one.value] }];
      }),
    );
    if (combinations.length > CASES_MAX) throw new Refusal("jdm.too-many-cases", operator);
  });
  return combinations.map(({ when, of }) => ({ when, value: { operator, of }, type: "number" }));
}

function known(value: ValueSpec): readonly Cond[] {
  if ("fact" in value) return [isKnown(value.fact, true)];
  return "operator" in value ? value.of.flatMap(known) : [];
}

/** Only a divisor that is written down or read from a field can be looked at beforehand. */
function notZero(value: ValueSpec): Cond {
  if ("literal" in value) return value.literal !== 0;
  if ("fact" in value) return { fact: value.fact, operator: "notEqual", value: 0 };
  throw new Refusal("jdm.operator", "/");
}

function depthOf(value: ValueSpec): number {
  return "operator" in value ? 1 + Math.max(...value.of.map(depthOf)) : 1;
}
