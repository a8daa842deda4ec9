import type { Locale } from "../model/locale";
import type { UncoveredReason } from "./attempts";
import en from "./texts/en.json";
import zhCN from "./texts/zh-CN.json";

type CoverTexts = {
  /** Name of a generated scenario. */
  readonly scenario: string;
  readonly reasons: { readonly [reason in UncoveredReason]: string };
};

/** Words for generated scenarios, and why a way on could not be reached. */
export const coverTexts: { readonly [locale in Locale]: CoverTexts } = { "zh-CN": zhCN, en };
