import { describe, expect, test } from "vitest";
import { discontinuityAt } from "./discontinuity";

/** A jump of 7 at 50 on a line, and a pattern in place of noise. */
const POINTS = Array.from({ length: 200 }, (_, index) => {
  const x = (index * 37) % 101;
  return { x, y: ((index * 53) % 97) / 10 + (x > 50 ? 7 : 0) + 0.3 * x };
});

describe("a jump at a threshold", () => {
  test("is the one that weighted least squares with an interaction and HC3 errors finds", () => {
    // numpy: weighted normal equations over (1, above, x, above * x), sandwich with residuals / (1 - leverage).
    const found = discontinuityAt(POINTS, { threshold: 50, bandwidth: 40 }, 0.05);
    expect(found?.jump).toBeCloseTo(6.344433059375291, 10);
    expect(found?.error).toBeCloseTo(1.0475245132860738, 10);
    expect([found?.below, found?.above]).toEqual([79, 77]);
    expect(found?.sortingP).toBeGreaterThan(0.3);
  });

  test("is none on a line, however steep", () => {
    const line = POINTS.map(({ x, y }) => ({ x, y: 40 * x + (y % 1) }));
    const found = discontinuityAt(line, { threshold: 50, bandwidth: 40 }, 0.05);
    expect(found?.interval[0]).toBeLessThan(0);
    expect(found?.interval[1]).toBeGreaterThan(0);
  });

  test("is not looked for where too few stand near, and people moved over the threshold are noticed", () => {
    expect(discontinuityAt(POINTS, { threshold: 50, bandwidth: 4 }, 0.05)).toBeNull();
    const moved = POINTS.map(({ x, y }) => ({ x: x > 42 && x <= 50 ? x + 8.5 : x, y }));
    expect(discontinuityAt(moved, { threshold: 50, bandwidth: 40 }, 0.05)?.sortingP).toBeLessThan(0.001);
  });
});
