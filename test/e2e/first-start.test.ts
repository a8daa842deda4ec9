import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Locale } from "#engine/model/locale";
import { launchBrowser } from "./browser";
import { type RunningProgram, startProgram } from "./program";
import { figure, openTab, openWindow } from "./screen";
import { consoleWords, fixedTexts } from "./words";

const ROOMS = ["/", "/accounts", "/accounts/import", "/strategies"] as const;
const VIEWS_OF_A_STRATEGY = ["design", "simulate", "run", "versions"] as const;
const SIMULATED_WITHIN_MS = 90_000;

let program: RunningProgram;
let browser: Browser;

beforeAll(async () => {
  program = await startProgram();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
});

/** Every text a person can see, attributes that are read aloud included. */
function textsOn(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const seen: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (parent === null || ["SCRIPT", "STYLE", "TEMPLATE"].includes(parent.tagName)) continue;
      seen.push(node.textContent?.trim() ?? "");
    }
    for (const element of document.body.querySelectorAll("[aria-label],[title],[placeholder]")) {
      for (const name of ["aria-label", "title", "placeholder"]) seen.push(element.getAttribute(name)?.trim() ?? "");
    }
    return seen.filter((text) => text !== "");
  });
}

/** Texts an author wrote once, in one language, into the steps of a strategy: they are shown as they were written. */
async function authoredTexts(page: Page, key: string): Promise<readonly string[]> {
  const exported = await page.request.get(`/api/strategies/${key}/export`);
  const { nodes } = (await exported.json()) as { readonly nodes: readonly { readonly data: object }[] };
  const inData = JSON.stringify(nodes.map((node) => node.data)).match(/"(?:[^"\\]|\\.)*"/g) ?? [];
  return inData.map((quoted) => JSON.parse(quoted) as string).filter((text) => /\p{Script=Han}/u.test(text));
}

/** Texts on the page that belong to the other language, and dictionary keys that were never looked up. */
async function foreignTexts(page: Page, locale: Locale): Promise<readonly string[]> {
  const other = consoleWords(locale)("shell.otherLanguage");
  const own = fixedTexts(locale);
  const foreign = fixedTexts(locale === "en" ? "zh-CN" : "en");
  return (await textsOn(page)).filter((text) => {
    if (text === other) return false;
    if (/^[a-z]+(\.[a-zA-Z-]+)+$/.test(text)) return true;
    return locale === "en" ? /\p{Script=Han}/u.test(text) : foreign.has(text) && !own.has(text);
  });
}

describe("the first start", () => {
  it("says what it is doing and prints one address", ({ skip }) => {
    if (program.lines.length === 0) skip("the program was running already");
    const addresses = program.lines.filter((line) => line.includes("http"));
    expect(addresses).toHaveLength(1);
    expect(program.lines.join("\n")).toContain("10000 synthetic accounts");
  });
});

describe("the home page", () => {
  let reader: BrowserContext;
  let page: Page;
  let errors: string[];
  const say = consoleWords("zh-CN");

  beforeAll(async () => {
    reader = await openWindow(browser, program.address, { locale: "zh-CN" });
    ({ page, errors } = await openTab(reader));
    await page.goto("/");
  });
  afterAll(() => reader?.close());

  it("shows ten thousand people and loans from M0 to M6+, labelled synthetic", async () => {
    const portfolio = page.getByRole("main");
    await portfolio.getByText(say("home.syntheticLabel"), { exact: true }).first().waitFor();
    expect(await figure(portfolio, say("home.accounts")).textContent()).toBe("10,000");
    const stages = await portfolio.getByRole("rowheader").allTextContents();
    expect(stages).toEqual(["M0", "M1", "M2", "M3", "M4", "M5", "M6", "M6+"]);
  });

  it("offers ready strategies and says what one would do, marked as simulated", async () => {
    const cards = page.getByRole("region", { name: say("home.strategies") }).getByRole("article");
    await cards.first().waitFor();
    expect(await cards.count()).toBeGreaterThanOrEqual(2);
    const card = page.getByRole("article", { name: "M1 标准策略：机器人为主" });
    await card.getByRole("button", { name: say("home.simulate", { days: 90 }) }).click();
    await card.getByText(say("home.simulated"), { exact: true }).waitFor({ timeout: SIMULATED_WITHIN_MS });
    expect(await figure(card, say("simulation.recovered")).textContent()).toMatch(/^¥[1-9]/);
    expect(await figure(card, say("simulation.contacts")).textContent()).toMatch(/^[1-9]/);
  });

  it("changes language and light in place", async () => {
    await page.getByRole("button", { name: say("shell.switchLanguage") }).click();
    const english = consoleWords("en");
    await page.getByRole("heading", { name: english("home.title"), level: 1 }).waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
    const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const light = await paper();
    await page
      .getByRole("button", { name: english("shell.switchTheme", { theme: english("shell.theme.dark") }) })
      .click();
    expect(await paper()).not.toBe(light);
    await page.reload();
    await page.getByRole("heading", { name: english("home.title"), level: 1 }).waitFor();
    expect(await page.locator("html").getAttribute("data-theme")).toBe("dark");
    expect(await paper()).not.toBe(light);
  });

  it("throws nothing into the browser's console", () => {
    expect(errors).toEqual([]);
  });
});

describe.each(["zh-CN", "en"] as const)("every room in %s", (locale) => {
  it("speaks one language and fits its width", async () => {
    const reader = await openWindow(browser, program.address, { locale, theme: "dark", width: 1024 });
    const { page, errors } = await openTab(reader);
    const key = "m1-standard-robot-first";
    const addresses = [...ROOMS, ...VIEWS_OF_A_STRATEGY.map((view) => `/strategies/${key}?tab=${view}`)];
    const strange: string[] = [];
    const authored = await authoredTexts(page, key);
    const isAuthored = (text: string) => authored.some((written) => text.includes(written));
    for (const address of addresses) {
      await page.goto(address);
      await page.locator("main,[role=tabpanel]").first().waitFor();
      await page.waitForFunction(() => document.querySelector(".skeleton") === null || document.querySelector(".dz"));
      const foreign = (await foreignTexts(page, locale)).filter((text) => !isAuthored(text));
      strange.push(...foreign.map((text) => `${address}: ${text}`));
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (beyond > 0) strange.push(`${address}: ${beyond} px wider than the window`);
    }
    await reader.close();
    expect(strange).toEqual([]);
    expect(errors).toEqual([]);
  });
});

describe("Ctrl-C", () => {
  it("stops everything, and says so", async ({ skip }) => {
    if (program.lines.length === 0) skip("the program was running already");
    await program.stop();
    expect(program.lines.slice(-2)).toEqual(["Stopping …", "Stopped."]);
    await expect(fetch(program.address)).rejects.toThrow();
  });
});
