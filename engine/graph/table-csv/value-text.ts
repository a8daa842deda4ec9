import type { FactType } from "../../model/facts";
import { canonicalJson } from "../../model/json";
import { VALUE_OPERATORS, type ValueSpec } from "../../model/value";
import { partsOf, scalarOf, scalarText } from "./scalar-text";

const UNKNOWN = "unknown";
const FACT = /^fact\s+([a-z][a-z0-9_]{0,47}(?:\.[A-Za-z0-9_-]{1,48})?)$/;
const TODAY = /^today(?:\s*([+-])\s*(\d+))?$/i;
const CALL = /^([a-z]+)\((.*)\)$/s;

/**
 * A value in the notation of the CSV: written as in a column of its variable's type, `unknown`, `fact dpd`, `today + 7`, or
 * reckoned: `multiply(fact overdue_total; 0.5)`, where plain numbers are the numbers themselves and amounts their hundredths. What
 * cannot be said so is written as JSON.
 */
export function valueText(value: ValueSpec, type: FactType): string {
  const text = plainText(value, type);
  const read = text === null ? undefined : parseValue(text, type);
  return text !== null && read !== undefined && canonicalJson(read) === canonicalJson(value)
    ? text
    : canonicalJson(value);
}

function plainText(value: ValueSpec, type: FactType): string | null {
  if ("literal" in value) return value.literal === null ? UNKNOWN : scalarText(value.literal, type);
  if ("fact" in value) return `fact ${value.fact}`;
  if ("todayPlusDays" in value) {
    const { todayPlusDays: days } = value;
    return days === 0 ? "today" : `today ${days < 0 ? "-" : "+"} ${Math.abs(days)}`;
  }
  const operands = value.of.map((operand) => plainText(operand, "number"));
  return operands.some((operand) => operand === null) ? null : `${value.operator}(${operands.join("; ")})`;
}

/** The value a text stands for in a variable of a type; undefined = not understood. */
export function parseValue(text: string, type: FactType): ValueSpec | undefined {
  const plain = text.trim();
  if (plain.toLowerCase() === UNKNOWN) return { literal: null };
  const [, fact] = FACT.exec(plain) ?? [];
  if (fact !== undefined) return { fact };
  const today = TODAY.exec(plain);
  if (today !== null) {
    const days = Number(today[2] ?? 0);
    return { todayPlusDays: today[1] === "-" && days !== 0 ? -days : days };
  }
  const [, name, inner] = CALL.exec(plain) ?? [];
  const operator = VALUE_OPERATORS.find((known) => known === name);
  if (operator !== undefined && inner !== undefined) {
    const operands = partsOf(inner, [";", "；"]).map((part) => parseValue(part, "number"));
    const known = operands.filter((operand) => operand !== undefined);
    return known.length === operands.length ? { operator, of: known } : undefined;
  }
  const literal = scalarOf(plain, type);
  return literal === undefined ? undefined : { literal };
}
