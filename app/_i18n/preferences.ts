import { cookies } from "next/headers";
import { LOCALES, type Locale } from "#engine";
import { LOCALE_COOKIE, THEME_COOKIE, THEMES, type Theme } from "./cookie";

/** The reader's language, Chinese unless another was chosen. */
export async function readLocale(): Promise<Locale> {
  const chosen = (await cookies()).get(LOCALE_COOKIE)?.value;
  return LOCALES.find((locale) => locale === chosen) ?? "zh-CN";
}

/** The reader's light; `system` unless another was chosen. */
export async function readTheme(): Promise<Theme> {
  const chosen = (await cookies()).get(THEME_COOKIE)?.value;
  return THEMES.find((theme) => theme === chosen) ?? "system";
}
