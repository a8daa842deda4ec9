import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seriousProblems } from "./axe";
import { launchBrowser } from "./browser";
import { type RunningProgram, startProgram } from "./program";
import { openTab, openWindow } from "./screen";
import { consoleWords, designerWords } from "./words";

/** Somebody has to answer for a strategy: what changed since it was published, and what it does with one account. */

const KEY = "m1-standard-robot-first";
const say = consoleWords("en");
const draw = designerWords("en");

let program: RunningProgram;
let browser: Browser;
let reader: BrowserContext;
let page: Page;
let errors: string[];

beforeAll(async () => {
  program = await startProgram();
  browser = await launchBrowser();
  reader = await openWindow(browser, program.address, { locale: "en" });
  ({ page, errors } = await openTab(reader));
});
afterAll(async () => {
  await browser?.close();
  await program?.stop();
});

const horizon = () => page.getByLabel(draw("settings.horizon"), { exact: true });
const list = () => page.getByRole("complementary", { name: draw("review.list") });
const tab = (name: "design" | "walk" | "versions") => page.getByRole("tab", { name: say(`strategy.tab.${name}`) });

describe("two versions side by side", () => {
  it("tells in a sentence what a change of the draft is", async () => {
    await page.goto(`/strategies/${KEY}`);
    await horizon().fill("365");
    await horizon().press("Tab");
    await page
      .getByTestId("save-state")
      .getByText(/^saved/)
      .waitFor();
    await tab("versions").click();
    const first = page.getByRole("row").filter({ hasText: "v1" });
    await first.getByRole("button", { name: say("strategy.versions.compare") }).click();
    await list().getByText("400 → 365").waitFor();
    expect(new URL(page.url()).searchParams.get("before")).toBe("1");
  });

  it("opens the same pair from the address, with both drawings, and can be read by everybody", async () => {
    await page.reload();
    await list().getByText("400 → 365").waitFor();
    for (const side of ["before", "after"]) {
      await page.getByTestId(`compare-${side}`).locator(".react-flow__node").first().waitFor();
    }
    expect(await seriousProblems(page)).toEqual([]);
  });

  it("goes from change to change by keyboard and shows both sides", async () => {
    await list().focus();
    await page.keyboard.press("n");
    const sides = list().locator("dl");
    await sides.getByText("400", { exact: true }).waitFor();
    await sides.getByText("365", { exact: true }).waitFor();
  });

  it("restores the version as the draft, and undo gives the draft back", async () => {
    await page.getByRole("button", { name: say("strategy.versions.restore") }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("365 → 400").waitFor();
    await dialog.getByRole("button", { name: say("strategy.versions.restore"), exact: true }).click();
    await expect.poll(() => horizon().inputValue()).toBe("400");
    await page.getByRole("button", { name: new RegExp(`^${draw("actions.undo")}`) }).click();
    await expect.poll(() => horizon().inputValue()).toBe("365");
  });
});

describe("one account is walked", () => {
  const token = () => page.getByTestId("walk-token");
  const standsAt = (step: string) => expect.poll(() => token().getAttribute("data-at")).toBe(step);
  const walk = () => page.getByRole("region", { name: draw("walk.title") });

  it("comes in by its entry rule, with every part of the condition and the account's own values", async () => {
    await tab("walk").click();
    await standsAt("start");
    await walk()
      .getByText(/Days past due .*actual: 12/)
      .first()
      .waitFor();
  });

  it("goes on with the space bar until the world has to answer, and takes the answer that is chosen", async () => {
    await walk().focus();
    await page.keyboard.press(" ");
    await standsAt("check-script");
    await walk()
      .getByRole("group", { name: draw("walk.answer") })
      .waitFor();
    await page.keyboard.press("1");
    await page.keyboard.press(" ");
    await expect.poll(() => token().getAttribute("data-at")).not.toBe("check-script");
  });

  it("walks another path at once when a fact is changed", async () => {
    const dpd = walk().locator("[data-fact=dpd] input[type=range]");
    await dpd.fill("-5");
    await standsAt("start");
    await walk()
      .getByText(/^Left:/)
      .waitFor();
    await dpd.fill("12");
    await expect.poll(() => token().getAttribute("data-at")).not.toBe("start");
  });

  it("steps back and begins again", async () => {
    await walk()
      .getByRole("button", { name: draw("walk.reset") })
      .click();
    await standsAt("start");
  });

  it("is kept as a test, which passes, and the chart shows what no test takes", async () => {
    await walk().getByLabel(draw("walk.save-name")).fill("Early account, text refused");
    await walk()
      .getByRole("button", { name: draw("walk.save"), exact: true })
      .click();
    await walk()
      .getByRole("tab", { name: draw("walk.tab-tests", { count: 1 }) })
      .click();
    await walk()
      .getByText(draw("walk.run", { passed: 1, count: 1 }))
      .waitFor();
    await walk().getByLabel(draw("walk.coverage-show")).check();
    await page.locator(".dz-mark-badge[data-mark=untested]").first().waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    expect(errors).toEqual([]);
  });
});

describe("a strategy is filled in", () => {
  const inspector = () => page.getByRole("complementary", { name: draw("inspector.title") });
  const answer = () => page.getByTestId("condition-answer");
  const undo = () => page.getByRole("button", { name: new RegExp(`^${draw("actions.undo")}`) }).click();
  const counted = (count: string) => new RegExp(`^${draw("answer.matches", { count })}$`);

  it("says while a condition is written how many accounts it finds now, and shows three of them, masked", async () => {
    await tab("design").click();
    await page.getByTestId("step-start").click();
    await inspector().getByLabel(draw("condition.value"), { exact: true }).first().focus();
    await answer().getByText(counted("[1-9][\\d,]*")).waitFor();
    const examples = answer()
      .getByRole("list", { name: draw("answer.examples") })
      .getByRole("link");
    expect(await examples.count()).toBe(3);
    expect(await examples.first().getAttribute("href")).toMatch(/^\/accounts\/acct_/);
    await inspector().getByLabel(draw("condition.value"), { exact: true }).first().fill("9999");
    await answer().getByText(counted("0")).waitFor();
    await undo();
    await answer().getByText(counted("[1-9][\\d,]*")).waitFor();
  });

  it("nests questions with the keys of their grips, and keeps the focus on the one that moved", async () => {
    const group = () => inspector().locator(".dz-group .dz-group");
    expect(await group().count()).toBe(0);
    const grip = inspector()
      .getByRole("button", { name: /^Move: / })
      .nth(1);
    await grip.focus();
    await page.keyboard.press("Alt+ArrowRight");
    await expect.poll(() => group().count()).toBe(1);
    expect(await page.evaluate(() => document.activeElement?.getAttribute("data-grip"))).toBe("0.1");
    await page.keyboard.press("Alt+ArrowLeft");
    await expect.poll(() => group().locator("[data-grip='0.1']").count()).toBe(0);
    await undo();
    await undo();
    await expect.poll(() => group().count()).toBe(0);
  });

  it("nests a question that is dropped on another", async () => {
    const grips = inspector().getByRole("button", { name: /^Move: / });
    await grips.nth(1).dragTo(inspector().locator(".dz-question").first());
    await inspector().locator(".dz-group .dz-group").waitFor();
    await undo();
  });

  it("underlines what a text must not say as it is typed, and rewrites it at one click", async () => {
    await page.getByTestId("step-first-sms").click();
    await inspector()
      .getByRole("button", { name: draw("content.write-own") })
      .click();
    const area = inspector().getByLabel(draw("content.text"), { exact: true });
    const before = await area.inputValue();
    await area.fill(`最后通牒！${before}`);
    await inspector().locator("mark[data-kind=error]").getByText("最后通牒").waitFor();
    await inspector()
      .getByRole("button", { name: draw("content.rewrite", { suggestion: "还款提醒" }) })
      .click();
    await expect.poll(() => area.inputValue()).toBe(`还款提醒！${before}`);
    await inspector().getByText(draw("content.clean")).waitFor();
    await inspector()
      .getByText(/UCS-2 · parts: \d/)
      .first()
      .waitFor();
  });

  it("shows the text as an account would get it", async () => {
    const preview = inspector().getByRole("region", { name: draw("content.preview") });
    await preview.getByRole("button", { name: draw("content.preview-for") }).click();
    await preview.getByRole("listitem").getByRole("button").first().click();
    const shown = await preview.getByTestId("text-preview").textContent();
    expect(shown).toContain("还款提醒！");
    expect(shown).not.toContain("{{");
    expect(await seriousProblems(page)).toEqual([]);
    expect(errors).toEqual([]);
  });
});
