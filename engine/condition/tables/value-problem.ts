import { type FactType, type FieldCatalogue, fieldOf } from "../../model/facts";
import { isLocalDate } from "../../model/time";
import { VALUE_DEPTH_MAX, type ValueSpec } from "../../model/value";

/** What is wrong with a value on its way into a variable. */
export type ValueProblem =
  | { readonly problem: "too-deep"; readonly limit: number }
  | { readonly problem: "fact-unknown"; readonly fact: string }
  /** Another type than the variable has; `found` is the type of the value. */
  | { readonly problem: "type"; readonly found: FactType };

const NUMERIC: readonly FactType[] = ["integer", "number", "money", "percent"];
const TEXTUAL: readonly FactType[] = ["enum", "text"];

function fits(found: FactType, wanted: FactType): boolean {
  return found === wanted || [NUMERIC, TEXTUAL].some((kind) => kind.includes(found) && kind.includes(wanted));
}

/** The first thing wrong with a value for a variable of a type, or null. */
export function valueProblem(value: ValueSpec, wanted: FactType, fields: FieldCatalogue): ValueProblem | null {
  return problemOf(value, { wanted, fields, depth: 1 });
}

type Looking = { readonly wanted: FactType; readonly fields: FieldCatalogue; readonly depth: number };

function problemOf(value: ValueSpec, looking: Looking): ValueProblem | null {
  const { wanted, fields, depth } = looking;
  if (depth > VALUE_DEPTH_MAX) return { problem: "too-deep", limit: VALUE_DEPTH_MAX };
  if ("literal" in value) return literalProblem(value.literal, wanted);
  if ("todayPlusDays" in value) return wanted === "date" ? null : { problem: "type", found: "date" };
  if ("fact" in value) {
    const field = fieldOf(fields, value.fact);
    if (field === undefined || !field.usableInRules) return { problem: "fact-unknown", fact: value.fact };
    return fits(field.type, wanted) ? null : { problem: "type", found: field.type };
  }
  if (!NUMERIC.includes(wanted)) return { problem: "type", found: "number" };
  for (const operand of value.of) {
    const found = problemOf(operand, { wanted: "number", fields, depth: depth + 1 });
    if (found !== null) return found;
  }
  return null;
}

function literalProblem(literal: number | string | boolean | null, wanted: FactType): ValueProblem | null {
  if (literal === null) return null;
  if (typeof literal === "boolean") return wanted === "boolean" ? null : { problem: "type", found: "boolean" };
  if (typeof literal === "number") {
    const whole = wanted !== "integer" && wanted !== "money" ? true : Number.isSafeInteger(literal);
    return NUMERIC.includes(wanted) && whole ? null : { problem: "type", found: "number" };
  }
  if (wanted === "date" && isLocalDate(literal)) return null;
  return TEXTUAL.includes(wanted) ? null : { problem: "type", found: "text" };
}
