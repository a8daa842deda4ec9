import type { Locale } from "#engine/model/locale";
import type { Money } from "#engine/model/money";

const MINOR_PER_UNIT = 100;

/** An amount as people of a language write it, with its currency. */
export function moneyText({ minor, currency }: Money, locale: Locale): string {
  return new Intl.NumberFormat(locale, { style: "currency", currency }).format(minor / MINOR_PER_UNIT);
}
