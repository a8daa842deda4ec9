import { describe, expect, it } from "vitest";
import vectors from "../../../test/vectors/experiments/simulation.selfexciting.json";
import { draw } from "../../model/draw";
import { type Excitation, type Repayment, repaymentsOfBase, repaymentsOfJump } from "./excitation";
import { momentsAt, type Reference } from "./moments";

/** The process against numbers it was not made with: moments computed elsewhere, met by formula and by chance. */

const cases = vectors.cases.flatMap(({ id, input, expected }) => {
  const { expectedOutstandingFraction: open, expectedIntensity: intensity } = expected;
  const { expectedRepayments: repayments, probNoRepayment: none } = expected;
  if (input.times === undefined || !open || !intensity || !repayments || !none) return [];
  const { lambdaInf, kappa, delta10, delta11, rMin: least, lambda0 = lambdaInf } = input;
  const reference = { lambdaInf, kappa, delta10, delta11, least, lambda0 };
  return [{ id, times: input.times, expected: { open, intensity, repayments, none }, reference }];
});

const PATHS = 40_000;

function processOf({ kappa, delta10, delta11, least }: Reference): Excitation {
  return { kappa, delta10, delta11, law: { clears: 0, least, a: 1, b: 1 } };
}

/** One person's payments until a time: those of the base, and those of a start above the base. */
function pathOf(reference: Reference, person: number, untilDay: number): readonly Repayment[] {
  const process = processOf(reference);
  const draws = (kind: string) => draw(20_260, `party_${person}`, kind);
  const base = repaymentsOfBase([{ untilDay, rate: reference.lambdaInf }], () => process, draws);
  const jump = reference.lambda0 - reference.lambdaInf;
  return [...base, ...repaymentsOfJump(process, { jump, untilDay, key: "start" }, draws)];
}

/** The intensity itself at a time, from what was paid before. */
function intensityAt(reference: Reference, paid: readonly Repayment[], time: number): number {
  const { kappa, delta10, delta11, lambdaInf, lambda0 } = reference;
  const fade = (since: number): number => Math.exp(-kappa * (time - since));
  return paid
    .filter(({ day }) => day <= time)
    .reduce(
      (sum, { day, share }) => sum + (delta10 + delta11 * share) * fade(day),
      lambdaInf + (lambda0 - lambdaInf) * fade(0),
    );
}

function meanAndError(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares / (values.length - 1) / values.length) };
}

describe.each(cases)("$id", ({ reference, times, expected }) => {
  const until = Math.max(...times);
  const paths = Array.from({ length: PATHS }, (_, person) => pathOf(reference, person, until));

  it("has the published moments in closed form", () => {
    times.forEach((time, index) => {
      const { outstanding, intensity, repayments, none } = momentsAt(reference, time);
      const near = (own: number, other: number | undefined) =>
        expect(Math.abs(own / (other ?? 0) - 1), `at ${time}`).toBeLessThan(1e-6);
      near(outstanding, expected.open[index]);
      near(intensity, expected.intensity[index]);
      near(repayments, expected.repayments[index]);
      near(none, expected.none[index]);
    });
  });

  it("comes out at them when it is drawn, within four standard errors", () => {
    times.forEach((time, index) => {
      const within = (values: readonly number[], other: number | undefined, what: string) => {
        const { mean, error } = meanAndError(values);
        expect(Math.abs(mean - (other ?? 0)), `${what} at ${time}`).toBeLessThanOrEqual(4 * error + 1e-12);
      };
      const before = paths.map((path) => path.filter(({ day }) => day <= time));
      const open = before.map((paid) => paid.reduce((left, { share }) => left * (1 - share), 1));
      within(open, expected.open[index], "balance");
      within(
        before.map((paid) => intensityAt(reference, paid, time)),
        expected.intensity[index],
        "intensity",
      );
      within(
        before.map((paid) => paid.length),
        expected.repayments[index],
        "payments",
      );
      within(
        before.map((paid) => (paid.length === 0 ? 1 : 0)),
        expected.none[index],
        "no payment",
      );
    });
  });
});

describe("a contact that has an effect", () => {
  const process = processOf({ lambdaInf: 0.1, lambda0: 0.1, kappa: 0.7, delta10: 0, delta11: 0, least: 0.1 });

  it("sends delta2 / kappa payments on average, most of them soon", () => {
    const paid = Array.from({ length: PATHS }, (_, person) =>
      repaymentsOfJump(process, { jump: 0.35, untilDay: 60, key: "sms" }, (kind) => draw(3, `party_${person}`, kind)),
    );
    const { mean, error } = meanAndError(paid.map(({ length }) => length));
    expect(Math.abs(mean - 0.5)).toBeLessThanOrEqual(4 * error);
    const early = paid.flat().filter(({ day }) => day <= 1).length / paid.flat().length;
    expect(Math.abs(early - (1 - Math.exp(-0.7)))).toBeLessThan(0.02);
  });

  it("has the same luck for the same person, whatever else happened", () => {
    const draws = (kind: string) => draw(3, "party_1", kind);
    const weak = repaymentsOfJump(process, { jump: 2, untilDay: 60, key: "sms" }, draws);
    const strong = repaymentsOfJump(process, { jump: 4, untilDay: 60, key: "sms" }, draws);
    expect(strong.length).toBeGreaterThanOrEqual(weak.length);
    // The first payment of a stronger push comes from the same draw, so never later.
    expect(strong[0]?.day).toBeLessThan(weak[0]?.day ?? 0);
  });

  it("never pays more than there is: after all is paid nothing follows", () => {
    const all = { ...process, delta10: 0.5, law: { ...process.law, clears: 1 } };
    const [first, ...rest] = repaymentsOfJump(all, { jump: 0.9, untilDay: 60, key: "c" }, () => 0.2);
    expect(first).toMatchObject({ share: 1 });
    expect(rest.every(({ key }) => key.split(".").length === 2)).toBe(true);
  });
});
