import type { Locale } from "../model/locale";
import en from "./texts/en.json";
import zhCN from "./texts/zh-CN.json";

/**
 * What the gate itself says of a contact (rules of the pack have their own texts), by reason code; `{name}` is filled from the
 * reason's params.
 */
export const gateReasonTexts: { readonly [locale in Locale]: { readonly [code in keyof typeof en]: string } } = {
  "zh-CN": zhCN,
  en,
};
