import { Refusal } from "./refusal";
import { type Token, tokensOf } from "./tokens";

export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not in";
export type Arithmetic = "+" | "-" | "*" | "/";

/** An expression of the ZEN language, as far as a strategy can say it. */
export type Expression =
  | { readonly kind: "literal"; readonly value: number | string | boolean | null }
  /** A value of the node's input: `customer.age`. */
  | { readonly kind: "path"; readonly path: string }
  /** A value the same node has written before: `$.total`. */
  | { readonly kind: "own"; readonly path: string }
  /** The value of the column a cell stands in: `$`. */
  | { readonly kind: "reference" }
  | { readonly kind: "list"; readonly items: readonly Expression[] }
  | {
      readonly kind: "interval";
      readonly from: Expression;
      readonly fromInclusive: boolean;
      readonly to: Expression;
      readonly toInclusive: boolean;
    }
  | { readonly kind: "not" | "negative"; readonly of: Expression }
  | { readonly kind: "compare"; readonly operator: Comparison; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "and" | "or" | "otherwise"; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "reckon"; readonly operator: Arithmetic; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "choose"; readonly when: Expression; readonly then: Expression; readonly else: Expression }
  | { readonly kind: "call"; readonly name: string; readonly of: readonly Expression[] };

const COMPARISONS: readonly string[] = ["==", "!=", "<", "<=", ">", ">=", "in"];
/** Deepest nesting of brackets and calls. */
const DEPTH_MAX = 60;

type Reader = { readonly tokens: readonly Token[]; readonly cell: boolean; at: number; depth: number };

function peek(reader: Reader): string {
  const token = reader.tokens[reader.at];
  return token === undefined || token.kind === "string" ? "" : token.text;
}

function accept(reader: Reader, text: string): boolean {
  if (peek(reader) !== text) return false;
  reader.at += 1;
  return true;
}

function refuse(reader: Reader): never {
  const rest = reader.tokens.slice(reader.at, reader.at + 6).map((token) => token.text);
  throw new Refusal("jdm.syntax", rest.join(" "));
}

function expect(reader: Reader, text: string): void {
  if (!accept(reader, text)) refuse(reader);
}

/** A standard expression. Throws Refusal. */
export function parseExpression(text: string): Expression {
  const reader: Reader = { tokens: tokensOf(text), cell: false, at: 0, depth: 0 };
  const expression = choice(reader);
  if (reader.at < reader.tokens.length) refuse(reader);
  return expression;
}

/**
 * A cell of a column with a field: questions about `$`, joined from left to right without precedence by `,` and `or` (one must
 * hold) and `and`. A value by itself asks whether the field equals it, a list or an interval whether it is in it. Throws Refusal.
 */
export function parseCellTest(text: string): Expression {
  const reader: Reader = { tokens: tokensOf(text), cell: true, at: 0, depth: 0 };
  let test = cellPart(reader);
  while (reader.at < reader.tokens.length) {
    if (accept(reader, "and")) test = { kind: "and", left: test, right: cellPart(reader) };
    else if (accept(reader, ",") || accept(reader, "or")) test = { kind: "or", left: test, right: cellPart(reader) };
    else refuse(reader);
  }
  return test;
}

function cellPart(reader: Reader): Expression {
  const operator = comparison(reader);
  if (operator !== null) return { kind: "compare", operator, left: { kind: "reference" }, right: sum(reader) };
  const value = conditional(reader, compared(reader));
  return asTest(value);
}

/** What a value by itself asks of the reference. */
function asTest(value: Expression): Expression {
  switch (value.kind) {
    case "compare":
    case "not":
    case "and":
    case "or":
      return value;
    case "call":
      if (TESTS.includes(value.name)) return value;
      throw new Refusal("jdm.function", value.name);
    case "list":
    case "interval":
      return { kind: "compare", operator: "in", left: { kind: "reference" }, right: value };
    case "choose":
    case "otherwise":
    case "reference":
      throw new Refusal("jdm.operator", value.kind === "reference" ? "$" : "?");
    default:
      return { kind: "compare", operator: "==", left: { kind: "reference" }, right: value };
  }
}

/** Functions that answer yes or no. */
const TESTS: readonly string[] = ["contains", "startsWith", "endsWith"];

function nested<TResult>(reader: Reader, read: () => TResult): TResult {
  reader.depth += 1;
  if (reader.depth > DEPTH_MAX) throw new Refusal("jdm.too-deep", "(");
  const result = read();
  reader.depth -= 1;
  return result;
}

function choice(reader: Reader): Expression {
  return nested(reader, () => conditional(reader, disjunction(reader)));
}

function conditional(reader: Reader, when: Expression): Expression {
  if (!accept(reader, "?")) return when;
  const then = choice(reader);
  expect(reader, ":");
  return { kind: "choose", when, then, else: choice(reader) };
}

function disjunction(reader: Reader): Expression {
  let left = conjunction(reader);
  while (accept(reader, "or")) left = { kind: "or", left, right: conjunction(reader) };
  return left;
}

function conjunction(reader: Reader): Expression {
  let left = compared(reader);
  while (accept(reader, "and")) left = { kind: "and", left, right: compared(reader) };
  return left;
}

function comparison(reader: Reader): Comparison | null {
  const text = peek(reader);
  if (text === "not" && reader.tokens[reader.at + 1]?.text === "in") {
    reader.at += 2;
    return "not in";
  }
  if (!COMPARISONS.includes(text)) return null;
  reader.at += 1;
  return text as Comparison;
}

function compared(reader: Reader): Expression {
  const left = sum(reader);
  const operator = comparison(reader);
  if (operator === null) return left;
  const right = sum(reader);
  if (comparison(reader) !== null) throw new Refusal("jdm.operator", operator);
  return { kind: "compare", operator, left, right };
}

function sum(reader: Reader): Expression {
  let left = product(reader);
  for (;;) {
    const operator = peek(reader);
    if (operator !== "+" && operator !== "-") return left;
    reader.at += 1;
    left = { kind: "reckon", operator, left, right: product(reader) };
  }
}

function product(reader: Reader): Expression {
  let left = fallback(reader);
  for (;;) {
    const operator = peek(reader);
    if (operator === "%" || operator === "^") throw new Refusal("jdm.operator", operator);
    if (operator !== "*" && operator !== "/") return left;
    reader.at += 1;
    left = { kind: "reckon", operator, left, right: fallback(reader) };
  }
}

/** `??` binds tightest; beside another operator, and without brackets, readers of it disagree. */
function fallback(reader: Reader): Expression {
  const start = reader.at;
  const left = signed(reader);
  if (!accept(reader, "??")) return left;
  const right = signed(reader);
  const before = reader.tokens[start - 1]?.text ?? "(";
  const after = peek(reader);
  if (!"([,:?".includes(before) || !["", ")", "]", ",", ":"].includes(after)) throw new Refusal("jdm.operator", "??");
  return { kind: "otherwise", left, right };
}

function signed(reader: Reader): Expression {
  if (accept(reader, "!") || (peek(reader) === "not" && accept(reader, "not"))) {
    return { kind: "not", of: nested(reader, () => signed(reader)) };
  }
  if (accept(reader, "-")) {
    const of = nested(reader, () => signed(reader));
    return of.kind === "literal" && typeof of.value === "number" && of.value !== 0
      ? { kind: "literal", value: -of.value }
      : { kind: "negative", of };
  }
  if (accept(reader, "+")) return nested(reader, () => signed(reader));
  return primary(reader);
}

function primary(reader: Reader): Expression {
  const token = reader.tokens[reader.at];
  if (token === undefined) return refuse(reader);
  if (token.kind === "number" || token.kind === "string") {
    reader.at += 1;
    if (peek(reader) === "." || peek(reader) === "[") throw new Refusal("jdm.operator", peek(reader));
    return { kind: "literal", value: token.value };
  }
  if (token.kind === "name") return named(reader, token.text);
  if (token.text === "(" || token.text === "[") return bracketed(reader);
  if (token.text === "{") throw new Refusal("jdm.object", "{");
  if (token.text === "#") throw new Refusal("jdm.list", "#");
  if (token.text === "`") throw new Refusal("jdm.text-joined", "`");
  return refuse(reader);
}

/** `(…)`, a list, or an interval, which may open and close with either bracket. */
function bracketed(reader: Reader): Expression {
  const open = peek(reader);
  reader.at += 1;
  const items: Expression[] = [];
  // Inside round brackets of a cell ZEN reads no `and` and no `or`.
  const inner = () => (open === "(" && reader.cell ? conditional(reader, compared(reader)) : choice(reader));
  if (!(open === "[" && peek(reader) === "]")) items.push(nested(reader, inner));
  const [first] = items;
  if (first !== undefined && accept(reader, "..")) {
    const to = nested(reader, () => choice(reader));
    const close = peek(reader);
    if (close !== ")" && close !== "]") refuse(reader);
    reader.at += 1;
    return { kind: "interval", from: first, fromInclusive: open === "[", to, toInclusive: close === "]" };
  }
  if (open === "(") {
    expect(reader, ")");
    if (first === undefined) return refuse(reader);
    if (peek(reader) === "." || peek(reader) === "[") throw new Refusal("jdm.operator", peek(reader));
    return first;
  }
  while (accept(reader, ",")) items.push(nested(reader, () => choice(reader)));
  expect(reader, "]");
  return { kind: "list", items };
}

const CONSTANTS: { readonly [name: string]: boolean | null } = { true: true, false: false, null: null };

function named(reader: Reader, name: string): Expression {
  reader.at += 1;
  if (Object.hasOwn(CONSTANTS, name)) return { kind: "literal", value: CONSTANTS[name] ?? null };
  if (["and", "or", "in"].includes(name)) {
    reader.at -= 1;
    return refuse(reader);
  }
  if (peek(reader) === "(") return call(reader, name);
  const parts = [name];
  while (accept(reader, ".")) {
    const part = reader.tokens[reader.at];
    if (part?.kind !== "name") return refuse(reader);
    reader.at += 1;
    parts.push(part.text);
  }
  if (peek(reader) === "[") throw new Refusal("jdm.list", `${parts.join(".")}[`);
  if (peek(reader) === "(") throw new Refusal("jdm.function", parts.join("."));
  if (name === "$nodes") throw new Refusal("jdm.other-nodes", parts.join("."));
  if (name !== "$") return { kind: "path", path: parts.join(".") };
  if (reader.cell) {
    if (parts.length > 1) throw new Refusal("jdm.object", parts.join("."));
    return { kind: "reference" };
  }
  if (parts.length === 1) throw new Refusal("jdm.object", "$");
  return { kind: "own", path: parts.slice(1).join(".") };
}

/** Functions that read the clock: what they answer changes from run to run. */
const CLOCK: readonly string[] = ["date", "time", "duration", "d", "rand"];

function call(reader: Reader, name: string): Expression {
  if (CLOCK.includes(name)) throw new Refusal("jdm.clock", name);
  if (!["contains", "startsWith", "endsWith", "min", "max", "number"].includes(name)) {
    throw new Refusal("jdm.function", name);
  }
  expect(reader, "(");
  const of: Expression[] = [];
  if (peek(reader) !== ")") {
    do of.push(nested(reader, () => choice(reader)));
    while (accept(reader, ","));
  }
  expect(reader, ")");
  return { kind: "call", name, of };
}
