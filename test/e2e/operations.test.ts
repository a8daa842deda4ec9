import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seriousProblems } from "./axe";
import { launchBrowser } from "./browser";
import { type RunningProgram, startProgram } from "./program";
import { figure, openTab, openWindow } from "./screen";
import { consoleWords } from "./words";

/** Somebody keeps the engine running: sees that it keeps up, stops everything with a reason, and lets it go on. */

const REASON = "演练：短信供应商割接";

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

async function atOperations(locale: "zh-CN" | "en", theme: "light" | "dark") {
  const window = await openWindow(browser, program.address, { locale, theme });
  const tab = await openTab(window);
  await tab.page.goto("/operations");
  await tab.page.getByRole("heading", { level: 1, name: consoleWords(locale)("operations.title") }).waitFor();
  return { ...tab, say: consoleWords(locale) };
}

describe("the operations room", () => {
  it("says that the engine keeps up, and that nothing waits for a person", async () => {
    const { page, say, errors } = await atOperations("zh-CN", "light");
    await page.getByText(say("operations.backlog.keepingUp"), { exact: true }).waitFor();
    expect(await figure(page, say("operations.backlog.due")).textContent()).toBe("0");
    await page.getByText(say("operations.dead.nothing")).waitFor();
    await page.getByText(say("operations.unknown.nothing")).waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it("pauses everything for a reason, shows since when and why, and resumes", async () => {
    const { page, say, errors } = await atOperations("zh-CN", "dark");
    const name = say("operations.stops.everything");
    await page.getByRole("button", { name: say("operations.stops.pauseNamed", { name }) }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText(say("operations.stops.consequence.pause")).waitFor();
    const confirm = dialog.getByRole("button", { name: say("operations.stops.pause"), exact: true });
    expect(await confirm.isDisabled()).toBe(true);
    await dialog.getByLabel(say("operations.stops.reason")).fill(REASON);
    expect(await seriousProblems(page)).toEqual([]);
    await confirm.click();
    await dialog.waitFor({ state: "hidden" });
    const row = rowOf(page, name);
    await row.getByText(say("operations.stops.state.pause"), { exact: true }).waitFor();
    await row.getByText(REASON).waitFor();
    await row.getByRole("button", { name: say("operations.stops.resumeNamed", { name }) }).click();
    await dialog.getByLabel(say("operations.stops.reason")).fill("演练结束");
    await dialog.getByRole("button", { name: say("operations.stops.resume"), exact: true }).click();
    // The worker gives back the time of the pause before it is over.
    await row.getByText(say("operations.stops.state.running"), { exact: true }).waitFor();
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it("shows how every provider stands, with the switch of its channel beside it", async () => {
    const { page, say, errors } = await atOperations("zh-CN", "light");
    const row = page.getByRole("row").filter({ hasText: "simulated-letter" });
    await row.getByText(say("operations.providers.states.fine"), { exact: true }).waitFor();
    // The worker has asked it whether all is well.
    await row.getByText(say("operations.providers.checked", { at: "" }).trim()).waitFor();
    await row.getByRole("button").click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(say("operations.stops.reason")).fill(REASON);
    await dialog.getByRole("button", { name: say("operations.stops.pause"), exact: true }).click();
    await row.getByText(say("operations.providers.paused"), { exact: true }).waitFor();
    await row.getByRole("button").click();
    await dialog.getByLabel(say("operations.stops.reason")).fill("演练结束");
    await dialog.getByRole("button", { name: say("operations.stops.resume"), exact: true }).click();
    await row.getByText(say("operations.providers.paused"), { exact: true }).waitFor({ state: "hidden" });
    expect(await seriousProblems(page)).toEqual([]);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it("after a restore says that nothing leaves unasked, and lets a person answer for lifting it early", async () => {
    const asOf = new Date(Date.now() - 3_600_000).toISOString();
    await due(program, ["restore", "--begin", "--as-of", asOf]);
    const { page, say, errors } = await atOperations("zh-CN", "light");
    const banner = page.getByRole("region", { name: say("operations.recovery.title") });
    await banner.getByText(say("operations.recovery.coveredNote")).waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    await banner.getByRole("button", { name: say("operations.recovery.lift") }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText(say("operations.recovery.liftEarlyNote")).waitFor();
    await dialog.getByLabel(say("operations.recovery.reason")).fill(REASON);
    const confirm = dialog.getByRole("button", { name: say("operations.recovery.lift") });
    expect(await confirm.isDisabled()).toBe(true);
    await dialog.getByLabel(say("operations.recovery.anyway")).check();
    expect(await seriousProblems(page)).toEqual([]);
    await confirm.click();
    await banner.waitFor({ state: "hidden" });
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it("reads in English, too", async () => {
    const { page, say, errors } = await atOperations("en", "light");
    await page.getByText(say("operations.stops.note")).waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    expect(errors).toEqual([]);
    await page.context().close();
  });
});

/** The command line beside the running program, on its database. */
async function due({ dataDirectory }: RunningProgram, argv: readonly string[]): Promise<void> {
  const { DATABASE_URL: _database, ...environment } = process.env;
  const env = { ...(environment as NodeJS.ProcessEnv), DUECOURSE_DATA_DIR: dataDirectory };
  await promisify(execFile)(process.execPath, ["--import", "tsx", "app/_cli/due.ts", ...argv], { env });
}

const rowOf = (page: Page, name: string) => page.getByRole("listitem").filter({ hasText: name }).first();
