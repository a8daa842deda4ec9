import { loadavg } from "node:os";
import type { Browser, Page } from "playwright-core";
import { lintStrategy } from "#engine/graph/lint";
import { writeStrategy } from "#engine/graph/write";
import { InvariantError } from "#engine/model/invariant";
import type { StrategyDoc } from "#engine/model/strategy";
import { SMALL_MARKET } from "#engine/run/testing/small-market";
import { launchBrowser } from "../e2e/browser";
import { startProgram } from "../e2e/program";
import { openTab, openWindow } from "../e2e/screen";
import { longStrategy } from "./long-strategy";

/** A large strategy of today, and the largest one can imagine drawing. */
const STEPS = [500, 2000] as const;
const GESTURE_MS = 2000;
const LINT_ROUNDS = 9;

/** What an author feels. Times in milliseconds of the wall, frames per second of the wall; both mean little on a busy machine. */
export type DesignerBench = {
  readonly load: number;
  /** From asking for the page to its first steps on the screen. */
  readonly open: readonly { readonly steps: number; readonly ms: number }[];
  /** At 500 steps: from the key that chooses a step to the step on the screen. */
  readonly addStepMs: number;
  /** Frames while panning the chart, dragging a step, and typing a name, at 500 steps. */
  readonly fps: { readonly pan: Frames; readonly drag: Frames; readonly type: Frames };
  /** One lint after one edit of 500 steps, in this process. */
  readonly lint: { readonly wallMs: number; readonly cpuMs: number };
  /** Compressed bytes the designer's page asks for. */
  readonly pageBytes: { readonly scripts: number; readonly styles: number; readonly fonts: number };
};
type Frames = { readonly mean: number; readonly longestMs: number };

function drawnAs(steps: number): StrategyDoc {
  const key = `bench-${steps}`;
  return { ...longStrategy(steps), id: `strat_${key}`, key, name: { en: key } };
}

/** Brings a strategy in through the door everybody uses. Throws InvariantError when it is refused. */
async function imported(page: Page, doc: StrategyDoc): Promise<void> {
  const answer = await page.request.post("/api/trpc/strategy.importText", {
    data: { text: writeStrategy(doc), replace: true },
  });
  if (!answer.ok()) throw new InvariantError("bench.strategy-broken", { answer: (await answer.text()).slice(0, 300) });
}

async function openMs(page: Page, key: string): Promise<number> {
  await page.goto(`/strategies/${key}`, { waitUntil: "commit" });
  await page.locator("[data-step]").first().waitFor();
  return page.evaluate(
    () =>
      new Promise<number>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())))),
  );
}

/** Counts frames while something is done. */
async function framesWhile(page: Page, gesture: () => Promise<void>): Promise<Frames> {
  await page.evaluate(() => {
    const times: number[] = [];
    const tick = (now: number): void => {
      times.push(now);
      (window as unknown as { frame: number }).frame = requestAnimationFrame(tick);
    };
    (window as unknown as { times: number[] }).times = times;
    requestAnimationFrame(tick);
  });
  await gesture();
  const times = await page.evaluate(() => {
    const { frame, times: counted } = window as unknown as { frame: number; times: number[] };
    cancelAnimationFrame(frame);
    return counted;
  });
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  const total = gaps.reduce((sum, gap) => sum + gap, 0);
  return { mean: Math.round((gaps.length / total) * 1000), longestMs: Math.round(Math.max(...gaps)) };
}

async function mouseGesture(page: Page, from: { readonly x: number; readonly y: number }): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  const untilMs = performance.now() + GESTURE_MS;
  for (let turn = 0; performance.now() < untilMs; turn += 1) {
    await page.mouse.move(from.x + 160 * Math.sin(turn / 9), from.y + 120 * Math.sin(turn / 13));
  }
  await page.mouse.up();
}

async function centreOf(page: Page, selector: string): Promise<{ readonly x: number; readonly y: number }> {
  const box = await page.locator(selector).first().boundingBox();
  if (box === null) throw new InvariantError("bench.not-on-screen", { selector });
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Milliseconds from the key press that adds a step to the frame that shows it. */
async function addStepMs(page: Page): Promise<number> {
  await page.locator("[data-step=step-1]").click();
  await page.keyboard.press("a");
  await page.getByRole("dialog").locator("input").fill("wait");
  const shown = page.evaluate(
    () =>
      new Promise<number>((done) => {
        let sinceMs = 0;
        window.addEventListener("keydown", () => (sinceMs = performance.now()), { capture: true, once: true });
        const watch = (): void => {
          if (document.querySelector("[data-step=wait-1]") === null) requestAnimationFrame(watch);
          else requestAnimationFrame(() => done(performance.now() - sinceMs));
        };
        requestAnimationFrame(watch);
      }),
  );
  await page.keyboard.press("Enter");
  return shown;
}

async function typing(page: Page): Promise<void> {
  await page.locator("[data-step=step-1]").click();
  const name = page.locator(".dz-inspector input").first();
  await name.click();
  await page.keyboard.type("A reminder in the evening", { delay: 60 });
}

async function pageBytes(page: Page): Promise<DesignerBench["pageBytes"]> {
  return page.evaluate(() => {
    const bytes = { scripts: 0, styles: 0, fonts: 0 };
    for (const entry of performance.getEntriesByType("resource") as PerformanceResourceTiming[]) {
      if (entry.name.includes(".js")) bytes.scripts += entry.encodedBodySize;
      else if (entry.name.includes(".css")) bytes.styles += entry.encodedBodySize;
      else if (entry.name.includes(".woff")) bytes.fonts += entry.encodedBodySize;
    }
    return bytes;
  });
}

function lintAfterEdit(): DesignerBench["lint"] {
  const doc = longStrategy(500);
  lintStrategy(doc, SMALL_MARKET);
  const rounds = Array.from({ length: LINT_ROUNDS }, (_, round) => {
    const nodes = doc.nodes.map((node, index) => (index === round + 1 ? { ...node, note: `edit ${round}` } : node));
    const [sinceMs, sinceCpu] = [performance.now(), process.cpuUsage()];
    lintStrategy({ ...doc, nodes }, SMALL_MARKET);
    const { user, system } = process.cpuUsage(sinceCpu);
    return { wallMs: performance.now() - sinceMs, cpuMs: (user + system) / 1000 };
  });
  const middle = (values: readonly number[]): number =>
    Math.round((values.toSorted((left, right) => left - right)[Math.floor(LINT_ROUNDS / 2)] ?? 0) * 10) / 10;
  return { wallMs: middle(rounds.map((one) => one.wallMs)), cpuMs: middle(rounds.map((one) => one.cpuMs)) };
}

async function measured(browser: Browser, address: string): Promise<DesignerBench> {
  const window = await openWindow(browser, address, { locale: "en" });
  const { page } = await openTab(window);
  await page.goto("/strategies");
  for (const steps of STEPS) await imported(page, drawnAs(steps));
  // The first page of a server warms it up; authors come to a server that runs.
  await openMs(page, "bench-500");
  const open = [];
  for (const steps of STEPS) open.push({ steps, ms: Math.round(await openMs(page, `bench-${steps}`)) });
  await openMs(page, "bench-500");
  const bytes = await pageBytes(page);
  const pane = await centreOf(page, ".dz-canvas");
  const pan = await framesWhile(page, () => mouseGesture(page, { x: pane.x - 300, y: pane.y + 60 }));
  await openMs(page, "bench-500");
  const step = await centreOf(page, "[data-step=step-1]");
  const drag = await framesWhile(page, () => mouseGesture(page, step));
  const type = await framesWhile(page, () => typing(page));
  await page.keyboard.press("Escape");
  const added = Math.round(await addStepMs(page));
  const load = Math.round((loadavg()[0] ?? 0) * 10) / 10;
  return { load, open, addStepMs: added, fps: { pan, drag, type }, lint: lintAfterEdit(), pageBytes: bytes };
}

/** Draws large strategies in a real browser against the production build, as an author would. Needs `npm run build`, or waits for it. */
export async function benchDesigner(): Promise<DesignerBench> {
  const program = await startProgram();
  const browser = await launchBrowser();
  try {
    return await measured(browser, program.address);
  } finally {
    await browser.close();
    await program.stop();
  }
}
