import type { Locale } from "../model/locale";
import en from "./texts/en.json";
import zhCN from "./texts/zh-CN.json";

/** Words for work and decisions, by code: kinds of `tasks`, their `outcomes` (failures of other systems included), and how a `promise` ended. */
export const deskTexts: {
  readonly [locale in Locale]: {
    readonly [group in "tasks" | "outcomes" | "promise"]: { readonly [code: string]: string };
  };
} = { "zh-CN": zhCN, en };
