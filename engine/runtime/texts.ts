import type { Locale } from "../model/locale";
import en from "./texts/en.json";
import zhCN from "./texts/zh-CN.json";

/**
 * Words of the live shell: `dispatch` = what the sender itself says of a request (rules of the pack have their own texts), by
 * reason code, `{name}` filled from the reason's params; `faults` = why an enrollment is faulted, by fault code; `issues`.
 */
export const runtimeTexts: {
  readonly [locale in Locale]: {
    readonly [group in "dispatch" | "faults" | "issues"]: { readonly [code: string]: string };
  };
} = { "zh-CN": zhCN, en };
