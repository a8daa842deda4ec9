import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exitReasonTexts } from "#engine/run/texts";
import { seriousProblems } from "./axe";
import { launchBrowser } from "./browser";
import { type RunningProgram, startProgram } from "./program";
import { countIn, openTab, openWindow } from "./screen";
import { consoleWords, designerWords } from "./words";

/**
 * Accounts are under way. Somebody puts a person on hold and later releases them, seeing what has become overdue; then everybody on
 * the old version is moved to the new one by a plan. The clock is the demo's, and stands while people decide.
 */

const STRATEGY = "m1-standard-robot-first";
const DAY_SECONDS = 24 * 60 * 60;
/** What the list of accounts at a step shows at first. */
const ACCOUNTS_LISTED = 50;
const HAPPENED_WITHIN_MS = 90_000;
const REASON = "客户来电称已失业，先停催";

const say = consoleWords("zh-CN");
const draw = designerWords("zh-CN");

let program: RunningProgram;
let browser: Browser;
let page: Page;
let errors: string[];
let oldVersion = "";

beforeAll(async () => {
  program = await startProgram();
  browser = await launchBrowser();
  const window = await openWindow(browser, program.address, { locale: "zh-CN" });
  ({ page, errors } = await openTab(window));
});
afterAll(async () => {
  await browser?.close();
  await program?.stop();
});

/** Asks the console's own server, as its pages do. */
async function ask<TAnswer>(procedure: string, input: unknown): Promise<TAnswer> {
  const query = encodeURIComponent(JSON.stringify(input));
  const answer = await page.request.get(`/api/trpc/${procedure}?input=${query}`);
  return (await answer.json()).result.data;
}

async function change<TAnswer>(procedure: string, input: unknown): Promise<TAnswer> {
  const answer = await page.request.post(`/api/trpc/${procedure}`, { data: input });
  expect([procedure, answer.status()]).toEqual([procedure, 200]);
  return (await answer.json()).result.data;
}

type Draft = { readonly draftRevision: number; readonly draft: { readonly settings: object } };

async function publish(): Promise<string> {
  const { draftRevision } = await ask<Draft>("strategy.byKey", { key: STRATEGY });
  const { versionId } = await change<{ versionId: string }>("strategy.publish", {
    key: STRATEGY,
    revision: draftRevision,
  });
  return versionId;
}

/** Lets so many days go by and stops the clock again. */
async function letPass(days: number): Promise<void> {
  const now = async () => (await ask<{ nowMs: number }>("run.clock", {})).nowMs;
  const until = (await now()) + days * DAY_SECONDS * 1000;
  await change("run.setClock", { mode: "demo", ratio: DAY_SECONDS });
  await expect.poll(now, { timeout: HAPPENED_WITHIN_MS }).toBeGreaterThan(until);
  await change("run.setClock", { mode: "demo", ratio: 0 });
}

type StepCounts = { readonly waiting: number; readonly held: number; readonly leftLately: number };
type Counts = { readonly steps: { readonly [nodeId: string]: StepCounts } };

/** An account that waits at some step now, whom nothing holds yet. */
async function someoneWaiting(): Promise<string> {
  const { steps } = await ask<Counts>("run.overview", { versionId: oldVersion });
  const busiest = Object.entries(steps).sort(([, left], [, right]) => right.waiting - left.waiting)[0]?.[0];
  const standing = await ask<readonly { accountId: string; status: string }[]>("run.accountsAtStep", {
    versionId: oldVersion,
    nodeId: busiest,
    limit: 200,
  });
  return standing.find(({ status }) => status === "active")?.accountId ?? "";
}

describe("a portfolio", () => {
  it("comes in, and two days go by", async () => {
    oldVersion = await publish();
    await change("run.setClock", { mode: "demo", ratio: 0 });
    await change("run.makeLive", { versionId: oldVersion });
    // A page of the portfolio is enough to decide about.
    await change("run.enrollNext", { versionId: oldVersion });
    await letPass(2);
  });
});

describe("the chart of a run", () => {
  it("shows how many went which way in numbers and per cent, and a number opens the accounts behind it", async () => {
    const { doc } = await ask<{ doc: { entry: { node: string } } }>("strategy.version", { versionId: oldVersion });
    const entry = doc.entry.node;
    await page.goto(`/strategies/${STRATEGY}?tab=run`);
    const chart = page.getByRole("region", { name: draw("canvas.title") });
    await page.locator(".dz-flows path").first().waitFor({ state: "attached" });
    await chart.getByRole("button", { name: draw("overlay.passed-live"), exact: true }).click();
    await expectChip(entry, "leftLately");
    await chart.getByRole("button", { name: draw("overlay.in-shares"), exact: true }).click();
    expect(await chip(entry).textContent()).toBe("100%");
    expect(await seriousProblems(page)).toEqual([]);
    await chart.getByRole("button", { name: draw("overlay.in-numbers"), exact: true }).click();
    await chart.getByRole("button", { name: draw("overlay.waiting-live"), exact: true }).click();
    // At a waiting step people stand still while the clock does.
    const counted = page.locator("[data-group=wait]").filter({ has: page.locator("button.dz-count") });
    const waits = (await counted.first().getAttribute("data-step")) ?? "";
    await expectChip(waits, "waiting");
    const waiting = countIn(await chip(waits).textContent());
    // It may stand outside the view.
    await chip(waits).dispatchEvent("click");
    const close = page.getByRole("button", { name: say("strategy.step.close") });
    const list = page.getByRole("complementary").filter({ has: close });
    await expect.poll(() => list.getByRole("link").count()).toBe(Math.min(ACCOUNTS_LISTED, waiting));
  });
});

function chip(nodeId: string) {
  return page.locator(`[data-step="${nodeId}"] .dz-count`);
}

/** The number on a step is the one the server tells; what was due is still being worked off while the page looks. */
async function expectChip(nodeId: string, figure: "waiting" | "leftLately"): Promise<void> {
  const same = async () => {
    const { steps } = await ask<Counts>("run.overview", { versionId: oldVersion });
    return countIn(await chip(nodeId).textContent()) === steps[nodeId]?.[figure];
  };
  await expect.poll(same, { timeout: HAPPENED_WITHIN_MS }).toBe(true);
}

describe("a hold by hand", () => {
  it("is placed with its reason, and everything of the person stands still", async () => {
    await page.goto(`/accounts/${await someoneWaiting()}`);
    await page.getByRole("button", { name: say("account.placeHold"), exact: true }).click();
    const dialog = page.getByRole("dialog");
    const confirm = dialog.getByRole("button", { name: say("account.placeHold"), exact: true });
    expect(await confirm.isDisabled()).toBe(true);
    await dialog.getByLabel(say("account.holdKind")).selectOption("hardship");
    await dialog.getByLabel(say("account.holdReason")).fill(REASON);
    await dialog.getByLabel(say("account.holdEvidence")).fill("录音 2026-11-28");
    expect(await seriousProblems(page)).toEqual([]);
    await confirm.click();
    await dialog.waitFor({ state: "hidden" });
    await page.getByText(REASON).waitFor();
    await page.getByText(say("account.enrollment.held"), { exact: true }).first().waitFor();
  });

  it("is released after a look at what is overdue, with a choice for the account", async () => {
    await letPass(20);
    // Whoever has paid while on hold leaves as cured, as the dialog says; the clock stands, so nobody pays any more.
    const accountId = page.url().split("/").at(-1);
    const { facts } = await ask<{ facts: { account_status: string } }>("portfolio.account", { accountId });
    const leavesAs = facts.account_status === "paid" ? "cured" : "no-further-treatment";
    await page.getByRole("button", { name: say("account.release"), exact: true }).click();
    const dialog = page.getByRole("dialog");
    const late = say("account.overdueBy", { late: "" }).trim();
    await dialog.getByText(late, { exact: false }).first().waitFor();
    const exits = dialog.getByRole("button", { name: say("account.releaseMode.exit"), exact: true });
    await exits.click();
    await dialog.getByLabel(say("account.exitReason")).selectOption("no-further-treatment");
    await dialog.getByText(say("account.releaseConsequence.exit")).waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    await dialog.getByRole("button", { name: say("account.release"), exact: true }).click();
    await dialog.waitFor({ state: "hidden" });
    await page.getByText(exitReasonTexts["zh-CN"][leavesAs]).first().waitFor({ timeout: HAPPENED_WITHIN_MS });
    expect(errors).toEqual([]);
  });
});

describe("accounts in flight", () => {
  it("are moved to a new version by a plan that says what becomes of whom", async () => {
    const { draftRevision, draft } = await ask<Draft>("strategy.byKey", { key: STRATEGY });
    const doc = { ...draft, settings: { ...draft.settings, horizonDays: 300 } };
    await change("strategy.saveDraft", { key: STRATEGY, baseRevision: draftRevision, doc });
    expect(await publish()).not.toBe(oldVersion);
    await page.goto(`/strategies/${STRATEGY}?tab=versions`);
    const versions = page.getByRole("table", { name: say("strategy.versions.title") });
    const old = versions.getByRole("row").filter({ hasText: say("strategy.versions.live") });
    await old.getByRole("button", { name: say("strategy.move.move"), exact: true }).click();
    await page.getByText(say("strategy.move.note")).waitFor();
    const groups = page.getByRole("table");
    await groups.getByRole("combobox").first().selectOption("exit:escalated");
    await groups.getByText(say("strategy.move.exits")).first().waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    await page.getByLabel(say("strategy.move.reason")).fill("新版本期限更短");
    await page.getByRole("button", { name: /^迁移 [\d,]+ 个账户$/ }).click();
    const moved = page.getByText(/^已迁移 [\d,]+ 个$/);
    await expect
      .poll(async () => countIn((await moved.first().textContent())?.replace(/[^\d,]/g, "") ?? ""), {
        timeout: HAPPENED_WITHIN_MS,
      })
      .toBeGreaterThan(0);
    expect(errors).toEqual([]);
  });
});
