import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emptyStrategy } from "#engine";
import { seriousProblems } from "./axe";
import { launchBrowser } from "./browser";
import { type RunningProgram, startProgram } from "./program";
import { openTab, openWindow } from "./screen";
import { consoleWords, designerWords } from "./words";

/** What a lender brings that no market knows: a column of its own, and a decision table as long as its price list. */

const MAPPING_NAME = "branches";
const COLUMN = "VisitZone";
const FIELD = "Visit zone";
const ROWS = 2000;
/** A window of a hundred rows is more than any screen shows. */
const DRAWN_MAX = 100;
const KEY = "long-table";
const NOTE = "agreed with the branches";
const READ_WITHIN_MS = 90_000;

const say = consoleWords("en");
const draw = designerWords("en");
const files = mkdtempSync(join(tmpdir(), "duecourse-lender-"));

let program: RunningProgram;
let browser: Browser;
let author: BrowserContext;
let page: Page;
let errors: string[];

beforeAll(async () => {
  program = await startProgram();
  browser = await launchBrowser();
  author = await openWindow(browser, program.address, { locale: "en", theme: "dark" });
  ({ page, errors } = await openTab(author));
});
afterAll(async () => {
  await browser?.close();
  await program?.stop();
});

function accounts(): string {
  const csv = join(files, "branches.csv");
  const rows = ["BR-1,P-1,12,100.50,north", "BR-2,P-2,31,900.00,south", "BR-3,P-3,0,0.00,north"];
  writeFileSync(csv, `${[`借据号,客户号,逾期天数,逾期金额,${COLUMN}`, ...rows].join("\n")}\n`);
  return csv;
}

async function openFile(csv: string): Promise<void> {
  await page.getByLabel(say("import.choose"), { exact: true }).first().setInputFiles(csv);
  await page.getByRole("heading", { name: say("import.preview") }).waitFor({ timeout: READ_WITHIN_MS });
}

const fieldRow = () => page.getByRole("listitem", { name: FIELD });

describe("a column no market knows", () => {
  it("is declared as a field of the lender's own where it is mapped", async () => {
    await page.goto("/accounts/import");
    await openFile(accounts());
    await page.getByText(say("import.unusedColumns", { count: 1 })).click();
    await page.getByLabel(say("import.useFor", { column: COLUMN })).selectOption({ label: say("import.newField") });
    const dialog = page.getByRole("dialog", { name: say("import.newField") });
    await dialog.getByText("north · south · north").waitFor();
    expect(await dialog.getByLabel(say("import.fieldName")).inputValue()).toBe("visit_zone");
    await dialog.getByLabel(say("import.fieldLabel.en")).fill(FIELD);
    expect(await seriousProblems(page)).toEqual([]);
    await dialog.getByRole("button", { name: say("import.addNewField") }).click();
    await fieldRow().waitFor();
    await page.getByText(say("import.unusedColumns", { count: 1 })).waitFor({ state: "detached" });
  });

  it("comes back with the mapping it was saved in", async () => {
    await page.getByRole("button", { name: say("import.saveMapping") }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(say("import.mappingName")).fill(MAPPING_NAME);
    await dialog.getByRole("button", { name: say("import.save"), exact: true }).click();
    await page.getByText(say("import.mappingSaved", { name: MAPPING_NAME })).waitFor();
    await page.getByRole("button", { name: say("import.anotherFile") }).click();
    await openFile(accounts());
    // What the file before showed stays in sight until this one was read.
    await expect.poll(() => fieldRow().count(), { timeout: READ_WITHIN_MS }).toBe(0);
    await page.getByLabel(say("import.loadMapping")).selectOption({ label: MAPPING_NAME });
    await fieldRow().waitFor();
    expect(await page.getByLabel(say("import.readFrom", { field: FIELD })).inputValue()).toBe(COLUMN);
  });

  it("goes again with its declaration", async () => {
    await page.getByRole("button", { name: say("import.removeField", { field: FIELD }) }).click();
    await fieldRow().waitFor({ state: "detached" });
    const offered = page.getByLabel(say("import.addField"), { exact: true }).getByRole("option", { name: FIELD });
    await expect.poll(() => offered.count()).toBe(0);
  });
});

/** A strategy of one table: every row another amount, all ways lead to the exit. */
function longTable(): string {
  const empty = emptyStrategy({ id: "strat_long_table", key: KEY, name: { en: "Long table" }, market: "cn" });
  const [toExit] = empty.edges;
  if (toExit === undefined) throw new Error("an empty strategy leads nowhere");
  const rows = Array.from({ length: ROWS }, (_, index) => ({
    id: `row-${index + 1}`,
    cells: { owed: { from: index * 1000, fromInclusive: true, to: (index + 1) * 1000, toInclusive: false } },
    outputs: { way: { way: index % 2 === 0 ? "call" : "write" } },
  }));
  const inputs = [{ id: "owed", fact: "total_outstanding", unknown: "ask" }];
  const ways = [{ id: "call" }, { id: "write" }];
  const table = { inputs, outputs: [{ id: "way", kind: "handle" }], ways, rows };
  const data = { hitPolicy: "first", otherwiseExpected: true, table };
  const handles = ["call", "write", "otherwise", "unknown"];
  const file = join(files, "long-table.json");
  const doc = {
    ...empty,
    nodes: [...empty.nodes, { id: "prices", type: "table", version: 1, data }],
    edges: [
      { ...toExit, to: "prices" },
      ...handles.map((handle) => ({ id: `e-${handle}`, from: { node: "prices", handle }, to: toExit.to })),
    ],
  };
  writeFileSync(file, JSON.stringify(doc));
  return file;
}

const grid = () => page.getByRole("grid", { name: draw("tables.grid") });

async function openTable(): Promise<void> {
  await page.getByTestId("step-prices").click();
  await page.getByRole("button", { name: draw("tables.edit") }).click();
  await grid().waitFor();
}

describe("a decision table of two thousand rows", () => {
  it("opens with the rows in view and no more", async () => {
    await page.goto("/strategies");
    await page.getByRole("button", { name: say("strategies.import"), exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(say("strategies.chooseFile"), { exact: true }).setInputFiles(longTable());
    await dialog.getByRole("button", { name: say("strategies.check") }).click();
    await dialog.getByRole("button", { name: say("strategies.review.import") }).click();
    await page.waitForURL(`**/strategies/${KEY}`, { timeout: READ_WITHIN_MS });
    await openTable();
    expect(await grid().getAttribute("aria-rowcount")).toBe(String(ROWS + 1));
    expect(await grid().getByRole("row").count()).toBeLessThan(DRAWN_MAX);
    expect(await seriousProblems(page)).toEqual([]);
  });

  it("is walked and written in by keyboard, down to its last row", async () => {
    await grid().getByRole("gridcell").first().click();
    await page.keyboard.press("Control+End");
    const last = grid()
      .getByRole("row")
      .filter({ has: page.getByRole("rowheader", { name: `Row ${ROWS}` }) });
    await last.waitFor();
    await page.keyboard.press("Enter");
    const note = page.getByRole("textbox", { name: draw("tables.note"), exact: true });
    await note.waitFor();
    await page.keyboard.type(NOTE);
    expect(await note.inputValue()).toBe(NOTE);
    await page.keyboard.press("Control+Enter");
    await last.getByText(NOTE).waitFor();
    expect(await grid().getByRole("row").count()).toBeLessThan(DRAWN_MAX);
  });

  it("is still so after the page was loaded again", async () => {
    await page.getByRole("button", { name: draw("tables.close") }).click();
    await page
      .getByTestId("save-state")
      .getByText(/^saved \d\d:\d\d$/)
      .waitFor();
    await page.reload();
    await openTable();
    await grid().getByRole("gridcell").first().click();
    await page.keyboard.press("Control+End");
    await grid().getByText(NOTE).waitFor();
    expect(errors).toEqual([]);
  });
});
