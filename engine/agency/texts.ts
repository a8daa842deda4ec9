import type { Locale } from "../model/locale";
import en from "./texts/en.json";
import zhCN from "./texts/zh-CN.json";

/** Sentences for what can be wrong with files exchanged with agencies, by code. */
export const agencyIssueTexts: { readonly [locale in Locale]: { readonly [code in keyof typeof en]: string } } = {
  "zh-CN": zhCN,
  en,
};
