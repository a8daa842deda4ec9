import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seriousProblems } from "./axe";
import { launchBrowser } from "./browser";
import { type RunningProgram, startProgram } from "./program";
import { openTab, openWindow } from "./screen";

/** Nobody may be kept out by colour, missing names or a mouse; what a machine can check of that, for every room in both lights. */

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
