import type { Locale } from "../model/locale";
import en from "./texts/en.json";
import zhCN from "./texts/zh-CN.json";

/** Sentences for why a simulation cannot be run, by issue code. */
export const simulationIssueTexts: { readonly [locale in Locale]: { readonly [code in keyof typeof en]: string } } = {
  "zh-CN": zhCN,
  en,
};
