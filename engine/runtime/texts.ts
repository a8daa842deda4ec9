import type { Locale } from "../model/locale";
import en from "./texts/en.json";
import zhCN from "./texts/zh-CN.json";

/**
 * Words of the live shell: `dispatch` = why a provider took nothing, by reason code (the gate's own reasons have their texts in
 * `engine/contact`), `{name}` filled from the reason's params; `faults` = why an enrollment is faulted, by fault code; `issues`.
 */
export const runtimeTexts: {
  readonly [locale in Locale]: {
    readonly [group in "dispatch" | "faults" | "issues"]: { readonly [code: string]: string };
  };
} = { "zh-CN": zhCN, en };
