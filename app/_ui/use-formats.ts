"use client";

import { useLocale } from "next-intl";
import { useMemo } from "react";
import type { Locale } from "#engine/model/locale";
import { type Formats, formatsOf } from "./formats";

/** Figures, money and dates in the reader's language. */
export function useFormats(): Formats {
  const locale: Locale = useLocale();
  return useMemo(() => formatsOf(locale), [locale]);
}
