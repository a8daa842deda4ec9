import type { Locale } from "../../model/locale";
import en from "./texts/words/en.json";
import zh from "./texts/words/zh-CN.json";

type CsvWord = keyof typeof en;

const WORDS: { readonly [locale in Locale]: { readonly [word in CsvWord]: string } } = { "zh-CN": zh, en };

/** A word of the header in a language. */
export function csvWord(locale: Locale, word: CsvWord): string {
  return WORDS[locale][word];
}

/** Whether a cell of the header says a word, in whatever language. */
export function saysWord(cell: string, word: CsvWord): boolean {
  const said = cell.trim().toLowerCase();
  return Object.values(WORDS).some((words) => words[word].toLowerCase() === said);
}
