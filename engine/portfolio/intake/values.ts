import type { FactValue, Field } from "../../model/facts";
import type { IssueParams } from "../../model/issue";
import type { Currency } from "../../model/money";
import { parseDate, UNMISTAKABLE_DATE_FORMATS } from "./dates";
import {
  type Decimal,
  decimalOf,
  multiply,
  type NumberStyle,
  parseDecimal,
  parseScientific,
  toInteger,
  toNumber,
} from "./decimal";
import type { ImportMapping, MappedColumn } from "./mapping";

/** Why a cell is not a value of its field. `code` is an issue code; its params never quote personal fields. */
export type Refusal = { readonly code: string; readonly params: IssueParams };
export type ReadValue =
  | { readonly kind: "value"; readonly value: FactValue }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** How the cells of one mapped column are read. */
export type ValueReading = {
  readonly field: Field;
  readonly unit: MappedColumn["unit"];
  readonly dateFormat: MappedColumn["dateFormat"];
  readonly numberStyle: NumberStyle;
  readonly scientificNotation: ImportMapping["scientificNotation"];
  readonly currency: Currency;
};

/** Days a month counts when a file speaks of months past due: stages are blocks of 30 days (convention A). */
const DAYS_PER_MONTH = 30;
/** What exports write where nothing is known. */
const NOTHING = new Set(["", "null", "none", "nan", "n/a", "na", "#n/a", "\\n", "-", "--", "—", "无", "空"]);
const YES = new Set(["1", "true", "yes", "y", "t", "是", "有", "同意", "已授权"]);
const NO = new Set(["0", "false", "no", "n", "f", "否", "没有", "拒绝", "未授权"]);
const EXPONENT = /^[+-]?\d+(\.\d+)?[eE][+-]?\d+$/;
/** Excel keeps 15 digits of a number and writes zeros for the rest. */
const EXCEL_DIGITS = 15;
const LONG_NUMBER = /^\d{18,}$/;
const TEXT_CHARACTERS_MAX = 500;
const QUOTED_CHARACTERS_MAX = 60;
const CURRENCY_SIGNS: { readonly [currency in Currency]: RegExp } = {
  CNY: /^(￥|¥|RMB|CNY)\s*/,
  USD: /^(US\$|\$|USD)\s*/,
  GBP: /^(£|GBP)\s*/,
  EUR: /^(€|EUR)\s*/,
  TWD: /^(NT\$|\$|TWD)\s*/,
  HKD: /^(HK\$|\$|HKD)\s*/,
};
const PERCENT_SIGN = /\s*[%％]$/;

/** Whether a cell holds nothing. */
export function isNothing(cell: string): boolean {
  return NOTHING.has(cell.trim().toLowerCase());
}

/** Full-width digits and signs as plain ones: they mean the same and Chinese exports mix them. */
export function plainDigits(text: string): string {
  return text.replace(/[！-～]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0)).trim();
}

/** A cell as a value of its field: typed, in the field's unit and range. `cell` is not empty (`isNothing`). */
export function readCell(cell: string, reading: ValueReading): ReadValue {
  switch (reading.field.type) {
    case "integer":
    case "number":
    case "money":
    case "percent":
      return readNumber(plainDigits(cell), reading);
    case "date":
      return readDate(plainDigits(cell), reading);
    case "boolean":
      return readBoolean(cell, reading.field);
    case "enum":
      return readEnum(cell.trim(), reading.field);
    case "text":
      return readText(cell.trim(), reading.field);
    default:
      return reading.field.type satisfies never;
  }
}

/** A number that was already reckoned (an expression, a constant, a meaning of a code) as a value of its field. */
export function readDecimal(number: Decimal, reading: ValueReading): ReadValue {
  const { field, unit } = reading;
  if (field.type === "text" || field.type === "enum") {
    const whole = toInteger(number, 0);
    const text = String(whole ?? toNumber(number));
    return field.type === "enum" ? readEnum(text, field) : readText(text, field);
  }
  if (field.type === "boolean") return { kind: "value", value: number !== 0n };
  if (field.type === "date") return refused("intake.date", { field: field.key, expected: "YYYY-MM-DD" });
  if (field.type === "money") return moneyOf(number, reading);
  if (field.type === "percent") {
    if (unit === undefined) return refused("intake.percent-unit", { field: field.key });
    return inRange(toNumber(unit === "percent" ? hundredth(number) : number), field);
  }
  const scaled = unit === "months" && field.unit === "days" ? multiply(number, decimalOf(DAYS_PER_MONTH)) : number;
  if (field.type === "number") return inRange(toNumber(scaled), field);
  const integer = toInteger(scaled, 0);
  if (integer === null) return refused("intake.not-whole", { field: field.key, value: String(toNumber(scaled)) });
  return inRange(integer, field);
}

function readNumber(written: string, reading: ValueReading): ReadValue {
  const { field } = reading;
  if (isRounded(written, reading)) {
    return refused("intake.precision-lost", { field: field.key, value: shown(written, field) });
  }
  const percent = field.type === "percent" && PERCENT_SIGN.test(written);
  const unsigned = field.type === "money" ? written.replace(CURRENCY_SIGNS[reading.currency], "") : written;
  const number = numberFrom(percent ? unsigned.replace(PERCENT_SIGN, "") : unsigned, reading);
  if (number === null) {
    return refused("intake.not-a-number", {
      field: field.key,
      value: shown(written, field),
      expected: reading.numberStyle,
    });
  }
  return percent ? inRange(toNumber(hundredth(number)), field) : readDecimal(number, reading);
}

type NumberReading = Pick<ValueReading, "numberStyle" | "scientificNotation">;

/** A written number of the file, or null. `text` has plain digits (`plainDigits`). */
export function numberFrom(text: string, reading: NumberReading): Decimal | null {
  const number = parseDecimal(text, reading.numberStyle);
  return number === null && reading.scientificNotation === "exact" ? parseScientific(text) : number;
}

function isRounded(text: string, { scientificNotation }: NumberReading): boolean {
  return EXPONENT.test(text) && (scientificNotation === "refuse" || parseScientific(text) === null);
}

function moneyOf(number: Decimal, { unit, field }: ValueReading): ReadValue {
  const minor = toInteger(number, unit === "fen" ? 0 : unit === "wan" ? 6 : 2);
  if (minor === null) return refused("intake.too-fine", { field: field.key, value: String(toNumber(number)) });
  return inRange(minor === 0 ? 0 : minor, field);
}

function readDate(written: string, { field, dateFormat }: ValueReading): ReadValue {
  const formats = dateFormat ?? UNMISTAKABLE_DATE_FORMATS;
  const date = parseDate(written, formats);
  if (date !== null) return { kind: "value", value: date };
  return refused("intake.date", { field: field.key, value: shown(written, field), expected: formats.join(", ") });
}

function readBoolean(cell: string, field: Field): ReadValue {
  const word = plainDigits(cell).toLowerCase();
  if (YES.has(word)) return { kind: "value", value: true };
  if (NO.has(word)) return { kind: "value", value: false };
  return refused("intake.not-yes-or-no", { field: field.key, value: shown(cell, field) });
}

function readEnum(text: string, field: Field): ReadValue {
  if (field.values === undefined) return readText(text, field);
  const wanted = text.normalize("NFC").toLowerCase();
  const found = field.values.find(
    ({ value, label }) =>
      value.toLowerCase() === wanted || label["zh-CN"]?.toLowerCase() === wanted || label.en?.toLowerCase() === wanted,
  );
  if (found !== undefined) return { kind: "value", value: found.value };
  const expected = field.values.map(({ value }) => value).join(", ");
  return refused("intake.not-in-list", { field: field.key, value: shown(text, field), expected });
}

function readText(text: string, field: Field): ReadValue {
  if (EXPONENT.test(text)) return refused("intake.precision-lost", { field: field.key, value: shown(text, field) });
  if (LONG_NUMBER.test(text) && /^0+$/.test(text.slice(EXCEL_DIGITS))) {
    return refused("intake.precision-lost", { field: field.key, value: shown(text, field) });
  }
  if ([...text].length > TEXT_CHARACTERS_MAX) {
    return refused("intake.text-too-long", { field: field.key, maximum: TEXT_CHARACTERS_MAX });
  }
  return { kind: "value", value: text };
}

function inRange(value: number, field: Field): ReadValue {
  const minimum = field.minimum ?? Number.NEGATIVE_INFINITY;
  const maximum = field.maximum ?? Number.POSITIVE_INFINITY;
  if (value >= minimum && value <= maximum) return { kind: "value", value };
  const expected = `${field.minimum ?? ""} - ${field.maximum ?? ""}`;
  return refused("intake.out-of-range", { field: field.key, value: shown(String(value), field), expected });
}

function hundredth(number: Decimal): Decimal {
  return number / 100n;
}

function refused(code: string, params: IssueParams): ReadValue {
  return { kind: "refused", refusal: { code, params } };
}

/** A value as an issue may quote it: shortened, and personal ones not at all. */
export function shown(text: string, field: Field): string {
  return field.personal ? "***" : text.slice(0, QUOTED_CHARACTERS_MAX);
}
