import type { Locale } from "../model/locale";
import en from "./texts/words/en.json";
import zh from "./texts/words/zh-CN.json";

type Words = { readonly [key: string]: string };

/** Small words of the sentences this room makes: operators, units, connectives, names of types. */
export const graphWords: { readonly [locale in Locale]: Words } = { "zh-CN": zh, en };

const PLACEHOLDER = /\{(\w+)\}/g;

/** Puts values into the `{name}` places of a text; a place without a value stays as it is, so that it is noticed. */
export function fillText(template: string, values: { readonly [name: string]: string | number | boolean }): string {
  return template.replace(PLACEHOLDER, (place, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : place,
  );
}

/** The word of a key, or the key itself where there is none. */
export function wordOf(locale: Locale, key: string): string {
  const words = graphWords[locale];
  return Object.hasOwn(words, key) ? (words[key] ?? key) : key;
}

export function phrase(locale: Locale, key: string, values: { readonly [name: string]: string | number }): string {
  return fillText(wordOf(locale, key), values);
}

const MINUTES_PER_HOUR = 60;
const MINUTES_PER_DAY = 24 * MINUTES_PER_HOUR;

/** A whole number of minutes in words: 4,350 is "3 天 30 分钟" or "3 days 30 minutes". */
export function durationText(minutes: number, locale: Locale): string {
  const parts: readonly (readonly [unit: string, count: number])[] = [
    ["days", Math.floor(minutes / MINUTES_PER_DAY)],
    ["hours", Math.floor((minutes % MINUTES_PER_DAY) / MINUTES_PER_HOUR)],
    ["minutes", minutes % MINUTES_PER_HOUR],
  ];
  const said = parts.filter(([, count]) => count > 0);
  return (said.length > 0 ? said : parts.slice(-1))
    .map(([unit, count]) => phrase(locale, `duration.${unit}.${count === 1 ? "one" : "many"}`, { count }))
    .join(" ");
}
