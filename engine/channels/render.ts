import type { Content } from "../model/content";
import type { FactValue } from "../model/facts";
import { type Issue, issue } from "../model/issue";
import { inLocale, type Locale } from "../model/locale";
import { err, ok, type Result } from "../model/result";
import { isLocalDate } from "../model/time";
import { channelOf } from ".";

/** Longest value a text may quote; a longer one is no name and no number but a whole cell of remarks. */
const VALUE_MAX = 200;
const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;
const INSIDE = /^\s*([a-z][a-z0-9_]{0,47})\s*(?:\|\s*([a-z]+)\s*)?$/;
const EXAMPLE = "{{overdue_amount | money}}";
/** A value comes from a lender's file: line breaks and invisible characters in it would change the shape of the text. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;
const MONTHS_EN = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** A value as the person reads it, or null when the formatter cannot read the value. */
type Formatter = (value: number | string | boolean, locale: Locale) => string | null;

function plain(value: number | string | boolean): string | null {
  if (typeof value === "boolean") return null;
  const text = String(value).replace(UNPRINTABLE, " ").trim();
  return text === "" ? null : text;
}

/** Minor units with two decimals and thousands separators; the currency's own word belongs to the text. */
function asMoney(value: number | string | boolean): string | null {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) return null;
  const digits = String(Math.abs(value)).padStart(3, "0");
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${value < 0 ? "-" : ""}${whole}.${digits.slice(-2)}`;
}

function asDate(value: number | string | boolean, locale: Locale): string | null {
  if (typeof value !== "string" || !isLocalDate(value)) return null;
  const [year = "", month = "", day = ""] = value.split("-");
  if (locale === "zh-CN") return `${Number(year)}年${Number(month)}月${Number(day)}日`;
  return `${Number(day)} ${MONTHS_EN[Number(month) - 1] ?? ""} ${Number(year)}`;
}

function asInteger(value: number | string | boolean): string | null {
  return typeof value === "number" && Number.isSafeInteger(value) ? String(value) : null;
}

const FORMATTERS: { readonly [name: string]: Formatter } = { money: asMoney, date: asDate, int: asInteger };

/** One `{{name}}` or `{{name | formatter}}` of a text. */
export type Placeholder = { readonly variable: string; readonly formatter: string | null };

/** The placeholders of a text in order, each once per occurrence; unreadable ones are left out (rendering reports them). */
export function placeholdersOf(text: string): readonly Placeholder[] {
  return [...text.matchAll(PLACEHOLDER)].flatMap((match) => {
    const inside = INSIDE.exec(match[1] ?? "");
    return inside === null ? [] : [{ variable: inside[1] ?? "", formatter: inside[2] ?? null }];
  });
}

type Rendering = {
  readonly content: Content;
  readonly values: { readonly [key: string]: FactValue };
  readonly locale: Locale;
  readonly found: Issue[];
};

function refuse(rendering: Rendering, code: string, params: { readonly [name: string]: string | number }): string {
  const { content, locale, found } = rendering;
  found.push(issue(code, { path: `text.${locale}` }, { content: content.id, ...params }));
  return "";
}

function fill(rendering: Rendering, written: string): string {
  const inside = INSIDE.exec(written);
  if (inside === null)
    return refuse(rendering, "content.placeholder-invalid", { placeholder: written.trim(), example: EXAMPLE });
  const [, variable = "", formatterName] = inside;
  const formatter = formatterName === undefined ? plain : FORMATTERS[formatterName];
  if (formatter === undefined || (formatterName !== undefined && !Object.hasOwn(FORMATTERS, formatterName))) {
    return refuse(rendering, "content.formatter-unknown", { variable, formatter: formatterName ?? "" });
  }
  const value = Object.hasOwn(rendering.values, variable) ? rendering.values[variable] : undefined;
  if (value === undefined || value === null || value === "") {
    return refuse(rendering, "content.variable-missing", { variable });
  }
  const text = formatter(value, rendering.locale);
  if (text === null) {
    return refuse(rendering, "content.value-unfit", { variable, formatter: formatterName ?? "text" });
  }
  if (text.length > VALUE_MAX) {
    return refuse(rendering, "content.value-too-long", { variable, length: text.length, limit: VALUE_MAX });
  }
  return text;
}

/**
 * The text as the person will read or hear it. Every placeholder is filled in one pass (a value that itself looks like a
 * placeholder stays text) or the whole text is refused: `content.variable-missing`, `content.value-unfit`,
 * `content.value-too-long`, `content.formatter-unknown`, `content.placeholder-invalid`, `content.empty`,
 * `content.too-long`. Formatters: `money` (minor units), `date` (`YYYY-MM-DD`), `int`.
 */
export function renderContent(
  content: Content,
  values: { readonly [key: string]: FactValue },
  locale: Locale,
): Result<string, readonly Issue[]> {
  const rendering: Rendering = { content, values, locale, found: [] };
  const written = inLocale(content.text, locale);
  const outside = written.replace(PLACEHOLDER, "");
  if (outside.includes("{{") || outside.includes("}}")) {
    refuse(rendering, "content.placeholder-invalid", {
      placeholder: outside.includes("{{") ? "{{" : "}}",
      example: EXAMPLE,
    });
  }
  const text = written.replace(PLACEHOLDER, (_, inside: string) => fill(rendering, inside)).trim();
  if (rendering.found.length > 0) return err(rendering.found);
  const { textMax } = channelOf(content.channel);
  if (text === "") refuse(rendering, "content.empty", {});
  if (text.length > textMax) refuse(rendering, "content.too-long", { length: text.length, limit: textMax });
  return rendering.found.length > 0 ? err(rendering.found) : ok(text);
}
