import type { Currency, Locale } from "#engine";
import { type Figure, isMoney } from "./overlay";

const MINOR_PER_MAJOR = 100;
/** Less than this is not nothing. */
const LEAST_SHARE = 0.001;

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

/** A part of one, from 0 on, as a percentage: `4.2%`, `< 0.1%`. */
export function shareText(share: number, locale: Locale): string {
  const format = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: share < 0.1 ? 1 : 0 });
  return share > 0 && share < LEAST_SHARE ? `< ${format.format(LEAST_SHARE)}` : format.format(share);
}

export type FigureWords = { readonly figure: Figure; readonly currency: Currency; readonly locale: Locale };

/** A value of a figure as it stands on a card. */
export function figureText(value: number, { figure, currency, locale }: FigureWords): string {
  return isMoney(figure) ? moneyText(value, currency, locale) : countText(value, locale);
}
