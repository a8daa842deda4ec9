import type { Locale } from "#engine";
import en from "./en.json";
import zh from "./zh-CN.json";

type Leaves<TTexts, TPrefix extends string = ""> = {
  [TKey in keyof TTexts & string]: TTexts[TKey] extends string
    ? `${TPrefix}${TKey}`
    : Leaves<TTexts[TKey], `${TPrefix}${TKey}.`>;
}[keyof TTexts & string];

/** Every text of the designer by its dotted key; a key that is not there does not compile. */
export type TextKey = Leaves<typeof zh>;
export type TextParams = { readonly [name: string]: string | number };
export type Text = (key: TextKey, params?: TextParams) => string;

const dictionaries: { readonly [locale in Locale]: unknown } = { "zh-CN": zh, en };
const PLACEHOLDER = /\{(\w+)\}/g;

function entry(dictionary: unknown, key: string): string | undefined {
  let found: unknown = dictionary;
  for (const part of key.split(".")) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, part)) return undefined;
    found = (found as { readonly [name: string]: unknown })[part];
  }
  return typeof found === "string" ? found : undefined;
}

/** The text of a key with its values filled in. */
export function textOf(locale: Locale, key: TextKey, params: TextParams = {}): string {
  const template = entry(dictionaries[locale], key) ?? key;
  return template.replace(PLACEHOLDER, (place, name: string) => String(params[name] ?? place));
}
