import { getRequestConfig } from "next-intl/server";
import { LOCALES, type Locale } from "#engine";
import english from "./en.json";
import { readLocale } from "./preferences";
import chinese from "./zh-CN.json";

const TEXTS = { "zh-CN": chinese, en: english } satisfies Record<Locale, typeof chinese>;

/** Language by cookie, no language in the address: one strategy has one address for everybody. A page for paper may ask for another. */
export default getRequestConfig(async ({ locale: asked }) => {
  const locale = LOCALES.find((known) => known === asked) ?? (await readLocale());
  return { locale, messages: TEXTS[locale], timeZone: "Asia/Shanghai" };
});
