import type { Content } from "../model/content";
import { type Field, type FieldCatalogue, fieldOf } from "../model/facts";
import { inLocale, type Locale } from "../model/locale";
import { filledText, placeholdersOf } from "./render";

/** Stands in for a value whose field nobody knows: what a longer word takes. */
const UNKNOWN_LENGTH = 20;
/** The longest a value of a field plausibly reads. Names: four characters hold nearly every Chinese name, 24 letters a Latin one. */
const NAME = { "zh-CN": "欧阳小明", en: "Maximiliane Featherstone" } as const;
const NAME_FIELD = "customer_name";
/** 9,999,999.99: more than that is no consumer loan. */
const MONEY_MINOR = 999_999_999;
/** The longest month name and a day of two digits; in Chinese a month of two. */
const DATE = { "zh-CN": "2026-12-30", en: "2026-09-30" } as const;
const INTEGER = 99_999;

function plausible(key: string, field: Field | undefined, locale: Locale): number | string {
  if (key === NAME_FIELD) return NAME[locale];
  switch (field?.type) {
    case "money":
      return MONEY_MINOR;
    case "date":
      return DATE[locale];
    case "integer":
      return Math.min(field.maximum ?? INTEGER, INTEGER);
    case "enum":
      return (field.values ?? []).reduce(
        (longest, { value }) => (value.length > longest.length ? value : longest),
        "0",
      );
    case "number":
    case "percent":
      return 99_999.99;
    default:
      return (locale === "en" ? "X" : "某").repeat(UNKNOWN_LENGTH);
  }
}

/**
 * A text with every place filled as long as its values plausibly get, to tell beforehand how long a message becomes. A place that
 * cannot be filled (an unknown format) stays as it is written.
 */
export function longestText({ text }: Pick<Content, "text">, fields: FieldCatalogue, locale: Locale): string {
  const written = inLocale(text, locale);
  const values = Object.fromEntries(
    placeholdersOf(written).map(({ variable }) => [variable, plausible(variable, fieldOf(fields, variable), locale)]),
  );
  return filledText(written, values, locale);
}
