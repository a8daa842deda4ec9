import type { Locale } from "../model/locale";
import en from "./texts/en.json";
import zhCN from "./texts/zh-CN.json";

/**
 * Issues of the compiler, by code. The linter refuses all of them first and says more; these are for a step type or a linter
 * that lets one through.
 */
export const compileIssueTexts: { readonly [locale in Locale]: { readonly [code in keyof typeof en]: string } } = {
  "zh-CN": zhCN,
  en,
};
