import type { Locale } from "../model/locale";
import en from "./texts/en.json";
import zh from "./texts/zh-CN.json";

/** Sentences for the codes of this room: why a text cannot be rendered, why the simulated provider refused. */
export const channelTexts: { readonly [locale in Locale]: { readonly [code: string]: string } } = { "zh-CN": zh, en };
