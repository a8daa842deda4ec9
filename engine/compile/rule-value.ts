import type { FactType, FactValue } from "../model/facts";
import type { RuleFactType } from "../model/program";

/** How a fact of a catalogue type is compared. */
export const RULE_TYPE_OF = {
  integer: "number",
  number: "number",
  money: "number",
  percent: "number",
  date: "date",
  enum: "text",
  text: "text",
  boolean: "boolean",
} as const satisfies { readonly [type in FactType]: RuleFactType };

/** A value as rules compare it; `null` is unknown. */
export type RuleValue = number | string | boolean | null;

const DATE_LENGTH = 10;
const ZERO = 48;
const HYPHEN = 45;
const MONTH_LENGTHS: readonly number[] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * A calendar date as the integer yyyymmdd (2026-03-02 -> 20260302), which orders as dates do; null when there is no such day.
 * By character codes, because it runs once per date fact and decision of every simulated account.
 */
export function dateNumber(text: string): number | null {
  if (text.length !== DATE_LENGTH || text.charCodeAt(4) !== HYPHEN || text.charCodeAt(7) !== HYPHEN) return null;
  let packed = 0;
  for (let index = 0; index < DATE_LENGTH; index += 1) {
    if (index === 4 || index === 7) continue;
    const digit = text.charCodeAt(index) - ZERO;
    if (digit < 0 || digit > 9) return null;
    packed = packed * 10 + digit;
  }
  const year = Math.floor(packed / 10_000);
  const month = Math.floor(packed / 100) % 100;
  const day = packed % 100;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const length = month === 2 && leap ? 29 : (MONTH_LENGTHS[month - 1] ?? 0);
  return day >= 1 && day <= length ? packed : null;
}

/** The value as rules compare it, or null (unknown) when it is missing or not of the type: never a silent "no" (design D3). */
export function ruleValue(type: RuleFactType, value: FactValue | undefined): RuleValue {
  switch (type) {
    case "number":
      return typeof value === "number" && Number.isFinite(value) ? value : null;
    case "text":
      return typeof value === "string" ? value : null;
    case "boolean":
      return typeof value === "boolean" ? value : null;
    case "date":
      return typeof value === "string" ? dateNumber(value) : null;
    default:
      throw type satisfies never;
  }
}
