import type { Locale } from "#engine/model/locale";
import en from "./texts/en.json";
import zhCN from "./texts/zh-CN.json";

/** Sentences for the issues of the database's queries, by code. */
export const databaseIssueTexts: { readonly [locale in Locale]: { readonly [code in keyof typeof en]: string } } = {
  "zh-CN": zhCN,
  en,
};
