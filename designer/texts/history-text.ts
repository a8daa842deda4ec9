import { inLocale, type Locale } from "#engine";
import type { ChangeLabel } from "../commands/operation";
import { type TextParams, textOf } from "./text";

/** What a gesture is called in the history: "delete SMS 1". */
export function historyText(locale: Locale, { code, params }: ChangeLabel): string {
  const said: TextParams = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, typeof value === "object" ? inLocale(value, locale) : value]),
  );
  return textOf(locale, `history.${code}`, said);
}
