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

/** Powers of ten people say: 1.5万, 2k, 3亿. */
const POWERS: readonly (readonly [words: RegExp, power: number])[] = [
  [/^(?:k|千)$/, 3],
  [/^(?:w|万)$/, 4],
  [/^(?:m|mn|million|百万)$/, 6],
  [/^(?:bn|billion)$/, 9],
  [/^亿$/, 8],
];
const NATURAL = /^([-+]?)[¥$£€]?([\d,\s]*\d)(\.\d+)?\s*([a-z\p{Script=Han}]*?)$/u;
/** Words behind a number that say again what its field says. */
const CURRENCY_WORDS = /(?:元|块钱?|yuan|rmb|cny)$/;
const UNIT_WORDS = /(?:天|日|days?|d|个?月|months?|年|years?|y|次|times?|分|points?)$/;

/**
 * A number as people write it, as plain digits: "1.5万" and "¥15,000" are "15000", "３０天" is "30". Null when it is none.
 * `words` may stand behind it.
 */
function plainDigits(text: string, words: RegExp): string | null {
  const written = text.normalize("NFKC").trim().toLowerCase().replace(words, "").trim();
  const [, sign = "", whole, fraction = "", said = ""] = NATURAL.exec(written) ?? [];
  if (whole === undefined) return null;
  const power = said === "" ? 0 : POWERS.find(([known]) => known.test(said))?.[1];
  if (power === undefined) return null;
  const digits = whole.replaceAll(/[,\s]/g, "");
  const after = fraction.slice(1).padEnd(power, "0");
  const rest = after.slice(power).replace(/0+$/, "");
  const moved = `${digits}${after.slice(0, power)}`.replace(/^0+(?=\d)/, "");
  return `${sign === "-" ? "-" : ""}${moved}${rest === "" ? "" : `.${rest}`}`;
}

/** Minor units of an amount typed in yuan; null when it is no amount with at most two decimals. */
export function minorOf(text: string): number | null {
  const plain = plainDigits(text, CURRENCY_WORDS);
  return plain !== null && MONEY.test(plain) ? shifted(plain, MINOR_DIGITS) : null;
}

/** Minor units as one types them: 123450 is "1234.5". */
export function majorText(minor: number): string {
  const digits = String(Math.abs(minor)).padStart(MINOR_DIGITS + 1, "0");
  const fraction = digits.slice(-MINOR_DIGITS).replace(/0+$/, "");
  return `${minor < 0 ? "-" : ""}${digits.slice(0, -MINOR_DIGITS)}${fraction === "" ? "" : `.${fraction}`}`;
}

/** A number as typed for a fact of a type: yuan for money, percent for a fraction, each with its unit or without. Null when it is none. */
export function parseNumber(text: string, type: FactType): number | null {
  if (type === "money") return minorOf(text);
  const trimmed = plainDigits(text, type === "percent" ? /%$/ : UNIT_WORDS) ?? "";
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
