import type { Locale } from "#engine/model/locale";
import type { Currency } from "#engine/model/money";

const MINOR_PER_MAJOR = 100;
/** From here on amounts are shown in 万 / K: five figures are read faster than nine. */
const COMPACT_FROM_MAJOR = 100_000;

const TIME_OF_DAY = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
/** 03/04 is a different day in London and New York, so English dates name the month. */
const DATES = {
  "zh-CN": { locale: "zh-CN", day: { year: "numeric", month: "2-digit", day: "2-digit" } },
  en: { locale: "en-GB", day: { year: "numeric", month: "short", day: "numeric" } },
} as const satisfies Record<Locale, object>;

export type Formats = {
  readonly count: (value: number) => string;
  /** `1,284` or `12.8万`: for charts and cards. */
  readonly compact: (value: number) => string;
  /** Amount without currency, for columns whose head names it. Two decimals. */
  readonly amount: (minor: number) => string;
  /** Amount with currency. Large ones compact (`¥123.4万`, four digits), small ones to the cent. */
  readonly money: (minor: number, currency: Currency) => string;
  readonly percent: (fraction: number) => string;
  /** Date and time in a zone, to the minute. */
  readonly instant: (ms: number, timeZone: string) => string;
  readonly time: (ms: number, timeZone: string) => string;
  /** A calendar date `YYYY-MM-DD`. */
  readonly date: (date: string) => string;
};

/** Enough to tell two strategies apart, few enough to be read at a glance. */
const LARGE_DIGITS = { minimumSignificantDigits: 3, maximumSignificantDigits: 4 } as const;
const CENTS = { minimumFractionDigits: 2, maximumFractionDigits: 2 } as const;

/** Formatters of a language. Pure: the zone is an argument, never the machine's. */
export function formatsOf(locale: Locale): Formats {
  const count = new Intl.NumberFormat(locale);
  const compact = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });
  const amount = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const dates = DATES[locale];
  const day = new Intl.DateTimeFormat(dates.locale, { ...dates.day, timeZone: "UTC" });
  return {
    count: (value) => count.format(value),
    compact: (value) => compact.format(value),
    amount: (minor) => amount.format(minor / MINOR_PER_MAJOR),
    percent: (fraction) => percent.format(fraction),
    money: (minor, currency) => {
      const major = minor / MINOR_PER_MAJOR;
      const large = Math.abs(major) >= COMPACT_FROM_MAJOR;
      return new Intl.NumberFormat(locale, {
        style: "currency",
        currency,
        notation: large ? "compact" : "standard",
        ...(large ? LARGE_DIGITS : CENTS),
      }).format(major);
    },
    instant: (ms, timeZone) =>
      new Intl.DateTimeFormat(dates.locale, { ...dates.day, ...TIME_OF_DAY, timeZone }).format(new Date(ms)),
    time: (ms, timeZone) => new Intl.DateTimeFormat(dates.locale, { ...TIME_OF_DAY, timeZone }).format(new Date(ms)),
    date: (date) => day.format(new Date(`${date}T00:00:00Z`)),
  };
}
