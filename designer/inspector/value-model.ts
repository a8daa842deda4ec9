import { type FactType, type Field, isNumeric, literalType, type VALUE_OPERATORS, type ValueSpec } from "#engine";

export type ValueOperator = (typeof VALUE_OPERATORS)[number];
export type Reckoned = Extract<ValueSpec, { readonly operator: ValueOperator }>;

/** Ways an author says where a value comes from. */
export const VALUE_KINDS = ["literal", "fact", "reckon", "today", "nothing"] as const;
export type ValueKind = (typeof VALUE_KINDS)[number];

/** Types a literal of which nothing more is known may be written in. */
export const LITERAL_TYPES: readonly FactType[] = ["text", "number", "boolean", "date"];

/** Levels of arithmetic the editor offers; a deeper value from a file is shown and edited all the same. */
export const OFFERED_DEPTH_MAX = 3;
export const OPERANDS_MIN = 2;
export const OPERANDS_MAX = 8;

export function kindOf(value: ValueSpec): ValueKind {
  if ("fact" in value) return "fact";
  if ("operator" in value) return "reckon";
  if ("todayPlusDays" in value) return "today";
  return value.literal === null ? "nothing" : "literal";
}

/** Ways that can give a value of one of the types; all of them where no type is asked for. */
export function kindsFor(types: readonly FactType[] | undefined, depth: number): readonly ValueKind[] {
  return VALUE_KINDS.filter((kind) => {
    if (kind === "reckon") return depth < OFFERED_DEPTH_MAX && (types === undefined || types.some(isNumeric));
    if (kind === "today") return types === undefined || types.includes("date");
    // Arithmetic with something unknown is unknown as a whole: it is said once, for the whole.
    return kind !== "nothing" || depth === 0;
  });
}

const FIRST: { readonly [type in FactType]: number | string | boolean } = {
  integer: 0,
  number: 0,
  money: 0,
  percent: 0,
  date: "2026-01-01",
  enum: "",
  text: "",
  boolean: true,
};

export function firstLiteral(type: FactType, listed?: Field["values"]): ValueSpec {
  return { literal: listed?.[0]?.value ?? FIRST[type] };
}

/** A value of another kind; what was there becomes the first operand of arithmetic, so that it need not be written again. */
export function withKind(
  value: ValueSpec,
  kind: ValueKind,
  wanted: { readonly types: readonly FactType[] | undefined; readonly listed?: Field["values"] },
): ValueSpec {
  if (kindOf(value) === kind) return value;
  const type = literalType(value, wanted.types);
  switch (kind) {
    case "fact":
      return { fact: firstOperandFact(value) };
    case "reckon": {
      const numeric = wanted.types?.find(isNumeric) ?? "number";
      const before = kindOf(value);
      const first = before === "fact" ? value : firstLiteral(numeric);
      return { operator: "add", of: [first, firstLiteral(numeric)] };
    }
    case "today":
      return { todayPlusDays: 0 };
    case "nothing":
      return { literal: null };
    case "literal":
      return firstLiteral(type, wanted.listed);
    default:
      return kind satisfies never;
  }
}

/** A fact that stands first in arithmetic goes on alone when the arithmetic is given up. */
function firstOperandFact(value: ValueSpec): string {
  const [first] = "operator" in value ? value.of : [];
  return first !== undefined && "fact" in first ? first.fact : "";
}

/** Facts not chosen yet. The document holds no empty fact: the editor keeps it to itself until one is chosen. */
export function isUnfinished(value: ValueSpec): boolean {
  if ("fact" in value) return value.fact === "";
  return "operator" in value && value.of.some(isUnfinished);
}
