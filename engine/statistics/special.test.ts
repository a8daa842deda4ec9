import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { binomialCdf, chiSquaredUpper, studentCdf, studentQuantile, studentUpper } from "./distributions";
import { erfc, normalCdf, normalQuantile, normalUpper } from "./normal";
import { betaTails, gammaTails, lnGamma } from "./special";

const close = (got: number, expected: number, relative = 1e-9) =>
  expect(Math.abs(got - expected)).toBeLessThanOrEqual(relative * Math.abs(expected));

describe("special functions", () => {
  test.each([
    // scipy.special.gammaln, erfc; scipy.stats t, norm, chi2 (scipy 1.17), and closed forms.
    ["ln Γ(0.5) = ln sqrt π", lnGamma(0.5), 0.5 * Math.log(Math.PI)],
    ["ln Γ(101) = ln 100!", lnGamma(101), 363.73937555556347],
    ["ln Γ(1e7)", lnGamma(1e7), 151180949.3694739],
    ["erfc(5)", erfc(5), 1.5374597944280347e-12],
    ["P(Z > 20)", normalUpper(20), 2.7536241186062337e-89],
    ["P(T <= -6), 300 degrees", studentCdf(-6, 300), 2.838219546179584e-9],
    ["P(T <= 0), 1e7 degrees", studentCdf(0, 1e7), 0.5],
    ["P(T > 40), 3 degrees", studentUpper(40, 3), 1.7190340394579253e-5],
    ["P(X² > 400), 5 degrees", chiSquaredUpper(400, 5), 2.9666446590828377e-84],
    ["P(X <= 3) of 10 at one half", binomialCdf(3, 10, 0.5), 176 / 1024],
  ])("%s", (_name, got, expected) => {
    close(got, expected);
  });

  test("a Cauchy variable is Student's t of one degree", () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: -1e-6, noNaN: true }), (t) => {
        close(studentCdf(t, 1), Math.atan2(1, -t) / Math.PI);
      }),
    );
  });

  test("quantiles undo distribution functions, out to one in 10^200", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-200, max: 0.5, noNaN: true }),
        fc.double({ min: 1, max: 1e6, noNaN: true }),
        (p, df) => {
          close(normalCdf(normalQuantile(p)), p);
          if (p > 1e-30) close(studentCdf(studentQuantile(p, df), df), p);
        },
      ),
    );
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
  });

  test("both tails are shares and make one", () => {
    const shape = fc.double({ min: 0.05, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(shape, shape, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, x) => {
        for (const { lower, upper } of [betaTails(a, b, { x, y: 1 - x }), gammaTails(a, 2 * a * x)]) {
          expect(lower).toBeGreaterThanOrEqual(0);
          expect(upper).toBeGreaterThanOrEqual(0);
          expect(lower + upper).toBeCloseTo(1, 12);
        }
      }),
    );
  });

  test("the incomplete beta function is symmetric", () => {
    const shape = fc.double({ min: 0.1, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(shape, shape, fc.double({ min: 1e-3, max: 0.999, noNaN: true }), (a, b, x) => {
        const there = betaTails(a, b, { x, y: 1 - x }).lower;
        close(betaTails(b, a, { x: 1 - x, y: x }).upper, there, 1e-8 + 1e-15 / Math.max(there, 1e-300));
      }),
    );
  });
});
