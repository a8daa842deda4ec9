import type { CDPSession, Page } from "playwright-core";

/**
 * What something cost the page. `mainMs` is processor time of the page's main thread (scripts, styles, layout, painting), which a busy
 * machine does not lengthen; `wallMs` is what a person waits.
 */
export type Cost = { readonly wallMs: number; readonly mainMs: number };

/** Frames while something is done: on the wall, and what each cost the main thread. 20 ms a frame are 50 frames a second. */
export type Frames = {
  readonly perSecond: number;
  readonly longestMs: number;
  readonly mainMsPerFrame: number;
};

type Counted = { readonly times: readonly number[] };
type FrameWindow = { frame: number; times: number[] };

/** Reads the main thread's clock of processor time, in milliseconds since some moment of the past. */
export type MainClock = () => Promise<number>;

export async function mainClock(page: Page): Promise<MainClock> {
  const session: CDPSession = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  return async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0) * 1000;
  };
}

export async function costOf(clock: MainClock, act: () => Promise<number>): Promise<Cost> {
  const sinceMs = await clock();
  const wallMs = await act();
  return { wallMs: Math.round(wallMs), mainMs: Math.round((await clock()) - sinceMs) };
}

/** Counts frames while something is done. */
export async function framesWhile(page: Page, clock: MainClock, gesture: () => Promise<void>): Promise<Frames> {
  await page.evaluate(() => {
    const counted = window as unknown as FrameWindow;
    counted.times = [];
    const tick = (now: number): void => {
      counted.times.push(now);
      counted.frame = requestAnimationFrame(tick);
    };
    counted.frame = requestAnimationFrame(tick);
  });
  const sinceMs = await clock();
  await gesture();
  const mainMs = (await clock()) - sinceMs;
  const { times }: Counted = await page.evaluate(() => {
    const { frame, times: counted } = window as unknown as FrameWindow;
    cancelAnimationFrame(frame);
    return { times: counted };
  });
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  const total = gaps.reduce((sum, gap) => sum + gap, 0);
  return {
    perSecond: Math.round((gaps.length / total) * 1000),
    longestMs: Math.round(Math.max(...gaps)),
    mainMsPerFrame: Math.round((mainMs / gaps.length) * 10) / 10,
  };
}
