import type { Currency, Locale } from "#engine";

const MINOR_PER_MAJOR = 100;

/** `1,284` as it is, `12.8万` or `128K` where a card has no room for more. */
export function countText(count: number, locale: Locale): string {
  const notation = count >= 100_000 ? "compact" : "standard";
  return new Intl.NumberFormat(locale, { notation, maximumFractionDigits: 1 }).format(count);
}

export function moneyText(minor: number, currency: Currency, locale: Locale): string {
  return new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
    notation: "compact",
    maximumFractionDigits: 1,
  }).format(minor / MINOR_PER_MAJOR);
}
