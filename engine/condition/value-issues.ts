import { type FactType, type FactValue, type Field, type FieldCatalogue, fieldOf } from "../model/facts";
import { type Issue, issue } from "../model/issue";
import { isLocalDate } from "../model/time";
import { VALUE_DEPTH_MAX, type ValueSpec } from "../model/value";

/**
 * What a value is before it is reckoned: an amount of money, a plain number (counts, shares, scores), a number somebody wrote down
 * (an amount or a plain number, as its company asks), a date, a text, yes or no; `unknown` is the literal "nobody knows", which
 * every variable takes.
 */
type ValueKind = "money" | "number" | "written-number" | "date" | "text" | "boolean" | "unknown";

const KIND_OF = {
  integer: "number",
  number: "number",
  percent: "number",
  money: "money",
  date: "date",
  enum: "text",
  text: "text",
  boolean: "boolean",
} as const satisfies { readonly [type in FactType]: ValueKind };

/** Where a value goes: the type it must have, and the values of an `enum`. */
export type ValueTarget = Pick<Field, "type" | "values">;
export type ValuePlace = { readonly fields: FieldCatalogue; readonly path: string };

/**
 * What is wrong with a value: facts nobody knows or may decide on, arithmetic that makes no sense (an amount and a date, an amount
 * times an amount, a division by zero), too deep a nesting, and a result that does not fit its target. `target` null = any type.
 */
export function valueIssues(value: ValueSpec, target: ValueTarget | null, place: ValuePlace): readonly Issue[] {
  const found: Issue[] = [];
  const kind = kindOf(value, { ...place, depth: 1, found });
  // A value that is wrong in itself is reported for that alone.
  if (found.length > 0 || kind === null || target === null) return found;
  return fitIssues(value, kind, { target, place });
}

type Walk = ValuePlace & { readonly depth: number; readonly found: Issue[] };

/** The kind of a value; null when it has none, which was then reported. */
function kindOf(value: ValueSpec, walk: Walk): ValueKind | null {
  if ("literal" in value) return kindOfLiteral(value.literal);
  if ("todayPlusDays" in value) return "date";
  if ("fact" in value) return kindOfFact(value.fact, walk);
  if (walk.depth > VALUE_DEPTH_MAX) {
    walk.found.push(issue("value.too-deep", { path: walk.path }, { limit: VALUE_DEPTH_MAX }));
    return null;
  }
  const before = walk.found.length;
  const operands = value.of.map((operand, index) =>
    kindOf(operand, { ...walk, path: `${walk.path}.of[${index}]`, depth: walk.depth + 1 }),
  );
  operands.forEach((kind, index) => {
    if (kind !== null && !isNumeric(kind)) {
      walk.found.push(issue("value.not-a-number", { path: `${walk.path}.of[${index}]` }, { kind }));
    }
  });
  if (walk.found.length > before) return null;
  return kindOfResult(value, operands.filter(isNumeric), walk);
}

type NumericKind = Extract<ValueKind, "money" | "number" | "written-number">;

function isNumeric(kind: ValueKind | null): kind is NumericKind {
  return kind === "money" || kind === "number" || kind === "written-number";
}

function kindOfLiteral(literal: FactValue): ValueKind {
  if (literal === null) return "unknown";
  if (typeof literal === "number") return "written-number";
  if (typeof literal === "boolean") return "boolean";
  return isLocalDate(literal) ? "date" : "text";
}

function kindOfFact(fact: string, walk: Walk): ValueKind | null {
  const field = fieldOf(walk.fields, fact);
  const place = { path: `${walk.path}.fact` };
  if (field === undefined) walk.found.push(issue("condition.fact-unknown", place, { fact }));
  else if (!field.usableInRules) walk.found.push(issue("condition.fact-not-usable", place, { fact }));
  else return KIND_OF[field.type];
  return null;
}

type Reckoned = Extract<ValueSpec, { readonly of: readonly ValueSpec[] }>;

function kindOfResult({ operator, of }: Reckoned, operands: readonly NumericKind[], walk: Walk): NumericKind | null {
  if (operator === "divide") {
    of.forEach((operand, index) => {
      if (index > 0 && "literal" in operand && operand.literal === 0) {
        walk.found.push(issue("value.divide-by-zero", { path: `${walk.path}.of[${index}]` }));
      }
    });
  }
  let kind: NumericKind | null = operands[0] ?? "written-number";
  for (const operand of operands.slice(1)) {
    kind = COMBINED[operator](kind, operand);
    if (kind !== null) continue;
    const code = operator === "multiply" ? "value.money-twice" : "value.units-differ";
    walk.found.push(issue(code, { path: walk.path }, { operator }));
    return null;
  }
  return kind;
}

/** Amounts are added to and compared with amounts, plain numbers with plain numbers; a written number is what its company is. */
function alike(left: NumericKind, right: NumericKind): NumericKind | null {
  if (left === right) return left;
  if (left === "written-number") return right;
  return right === "written-number" ? left : null;
}

function product(left: NumericKind, right: NumericKind): NumericKind | null {
  if (left === "money" || right === "money") return left === right ? null : "money";
  return left === right ? left : "number";
}

/** An amount by an amount is a plain number; a plain number by an amount is nothing anybody means. */
function quotient(left: NumericKind, right: NumericKind): NumericKind | null {
  if (right !== "money") return left === "written-number" ? right : left;
  return left === "number" ? null : "number";
}

const COMBINED: { readonly [operator in Reckoned["operator"]]: typeof alike } = {
  add: alike,
  subtract: alike,
  multiply: product,
  divide: quotient,
  min: alike,
  max: alike,
};

type Fit = { readonly target: ValueTarget; readonly place: ValuePlace };

function fitIssues(value: ValueSpec, kind: ValueKind, { target, place }: Fit): readonly Issue[] {
  const { path } = place;
  if ("literal" in value) return literalIssues(value.literal, target, `${path}.literal`);
  const wanted = KIND_OF[target.type];
  const fits = kind === wanted || (kind === "written-number" && isNumeric(wanted));
  return fits ? [] : [issue("value.type", { path }, { kind, type: target.type })];
}

function literalIssues(literal: FactValue, target: ValueTarget, path: string): readonly Issue[] {
  if (literal === null) return [];
  if (!literalFits(literal, target.type))
    return [issue("value.literal-type", { path }, { literal, type: target.type })];
  const listed = target.values?.some((known) => known.value === literal) ?? true;
  return listed ? [] : [issue("value.not-listed", { path }, { literal })];
}

function literalFits(literal: string | number | boolean, type: FactType): boolean {
  switch (type) {
    case "integer":
    case "money":
      return Number.isSafeInteger(literal);
    case "number":
    case "percent":
      return typeof literal === "number";
    case "date":
      return typeof literal === "string" && isLocalDate(literal);
    case "enum":
    case "text":
      return typeof literal === "string";
    case "boolean":
      return typeof literal === "boolean";
    default:
      throw type satisfies never;
  }
}
