import { fillText } from "#engine/graph/words";
import { LOCALES, type Locale } from "#engine/model/locale";
import english from "./texts/en.json";
import chinese from "./texts/zh-CN.json";

export type TextKey = keyof typeof english;
export type TextParams = { readonly [name: string]: string | number | boolean };

export const cliTexts: { readonly [locale in Locale]: { readonly [key in TextKey]: string } } = {
  "zh-CN": chinese,
  en: english,
};

/** The reader's language from `--lang`, else from the shell: Chinese for a Chinese shell, English otherwise. */
export function chooseLocale(asked: string | undefined): Locale {
  const known = LOCALES.find((locale) => locale === asked || locale.split("-")[0] === asked);
  if (known !== undefined) return known;
  const shell = process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || "";
  return shell.startsWith("zh") ? "zh-CN" : "en";
}

/** A text of the command line in one language with its values filled in. */
export type Speaker = {
  readonly locale: Locale;
  readonly say: (key: TextKey, params?: TextParams) => string;
};

export function speaker(locale: Locale): Speaker {
  return {
    locale,
    say: (key, params = {}) => fillText(cliTexts[locale][key], params),
  };
}
