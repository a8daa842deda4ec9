import { isRelativeDate } from "../condition/operators";
import {
  CONDITION_DEPTH_MAX,
  type Condition,
  type ConditionLeaf,
  type ConditionScalar,
  isLeaf,
  KNOWN_OPERATOR,
  type Operator,
} from "../model/condition";
import { type FactType, type Field, type FieldCatalogue, fieldOf } from "../model/facts";
import { inLocale, type Locale } from "../model/locale";
import { phrase, wordOf } from "./words";

/** Values of a list that are read out before the rest is counted. */
const VALUES_SHOWN_MAX = 5;
const MINOR_PER_MAJOR = 100;
const WAN = 10_000;
const YI = 100_000_000;
const PERCENT_DIGITS = 4;
const FRACTION_DIGITS = 6;

const SIGNS: { readonly [operator in Operator]?: string } = {
  equal: "=",
  notEqual: "≠",
  lessThan: "<",
  lessThanInclusive: "≤",
  greaterThan: ">",
  greaterThanInclusive: "≥",
};
const MEASURED: readonly FactType[] = ["integer", "number", "money", "percent", "date"];

type Reading = { readonly fields: FieldCatalogue; readonly locale: Locale };

function labelOf(reading: Reading, fact: string): string {
  const field = fieldOf(reading.fields, fact);
  return field === undefined ? fact : inLocale(field.label, reading.locale);
}

function grouped(value: number, digits: number): string {
  return new Intl.NumberFormat("en-US", { maximumFractionDigits: digits }).format(value);
}

/** Minor units in the way people say amounts: in Chinese by 万 and 亿 where that loses nothing, else in yuan. */
function amountText(minor: number, locale: Locale): string {
  const major = minor / MINOR_PER_MAJOR;
  if (locale !== "zh-CN") return grouped(major, 2);
  for (const [size, name] of [
    [YI, "亿"],
    [WAN, "万"],
  ] as const) {
    const scaled = major / size;
    if (Math.abs(scaled) >= 1 && Number.isInteger(scaled * 100)) return `${grouped(scaled, 2)} ${name}`;
  }
  return `${grouped(major, 2)} 元`;
}

/** "Days past due ≥ 5 days" says days twice; in English the unit is left out where the label names it. */
function withUnit(text: string, field: Field, reading: Reading): string {
  if (field.unit === undefined) return text;
  const label = inLocale(field.label, reading.locale).toLowerCase();
  if (reading.locale === "en" && (label.includes(field.unit) || label.includes("age"))) return text;
  return phrase(reading.locale, `unit.${field.unit}`, { value: text });
}

/** A value by itself, without its unit. */
function bareText(value: ConditionScalar, field: Field | undefined, reading: Reading): string {
  if (field === undefined) return String(value);
  if (typeof value === "number") {
    if (field.type === "money") return amountText(value, reading.locale);
    if (field.type === "percent") return `${Number((value * 100).toFixed(PERCENT_DIGITS))}%`;
    return grouped(value, FRACTION_DIGITS);
  }
  const listed = field.values?.find((known) => known.value === value);
  return listed === undefined ? String(value) : inLocale(listed.label, reading.locale);
}

function valueText(value: ConditionScalar, field: Field | undefined, reading: Reading): string {
  const text = bareText(value, field, reading);
  return field === undefined || typeof value !== "number" ? text : withUnit(text, field, reading);
}

function listText(values: readonly ConditionScalar[], leaf: ConditionLeaf, reading: Reading): string {
  const field = fieldOf(reading.fields, leaf.fact);
  const separator = wordOf(reading.locale, leaf.operator === "notIn" ? "list.nor" : "list.or");
  const shown = values
    .slice(0, VALUES_SHOWN_MAX)
    .map((value) => valueText(value, field, reading))
    .join(separator);
  if (values.length <= VALUES_SHOWN_MAX) return shown;
  return phrase(reading.locale, "list.more", { shown, count: values.length });
}

function leafText(leaf: ConditionLeaf, reading: Reading): string {
  const { operator, value } = leaf;
  const fact = labelOf(reading, leaf.fact);
  if (typeof value === "object") {
    return phrase(reading.locale, `sentence.${operator}`, { fact, values: listText(value, leaf, reading) });
  }
  if (operator === KNOWN_OPERATOR) {
    return phrase(reading.locale, value === true ? "sentence.known" : "sentence.unknown", { fact });
  }
  if (isRelativeDate(operator)) {
    const today = value === 0 && operator.startsWith("within");
    return phrase(reading.locale, today ? "sentence.today" : `sentence.${operator}`, { fact, value: String(value) });
  }
  if (typeof value === "boolean") {
    return phrase(reading.locale, value === (operator === "equal") ? "sentence.yes" : "sentence.no", { fact });
  }
  const field = fieldOf(reading.fields, leaf.fact);
  const text = valueText(value, field, reading);
  const measured = field === undefined ? typeof value === "number" : MEASURED.includes(field.type);
  const sign = SIGNS[operator];
  if (measured && sign !== undefined) return phrase(reading.locale, "sentence.measure", { fact, sign, value: text });
  return phrase(reading.locale, `sentence.${operator}`, { fact, value: text });
}

/** "At least 1" followed by "at most 30" of the same fact reads as one range. */
function rangeText(low: Condition | undefined, high: Condition | undefined, reading: Reading): string | null {
  if (low === undefined || high === undefined || !isLeaf(low) || !isLeaf(high)) return null;
  if (low.fact !== high.fact || low.operator !== "greaterThanInclusive") return null;
  if (high.operator !== "lessThanInclusive") return null;
  if (typeof low.value !== "number" || typeof high.value !== "number") return null;
  const field = fieldOf(reading.fields, low.fact);
  return phrase(reading.locale, "sentence.range", {
    fact: labelOf(reading, low.fact),
    // The unit is said once, with the end.
    from: bareText(low.value, field, reading),
    to: valueText(high.value, field, reading),
  });
}

function partTexts(children: readonly Condition[], reading: Reading, depth: number): readonly string[] {
  const parts: string[] = [];
  for (let index = 0; index < children.length; index += 1) {
    const range = rangeText(children[index], children[index + 1], reading);
    const child = children[index];
    if (range !== null) {
      parts.push(range);
      index += 1;
    } else if (child !== undefined) parts.push(innerText(child, reading, depth));
  }
  return parts;
}

function isJoined(condition: Condition): boolean {
  if ("all" in condition) return condition.all.length > 1;
  return "any" in condition && condition.any.length > 1;
}

function innerText(condition: Condition, reading: Reading, depth: number): string {
  const text = sentence(condition, reading, depth + 1);
  return isJoined(condition) ? phrase(reading.locale, "sentence.group", { condition: text }) : text;
}

function sentence(condition: Condition, reading: Reading, depth: number): string {
  if (depth > CONDITION_DEPTH_MAX) return "…";
  if (isLeaf(condition)) return leafText(condition, reading);
  if ("not" in condition) {
    return phrase(reading.locale, "sentence.not", { condition: sentence(condition.not, reading, depth + 1) });
  }
  if ("all" in condition) {
    return partTexts(condition.all, reading, depth).join(wordOf(reading.locale, "sentence.and"));
  }
  return condition.any.map((child) => innerText(child, reading, depth)).join(wordOf(reading.locale, "sentence.or"));
}

/**
 * A condition as people read it: "逾期阶段为 M2 且 余额 ≥ 5 万", "Days past due 1 to 30 and Risk level is High". Labels
 * of facts and values come from the field catalogue; facts it does not know are shown by their key.
 */
export function conditionSentence(condition: Condition, fields: FieldCatalogue, locale: Locale): string {
  return sentence(condition, { fields, locale }, 1);
}
