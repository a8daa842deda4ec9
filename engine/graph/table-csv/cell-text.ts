import { isRelativeDate, takesList } from "../../condition/operators";
import { isOwnCondition } from "../../condition/tables/row-condition";
import type { SimpleCell, TableCell } from "../../condition/tables/table";
import type { Condition, ConditionScalar, Operator } from "../../model/condition";
import type { FactType } from "../../model/facts";
import { canonicalJson } from "../../model/json";
import { partsOf, type Scalar, scalarOf, scalarText } from "./scalar-text";

/** Whatever it is. */
export const ANY_CELL = "-";
const LIST = ", ";
const OR = "; ";
const LIST_SIGNS = [",", "，", "、"];
const OR_SIGNS = [";", "；"];

const SIGN_OF: { readonly [operator in Operator]?: string } = {
  lessThan: "< ",
  lessThanInclusive: "<= ",
  greaterThan: "> ",
  greaterThanInclusive: ">= ",
  notEqual: "not ",
  notIn: "not in ",
  contains: "contains ",
  notContains: "not contains ",
  startsWith: "starts with ",
  matches: "matches ",
};
const DAYS_OF = {
  withinLastDays: "last {} days",
  beforeLastDays: "before last {} days",
  withinNextDays: "next {} days",
  afterNextDays: "after next {} days",
} as const;

/**
 * A cell in the notation of the CSV: `>= 50000`, `M1, M2`, `[1..30]`, `not M3`, `last 7 days`, `unknown`, several questions parted
 * by `;`. What cannot be said so, and any condition of its own, is written as JSON, so that nothing is lost.
 */
export function cellText(cell: TableCell | null, type: FactType | null): string {
  if (cell === null) return ANY_CELL;
  const text = isOwnCondition(cell) || type === null ? null : questionText(cell, type);
  if (text !== null && type !== null) {
    const read = parseCell(text, type);
    if (read !== undefined && canonicalJson(read) === canonicalJson(cell)) return text;
  }
  return canonicalJson(cell);
}

function questionText(cell: Exclude<TableCell, Condition>, type: FactType): string | null {
  if (!("oneOf" in cell)) return simpleText(cell, type);
  const texts = cell.oneOf.map((part) => simpleText(part, type));
  return texts.every((text) => text !== null) ? texts.join(OR) : null;
}

function simpleText(cell: SimpleCell, type: FactType): string | null {
  if (!("operator" in cell)) {
    const [from, to] = [scalarText(cell.from, type), scalarText(cell.to, type)];
    if (from === null || to === null) return null;
    return `${cell.fromInclusive ? "[" : "("}${from}..${to}${cell.toInclusive ? "]" : ")"}`;
  }
  const { operator, value } = cell;
  if (operator === "isKnown") return value === true ? "known" : "unknown";
  if (isRelativeDate(operator)) return DAYS_OF[operator].replace("{}", String(value));
  const texts = (typeof value === "object" ? value : [value]).map((one) => scalarText(one, type));
  if (texts.some((text) => text === null)) return null;
  const listed = texts.join(LIST);
  if (operator === "in") return texts.length > 1 ? listed : `in ${listed}`;
  return `${SIGN_OF[operator] ?? ""}${listed}`;
}

/** The question a text asks of a fact of a type; null = whatever it is, undefined = not understood. */
export function parseCell(text: string, type: FactType): TableCell | null | undefined {
  const plain = text.trim();
  if (plain === "" || plain === ANY_CELL || plain.toLowerCase() === "any") return null;
  const parts = partsOf(plain, OR_SIGNS);
  const cells = parts.map((part) => parseSimple(part, type));
  const known = cells.filter((cell) => cell !== undefined);
  if (known.length < cells.length) return undefined;
  const [only] = known;
  return known.length === 1 ? only : { oneOf: known };
}

type Reader = (match: RegExpExecArray, type: FactType) => SimpleCell | undefined;

const DAYS_WORDS = (words: string): RegExp => new RegExp(`^${words}\\s+(\\d+)\\s+days?$`, "i");
const asking =
  (operator: Operator): Reader =>
  ([, operand = ""], type) => {
    if (isRelativeDate(operator)) return { operator, value: Number(operand) };
    if (takesList(operator)) return listCell(operator, operand, type);
    const value = scalarOf(operand, type);
    return value === undefined ? undefined : { operator, value };
  };

/** Forms of a question, the longer ones before those they begin with. */
const FORMS: readonly (readonly [form: RegExp, read: Reader])[] = [
  [/^known$/i, () => ({ operator: "isKnown", value: true })],
  [/^unknown$/i, () => ({ operator: "isKnown", value: false })],
  [DAYS_WORDS("before\\s+last"), asking("beforeLastDays")],
  [DAYS_WORDS("after\\s+next"), asking("afterNextDays")],
  [DAYS_WORDS("last"), asking("withinLastDays")],
  [DAYS_WORDS("next"), asking("withinNextDays")],
  [/^not\s+contains\s+(.+)$/is, asking("notContains")],
  [/^not\s+in\s+(.+)$/is, asking("notIn")],
  [/^not\s+(.+)$/is, asking("notEqual")],
  [/^contains\s+(.+)$/is, asking("contains")],
  [/^starts\s+with\s+(.+)$/is, asking("startsWith")],
  [/^matches\s+(.+)$/is, asking("matches")],
  [/^in\s+(.+)$/is, asking("in")],
  [/^(?:<=|≤)\s*(.+)$/s, asking("lessThanInclusive")],
  [/^(?:>=|≥)\s*(.+)$/s, asking("greaterThanInclusive")],
  [/^(?:!=|≠)\s*(.+)$/s, asking("notEqual")],
  [/^<\s*(.+)$/s, asking("lessThan")],
  [/^>\s*(.+)$/s, asking("greaterThan")],
  [/^==?\s*(.+)$/s, asking("equal")],
  [/^([[(])\s*(.+?)\s*\.\.\s*(.+?)\s*([\])])$/s, rangeCell],
];

function rangeCell([, open, low = "", high = "", close]: RegExpExecArray, type: FactType): SimpleCell | undefined {
  const [from, to] = [scalarOf(low, type), scalarOf(high, type)];
  if (from === undefined || to === undefined || typeof from === "boolean" || typeof to === "boolean") return undefined;
  return { from, fromInclusive: open === "[", to, toInclusive: close === "]" };
}

function listCell(operator: Operator, text: string, type: FactType): SimpleCell | undefined {
  const values = scalarsOf(text, type);
  return values === undefined ? undefined : { operator, value: [...values] };
}

const TEXTS: readonly FactType[] = ["enum", "text"];
/** `50,000` may be one amount or two values: it is not guessed at. */
const AMBIGUOUS = /\d[,，]\d/;

function scalarsOf(text: string, type: FactType): readonly Scalar[] | undefined {
  if (!TEXTS.includes(type) && AMBIGUOUS.test(text)) return undefined;
  const values = partsOf(text, LIST_SIGNS).map((part) => scalarOf(part, type));
  const known = values.filter((value): value is ConditionScalar => value !== undefined);
  return known.length === values.length ? known : undefined;
}

function parseSimple(text: string, type: FactType): SimpleCell | undefined {
  for (const [form, read] of FORMS) {
    const match = form.exec(text);
    if (match !== null) return read(match, type);
  }
  const values = scalarsOf(text, type);
  const [only] = values ?? [];
  if (values === undefined || only === undefined) return undefined;
  return values.length === 1 ? { operator: "equal", value: only } : { operator: "in", value: [...values] };
}
