import type { FactType } from "../../model/facts";
import { isLocalDate } from "../../model/time";

export type Scalar = number | string | boolean;

/** Amounts are kept in hundredths and shares as fractions; people write whole units and per cent. */
const SHIFT = 2;
const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i;
/** Texts that need no quotes: they begin with a letter or a digit and hold no sign the notation uses. */
const BARE_TEXT = /^[\p{L}\p{N}][\p{L}\p{N}_./-]*( [\p{L}\p{N}_./-]+)*$/u;
const KEYWORD = /^(any|known|unknown|not|in|contains|starts|matches|last|before|next|after|fact|today|condition)\b/i;
const CALL = /^(add|subtract|multiply|divide|min|max)\s*\(/i;
const YES: readonly string[] = ["true", "yes", "是"];
const NO: readonly string[] = ["false", "no", "否"];

/** A decimal text with its point moved, digit by digit, so that no amount changes by a rounding; null when it is no number. */
function shifted(text: string, by: number): string | null {
  const [, sign = "", whole = "", fraction = "", exponent] = DECIMAL.exec(text) ?? [];
  if (whole === "") return null;
  if (exponent !== undefined) return `${sign}${whole}${fraction === "" ? "" : `.${fraction}`}e${Number(exponent) + by}`;
  const digits = `${whole}${fraction}`;
  const point = whole.length + by;
  const padded = point < 1 ? `${"0".repeat(1 - point)}${digits}` : digits.padEnd(point, "0");
  const at = Math.max(point, 1);
  const left = padded.slice(0, at).replace(/^0+(?=\d)/, "");
  const right = padded.slice(at).replace(/0+$/, "");
  return `${sign}${left}${right === "" ? "" : `.${right}`}`;
}

/** A value as people write it in a column of its type; null when it is not of the type. */
export function scalarText(value: Scalar, type: FactType): string | null {
  switch (type) {
    case "integer":
    case "number":
      return typeof value === "number" ? String(value) : null;
    case "money":
      return typeof value === "number" ? shifted(String(value), -SHIFT) : null;
    case "percent": {
      const text = typeof value === "number" ? shifted(String(value), SHIFT) : null;
      return text === null ? null : `${text}%`;
    }
    case "date":
      return typeof value === "string" && isLocalDate(value) ? value : null;
    case "boolean":
      return typeof value === "boolean" ? String(value) : null;
    case "enum":
    case "text":
      return typeof value === "string" ? plainOrQuoted(value) : null;
    default:
      throw type satisfies never;
  }
}

function plainOrQuoted(text: string): string {
  return BARE_TEXT.test(text) && !KEYWORD.test(text) && !CALL.test(text) ? text : JSON.stringify(text);
}

/** A value read from what people write in a column of a type; undefined when it is not of the type. */
export function scalarOf(text: string, type: FactType): Scalar | undefined {
  const plain = text.trim();
  switch (type) {
    case "integer":
      return numberOf(plain, Number.isSafeInteger);
    case "number":
      return numberOf(plain, Number.isFinite);
    case "money": {
      const minor = shifted(plain.replace(/^[¥￥$€£]\s*|\s*元$/g, ""), SHIFT);
      return minor === null ? undefined : numberOf(minor, Number.isFinite);
    }
    case "percent": {
      const share = plain.endsWith("%") || plain.endsWith("％") ? shifted(plain.slice(0, -1).trim(), -SHIFT) : plain;
      return share === null ? undefined : numberOf(share, Number.isFinite);
    }
    case "date":
      return isLocalDate(plain) ? plain : undefined;
    case "boolean":
      if (YES.includes(plain.toLowerCase())) return true;
      return NO.includes(plain.toLowerCase()) ? false : undefined;
    case "enum":
    case "text":
      return textOf(plain);
    default:
      throw type satisfies never;
  }
}

function numberOf(text: string, fits: (value: number) => boolean): number | undefined {
  if (!DECIMAL.test(text)) return undefined;
  const value = Number(text);
  return fits(value) ? value : undefined;
}

function textOf(text: string): string | undefined {
  if (!text.startsWith('"')) return text === "" ? undefined : text;
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === "string" ? read : undefined;
  } catch {
    return undefined;
  }
}

/** Parts of a text at a separator that stands outside quotes and brackets. */
export function partsOf(text: string, separators: readonly string[]): readonly string[] {
  const parts: string[] = [];
  let [start, depth, quoted] = [0, 0, false];
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (quoted) {
      if (sign === "\\") at += 1;
      else if (sign === '"') quoted = false;
    } else if (sign === '"') quoted = true;
    else if ("([{".includes(sign)) depth += 1;
    else if (")]}".includes(sign)) depth -= 1;
    else if (depth <= 0 && separators.includes(sign)) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)].map((part) => part.trim());
}
