"use client";

import { Languages, Monitor, Moon, Sun } from "lucide-react";
import { useRouter } from "next/navigation";
import { useLocale, useTranslations } from "next-intl";
import { useState, useTransition } from "react";
import { LOCALE_COOKIE, preferenceCookie, THEME_COOKIE, THEMES, type Theme } from "../_i18n/cookie";
import { Button } from "./button";

const THEME_ICONS = { system: Monitor, light: Sun, dark: Moon } satisfies Record<Theme, typeof Sun>;

/** Chinese or English. The page comes again from the server in the other language, at the same place. */
export function LanguageSwitch() {
  const text = useTranslations("shell");
  const locale = useLocale();
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  const other = locale === "en" ? "zh-CN" : "en";
  return (
    <Button
      look="quiet"
      size="small"
      className="h-8"
      aria-label={text("switchLanguage")}
      title={text("switchLanguage")}
      busy={pending}
      icon={<Languages size={16} aria-hidden />}
      onClick={() =>
        startTransition(() => {
          // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser the console supports
          document.cookie = preferenceCookie(LOCALE_COOKIE, other);
          router.refresh();
        })
      }
    >
      {text("otherLanguage")}
    </Button>
  );
}

/** System, light or dark, one after the other. Takes effect at once; the cookie keeps it for the next page. */
export function ThemeSwitch({ initial }: { readonly initial: Theme }) {
  const text = useTranslations("shell");
  const [theme, setTheme] = useState(initial);
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system";
  const Icon = THEME_ICONS[theme];
  return (
    <Button
      look="quiet"
      size="icon"
      aria-label={text("switchTheme", { theme: text(`theme.${next}`) })}
      title={text("switchTheme", { theme: text(`theme.${next}`) })}
      icon={<Icon size={16} aria-hidden />}
      onClick={() => {
        document.documentElement.dataset.theme = next;
        // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser the console supports
        document.cookie = preferenceCookie(THEME_COOKIE, next);
        setTheme(next);
      }}
    />
  );
}
