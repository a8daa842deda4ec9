import type { Metadata } from "next";
import { NextIntlClientProvider } from "next-intl";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { readLocale, readTheme } from "./_i18n/preferences";
import { Providers } from "./_ui/providers";
import "./globals.css";

export async function generateMetadata(): Promise<Metadata> {
  const text = await getTranslations("shell");
  return { title: { default: text("product"), template: `%s · ${text("product")}` }, description: text("tagline") };
}

export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  const [locale, theme] = await Promise.all([readLocale(), readTheme()]);
  return (
    <html lang={locale} data-theme={theme}>
      <body>
        <NextIntlClientProvider>
          <Providers>{children}</Providers>
        </NextIntlClientProvider>
      </body>
    </html>
  );
}
