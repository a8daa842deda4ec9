import type { FactType } from "#engine";

const DECIMAL = /^-?\d{1,13}(\.\d{1,8})?$/;
const MONEY = /^-?\d{1,13}(\.\d{1,2})?$/;
const MINOR_DIGITS = 2;
const PERCENT_DIGITS = 2;

/** A decimal text moved by places, without ever being a binary fraction on the way: "0.29" by 2 is 29. */
function shifted(text: string, places: number): number {
  const negative = text.startsWith("-");
  const [whole = "", fraction = ""] = text.replace("-", "").split(".");
  const digits = `${fraction}${"0".repeat(places)}`;
  const value = Number(`${whole}${digits.slice(0, places)}.${digits.slice(places)}0`);
  return negative ? 0 - value : value;
}

/** Minor units of an amount typed in yuan; null when it is no amount with at most two decimals. */
export function minorOf(text: string): number | null {
  const trimmed = text.replaceAll(/[,\s]/g, "");
  return MONEY.test(trimmed) ? shifted(trimmed, MINOR_DIGITS) : null;
}

/** Minor units as one types them: 123450 is "1234.5". */
export function majorText(minor: number): string {
  const digits = String(Math.abs(minor)).padStart(MINOR_DIGITS + 1, "0");
  const fraction = digits.slice(-MINOR_DIGITS).replace(/0+$/, "");
  return `${minor < 0 ? "-" : ""}${digits.slice(0, -MINOR_DIGITS)}${fraction === "" ? "" : `.${fraction}`}`;
}

/** A number as typed for a fact of a type: yuan for money, percent for a fraction. Null when it is none. */
export function parseNumber(text: string, type: FactType): number | null {
  const trimmed = text.trim();
  if (type === "money") return minorOf(trimmed);
  if (!DECIMAL.test(trimmed)) return null;
  if (type === "integer") return trimmed.includes(".") ? null : Number(trimmed);
  if (type !== "percent") return Number(trimmed);
  const negative = trimmed.startsWith("-");
  const [whole = "", fraction = ""] = trimmed.replace("-", "").split(".");
  const padded = whole.padStart(PERCENT_DIGITS + 1, "0");
  const value = Number(`${padded.slice(0, -PERCENT_DIGITS)}.${padded.slice(-PERCENT_DIGITS)}${fraction}`);
  return negative ? 0 - value : value;
}

/** A stored number as one types it for a fact of a type. */
export function numberText(value: number, type: FactType): string {
  if (type === "money") return majorText(value);
  if (type === "percent") return String(shifted(decimalText(value), PERCENT_DIGITS));
  return decimalText(value);
}

/** Without exponent, so that small fractions can be edited. */
function decimalText(value: number): string {
  const text = String(value);
  return text.includes("e") ? value.toFixed(8).replace(/\.?0+$/, "") : text;
}
