import type { Locale } from "../model/locale";
import en from "./texts/en.json";
import zh from "./texts/zh-CN.json";

/** Words for `category.<letter>`, `severity.<severity>` and `verdict.<verdict>` of a text check. */
export const qaTexts: { readonly [locale in Locale]: { readonly [code: string]: string } } = { "zh-CN": zh, en };
