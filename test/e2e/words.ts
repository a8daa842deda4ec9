import { createTranslator } from "next-intl";
import type { Locale } from "#engine/model/locale";
import consoleEn from "../../app/_i18n/en.json";
import consoleZh from "../../app/_i18n/zh-CN.json";
import designerEn from "../../designer/texts/en.json";
import designerZh from "../../designer/texts/zh-CN.json";

const CONSOLE = { "zh-CN": consoleZh, en: consoleEn };
const DESIGNER = { "zh-CN": designerZh, en: designerEn };

/** The same in every language. */
const CURRENCY_CODE = /^[A-Z]{3}$/;

/** What the console says in a language, by the key of its dictionary: `say("publish.done", { number: 2 })`. */
export function consoleWords(locale: Locale) {
  return createTranslator({ locale, messages: CONSOLE[locale] });
}

/** What the designer says in a language. */
export function designerWords(locale: Locale) {
  return createTranslator({ locale, messages: DESIGNER[locale] });
}

/** Every fixed text of a language that has a letter in it: what would give away a screen in the wrong one. */
export function fixedTexts(locale: Locale): ReadonlySet<string> {
  const texts = [...leavesOf(CONSOLE[locale]), ...leavesOf(DESIGNER[locale])];
  return new Set(
    texts.filter((text) => /\p{Letter}{2}/u.test(text) && !CURRENCY_CODE.test(text) && !text.includes("{")),
  );
}

function leavesOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(leavesOf) : [];
}
