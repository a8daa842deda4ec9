import { literalType, operandTypes } from "../condition/value-types";
import { type FactType, type Field, type FieldCatalogue, fieldOf } from "../model/facts";
import { inLocale, type Locale } from "../model/locale";
import type { Currency } from "../model/money";
import type { ValueOperator, ValueSpec } from "../model/value";
import { scalarText } from "./table-csv/scalar-text";
import { phrase, wordOf } from "./words";

export type ValueReading = {
  readonly fields: FieldCatalogue;
  readonly locale: Locale;
  readonly currency: Currency;
  /** Values of a list with their names, where the value goes into one. */
  readonly listed?: Field["values"];
};

type Reckoned = Extract<ValueSpec, { readonly operator: ValueOperator }>;

const SIGN: { readonly [operator in ValueOperator]?: string } = {
  add: " + ",
  subtract: " − ",
  multiply: " × ",
  divide: " ÷ ",
};

function literalText(value: ValueSpec, types: readonly FactType[] | undefined, reading: ValueReading): string {
  const { locale, currency, listed } = reading;
  const literal = "literal" in value ? value.literal : null;
  if (literal === null) return wordOf(locale, "reckoned.unknown");
  if (typeof literal === "boolean") return wordOf(locale, literal ? "reckoned.yes" : "reckoned.no");
  if (typeof literal === "string") {
    const known = listed?.find((one) => one.value === literal);
    return known === undefined ? `“${literal}”` : inLocale(known.label, locale);
  }
  const type = literalType(value, types);
  const text = scalarText(literal, type) ?? String(literal);
  return type === "money" ? `${text} ${wordOf(locale, `currency.${currency}`)}` : text;
}

function reckonedText(value: Reckoned, types: readonly FactType[] | undefined, reading: ValueReading): string {
  const operands = value.of.map((operand, index) => {
    const text = valueSentence(operand, operandTypes(value.operator, index, types), reading);
    const nested = "operator" in operand && SIGN[operand.operator] !== undefined;
    return nested ? `(${text})` : text;
  });
  const sign = SIGN[value.operator];
  if (sign !== undefined) return operands.join(sign);
  const values = operands.join(wordOf(reading.locale, "reckoned.separator"));
  return phrase(reading.locale, `reckoned.${value.operator}`, { values });
}

/** A value as people say it: "逾期金额 × 50%", "Outstanding − 100 CNY", "3 days from today". */
export function valueSentence(value: ValueSpec, types: readonly FactType[] | undefined, reading: ValueReading): string {
  const { locale, fields } = reading;
  if ("fact" in value) {
    if (value.fact === "") return wordOf(locale, "reckoned.empty");
    const field = fieldOf(fields, value.fact);
    return field === undefined ? value.fact : inLocale(field.label, locale);
  }
  if ("operator" in value) return reckonedText(value, types, reading);
  if ("todayPlusDays" in value) {
    const days = value.todayPlusDays;
    if (days === 0) return wordOf(locale, "reckoned.today");
    return phrase(locale, days > 0 ? "reckoned.after" : "reckoned.before", { days: Math.abs(days) });
  }
  return literalText(value, types, reading);
}
