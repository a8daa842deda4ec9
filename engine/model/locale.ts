import { z } from "zod";

export const LOCALES = ["zh-CN", "en"] as const;
export type Locale = (typeof LOCALES)[number];

/** A text an author or a pack wrote; either language may be missing, never both. */
export const LocalTextSchema = z
  .strictObject({ "zh-CN": z.string().max(4000).optional(), en: z.string().max(4000).optional() })
  .refine((text) => text["zh-CN"] !== undefined || text.en !== undefined, { error: "text.empty" });
export type LocalText = z.output<typeof LocalTextSchema>;

/** The text in the reader's language, else in the other one. */
export function inLocale(text: LocalText, locale: Locale): string {
  return text[locale] ?? text["zh-CN"] ?? text.en ?? "";
}
