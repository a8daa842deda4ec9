import { type Issue, issue } from "../../model/issue";
import { err, ok, type Result } from "../../model/result";
import { type Decimal, decimalOf, divide, multiply, parseDecimal, roundTo } from "./decimal";

/** Bounds of one expression. */
export const EXPRESSION_LIMITS = { characters: 1000, depth: 32, columns: 60 } as const;

/** What an expression may call. */
const FUNCTION_NAMES = ["min", "max", "round", "when"] as const;
type FunctionName = (typeof FUNCTION_NAMES)[number];
const ARGUMENTS: { readonly [name in FunctionName]: readonly [least: number, most: number] } = {
  min: [1, 20],
  max: [1, 20],
  round: [1, 2],
  when: [3, 3],
};
const COMPARISONS = ["=", "<>", "<=", ">=", "<", ">"] as const;
type Comparison = (typeof COMPARISONS)[number];

type Node =
  | { readonly kind: "number"; readonly value: Decimal }
  | { readonly kind: "column"; readonly name: string }
  | { readonly kind: "negate"; readonly of: Node }
  | {
      readonly kind: "arithmetic";
      readonly operator: "+" | "-" | "*" | "/";
      readonly left: Node;
      readonly right: Node;
    }
  | { readonly kind: "comparison"; readonly operator: Comparison; readonly left: Node; readonly right: Node }
  | { readonly kind: "call"; readonly name: FunctionName; readonly of: readonly Node[] };

/** Arithmetic over the columns of one row. Its values are numbers; a comparison is 1 or 0. */
export type Expression = { readonly root: Node; readonly columns: readonly string[] };

/**
 * What an expression came to: a number, or `unknown` because a cell it needs is empty (or something was divided by zero), which
 * makes the whole unknown unless `when` does not look there.
 */
export type ExpressionValue =
  | { readonly kind: "value"; readonly value: Decimal }
  | { readonly kind: "unknown" }
  | { readonly kind: "not-a-number"; readonly column: string };

type Token = { readonly at: number } & (
  | { readonly kind: "number"; readonly value: Decimal }
  | { readonly kind: "column"; readonly name: string }
  | { readonly kind: "word"; readonly word: string }
  | { readonly kind: "sign"; readonly sign: string }
  | { readonly kind: "end" }
);

const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|\[([^\]\n]{1,200})\]|([a-zA-Z]+)|(<>|<=|>=|!=|[-+*/(),=<>]))/y;

/**
 * Reads an expression: `+ - * /`, parentheses, comparisons, `[COLUMN NAME]`, numbers with a decimal point, `min`, `max`,
 * `round(x)`, `round(x, places)`, `when(condition, then, else)`. Nothing else exists in it and nothing is ever evaluated as code.
 * Issues `mapping.expression` say where (`column`, 1-based character) and what was expected.
 */
export function parseExpression(text: string): Result<Expression, Issue> {
  if (text.length > EXPRESSION_LIMITS.characters) {
    return err(expressionIssue("too-long", { at: EXPRESSION_LIMITS.characters, found: String(text.length) }));
  }
  try {
    const reader = newReader(tokensOf(text));
    const root = comparison(reader, 0);
    const rest = reader.next();
    if (rest.kind !== "end") refuse("operator", rest);
    const columns = [...reader.columns];
    if (columns.length > EXPRESSION_LIMITS.columns) return err(expressionIssue("fewer-columns", { at: 0, found: "" }));
    return ok({ root, columns });
  } catch (thrown) {
    if (thrown instanceof ExpressionRefused) return err(thrown.problem);
    throw thrown;
  }
}

class ExpressionRefused extends Error {
  constructor(readonly problem: Issue) {
    super(problem.code);
  }
}

function expressionIssue(expected: string, where: { readonly at: number; readonly found: string }): Issue {
  return issue("mapping.expression", { column: where.at + 1 }, { expected, found: where.found, at: where.at + 1 });
}

function refuse(expected: string, token: Token): never {
  throw new ExpressionRefused(expressionIssue(expected, { at: token.at, found: wordingOf(token) }));
}

function wordingOf(token: Token): string {
  switch (token.kind) {
    case "column":
      return `[${token.name}]`;
    case "word":
      return token.word;
    case "sign":
      return token.sign;
    case "number":
      return "0-9";
    default:
      return "";
  }
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  const end = text.trimEnd().length;
  while (pattern.lastIndex < end) {
    const from = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) {
      const at = from + (/^\s*/.exec(text.slice(from))?.[0].length ?? 0);
      throw new ExpressionRefused(expressionIssue("known-sign", { at, found: text.slice(at, at + 1) }));
    }
    tokens.push(tokenOf(match, from + match[0].length - match[0].trimStart().length));
  }
  tokens.push({ kind: "end", at: text.length });
  return tokens;
}

function tokenOf(match: RegExpExecArray, at: number): Token {
  const [, number, column, word, sign] = match;
  if (number !== undefined) {
    const value = parseDecimal(number, "1,234.5");
    if (value === null)
      throw new ExpressionRefused(expressionIssue("shorter-number", { at, found: number.slice(0, 40) }));
    return { kind: "number", value, at };
  }
  if (column !== undefined) return { kind: "column", name: column.trim(), at };
  if (word !== undefined) return { kind: "word", word: word.toLowerCase(), at };
  return { kind: "sign", sign: sign === "!=" ? "<>" : (sign ?? ""), at };
}

type Reader = {
  readonly peek: () => Token;
  readonly next: () => Token;
  readonly takes: (...signs: readonly string[]) => string | null;
  readonly columns: Set<string>;
};

function newReader(tokens: readonly Token[]): Reader {
  let position = 0;
  const peek = (): Token => tokens[position] ?? { kind: "end", at: 0 };
  const next = (): Token => {
    const token = peek();
    position += 1;
    return token;
  };
  const takes = (...signs: readonly string[]): string | null => {
    const token = peek();
    if (token.kind !== "sign" || !signs.includes(token.sign)) return null;
    position += 1;
    return token.sign;
  };
  return { peek, next, takes, columns: new Set() };
}

function comparison(reader: Reader, depth: number): Node {
  const left = sum(reader, depth);
  const sign = reader.takes(...COMPARISONS);
  const operator = COMPARISONS.find((known) => known === sign);
  return operator === undefined ? left : { kind: "comparison", operator, left, right: sum(reader, depth) };
}

function sum(reader: Reader, depth: number): Node {
  let left = product(reader, depth);
  for (let sign = reader.takes("+", "-"); sign !== null; sign = reader.takes("+", "-")) {
    left = { kind: "arithmetic", operator: sign === "+" ? "+" : "-", left, right: product(reader, depth) };
  }
  return left;
}

function product(reader: Reader, depth: number): Node {
  let left = factor(reader, depth);
  for (let sign = reader.takes("*", "/"); sign !== null; sign = reader.takes("*", "/")) {
    left = { kind: "arithmetic", operator: sign === "*" ? "*" : "/", left, right: factor(reader, depth) };
  }
  return left;
}

function factor(reader: Reader, depth: number): Node {
  const token = reader.next();
  if (depth >= EXPRESSION_LIMITS.depth) refuse("less-nesting", token);
  if (token.kind === "number") return { kind: "number", value: token.value };
  if (token.kind === "column") {
    reader.columns.add(token.name);
    return { kind: "column", name: token.name };
  }
  if (token.kind === "sign" && token.sign === "-") return { kind: "negate", of: factor(reader, depth + 1) };
  if (token.kind === "sign" && token.sign === "(") {
    const inner = comparison(reader, depth + 1);
    if (reader.takes(")") === null) refuse(")", reader.peek());
    return inner;
  }
  if (token.kind === "word") return call(reader, token, depth + 1);
  return refuse("value", token);
}

function call(reader: Reader, token: Token & { readonly kind: "word" }, depth: number): Node {
  const name = FUNCTION_NAMES.find((known) => known === token.word);
  if (name === undefined) return refuse("min, max, round, when, [column]", token);
  if (reader.takes("(") === null) refuse("(", reader.peek());
  const given: Node[] = [comparison(reader, depth)];
  while (reader.takes(",") !== null) given.push(comparison(reader, depth));
  if (reader.takes(")") === null) refuse(")", reader.peek());
  const [least, most] = ARGUMENTS[name];
  if (given.length < least || given.length > most) refuse(`${name}: ${least}-${most}`, token);
  return { kind: "call", name, of: given };
}

export type CellNumber = (column: string) => ExpressionValue;

/** The value of an expression for one row. */
export function evaluate(expression: Expression, cell: CellNumber): ExpressionValue {
  return nodeValue(expression.root, cell);
}

const UNKNOWN: ExpressionValue = { kind: "unknown" };
const known = (value: Decimal): ExpressionValue => ({ kind: "value", value });

function nodeValue(node: Node, cell: CellNumber): ExpressionValue {
  switch (node.kind) {
    case "number":
      return known(node.value);
    case "column":
      return cell(node.name);
    case "negate":
      return withValues([node.of], cell, ([value = 0n]) => known(-value));
    case "arithmetic":
      return withValues([node.left, node.right], cell, ([left = 0n, right = 0n]) =>
        arithmetic(node.operator, left, right),
      );
    case "comparison":
      return withValues([node.left, node.right], cell, ([left = 0n, right = 0n]) =>
        known(decimalOf(compares(node.operator, left, right) ? 1 : 0)),
      );
    default:
      return callValue(node, cell);
  }
}

function callValue(node: Extract<Node, { kind: "call" }>, cell: CellNumber): ExpressionValue {
  if (node.name === "when") {
    const [condition, then, otherwise] = node.of;
    if (condition === undefined || then === undefined || otherwise === undefined) return UNKNOWN;
    const asked = nodeValue(condition, cell);
    if (asked.kind !== "value") return asked;
    return nodeValue(asked.value === 0n ? otherwise : then, cell);
  }
  return withValues(node.of, cell, (values) => {
    const [first = 0n, places = 0n] = values;
    if (node.name === "round") return known(roundTo(first, clampPlaces(places)));
    const wins = node.name === "min" ? (a: Decimal, b: Decimal) => a < b : (a: Decimal, b: Decimal) => a > b;
    return known(values.reduce((best, value) => (wins(value, best) ? value : best), first));
  });
}

function withValues(
  nodes: readonly Node[],
  cell: CellNumber,
  use: (values: readonly Decimal[]) => ExpressionValue,
): ExpressionValue {
  const values: Decimal[] = [];
  for (const node of nodes) {
    const found = nodeValue(node, cell);
    if (found.kind !== "value") return found;
    values.push(found.value);
  }
  return use(values);
}

function arithmetic(operator: "+" | "-" | "*" | "/", left: Decimal, right: Decimal): ExpressionValue {
  switch (operator) {
    case "+":
      return known(left + right);
    case "-":
      return known(left - right);
    case "*":
      return known(multiply(left, right));
    default: {
      const quotient = divide(left, right);
      return quotient === null ? UNKNOWN : known(quotient);
    }
  }
}

function compares(operator: Comparison, left: Decimal, right: Decimal): boolean {
  switch (operator) {
    case "=":
      return left === right;
    case "<>":
      return left !== right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    default:
      return left >= right;
  }
}

function clampPlaces(places: Decimal): number {
  const whole = Number(places / decimalOf(1));
  return Math.min(12, Math.max(0, whole));
}
