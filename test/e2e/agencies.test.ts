import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "#db/testing";
import { agencyReturn, type ReturnLines } from "#engine/testing/agency-return";
import { seriousProblems } from "./axe";
import { launchBrowser } from "./browser";
import { type RunningProgram, startProgram } from "./program";
import { figure, openTab, openWindow } from "./screen";
import { consoleWords } from "./words";

/** Somebody works with an agency: enters it, takes in what it reports, and calls back what must come back. */

const AGENCY = "海港资产";
const PLACED = { placement_batch: "plc-harbour-1", placement_line: 1 };
const CALL = { ...PLACED, at: "2026-01-05T10:00:00+08:00", channel: "agent", connected: "yes", conversed: "yes" };

let house: TestDatabase;
let program: RunningProgram;
let browser: Browser;
let folder: string;
let accountId: string;

beforeAll(async () => {
  house = await openTestDatabase();
  folder = mkdtempSync(join(tmpdir(), "duecourse-agencies-"));
  mkdirSync(join(folder, "outbox"));
  const channels = join(folder, "channels.json");
  writeFileSync(channels, JSON.stringify({ agencies: { kind: "agency-file", outbox: join(folder, "outbox") } }));
  program = await startProgram({ DATABASE_URL: house.url, DUECOURSE_CHANNELS_FILE: channels });
  browser = await launchBrowser();
  const [seeded] = await house.database.sql<{ id: string; party_id: string }[]>`
    select id, party_id from account order by id limit 1`;
  if (seeded === undefined) throw new Error("nothing was seeded");
  accountId = seeded.id;
  // What a strategy that has gone on since had placed there.
  await house.database
    .sql`insert into agency_placement (party_id, batch_id, line, agency, account_id, enrollment_id, intent_key,
    placed_at) values (${seeded.party_id}, 'plc-harbour-1', 1, 'harbour', ${seeded.id}, 'enr_gone', 'enr_gone:3:1', '2026-01-01')`;
});
afterAll(async () => {
  await browser?.close();
  await program?.stop();
  await house?.drop();
  rmSync(folder, { recursive: true, force: true });
});

async function atAgencies(locale: "zh-CN" | "en", theme: "light" | "dark") {
  const window = await openWindow(browser, program.address, { locale, theme });
  const tab = await openTab(window);
  const say = consoleWords(locale);
  await tab.page.goto("/operations");
  await tab.page.getByRole("link", { name: say("operations.agencies") }).click();
  await tab.page.getByRole("heading", { level: 1, name: say("agencies.title") }).waitFor();
  return { ...tab, say };
}

/** The two files of a return, as they would be chosen from a folder. */
function returned(lines: ReturnLines, batch: string, spoilt = false) {
  const { manifest, csv } = agencyReturn("activity", lines, { batch });
  const body = spoilt ? Buffer.from(Buffer.from(csv).toString("utf8").replace("yes", "no")) : Buffer.from(csv);
  return [
    { name: "manifest.json", mimeType: "application/json", buffer: Buffer.from(manifest) },
    { name: "activity.csv", mimeType: "text/csv", buffer: body },
  ];
}

describe("the agencies", () => {
  it("are entered with what the law asks of them; what is not known is said to be unknown", async () => {
    const { page, say, errors } = await atAgencies("zh-CN", "light");
    await page.getByText(say("agencies.register.nothing")).waitFor();
    await page.getByRole("button", { name: say("agencies.register.add") }).click();
    const dialog = page.getByRole("dialog");
    const save = dialog.getByRole("button", { name: say("agencies.register.save") });
    expect(await save.isDisabled()).toBe(true);
    await dialog.getByLabel(say("agencies.register.name")).fill(AGENCY);
    await dialog.getByLabel(say("agencies.register.code")).fill("harbour");
    await dialog.getByLabel(say("agencies.register.whitelisted")).selectOption("yes");
    await dialog.getByLabel(say("agencies.register.contractUntil")).fill("2027-12-31");
    expect(await seriousProblems(page)).toEqual([]);
    await save.click();
    await dialog.waitFor({ state: "hidden" });
    const row = page.getByRole("row").filter({ hasText: AGENCY });
    await row.getByText("2027-12-31").waitFor();
    expect(await row.getByText(say("agencies.register.unknown"), { exact: true }).count()).toBe(4);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it("report contacts in a file that is looked at first; good lines alone are applied, once, and stand in the account's history", async () => {
    const { page, say, errors } = await atAgencies("zh-CN", "dark");
    const choose = page.getByLabel(say("agencies.desk.choose"), { exact: true }).and(page.locator("input"));
    const lines = [
      { ...CALL, ref: "c1", result: "RTP" },
      { ...CALL, ref: "c2", placement_line: 7 },
    ];
    await choose.setInputFiles(returned(lines, "ret-1"));
    await page.getByText(say("agencies.desk.applyPartial", { count: 1 })).waitFor();
    expect(await figure(page, say("agencies.desk.good")).textContent()).toBe("1");
    expect(await figure(page, say("agencies.desk.rejected")).first().textContent()).toBe("1");
    await page.getByText(say("agencies.desk.place", { line: 3, column: "placement_line" })).waitFor();
    expect(await page.getByRole("button", { name: say("agencies.desk.applyWhole"), exact: true }).isDisabled()).toBe(
      true,
    );
    expect(await seriousProblems(page)).toEqual([]);
    await page.getByRole("button", { name: say("agencies.desk.applyPartial", { count: 1 }) }).click();
    await page.getByText(say("agencies.desk.applied", { applied: 1, repeated: 0, rejected: 1 })).waitFor();
    await page.getByText("harbour / ret-1").waitFor();
    await page.getByRole("button", { name: say("agencies.desk.another") }).click();
    await choose.setInputFiles(returned(lines.slice(0, 1), "ret-2"));
    await page
      .getByText(say("agencies.desk.about", { agency: "harbour", kind: say("agencies.kind.activity"), batch: "ret-2" }))
      .waitFor();
    expect(await figure(page, say("agencies.desk.repeated")).first().textContent()).toBe("1");
    await page.goto(`/accounts/${encodeURIComponent(accountId)}`);
    await page.getByText(say("account.outside.by", { agency: "harbour" })).waitFor();
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it("send a file that was changed on the way: it is refused with the reason, and nothing is applied", async () => {
    const { page, say, errors } = await atAgencies("en", "light");
    const choose = page.getByLabel(say("agencies.desk.choose"), { exact: true }).and(page.locator("input"));
    await choose.setInputFiles(returned([{ ...CALL, ref: "c9" }], "ret-3").slice(0, 1));
    await page.getByText(say("agencies.desk.notTwo")).waitFor();
    await choose.setInputFiles(returned([{ ...CALL, ref: "c9" }], "ret-3", true));
    await page.getByText(say("errors.exchange.refused")).waitFor();
    await page.getByText(/SHA-256/).waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    // The browser itself writes a line for every answer of 4xx.
    expect(errors.filter((line) => !line.includes("status of 400"))).toEqual([]);
    await page.context().close();
  });

  it("are told at once what must come back", async () => {
    const { page, say, errors } = await atAgencies("en", "light");
    await page.getByRole("button", { name: say("agencies.export") }).click();
    const row = page.getByRole("row").filter({ hasText: "rcl-harbour-" });
    await row.getByText(say("agencies.batches.kind.recall"), { exact: true }).waitFor();
    const [batch = ""] = readdirSync(join(folder, "outbox/harbour"));
    expect(readdirSync(join(folder, "outbox/harbour", batch)).sort()).toEqual(["manifest.json", "recalls.csv"]);
    expect(errors).toEqual([]);
    await page.context().close();
  });
});
