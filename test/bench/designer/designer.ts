import { loadavg } from "node:os";
import type { Browser, Page } from "playwright-core";
import { linterOf, lintStrategy } from "#engine/graph/lint";
import { writeStrategy } from "#engine/graph/write";
import { InvariantError } from "#engine/model/invariant";
import type { StrategyDoc } from "#engine/model/strategy";
import { SMALL_MARKET } from "#engine/run/testing/small-market";
import { launchBrowser } from "../../e2e/browser";
import { startProgram } from "../../e2e/program";
import { openTab, openWindow } from "../../e2e/screen";
import { longStrategy } from "../long-strategy";
import { type Cost, costOf, type Frames, framesWhile, type MainClock, mainClock } from "./cost";
import { type PageWeight, pageWeight } from "./weight";

/** A large strategy of today, and the largest one can imagine drawing. */
const STEPS = [500, 2000] as const;
const GESTURE_MS = 2000;
const LINT_ROUNDS = 9;

/** What an author feels, and beside it what the page's main thread worked for it: the wall means little on a busy machine. */
export type DesignerBench = {
  /** Load average of the machine at the end; on a quiet one of two cores it is about 1. */
  readonly load: number;
  /** From asking for the page to its first steps on the screen. */
  readonly open: readonly ({ readonly steps: number } & Cost)[];
  /** At 500 steps: from the key that chooses a step to the step on the screen. */
  readonly addStep: Cost;
  /** Frames while panning the chart, dragging a step, and typing a name, at 500 steps; panning the whole of it seen from far. */
  readonly frames: {
    readonly pan: Frames;
    readonly panFar: Frames;
    readonly drag: Frames;
    readonly type: Frames;
    readonly select: Frames;
  };
  /** One lint after one edit of 500 steps, in this process: of everything, and of what the edit touched. */
  readonly lint: { readonly whole: Rounds; readonly edit: Rounds };
  readonly weight: PageWeight;
};
type Rounds = { readonly wallMs: number; readonly cpuMs: number };

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
  // Nothing of the page before may still be at work.
  await page.goto("about:blank");
  await page.goto(`/strategies/${key}`, { waitUntil: "commit" });
  await page.locator("[data-step]").first().waitFor();
  return page.evaluate(
    () =>
      new Promise<number>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())))),
  );
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

function lintAfterEdit(lint: typeof lintStrategy): Rounds {
  const doc = longStrategy(500);
  lint(doc, SMALL_MARKET);
  const rounds = Array.from({ length: LINT_ROUNDS }, (_, round) => {
    const nodes = doc.nodes.map((node, index) => (index === round + 1 ? { ...node, note: `edit ${round}` } : node));
    const [sinceMs, sinceCpu] = [performance.now(), process.cpuUsage()];
    lint({ ...doc, nodes }, SMALL_MARKET);
    const { user, system } = process.cpuUsage(sinceCpu);
    return { wallMs: performance.now() - sinceMs, cpuMs: (user + system) / 1000 };
  });
  const middle = (values: readonly number[]): number =>
    Math.round((values.toSorted((left, right) => left - right)[Math.floor(LINT_ROUNDS / 2)] ?? 0) * 10) / 10;
  return { wallMs: middle(rounds.map((one) => one.wallMs)), cpuMs: middle(rounds.map((one) => one.cpuMs)) };
}

async function selecting(page: Page): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) {
    await page.locator(`[data-step=step-${(turn % 2) + 1}]`).click();
  }
}

async function opened(page: Page, clock: MainClock): Promise<DesignerBench["open"]> {
  // The first page of a server warms it up; authors come to a server that runs.
  await openMs(page, "bench-500");
  const open = [];
  for (const steps of STEPS) open.push({ steps, ...(await costOf(clock, () => openMs(page, `bench-${steps}`))) });
  return open;
}

async function gestures(page: Page, clock: MainClock): Promise<DesignerBench["frames"]> {
  await openMs(page, "bench-500");
  const pane = await centreOf(page, ".dz-canvas");
  const corner = { x: pane.x - 300, y: pane.y + 60 };
  const pan = await framesWhile(page, clock, () => mouseGesture(page, corner));
  await page.keyboard.press("f");
  await page.locator(".dz-canvas[data-detail=block]").waitFor();
  const panFar = await framesWhile(page, clock, () => mouseGesture(page, corner));
  await openMs(page, "bench-500");
  const step = await centreOf(page, "[data-step=step-1]");
  const drag = await framesWhile(page, clock, () => mouseGesture(page, step));
  const select = await framesWhile(page, clock, () => selecting(page));
  const type = await framesWhile(page, clock, () => typing(page));
  await page.keyboard.press("Escape");
  return { pan, panFar, drag, select, type };
}

async function measured(browser: Browser, address: string): Promise<DesignerBench> {
  const window = await openWindow(browser, address, { locale: "en" });
  const { page } = await openTab(window);
  const clock = await mainClock(page);
  // `tsx` names functions with a helper that the functions handed to the page have to find there too.
  await page.addInitScript("globalThis.__name = (named) => named");
  await page.goto("/strategies");
  for (const steps of STEPS) await imported(page, drawnAs(steps));
  const open = await opened(page, clock);
  const weight = await pageWeight(page, await openMs(page, "bench-500"));
  const frames = await gestures(page, clock);
  const addStep = await costOf(clock, () => addStepMs(page));
  const load = Math.round((loadavg()[0] ?? 0) * 10) / 10;
  const lint = { whole: lintAfterEdit(lintStrategy), edit: lintAfterEdit(linterOf()) };
  return { load, open, addStep, frames, lint, weight };
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
