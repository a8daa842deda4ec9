import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seriousProblems } from "./axe";
import { launchBrowser } from "./browser";
import { type RunningProgram, startProgram } from "./program";
import { openTab, openWindow } from "./screen";
import { consoleWords } from "./words";

/** Somebody who makes calls looks for work: the room opens from the rail, in both languages, and says that nothing waits. */

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

describe("the desk", () => {
  it.each([
    ["zh-CN", "light", 1440],
    ["en", "dark", 1024],
  ] as const)("opens from the rail in %s, %s, at %i pixels", async (locale, theme, width) => {
    const window = await openWindow(browser, program.address, { locale, theme, width });
    const { page, errors } = await openTab(window);
    const say = consoleWords(locale);
    await page.goto("/");
    await page.getByRole("link", { name: say("shell.room.desk"), exact: true }).click();
    await page.getByRole("heading", { level: 1, name: say("desk.title") }).waitFor();
    await page.getByText(say("desk.nothing")).waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    expect(errors).toEqual([]);
    await page.context().close();
  });
});
