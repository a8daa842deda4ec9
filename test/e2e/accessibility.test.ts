import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seriousProblems } from "./axe";
import { launchBrowser } from "./browser";
import { type RunningProgram, startProgram } from "./program";
import { openTab, openWindow } from "./screen";
import { consoleWords } from "./words";

/** Nobody may be kept out by colour, missing names or a mouse; what a machine can check of that, for every room in both lights. */

const PHONE = { width: 390, height: 844 };
const STRATEGY = "/strategies/m1-standard-robot-first";
const SCREENS = [
  { address: "/", ready: "table" },
  { address: "/accounts", ready: "tbody a" },
  { address: "/accounts/import", ready: "input[type=file]" },
  { address: "/strategies", ready: "tbody a" },
  { address: "/operations", ready: "main ul li" },
  { address: "/operations/agencies", ready: "main section p" },
  { address: STRATEGY, ready: "[data-testid^=step-]" },
  { address: `${STRATEGY}?tab=simulate`, ready: "[data-testid^=step-]" },
  { address: `${STRATEGY}?tab=run`, ready: "[data-testid^=step-]" },
  { address: `${STRATEGY}?tab=versions`, ready: "tbody code" },
] as const;

let program: RunningProgram;
let browser: Browser;

beforeAll(async () => {
  program = await startProgram();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await program?.stop();
});

describe.each(["light", "dark"] as const)("in %s", (theme) => {
  it.each(SCREENS)("$address has nothing serious", async ({ address, ready }) => {
    const reader = await openWindow(browser, program.address, { locale: "zh-CN", theme });
    const { page } = await openTab(reader);
    await page.goto(address);
    await page.locator(ready).first().waitFor();
    const found = await seriousProblems(page);
    await reader.close();
    expect(found).toEqual([]);
  });
});

describe.each(["zh-CN", "en"] as const)("a strategy on a phone, in %s", (locale) => {
  it("is read in every view without anything to the side of the screen, and has nothing serious", async () => {
    const say = consoleWords(locale);
    const reader = await openWindow(browser, program.address, { locale, width: PHONE.width, height: PHONE.height });
    const { page, errors } = await openTab(reader);
    await page.goto(STRATEGY);
    const views = page.getByRole("group", { name: say("strategy.phone.views") });
    for (const view of ["outline", "figures", "problems", "changes"] as const) {
      await views.getByRole("button", { name: say(`strategy.phone.${view}`), exact: true }).click();
      if (view === "outline") await page.locator("details summary").first().click();
      const wide = () => page.evaluate(() => document.documentElement.scrollWidth);
      await expect.poll(wide).toBeLessThanOrEqual(PHONE.width);
      expect(await seriousProblems(page)).toEqual([]);
    }
    expect(errors).toEqual([]);
    await reader.close();
  });
});
