import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Box, chartPages, PAGE, PAGES_MAX, SCALE_MIN } from "./chart-pages";

const CARD = { width: 264, height: 64 };
const at = (x: number, y: number): Box => ({ x, y, ...CARD });
const around = (steps: readonly Box[]): Box => {
  const [left, top] = [Math.min(...steps.map(({ x }) => x)) - 40, Math.min(...steps.map(({ y }) => y)) - 96];
  const right = Math.max(...steps.map(({ x, width }) => x + width)) + 40;
  const bottom = Math.max(...steps.map(({ y, height }) => y + height)) + 40;
  return { x: left, y: top, width: right - left, height: bottom - top };
};
const holds = (page: Box, step: Box): boolean =>
  page.x <= step.x &&
  page.y <= step.y &&
  page.x + page.width >= step.x + step.width &&
  page.y + page.height >= step.y + step.height;

describe("a chart on paper", () => {
  it("of a few steps is one page at its own size", () => {
    const steps = [at(0, 0), at(0, 140)];
    expect(chartPages(around(steps), steps)).toEqual({ scale: 1, pages: [around(steps)] });
  });

  it("of a long road is several pages, cut between the steps", () => {
    const steps = Array.from({ length: 40 }, (_, index) => at(0, index * 140));
    const { pages } = chartPages(around(steps), steps);
    expect(pages.length).toBeGreaterThan(7);
    for (const step of steps) expect(pages.filter((page) => holds(page, step))).toHaveLength(1);
  });

  it("never cuts a step, never prints too small, and leaves no step out", () => {
    const grid = fc.record({ x: fc.integer({ min: 0, max: 12 }), y: fc.integer({ min: 0, max: 40 }) });
    fc.assert(
      fc.property(
        fc.uniqueArray(grid, { minLength: 1, maxLength: 60, selector: ({ x, y }) => `${x} ${y}` }),
        (places) => {
          const steps = places.map(({ x, y }) => at(x * 320, y * 140));
          const { scale, pages } = chartPages(around(steps), steps);
          expect(scale).toBeGreaterThanOrEqual(SCALE_MIN);
          expect(pages.length).toBeLessThanOrEqual(PAGES_MAX);
          for (const page of pages) {
            expect(page.width * scale).toBeLessThanOrEqual(PAGE.width + 0.001);
            expect(page.height * scale).toBeLessThanOrEqual(PAGE.height + 0.001);
          }
          if (pages.length < PAGES_MAX) {
            for (const step of steps) expect(pages.some((page) => holds(page, step))).toBe(true);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
