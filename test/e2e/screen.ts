import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import type { Locale } from "#engine/model/locale";
import { LOCALE_COOKIE, THEME_COOKIE, type Theme } from "../../app/_i18n/cookie";

/** Longer than any single answer of the console should take on two busy cores. */
export const ANSWER_WITHIN_MS = 30_000;

export type Reader = {
  readonly locale: Locale;
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
};

/** A window as one reader has it. Errors the page throws are kept; no story may end with one. */
export async function openWindow(browser: Browser, address: string, reader: Reader): Promise<BrowserContext> {
  const { locale, theme = "light", width = 1440, height = 900 } = reader;
  const context = await browser.newContext({
    baseURL: address,
    viewport: { width, height },
    locale,
    acceptDownloads: true,
  });
  context.setDefaultTimeout(ANSWER_WITHIN_MS);
  await context.addCookies([
    { name: LOCALE_COOKIE, value: locale, url: address },
    { name: THEME_COOKIE, value: theme, url: address },
  ]);
  return context;
}

/** A new tab, and what went wrong in it: errors thrown by the page and lines of its console that are errors. */
export async function openTab(context: BrowserContext): Promise<{ readonly page: Page; readonly errors: string[] }> {
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  return { page, errors };
}

/** The number a figure shows, by its label: the label stands above the value. */
export function figure(scope: Page | Locator, label: string): Locator {
  return scope.getByText(label, { exact: true }).locator("xpath=following-sibling::*[1]").first();
}

/** A whole count as it is written in both languages, `20,061`. */
export function countIn(text: string | null): number {
  const digits = (text ?? "").replace(/[,\s]/g, "");
  return /^\d+$/.test(digits) ? Number(digits) : Number.NaN;
}

/** The bytes of what a click downloads. */
export async function downloadOf(page: Page, click: Locator): Promise<Buffer> {
  const [download] = await Promise.all([page.waitForEvent("download"), click.click()]);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
