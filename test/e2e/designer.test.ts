import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import sms from "../../engine/nodes/sms/en.json";
import entry from "../../engine/nodes/start/en.json";
import wait from "../../engine/nodes/wait/en.json";
import { seriousProblems } from "./axe";
import { launchBrowser } from "./browser";
import { chartOf, waitUntilSaved } from "./chart";
import { type RunningProgram, startProgram } from "./program";
import { downloadOf, openTab, openWindow } from "./screen";
import { consoleWords, designerWords } from "./words";

/** One author draws a strategy from nothing, with keyboard and mouse; then two tabs get in each other's way. */

const KEY = "evening-reminders";
const say = consoleWords("en");
const draw = designerWords("en");

let program: RunningProgram;
let browser: Browser;
let author: BrowserContext;
let page: Page;
let errors: string[];

beforeAll(async () => {
  program = await startProgram();
  browser = await launchBrowser();
  author = await openWindow(browser, program.address, { locale: "en" });
  ({ page, errors } = await openTab(author));
});
afterAll(async () => {
  await browser?.close();
  await program?.stop();
});

const { chart, card, expectSteps, chooseInPicker, dragAside, positionOf } = chartOf(() => page, draw);
const inspector = () => page.getByRole("complementary", { name: draw("inspector.title") });
const problemsBar = () => page.getByRole("button", { name: draw("problems.title") });

describe("an author draws a strategy", () => {
  it("begins with an entry and an exit and nothing wrong", async () => {
    await page.goto("/strategies");
    await page
      .getByRole("button", { name: say("strategies.new") })
      .first()
      .click();
    await page.getByRole("dialog").getByLabel(say("strategies.name")).fill("Evening reminders");
    await page.getByRole("button", { name: say("strategies.create") }).click();
    await page.waitForURL(`**/strategies/${KEY}`);
    await expectSteps(2);
    await problemsBar().click();
    await page.getByText(draw("problems.none")).waitFor();
  });

  it("sees a problem come on the step and in the list, and go again", async () => {
    await card(entry.title).click();
    await inspector()
      .getByRole("button", { name: /^Remove: / })
      .click();
    const listed = page.getByRole("list", { name: draw("problems.title") });
    await listed.getByText(entry.issues["start.rule-missing"]).waitFor();
    expect(await card(entry.title).getAttribute("data-problem")).toBe("error");
    await inspector()
      .getByRole("button", { name: draw("condition.add"), exact: true })
      .click();
    await page.getByText(draw("problems.none")).waitFor();
    expect(await card(entry.title).getAttribute("data-problem")).toBeNull();
  });

  it("adds a message behind the entry with the keyboard alone", async () => {
    await card(entry.title).click();
    await page.keyboard.press("a");
    await chooseInPicker(sms.title);
    await expectSteps(3);
    await expect.poll(() => card(sms.title).getAttribute("data-problem")).toBe("error");
    const message = inspector().getByLabel(sms.fields.contentId, { exact: true });
    const first = message.getByRole("option").nth(1);
    await message.selectOption((await first.getAttribute("value")) ?? "");
    const missing = page.getByText(sms.issues["sms.content-missing"]);
    await expect.poll(() => missing.count()).toBe(0);
  });

  it("puts a wait into a line with the plus on it", async () => {
    await chart()
      .getByRole("button", { name: draw("canvas.insert-here") })
      .last()
      .click();
    await chooseInPicker(wait.title);
    await expectSteps(4);
    const days = inspector().getByLabel(`${wait.fields.durationMinutes}: ${draw("duration.days")}`);
    await days.fill("3");
    await card(wait.title)
      .getByText(/3 days/)
      .waitFor();
  });

  it("leads a way on to another step, by list", async () => {
    await card(sms.title).click();
    const failed = inspector().getByLabel(sms.handles.failed, { exact: true });
    await failed.selectOption({ label: await optionOf(failed, wait.title) });
    expect(await failed.inputValue()).not.toBe("");
  });

  it("undoes and does again, step by step", async () => {
    await card(wait.title).click();
    await page.keyboard.press("Delete");
    await expectSteps(3);
    await page.keyboard.press("Control+z");
    await expectSteps(4);
    await page.keyboard.press("Control+Shift+z");
    await expectSteps(3);
    await page.keyboard.press("Control+z");
    await expectSteps(4);
    await card(wait.title)
      .getByText(/3 days/)
      .waitFor();
  });

  it("finds a step by what it says, and goes there", async () => {
    await page.keyboard.press("Control+f");
    await page.getByRole("dialog").getByPlaceholder(draw("find.search")).fill(wait.title);
    await page.keyboard.press("Enter");
    await expect.poll(() => card(wait.title).getAttribute("data-selected")).toBe("true");
  });

  it("does what the palette of commands is asked for", async () => {
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").getByPlaceholder(draw("command.search")).fill(draw("actions.duplicate"));
    await page.keyboard.press("Enter");
    await expectSteps(5);
    await page.keyboard.press("Control+z");
    await expectSteps(4);
  });

  it("moves a step elsewhere in the path from the menu of the right button", async () => {
    await card(wait.title).click({ button: "right" });
    await page.getByRole("menuitem", { name: draw("actions.move") }).click();
    const targets = page.getByRole("dialog");
    await targets.getByPlaceholder(draw("move.search")).fill(entry.title);
    await targets.getByRole("option").filter({ hasText: entry.title }).first().waitFor();
    await page.keyboard.press("Enter");
    await expect.poll(async () => (await positionOf(wait.title)).y < (await positionOf(sms.title)).y).toBe(true);
    await page.keyboard.press("Control+z");
    await expect.poll(async () => (await positionOf(wait.title)).y > (await positionOf(sms.title)).y).toBe(true);
  });

  it("frames steps as a stage and leaves a note, and both are there after loading the page again", async () => {
    await card(sms.title).click();
    await card(wait.title).click({ modifiers: ["Shift"] });
    await page.keyboard.press("Control+g");
    await inspector().getByRole("textbox").last().fill("First month");
    await chart().getByRole("button", { name: "First month" }).waitFor();
    await page.keyboard.press("Escape");
    await card(entry.title).click();
    await page.keyboard.press("n");
    await chart().getByLabel(draw("note.text")).fill("Ask legal about the wording");
    await waitUntilSaved(page);
    await page.reload();
    await expectSteps(4);
    await chart().getByRole("button", { name: "First month" }).waitFor();
    await chart().getByText("Ask legal about the wording").waitFor();
  });

  it("goes back to its place when it is let go beside the path, as long as the program lays out", async () => {
    const before = await positionOf(wait.title);
    await dragAside(wait.title);
    await expect.poll(() => positionOf(wait.title)).toEqual(before);
  });

  it("moves a step by hand once steps are placed freely, and it stays there after loading the page again", async () => {
    await card(wait.title).click();
    await page.keyboard.press("Shift+F");
    const before = await positionOf(wait.title);
    await dragAside(wait.title);
    const moved = await positionOf(wait.title);
    expect(moved.x).toBeGreaterThan(before.x + 60);
    await waitUntilSaved(page);
    await page.reload();
    await expectSteps(4);
    expect(await positionOf(wait.title)).toEqual(moved);
  });

  it("declares a variable, asks it in the entry, and finds it called otherwise everywhere", async () => {
    await page.keyboard.press("Escape");
    const settings = inspector();
    await settings.getByRole("button", { name: draw("variables.add") }).click();
    await settings.getByLabel(draw("variables.name"), { exact: true }).fill("visits_agreed");
    await card(entry.title).click();
    await inspector()
      .getByRole("button", { name: new RegExp(`^${draw("condition.fact")}: `) })
      .first()
      .click();
    await page.getByRole("dialog").getByPlaceholder(draw("facts.search")).fill("visits_agreed");
    await page.keyboard.press("Enter");
    await inspector().getByText("visits_agreed", { exact: false }).first().waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await inspector()
      .getByRole("button", { name: /visits_agreed/ })
      .click();
    await inspector().getByLabel(draw("variables.name"), { exact: true }).fill("visits_done");
    await card(entry.title)
      .getByText(/visits_done/)
      .waitFor();
    await inspector()
      .getByRole("button", { name: draw("variables.remove", { name: "visits_done" }) })
      .isDisabled();
  });

  it("draws a strategy inside from its beginning, and comes back to the whole", async () => {
    await inspector()
      .getByRole("button", { name: draw("strategies.add") })
      .click();
    await expectSteps(1);
    await chart()
      .getByRole("button", { name: draw("canvas.insert-first") })
      .click();
    await chooseInPicker(wait.title);
    await expectSteps(2);
    await page
      .getByRole("navigation", { name: draw("strategies.path") })
      .getByRole("button")
      .click();
    await expectSteps(4);
    await page.keyboard.press("Control+z");
    await expectSteps(1);
    await page.keyboard.press("Control+Shift+z");
    await expectSteps(2);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await expectSteps(4);
  });

  it("exports the strategy and imports it again byte for byte", async () => {
    const exported = await downloadOf(page, page.getByRole("link", { name: say("strategy.export") }));
    await page.goto("/strategies");
    await page.getByRole("button", { name: say("strategies.import") }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(say("strategies.json")).fill(exported.toString("utf8"));
    await dialog.getByRole("button", { name: say("strategies.check") }).click();
    await dialog.getByText(say("strategies.review.clean")).waitFor();
    await dialog.getByRole("button", { name: say("strategies.replaceDraft") }).click();
    await page.waitForURL(`**/strategies/${KEY}`);
    await expectSteps(4);
    const again = await downloadOf(page, page.getByRole("link", { name: say("strategy.export") }));
    expect(again.toString("utf8")).toBe(exported.toString("utf8"));
    expect(exported.toString("utf8").endsWith("}\n")).toBe(true);
  });
});

async function optionOf(select: Locator, words: string): Promise<string> {
  const options = await select.getByRole("option").allTextContents();
  return options.find((option) => option.includes(words)) ?? "";
}

describe("two tabs with two strategies", () => {
  it("copies a step in one and pastes it behind the entry in the other, as one gesture", async () => {
    const [{ page: here }, { page: there }] = await Promise.all([openTab(author), openTab(author)]);
    await here.goto(`/strategies/${KEY}`);
    const region = (tab: Page) => tab.getByRole("region", { name: draw("canvas.title") });
    const message = region(here).locator("[data-testid^=step-sms]").first();
    await message.click();
    await here.keyboard.press("Control+c");
    await here.getByText(draw("notice.copied", { count: 1 })).waitFor();
    await there.goto("/strategies");
    await there
      .getByRole("button", { name: say("strategies.new") })
      .first()
      .click();
    await there.getByRole("dialog").getByLabel(say("strategies.name")).fill("Second one");
    await there.getByRole("button", { name: say("strategies.create") }).click();
    await there.getByText(draw("status.steps", { count: 2 }), { exact: true }).waitFor();
    await region(there).locator("[data-testid=step-start]").click();
    await there.keyboard.press("Control+v");
    await there.getByText(draw("status.steps", { count: 3 }), { exact: true }).waitFor();
    await there.getByText(draw("notice.pasted", { count: 1 })).waitFor();
    await there.keyboard.press("Control+z");
    await there.getByText(draw("status.steps", { count: 2 }), { exact: true }).waitFor();
    await Promise.all([here.close(), there.close()]);
  });
});

describe("two tabs with one draft", () => {
  /** The strategy's English name, as a tab shows it in the settings; behind an open dialog too. */
  const nameIn = (tab: Page) =>
    tab
      .getByRole("complementary", { name: draw("inspector.title"), includeHidden: true })
      .getByRole("textbox", { includeHidden: true })
      .nth(1);

  /** The name in the draft the server has. */
  async function draftName(): Promise<string> {
    const exported = await page.request.get(`/api/strategies/${KEY}/export`);
    const { name } = (await exported.json()) as { readonly name: { readonly en: string } };
    return name.en;
  }

  async function draftSteps(): Promise<number> {
    const exported = await page.request.get(`/api/strategies/${KEY}/export`);
    return ((await exported.json()) as { readonly nodes: readonly unknown[] }).nodes.length;
  }

  const region = (tab: Page) => tab.getByRole("region", { name: draw("canvas.title") });
  const waitForSteps = (tab: Page, count: number) =>
    tab.getByText(draw("status.steps", { count }), { exact: true }).waitFor();

  async function twoTabs(): Promise<readonly [Page, Page]> {
    const [mine, theirs] = await Promise.all([openTab(author), openTab(author)]);
    for (const { page: tab } of [mine, theirs]) {
      await tab.goto(`/strategies/${KEY}`);
      await nameIn(tab).waitFor();
    }
    return [mine.page, theirs.page];
  }

  const conflictIn = (tab: Page) => tab.getByRole("dialog", { name: say("strategy.conflict.title") });

  it("put both edits together by themselves where they touch different things, and undo takes back one's own alone", async () => {
    const [mine, theirs] = await twoTabs();
    await nameIn(theirs).fill("Renamed by theirs");
    await waitUntilSaved(theirs);
    await region(mine).locator("[data-testid^=step-wait]").first().click();
    await mine.keyboard.press("Delete");
    await waitForSteps(mine, 3);
    await mine.getByText(say("strategy.news.merged")).waitFor();
    await waitUntilSaved(mine);
    expect(await draftName()).toBe("Renamed by theirs");
    expect(await draftSteps()).toBe(3);
    await mine.keyboard.press("Control+z");
    await waitForSteps(mine, 4);
    await waitUntilSaved(mine);
    await expect.poll(draftSteps).toBe(4);
    expect(await draftName()).toBe("Renamed by theirs");
    await Promise.all([mine.close(), theirs.close()]);
  });

  it.each(["mine", "theirs"] as const)(
    "ask where both changed one thing, lose nothing, and go on with %s",
    async (choice) => {
      const names = { theirs: `Theirs, first (${choice} wins)`, mine: `Mine, second (${choice} wins)` };
      const [mine, theirs] = await twoTabs();
      await nameIn(theirs).fill(names.theirs);
      await waitUntilSaved(theirs);
      await nameIn(mine).fill(names.mine);
      const dialog = conflictIn(mine);
      await dialog.waitFor();
      await mine.getByTestId("save-state").getByText(say("strategy.save.conflict")).waitFor();
      expect(await nameIn(mine).inputValue()).toBe(names.mine);
      expect(await draftName()).toBe(names.theirs);
      const merge = dialog.getByRole("button", { name: say("strategy.conflict.merge") });
      expect(await merge.isDisabled()).toBe(true);
      await dialog.getByText(names[choice], { exact: true }).click();
      expect(await seriousProblems(mine)).toEqual([]);
      await merge.click();
      await waitUntilSaved(mine);
      expect(await draftName()).toBe(names[choice]);
      await mine.reload();
      await nameIn(mine).waitFor();
      expect(await nameIn(mine).inputValue()).toBe(names[choice]);
      await Promise.all([mine.close(), theirs.close()]);
    },
  );

  it("keep edits on the device while the server does not answer, and bring them back at the next opening", async () => {
    const device = await openWindow(browser, program.address, { locale: "en" });
    const { page: before } = await openTab(device);
    await before.goto(`/strategies/${KEY}`);
    await nameIn(before).waitFor();
    await device.setOffline(true);
    await nameIn(before).fill("Made on the train");
    await before.getByTestId("save-state").getByText(say("strategy.save.kept")).waitFor();
    await before.close();
    await device.setOffline(false);
    expect(await draftName()).not.toBe("Made on the train");
    const { page: after } = await openTab(device);
    await after.goto(`/strategies/${KEY}`);
    await after.getByRole("button", { name: say("strategy.news.drop") }).waitFor();
    expect(await nameIn(after).inputValue()).toBe("Made on the train");
    await waitUntilSaved(after);
    expect(await draftName()).toBe("Made on the train");
    await after.getByRole("button", { name: say("strategy.news.look") }).click();
    await after
      .getByRole("dialog")
      .getByText(/Made on the train/)
      .first()
      .waitFor();
    await after.keyboard.press("Escape");
    await after.getByRole("button", { name: say("strategy.news.keep") }).click();
    await after.reload();
    await nameIn(after).waitFor();
    expect(await after.getByRole("button", { name: say("strategy.news.drop") }).count()).toBe(0);
    await device.close();
  });

  it("threw nothing into the browser's console on the way", () => {
    expect(errors.filter((line) => !line.includes("409"))).toEqual([]);
  });
});
