import { type FactType, type Field, fieldOf, inLocale, type Locale, type ValueSpec } from "#engine";
import { textOf } from "../texts/text";
import { numberText } from "./numbers";
import { literalType, operandTypes, type Reckoned } from "./value-model";

export type ValueReading = {
  readonly fields: { readonly [key: string]: Field };
  readonly locale: Locale;
  readonly currency: "CNY" | "USD" | "GBP" | "EUR" | "TWD" | "HKD";
  /** Values of a list with their names, where the value goes into one. */
  readonly listed?: Field["values"];
};

const SIGN: { readonly [operator in Reckoned["operator"]]?: string } = {
  add: " + ",
  subtract: " − ",
  multiply: " × ",
  divide: " ÷ ",
};

function literalText(value: ValueSpec, types: readonly FactType[] | undefined, reading: ValueReading): string {
  const { locale, currency, listed } = reading;
  const literal = "literal" in value ? value.literal : null;
  if (literal === null) return textOf(locale, "values.sentence.unknown");
  if (typeof literal === "boolean") return textOf(locale, literal ? "condition.yes" : "condition.no");
  if (typeof literal === "string") {
    const known = listed?.find((one) => one.value === literal);
    return known === undefined ? `“${literal}”` : inLocale(known.label, locale);
  }
  const type = literalType(value, types);
  if (type === "money") return `${numberText(literal, "money")} ${textOf(locale, `currency.${currency}`)}`;
  return type === "percent" ? `${numberText(literal, "percent")}%` : numberText(literal, "number");
}

function reckonedText(value: Reckoned, types: readonly FactType[] | undefined, reading: ValueReading): string {
  const operands = value.of.map((operand, index) => {
    const text = valueSentence(operand, operandTypes(value.operator, index, types), reading);
    const nested = "operator" in operand && SIGN[operand.operator] !== undefined;
    return nested ? `(${text})` : text;
  });
  const sign = SIGN[value.operator];
  if (sign !== undefined) return operands.join(sign);
  const separator = reading.locale === "zh-CN" ? "、" : ", ";
  return textOf(reading.locale, `values.sentence.${value.operator}`, { values: operands.join(separator) });
}

/** A value as people say it: "逾期金额 × 50%", "Outstanding − 100 CNY", "3 days from today". */
export function valueSentence(value: ValueSpec, types: readonly FactType[] | undefined, reading: ValueReading): string {
  const { locale, fields } = reading;
  if ("fact" in value) {
    if (value.fact === "") return textOf(locale, "values.sentence.empty");
    const field = fieldOf(fields, value.fact);
    return field === undefined ? value.fact : inLocale(field.label, locale);
  }
  if ("operator" in value) return reckonedText(value, types, reading);
  if ("todayPlusDays" in value) {
    const days = value.todayPlusDays;
    if (days === 0) return textOf(locale, "values.sentence.today");
    return textOf(locale, days > 0 ? "values.sentence.after" : "values.sentence.before", { days: Math.abs(days) });
  }
  return literalText(value, types, reading);
}
