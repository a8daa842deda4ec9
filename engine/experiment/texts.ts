import type { Locale } from "../model/locale";
import en from "./texts/en.json";
import zhCN from "./texts/zh-CN.json";

export type ExperimentTextKey = keyof typeof en;

/** Sentences for what is said about experiments, by code. */
export const experimentTexts: { readonly [locale in Locale]: { readonly [code in ExperimentTextKey]: string } } = {
  "zh-CN": zhCN,
  en,
};
