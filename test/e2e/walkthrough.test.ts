import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exitReasonTexts } from "#engine/run/texts";
import { accountsFile, REAL_FILE } from "./accounts-file";
import { launchBrowser } from "./browser";
import { type RunningProgram, startProgram } from "./program";
import { countIn, figure, openTab, openWindow } from "./screen";
import { consoleWords, designerWords } from "./words";

/**
 * What a new user does, in the order of doing it: bring in accounts, change a ready strategy, publish it, let it run on the demo
 * clock, ask what happened to whom and why, and simulate the same version. Each step stands on the one before.
 */

const STRATEGY = "m1-m3-overall";
const IMPORTED_WITHIN_MS = 90_000;
const ENROLLED_WITHIN_MS = 120_000;
/** Months of demo time pass in this while: a day a second. */
const HAPPENED_WITHIN_MS = 120_000;
const SIMULATED_WITHIN_MS = 90_000;

const say = consoleWords("zh-CN");
const draw = designerWords("zh-CN");
const file = accountsFile();

let program: RunningProgram;
let browser: Browser;
let reader: BrowserContext;
let page: Page;
let errors: string[];

beforeAll(async () => {
  program = await startProgram();
  browser = await launchBrowser();
  reader = await openWindow(browser, program.address, { locale: "zh-CN" });
  ({ page, errors } = await openTab(reader));
});
afterAll(async () => {
  await browser?.close();
  await program?.stop();
});

/** The number behind a label of the run bar, read again and again until it is what is waited for. */
async function waitForFigure(label: string, holds: (text: string) => boolean): Promise<string> {
  const shown = figure(page.getByRole("tabpanel"), label);
  await expect
    .poll(async () => holds((await shown.textContent()) ?? ""), { timeout: HAPPENED_WITHIN_MS, message: label })
    .toBe(true);
  return (await shown.textContent()) ?? "";
}

async function chooseClock(item: string): Promise<void> {
  await page.getByRole("button", { name: say("clock.control") }).click();
  await page.getByRole("menuitem", { name: item, exact: true }).click();
}

/** The chart glides to its new view; what is clicked while it does is missed. */
async function chartStandsStill(): Promise<void> {
  const glided = () => page.locator(".react-flow__viewport").getAttribute("style");
  let before: string | null = null;
  await expect
    .poll(
      async () => {
        const now = await glided();
        const still = now === before;
        before = now;
        return still;
      },
      { interval: 300, timeout: 10_000 },
    )
    .toBe(true);
}

describe("accounts come in from a CSV", () => {
  it("is the public credit card file", ({ skip }) => {
    if (!file.real)
      skip(`${REAL_FILE} is not on this machine; a file written from the synthetic portfolio is imported instead`);
    expect(file.rows).toBe(20_061);
  });

  it("previews the file with its mapping and rejects no row", async () => {
    await page.goto("/accounts/import");
    await page.getByLabel(say("import.choose"), { exact: true }).first().setInputFiles(file.csv);
    await page.getByRole("heading", { name: say("import.preview") }).waitFor({ timeout: IMPORTED_WITHIN_MS });
    if (file.mapping !== null) {
      await page.getByLabel(say("import.mappingFile"), { exact: true }).first().setInputFiles(file.mapping);
    }
    const main = page.getByRole("main");
    await expect
      .poll(async () => countIn(await figure(main, say("import.accepted")).textContent()), {
        timeout: IMPORTED_WITHIN_MS,
      })
      .toBe(file.rows);
    expect(await figure(main, say("import.rejectedRows")).textContent()).toBe("0");
    expect(countIn(await figure(main, say("import.overdue")).textContent())).toBe(file.overdue);
    await page.getByText(say("import.noContacts")).waitFor();
  });

  it("keeps the mapping under a name", async () => {
    await page.getByRole("button", { name: say("import.saveMapping") }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(say("import.mappingName")).fill("信用卡 2005");
    await dialog.getByRole("button", { name: say("import.save"), exact: true }).click();
    await page.getByText(say("import.mappingSaved", { name: "信用卡 2005" })).waitFor();
    await page
      .getByLabel(say("import.loadMapping"))
      .getByRole("option", { name: "信用卡 2005" })
      .waitFor({ state: "attached" });
  });

  it("writes every account once, with simulated contact points attached", async () => {
    await page.getByLabel(say("import.simulatedContacts")).check();
    const write = page.getByRole("button", { name: say("import.importCount", { count: file.rows }) });
    await write.click();
    const done = page.getByTestId("import-result");
    await done.waitFor({ timeout: IMPORTED_WITHIN_MS });
    expect(countIn(await figure(done, say("import.inserted")).textContent())).toBe(file.rows);
    expect(await figure(done, say("import.rejectedRows")).textContent()).toBe("0");
    await page.getByRole("link", { name: say("import.toAccounts") }).click();
    const table = page.getByRole("table", { name: say("accounts.title") });
    await table.getByText(file.currency).first().waitFor();
    await table.getByRole("link").first().click();
    await page.getByText(say("account.simulatedPoint"), { exact: true }).first().waitFor();
  });
});

describe("a ready strategy is changed and published", () => {
  it("saves the change by itself", async () => {
    await page.goto(`/strategies/${STRATEGY}`);
    const horizon = page.getByLabel(draw("settings.horizon"), { exact: true });
    await horizon.fill("365");
    await page
      .getByTestId("save-state")
      .getByText(say("strategy.save.saved", { time: "" }).trim(), { exact: false })
      .waitFor();
    await page.reload();
    expect(await page.getByLabel(draw("settings.horizon"), { exact: true }).inputValue()).toBe("365");
  });

  it("shows the new version and its hash", async () => {
    await page.getByRole("button", { name: say("strategy.publish.button"), exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText(say("strategy.publish.changes", { number: 1 })).waitFor();
    await dialog.getByText(/400 → 365/).waitFor();
    await dialog.getByRole("button", { name: say("strategy.publish.confirm"), exact: true }).click();
    await dialog.getByText(say("strategy.publish.done", { number: 2 })).waitFor();
    const hash = /sha256 ([0-9a-f]{64})/.exec((await dialog.textContent()) ?? "")?.[1];
    expect(hash).toBeDefined();
    await dialog.getByRole("button", { name: say("strategy.publish.close") }).click();
    await page.getByRole("tab", { name: say("strategy.tab.versions") }).click();
    const versions = page.getByRole("table", { name: say("strategy.versions.title") });
    const newest = versions.getByRole("row").filter({ hasText: "v2" });
    await newest.getByText(hash?.slice(0, 16) ?? "").waitFor();
    expect(await versions.getByRole("row").filter({ hasText: "v1" }).count()).toBe(1);
  });
});

describe("the version runs live on the demo clock", () => {
  it("enrolls everybody who meets the entry rule, imported accounts among them", async () => {
    await page.getByRole("tab", { name: say("strategy.tab.run") }).click();
    await page.getByRole("button", { name: say("strategy.run.start") }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText(say("strategy.start.simulatedOnly")).waitFor();
    await dialog.getByRole("button", { name: say("strategy.start.begin") }).click();
    await dialog.getByRole("button", { name: say("strategy.start.look") }).waitFor({ timeout: ENROLLED_WITHIN_MS });
    const enrolled = countIn(await figure(dialog, say("strategy.start.enrolled")).textContent());
    expect(enrolled).toBeGreaterThan(file.overdue * 0.9);
    expect(countIn(await figure(dialog, say("strategy.start.unknown")).textContent())).toBe(0);
    await dialog.getByRole("button", { name: say("strategy.start.look") }).click();
    await waitForFigure(say("strategy.run.enrolled"), (text) => countIn(text) === enrolled);
  });

  it("lets months pass in a minute, plainly labelled", async () => {
    const clock = page.getByTestId("clock");
    await clock.getByText(say("clock.real")).waitFor();
    await chooseClock(say("clock.startDemo"));
    await clock.getByText(say("clock.demoRunning", { speed: say("clock.perSecond", { hours: 1 }) })).waitFor();
    await chooseClock(say("clock.speed", { speed: say("clock.perSecond", { hours: 24 }) }));
    await clock.getByText(say("clock.demoRunning", { speed: say("clock.perSecond", { hours: 24 }) })).waitFor();
    await page.getByRole("tabpanel").getByText(say("strategy.run.demoClock"), { exact: true }).waitFor();
  });

  it("sends contacts, and money and exits come back", async () => {
    await waitForFigure(say("strategy.run.contacts"), (text) => countIn(text) > 1_000);
    await waitForFigure(say("strategy.run.recovered"), (text) => /[1-9]/.test(text));
    const cured = page.getByRole("tabpanel").getByText(exitReasonTexts["zh-CN"].cured);
    await cured.first().waitFor({ timeout: HAPPENED_WITHIN_MS });
    expect(await page.getByRole("tabpanel").getByText(say("strategy.run.faulted"), { exact: true }).count()).toBe(0);
  });

  it("stands still while the demo clock is paused", async () => {
    await chooseClock(say("clock.pause"));
    await page.getByTestId("clock").getByText(say("clock.demoPaused")).waitFor();
  });

  it("shows people and money on the chart, and who they are", async () => {
    const chart = page.getByRole("region", { name: draw("canvas.title") });
    // At a waiting step people stand still while the clock does; elsewhere what was due before is still being worked off.
    const counts = chart.locator("[data-group=wait] button").filter({ hasText: /^[\d,.万]+$/ });
    // Money can be read from near by; all counts are there when the whole chart is.
    for (let nearer = 0; nearer < 2; nearer += 1) {
      await page.getByRole("button", { name: draw("canvas.zoom-in") }).click();
      await chartStandsStill();
    }
    await chart.getByText(/¥/).first().waitFor();
    await page.getByRole("button", { name: draw("canvas.fit") }).click();
    await chartStandsStill();
    await counts.first().waitFor();
    await counts.first().click();
    const list = page
      .getByRole("complementary")
      .filter({ has: page.getByRole("button", { name: say("strategy.step.close") }) });
    await list.getByRole("listitem").first().waitFor();
  });

  it("tells one account's story with a reason for every decision", async () => {
    const list = page
      .getByRole("complementary")
      .filter({ has: page.getByRole("button", { name: say("strategy.step.close") }) });
    await list.getByRole("link").first().click();
    await page.getByRole("heading", { name: say("account.history") }).waitFor();
    await page.getByRole("heading", { name: say("account.standing") }).waitFor();
    await page.getByRole("main").getByRole("link", { name: /v2$/ }).waitFor();
    const entries = page
      .getByRole("list")
      .filter({ has: page.locator("time") })
      .getByRole("listitem");
    await entries.first().waitFor();
    const texts = await entries.allTextContents();
    expect(texts.length).toBeGreaterThanOrEqual(2);
    expect(texts.some((text) => text.includes(say("account.simulatedProvider")))).toBe(true);
    for (const text of texts) expect(text).toMatch(/\p{Script=Han}/u);
  });
});

describe("the same version is simulated", () => {
  it("says what 90 days would bring: money, cost, contacts, ends", async () => {
    await page.goto(`/strategies/${STRATEGY}?tab=simulate`);
    const form = page.getByRole("tabpanel");
    const portfolio = form.getByLabel(say("simulation.portfolio"));
    const imported = portfolio.getByRole("option").filter({ hasText: say("home.imported") });
    await imported.first().waitFor({ state: "attached" });
    await portfolio.selectOption((await imported.first().getAttribute("value")) ?? "");
    await form.getByRole("button", { name: say("simulation.start"), exact: true }).click();
    const report = page.getByTestId("simulation-report");
    await report.getByText(say("simulation.ofVersion", { number: 2 })).waitFor({ timeout: SIMULATED_WITHIN_MS });
    expect(await figure(report, say("simulation.recovered")).textContent()).toMatch(/[1-9]/);
    expect(await figure(report, say("simulation.cost")).textContent()).toMatch(/[1-9]/);
    expect(countIn(await figure(report, say("simulation.enrolled")).textContent())).toBeGreaterThan(0);
    const sent = report.getByRole("row").filter({ hasText: say("simulation.counts.sent") });
    expect((await sent.getByRole("cell").allTextContents()).some((text) => countIn(text) > 0)).toBe(true);
    await report.getByText(say("simulation.exits"), { exact: true }).waitFor();
    await report.getByText(say("simulation.simulated"), { exact: true }).waitFor();
  });

  it("threw nothing into the browser's console on the way", () => {
    expect(errors).toEqual([]);
  });
});
