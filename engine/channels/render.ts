import type { Content } from "../model/content";
import type { FactValue } from "../model/facts";
import { type Issue, issue } from "../model/issue";
import { inLocale, type Locale, type LocalText } from "../model/locale";
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
  return `${value < 0 ? "-" : ""}${inThousands(digits.slice(0, -2))}.${digits.slice(-2)}`;
}

function inThousands(digits: string): string {
  const first = digits.length % 3 || 3;
  let written = digits.slice(0, first);
  for (let from = first; from < digits.length; from += 3) written += `,${digits.slice(from, from + 3)}`;
  return written;
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
    return placeholderIn(match[1] ?? "") ?? [];
  });
}

/** A stretch of a text: words that stand there, or a place to be filled. Null = a placeholder nobody can read. */
type Stretch = { readonly words: string } | { readonly written: string; readonly placeholder: Placeholder | null };
/** A text taken apart, with what is wrong outside its placeholders. */
type Template = { readonly stretches: readonly Stretch[]; readonly stray: "{{" | "}}" | null };

const templates = new WeakMap<LocalText, Map<Locale, Template>>();

/** Texts are few and are said to thousands: each is taken apart once. */
function templateOf(written: LocalText, locale: Locale): Template {
  const ofText = templates.get(written) ?? new Map<Locale, Template>();
  templates.set(written, ofText);
  const known = ofText.get(locale);
  if (known !== undefined) return known;
  const made = takenApart(inLocale(written, locale));
  ofText.set(locale, made);
  return made;
}

function takenApart(text: string): Template {
  const stretches: Stretch[] = [];
  let from = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    const [whole, written = ""] = match;
    stretches.push({ words: text.slice(from, match.index) }, { written, placeholder: placeholderIn(written) });
    from = match.index + whole.length;
  }
  stretches.push({ words: text.slice(from) });
  const outside = text.replace(PLACEHOLDER, "");
  return { stretches, stray: outside.includes("{{") ? "{{" : outside.includes("}}") ? "}}" : null };
}

function placeholderIn(written: string): Placeholder | null {
  const inside = INSIDE.exec(written);
  return inside === null ? null : { variable: inside[1] ?? "", formatter: inside[2] ?? null };
}

/** A part of a content. */
type Part = "text" | "subject";

/** Stands where a value will stand: a character no word list and no rule knows, and that joins no words. */
const ANY_VALUE = "某";

/** A stretch of a text as it is written: indices of its first character and of the one behind its last. */
export type WrittenSpan = { readonly part: Part; readonly start: number; readonly end: number };
export type WrittenWords = {
  readonly words: string;
  /** Values will come in. */
  readonly hasPlaces: boolean;
  /** Where a stretch of `words` is written; of one that begins above the text and ends in it, where it begins. */
  readonly writtenAt: (start: number, end: number) => WrittenSpan;
};

/** Every word of a text as it is written, for those who check it before there is an account. */
export function writtenWords(
  { channel, subject, text }: Pick<Content, "channel" | "subject" | "text">,
  locale: Locale,
): WrittenWords {
  const above = subject === undefined || channelOf(channel).subjectMax === null ? null : inLocale(subject, locale);
  const parts = [...(above === null ? [] : [wordsOfPart(above)]), wordsOfPart(inLocale(text, locale))];
  const words = parts.map((part) => part.words).join("\n");
  const behindAbove = above === null ? 0 : (parts[0]?.words.length ?? 0) + 1;
  const writtenAt = (start: number, end: number): WrittenSpan => {
    const inAbove = start < behindAbove;
    const part = inAbove ? parts[0] : parts.at(-1);
    const [from, to] = inAbove ? [start, Math.min(end, behindAbove - 1)] : [start - behindAbove, end - behindAbove];
    return { part: inAbove ? "subject" : "text", start: part?.writtenAt(from) ?? from, end: part?.writtenAt(to) ?? to };
  };
  return { words, hasPlaces: parts.some((part) => part.hasPlaces), writtenAt };
}

function wordsOfPart(written: string) {
  const words = written.replace(PLACEHOLDER, ANY_VALUE);
  // Each place is one character of the words; everything behind it is written so much farther on.
  const starts: number[] = [];
  let from = 0;
  for (const match of written.matchAll(PLACEHOLDER)) {
    for (let at = from; at <= match.index; at += 1) starts.push(at);
    from = match.index + match[0].length;
  }
  for (let at = from; at < written.length; at += 1) starts.push(at);
  starts.push(written.length);
  return { words, hasPlaces: words !== written, writtenAt: (at: number): number => starts[at] ?? written.length };
}

type Values = { readonly [variable: string]: FactValue };

type Rendering = {
  readonly content: Content;
  readonly part: Part;
  /** The first that has a variable says its value, known or not. */
  readonly sources: readonly Values[];
  readonly locale: Locale;
  readonly found: Issue[];
};

function refuse(rendering: Rendering, code: string, params: { readonly [name: string]: string | number }): string {
  const { content, part, locale, found } = rendering;
  found.push(issue(code, { path: `${part}.${locale}` }, { content: content.id, ...params }));
  return "";
}

function fill(rendering: Rendering, { variable, formatter: formatterName }: Placeholder): string {
  const known = formatterName === null || Object.hasOwn(FORMATTERS, formatterName);
  const formatter = formatterName === null ? plain : FORMATTERS[formatterName];
  if (formatter === undefined || !known) {
    return refuse(rendering, "content.formatter-unknown", { variable, formatter: formatterName ?? "" });
  }
  const value = rendering.sources.find((values) => Object.hasOwn(values, variable))?.[variable];
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

/** A text with the places filled whose values can be shown; the others stay as they are written. */
export function filledText(written: string, values: Values, locale: Locale): string {
  return written.replace(PLACEHOLDER, (place, inside: string) => {
    const { variable = "", formatter = null } = placeholderIn(inside) ?? {};
    const value = Object.hasOwn(values, variable) ? values[variable] : null;
    const show = formatter === null ? plain : Object.hasOwn(FORMATTERS, formatter) ? FORMATTERS[formatter] : undefined;
    return value === null || value === undefined ? place : (show?.(value, locale) ?? place);
  });
}

/**
 * The text as the person will read or hear it. Every placeholder is filled in one pass (a value that itself looks like a
 * placeholder stays text) or the whole text is refused: `content.variable-missing`, `content.value-unfit`,
 * `content.value-too-long`, `content.formatter-unknown`, `content.placeholder-invalid`, `content.empty`,
 * `content.too-long`. Formatters: `money` (minor units), `date` (`YYYY-MM-DD`), `int`.
 */
export function renderContent(content: Content, values: Values, locale: Locale): Result<string, readonly Issue[]> {
  return renderFrom(content, [values], locale);
}

/** `renderContent` with values looked up where they lie, instead of put together first; the first source that has one says it. */
export function renderFrom(
  content: Content,
  sources: readonly Values[],
  locale: Locale,
): Result<string, readonly Issue[]> {
  const rendering: Rendering = { content, part: "text", sources, locale, found: [] };
  return renderedPart(rendering, content.text, channelOf(content.channel).textMax);
}

/**
 * What stands above the text, in one line; null on channels that have no such place. A channel that has one needs it
 * (`content.subject-missing`); otherwise refused as the text is.
 */
export function renderSubject(
  content: Content,
  sources: readonly Values[],
  locale: Locale,
): Result<string | null, readonly Issue[]> {
  const { subjectMax } = channelOf(content.channel);
  if (subjectMax === null) return ok(null);
  const rendering: Rendering = { content, part: "subject", sources, locale, found: [] };
  if (content.subject === undefined) {
    refuse(rendering, "content.subject-missing", {});
    return err(rendering.found);
  }
  const subject = renderedPart(rendering, content.subject, subjectMax);
  // A line break in a subject would begin a new header in a mail.
  return subject.ok ? ok(subject.value.replace(UNPRINTABLE, " ")) : subject;
}

function renderedPart(rendering: Rendering, written: LocalText, limit: number): Result<string, readonly Issue[]> {
  const { stretches, stray } = templateOf(written, rendering.locale);
  if (stray !== null) refuse(rendering, "content.placeholder-invalid", { placeholder: stray, example: EXAMPLE });
  let filled = "";
  for (const stretch of stretches) {
    if ("words" in stretch) filled += stretch.words;
    else if (stretch.placeholder !== null) filled += fill(rendering, stretch.placeholder);
    else {
      const placeholder = stretch.written.trim();
      refuse(rendering, "content.placeholder-invalid", { placeholder, example: EXAMPLE });
    }
  }
  const text = filled.trim();
  if (rendering.found.length > 0) return err(rendering.found);
  if (text === "") refuse(rendering, "content.empty", {});
  if (text.length > limit) refuse(rendering, "content.too-long", { length: text.length, limit });
  return rendering.found.length > 0 ? err(rendering.found) : ok(text);
}
