/**
 * Numbers of a file as fixed-point integers with twelve decimal places: sums and products of money never touch floating point.
 * Division and products are rounded half away from zero in the twelfth place.
 */
export type Decimal = bigint;

const PLACES = 12;
const SCALE = 10n ** BigInt(PLACES);
/** Digits a number of a file may have before its point; more is not an amount. */
export const WHOLE_DIGITS_MAX = 21;

/** How a lender writes numbers: which character groups thousands and which one begins the fraction. */
export const NUMBER_STYLES = ["1,234.5", "1.234,5"] as const;
export type NumberStyle = (typeof NUMBER_STYLES)[number];

const PATTERNS: { readonly [style in NumberStyle]: RegExp } = {
  "1,234.5": /^([+-]?)(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d*))?$/,
  "1.234,5": /^([+-]?)(\d+|\d{1,3}(?:\.\d{3})+)(?:,(\d*))?$/,
};

/** A written number, or null: other groupings, exponents, signs at the end and more digits than fit are refused, never guessed. */
export function parseDecimal(text: string, style: NumberStyle): Decimal | null {
  const match = PATTERNS[style].exec(text);
  if (match === null) return null;
  const whole = (match[2] ?? "").replace(/[.,]/g, "");
  const fraction = (match[3] ?? "").replace(/0+$/, "");
  if (whole.length > WHOLE_DIGITS_MAX || fraction.length > PLACES) return null;
  const magnitude = BigInt(whole) * SCALE + BigInt(fraction.padEnd(PLACES, "0"));
  return match[1] === "-" ? -magnitude : magnitude;
}

const SCIENTIFIC = /^([+-]?)(\d)(?:\.(\d+))?[eE]\+?(\d{1,2})$/;

/** A whole number a spreadsheet has written as `2.00E+05`, taken as exactly what it says; null when it is not such a number. */
export function parseScientific(text: string): Decimal | null {
  const match = SCIENTIFIC.exec(text);
  if (match === null) return null;
  const fraction = match[3] ?? "";
  const zeros = Number(match[4]) - fraction.length;
  if (zeros < 0 || Number(match[4]) >= WHOLE_DIGITS_MAX) return null;
  const magnitude = BigInt(`${match[2]}${fraction}`) * 10n ** BigInt(zeros) * SCALE;
  return match[1] === "-" ? -magnitude : magnitude;
}

export function decimalOf(integer: number): Decimal {
  return BigInt(integer) * SCALE;
}

export function multiply(left: Decimal, right: Decimal): Decimal {
  return roundedQuotient(left * right, SCALE);
}

/** Null when divided by zero. */
export function divide(left: Decimal, right: Decimal): Decimal | null {
  return right === 0n ? null : roundedQuotient(left * SCALE, right);
}

/** Rounded half away from zero to so many decimal places (0..12). */
export function roundTo(value: Decimal, places: number): Decimal {
  const step = 10n ** BigInt(PLACES - places);
  return roundedQuotient(value, step) * step;
}

/** The number times a power of ten as an exact integer, or null when that is not whole or not a safe integer. */
export function toInteger(value: Decimal, powerOfTen: number): number | null {
  const scaled = value * 10n ** BigInt(powerOfTen);
  if (scaled % SCALE !== 0n) return null;
  const integer = Number(scaled / SCALE);
  return Number.isSafeInteger(integer) ? integer : null;
}

/** Nearest floating-point number, for facts that are measures and not money. */
export function toNumber(value: Decimal): number {
  const whole = value / SCALE;
  const fraction = value % SCALE;
  const sign = value < 0n ? "-" : "";
  return Number(`${sign}${abs(whole)}.${abs(fraction).toString().padStart(PLACES, "0")}`);
}

function roundedQuotient(dividend: bigint, divisor: bigint): bigint {
  const negative = dividend < 0n !== divisor < 0n;
  const bottom = abs(divisor);
  const magnitude = (2n * abs(dividend) + bottom) / (2n * bottom);
  return negative ? -magnitude : magnitude;
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}
