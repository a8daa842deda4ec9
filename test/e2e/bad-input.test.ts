import { execFileSync } from "node:child_process";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "./browser";
import { type RunningProgram, startProgram } from "./program";
import { countIn, figure, openTab, openWindow } from "./screen";
import { consoleWords } from "./words";

/** Files as they come out of old systems: each fault is shown with its place, and nothing of them is written unasked. */

const say = consoleWords("zh-CN");

let program: RunningProgram;
let browser: Browser;
let reader: BrowserContext;
let page: Page;

beforeAll(async () => {
  program = await startProgram();
  browser = await launchBrowser();
  reader = await openWindow(browser, program.address, { locale: "zh-CN" });
  ({ page } = await openTab(reader));
});
afterAll(async () => {
  await browser?.close();
  await program?.stop();
});

const main = () => page.getByRole("main");

async function offer(name: string, bytes: Buffer): Promise<void> {
  await page.goto("/accounts/import");
  const file = { name, mimeType: "text/csv", buffer: bytes };
  await page.getByLabel(say("import.choose"), { exact: true }).first().setInputFiles(file);
}

/** Rows of the list of faults, as line, column, reason and code. */
async function faults(): Promise<readonly (readonly string[])[]> {
  const rows = page
    .getByRole("table", { name: say("import.reason") })
    .locator("tbody")
    .getByRole("row");
  await rows.first().waitFor();
  return Promise.all((await rows.all()).map((row) => row.getByRole("cell").allTextContents()));
}

async function accountsStored(): Promise<number> {
  await page.goto("/");
  const count = figure(main(), say("home.accounts"));
  await count.waitFor();
  return countIn(await count.textContent());
}

/** Node has no GBK encoder; every machine that runs these stories has iconv or is told that it has not. */
function gbk(text: string): Buffer | null {
  try {
    return execFileSync("iconv", ["-f", "UTF-8", "-t", "GBK"], { input: text });
  } catch {
    return null;
  }
}

describe("a CSV with faults", () => {
  it("in GBK, with ragged rows and a date that never was, is listed row by row", async ({ skip }) => {
    const bytes = gbk(
      [
        "借据号,客户号,应还日期,逾期金额,剩余应还",
        "JJ-1,KH-1,2026-02-30,1200.00,9000.00",
        "JJ-2,KH-2,2026-01-15,1200.00",
        "JJ-3,KH-3,2026-01-15,1200.00,9000.00,多出来的一格",
        "JJ-4,KH-4,2026-01-15,壹仟,9000.00",
      ].join("\r\n"),
    );
    if (bytes === null) return skip("iconv is not on this machine");
    await offer("催收名单.csv", bytes);
    await page.getByText(/^gb18030$/i).waitFor();
    const found = await faults();
    expect(found.map(([line]) => line)).toEqual(["2", "3", "4", "5"]);
    expect(found[0]?.[2]).toContain("2026-02-30");
    expect(found[0]?.[1]).toContain("应还日期");
    for (const [, , reason] of found) expect(reason).toMatch(/\p{Script=Han}/u);
    expect(await figure(main(), say("import.accepted")).textContent()).toBe("0");
    expect(await page.getByRole("button", { name: say("import.importCount", { count: 0 }) }).isDisabled()).toBe(true);
  });

  it("without the column of the account number cannot be imported, and says which field is missing", async () => {
    await offer("no-account-number.csv", Buffer.from("姓名,逾期金额\n张三,1200.00\n"));
    await page.getByText(say("import.refused")).waitFor();
    await main().getByText("借据号").first().waitFor();
    expect(await page.getByRole("button", { name: say("import.importCount", { count: 0 }) }).isDisabled()).toBe(true);
  });

  it("has written nothing", async () => {
    expect(await accountsStored()).toBe(10_000);
    await page.goto("/accounts/import");
    await page.getByText(say("import.noPrevious")).waitFor();
  });
});

describe("a strategy file with faults", () => {
  it.each([
    ["a key that stands twice", '{\n  "key": "a",\n  "key": "b"\n}'],
    ["text behind its end", "{}\nand more"],
    ["a hidden prototype", '{ "__proto__": { "admin": true } }'],
    ["ten thousand levels", `${"[".repeat(10_000)}${"]".repeat(10_000)}`],
  ])("with %s is refused with its place, and no draft is made", async (_fault, text) => {
    await page.goto("/strategies");
    await page.getByRole("table", { name: say("strategies.title") }).waitFor();
    const before = await page.getByRole("table").getByRole("row").count();
    await page.getByRole("button", { name: say("strategies.import") }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(say("strategies.json")).fill(text);
    await dialog.getByRole("button", { name: say("strategies.check") }).click();
    await dialog.getByRole("listitem").first().waitFor();
    await dialog
      .getByText(/第 \d+ 行/)
      .first()
      .waitFor();
    await page.reload();
    await page.getByRole("table", { name: say("strategies.title") }).waitFor();
    expect(await page.getByRole("table").getByRole("row").count()).toBe(before);
  });
});
