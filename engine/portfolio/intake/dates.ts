import { addDays, isLocalDate, type LocalDate } from "../../model/time";

/** Ways a date may be written. A time of day after it is cut off; `excel-serial` counts days from 1899-12-30. */
export const DATE_FORMATS = [
  "YYYY-MM-DD",
  "YYYY/MM/DD",
  "YYYY.MM.DD",
  "YYYYMMDD",
  "YYYY年MM月DD日",
  "DD/MM/YYYY",
  "MM/DD/YYYY",
  "DD.MM.YYYY",
  "excel-serial",
] as const;
export type DateFormat = (typeof DATE_FORMATS)[number];

/** Accepted when a mapping names none: those in which no two can be taken for each other. */
export const UNMISTAKABLE_DATE_FORMATS: readonly DateFormat[] = [
  "YYYY-MM-DD",
  "YYYY/MM/DD",
  "YYYY.MM.DD",
  "YYYYMMDD",
  "YYYY年MM月DD日",
];

const FIRST_YEAR = 1900;
const LAST_YEAR = 2150;
const EXCEL_DAY_ZERO = "1899-12-30";
/** 1954-10-03 to 2119-01-08: serial numbers with five digits. */
const EXCEL_SERIAL = /^([2-7]\d{4})(?:\.\d+)?$/;
const TIME_OF_DAY = /[ T]\d{1,2}:\d{2}(:\d{2}(\.\d{1,6})?)?$/;

type Pattern = {
  readonly shape: RegExp;
  readonly order: readonly ["year" | "month" | "day", "month" | "day", "year" | "month" | "day"];
};

const PATTERNS: { readonly [format in Exclude<DateFormat, "excel-serial">]: Pattern } = {
  "YYYY-MM-DD": { shape: /^(\d{4})-(\d{1,2})-(\d{1,2})$/, order: ["year", "month", "day"] },
  "YYYY/MM/DD": { shape: /^(\d{4})\/(\d{1,2})\/(\d{1,2})$/, order: ["year", "month", "day"] },
  "YYYY.MM.DD": { shape: /^(\d{4})\.(\d{1,2})\.(\d{1,2})$/, order: ["year", "month", "day"] },
  YYYYMMDD: { shape: /^(\d{4})(\d{2})(\d{2})$/, order: ["year", "month", "day"] },
  YYYY年MM月DD日: { shape: /^(\d{4})年(\d{1,2})月(\d{1,2})日$/, order: ["year", "month", "day"] },
  "DD/MM/YYYY": { shape: /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/, order: ["day", "month", "year"] },
  "MM/DD/YYYY": { shape: /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/, order: ["month", "day", "year"] },
  "DD.MM.YYYY": { shape: /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/, order: ["day", "month", "year"] },
};

/**
 * A written date as a real day of 1900 to 2150, or null: 2026-02-30, month 13, the years 0000 and 9999, Unix seconds and
 * anything outside the listed formats are refused.
 */
export function parseDate(text: string, formats: readonly DateFormat[]): LocalDate | null {
  const written = text.replace(TIME_OF_DAY, "");
  for (const format of formats) {
    const date = format === "excel-serial" ? fromExcel(written) : fromPattern(written, PATTERNS[format]);
    if (date !== null) return date;
  }
  return null;
}

function fromExcel(written: string): LocalDate | null {
  const match = EXCEL_SERIAL.exec(written);
  return match === null ? null : addDays(EXCEL_DAY_ZERO, Number(match[1]));
}

function fromPattern(written: string, { shape, order }: Pattern): LocalDate | null {
  const match = shape.exec(written);
  if (match === null) return null;
  const part = { year: "", month: "", day: "" };
  order.forEach((name, index) => {
    part[name] = match[index + 1] ?? "";
  });
  const year = Number(part.year);
  if (year < FIRST_YEAR || year > LAST_YEAR) return null;
  const date = `${part.year}-${part.month.padStart(2, "0")}-${part.day.padStart(2, "0")}`;
  return isLocalDate(date) ? date : null;
}
