import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LOCALES } from "../model/locale";
import { analyseExperiment, analyseRows } from "./analyse";
import { type ExperimentPlan, ExperimentPlanSchema } from "./plan";
import { type ExperimentReport, type Finding, REASON_CODES } from "./report";
import { type ExperimentRow, sumRows } from "./sum-rows";
import { drawnPlan, drawnRows, type Truth } from "./testing/portfolio";
import { experimentTexts } from "./texts";

const TRUTH: Truth = { people: 4000, payers: 0.3, lift: 0, days: 20 };
const WON: Truth = { ...TRUTH, lift: 0.4 };
const goal = (change: object) => ({ role: "goal", better: "higher", windowDays: 0, ...change });
const cured = goal({ key: "cured", kind: "proportion", column: "paid" });
const complaints = {
  key: "complaints",
  role: "guardrail",
  kind: "proportion",
  column: "complained",
  better: "lower",
  windowDays: 0,
};

function reportOf(plan: ExperimentPlan, rows: readonly ExperimentRow[], lastDay = 60): ExperimentReport {
  const report = analyseRows(plan, rows, lastDay);
  if (!report.ok) throw new Error(report.error[0]?.code);
  return report.value;
}

function findingIn(report: ExperimentReport, metric: string): Finding {
  const found = report.metrics.find((each) => each.metric.key === metric)?.arms[0]?.finding;
  if (found === undefined || found === null || typeof found === "string") throw new Error(String(found));
  return found;
}
const codesIn = ({ verdict }: ExperimentReport) => [verdict.code, ...verdict.reasons.map(({ code }) => code)];

describe("a report", () => {
  test("ships a challenger that is better, and says by how much", () => {
    const report = reportOf(drawnPlan(), drawnRows(drawnPlan(), WON, 1));
    expect(codesIn(report)).toEqual(["ship", "experiment.goal-won"]);
    const { lift, interval, p, notes } = findingIn(report, "cured");
    expect([interval[0] > 0, interval[1] < 0.8, lift > 0.2, (p ?? 1) < 0.001]).toEqual([true, true, true, true]);
    expect(notes).toEqual(["stratified"]);
    expect(report.people.map(({ assigned }) => assigned).reduce((sum, count) => sum + count, 0)).toBe(4000);
  });

  test("rolls back one that is worse, and reads a metric where lower is better the other way round", () => {
    const plan = drawnPlan({ metrics: [{ ...cured, better: "lower" }] });
    expect(codesIn(reportOf(plan, drawnRows(plan, WON, 1)))).toEqual(["roll-back", "experiment.goal-lost"]);
  });

  test("says how many days are left while there are too few people, and never decides before the minimum", () => {
    const few = reportOf(drawnPlan(), drawnRows(drawnPlan(), { ...TRUTH, people: 400 }, 3));
    expect(codesIn(few).slice(0, 2)).toEqual(["days-left", "experiment.too-few"]);
    expect(few.verdict.days).toBeGreaterThan(60);
    const early = reportOf(drawnPlan(), drawnRows(drawnPlan(), { ...WON, days: 2 }, 1), 3);
    expect(codesIn(early).slice(0, 2)).toEqual(["days-left", "experiment.too-early"]);
    expect(early.verdict.days).toBe(4);
  });

  test("says that nothing was found when there were people enough", () => {
    const plan = drawnPlan({ method: "fixed", targetLift: 0.3 });
    expect(codesIn(reportOf(plan, drawnRows(plan, TRUTH, 4)))).toEqual([
      "review",
      "experiment.no-lift-found",
      "experiment.goal-open",
    ]);
  });

  test("hides every comparison when the arms do not have their shares", () => {
    const rows = drawnRows(drawnPlan(), WON, 1).filter(({ arm, unit }) => arm === "champion" || !/[37]$/.test(unit));
    const report = reportOf(drawnPlan(), rows);
    expect(codesIn(report)[0]).toBe("unhealthy");
    expect(codesIn(report)).toContain("experiment.sample-ratio");
    expect(report.metrics.flatMap(({ arms }) => arms.map(({ finding }) => finding))).toEqual([null]);
    expect(JSON.stringify(report)).not.toContain("chanceToWin");
  });

  test("sees who is exposed, measured or counted twice by arm", () => {
    const rows = drawnRows(drawnPlan(), WON, 1);
    const isTenth = ({ arm, unit }: ExperimentRow) => arm === "challenger" && /[37]$/.test(unit);
    const unexposed = rows.map((row) => (isTenth(row) ? { ...row, exposedDay: null } : row));
    expect(codesIn(reportOf(drawnPlan(), unexposed))).toContain("experiment.sample-ratio-exposed");
    const unmeasured = rows.map((row) => (isTenth(row) ? { ...row, values: { ...row.values, paid: null } } : row));
    expect(codesIn(reportOf(drawnPlan(), unmeasured))).toEqual(["unhealthy", "experiment.sample-ratio-metric"]);
    const twice = rows
      .slice(0, 100)
      .map((row) => ({ ...row, arm: row.arm === "champion" ? "challenger" : "champion" }));
    expect(codesIn(reportOf(drawnPlan(), [...rows, ...twice]))).toEqual(["unhealthy", "experiment.in-several-arms"]);
    const foreign = rows.map((row, index) => (index < 5 ? { ...row, arm: "pilot" } : row));
    expect(codesIn(reportOf(drawnPlan(), foreign))).toContain("experiment.arm-without-plan");
  });

  test("sees that the arms were different before", () => {
    const plan = drawnPlan({ balance: ["before"] });
    const rows = drawnRows(plan, TRUTH, 5);
    expect(reportOf(plan, rows).health.find(({ check }) => check === "balance")?.state).toBe("fine");
    const richer = rows.map((row) =>
      row.arm === "challenger" ? { ...row, values: { ...row.values, before: (row.values.before ?? 0) + 40 } } : row,
    );
    expect(codesIn(reportOf(plan, richer))).toEqual(["unhealthy", "experiment.unbalanced"]);
  });

  test("stops for a harmed guardrail, whatever the goals say; also where the champion never had one", () => {
    const plan = drawnPlan({ metrics: [cured, complaints] });
    const rows = drawnRows(plan, WON, 1);
    const complaining = (share: (arm: string) => number) =>
      rows.map((row, index) => ({
        ...row,
        values: { ...row.values, complained: index % 100 < share(row.arm) ? 1 : 0 },
      }));
    expect(
      codesIn(
        reportOf(
          plan,
          complaining(() => 5),
        ),
      )[0],
    ).toBe("ship");
    for (const [champion, challenger] of [
      [5, 15],
      [0, 2],
    ] as const) {
      const harmed = complaining((arm) => (arm === "champion" ? champion : challenger));
      expect(codesIn(reportOf(plan, harmed))).toEqual(["roll-back", "experiment.guardrail-harmed"]);
    }
  });

  test("waits for those whose window is not over", () => {
    const plan = drawnPlan({ metrics: [{ ...cured, windowDays: 30 }] });
    const rows = drawnRows(plan, WON, 1);
    expect(codesIn(reportOf(plan, rows, 25))).toEqual(["no-data", "experiment.nobody-matured"]);
    const report = reportOf(plan, rows, 40);
    const share = report.health.find(({ check }) => check === "maturity")?.share ?? 0;
    // Exposed evenly over 20 days; those of the first eleven have 30 days behind them.
    expect(Math.abs(share - 11 / 20)).toBeLessThan(0.05);
    expect(report.metrics[0]?.baseline?.n).toBeLessThan(1300);
    expect(codesIn(reportOf(plan, [], 40))).toEqual(["no-data", "experiment.nobody-yet"]);
  });
});

describe("people who were not drawn", () => {
  const rows = drawnRows(drawnPlan(), WON, 1);
  const refusal = (plan: ExperimentPlan, given: readonly ExperimentRow[]) => {
    const report = analyseRows(plan, given, 60);
    return report.ok ? "reported" : report.error.map(({ code }) => code).join(" ");
  };

  test("have no effect read off them, declared so or not", () => {
    for (const assignment of ["rule", "unknown"]) {
      const plan = drawnPlan({ assignment });
      expect(refusal(plan, rows)).toBe("experiment.not-random");
      expect(analyseExperiment(plan, sumRows(rows, plan, 60)).ok).toBe(false);
    }
    expect(refusal(drawnPlan(), rows)).toBe("reported");
  });

  test("are found by the threshold they were put by, exceptions or not", () => {
    const byDue = rows.map((row, index) => {
      const isAbove = (row.values.due ?? 0) > 1050 !== (index % 400 === 0);
      return { ...row, arm: isAbove ? "challenger" : "champion" };
    });
    expect(refusal(drawnPlan(), byDue)).toBe("experiment.assigned-above");
    const asMetric = drawnPlan({ metrics: [goal({ key: "due", kind: "mean", column: "due" })] });
    expect(refusal(asMetric, byDue)).toBe("experiment.assigned-above");
  });

  test("are found by the day: before and after is no experiment", () => {
    const later = rows.map((row) => ({ ...row, arm: (row.exposedDay ?? 0) < 10 ? "challenger" : "champion" }));
    expect(refusal(drawnPlan(), later)).toBe("experiment.assigned-below");
  });

  test("are not suspected for what a treatment costs, or for a number that names the arm", () => {
    const costs = (row: ExperimentRow, index: number) => (row.arm === "champion" ? 50 + (index % 7) : 1 + (index % 3));
    const priced = rows.map((row, index) => ({
      ...row,
      values: { ...row.values, cost: costs(row, index), code: row.arm === "champion" ? 0 : 1 },
    }));
    const plan = drawnPlan({ metrics: [cured, goal({ key: "cost", kind: "mean", column: "cost", better: "lower" })] });
    expect(refusal(plan, priced)).toBe("reported");
  });
});

describe("metrics", () => {
  const amount = goal({ key: "recovered", kind: "mean", column: "amount", currency: "CNY" });
  const cap = { percentile: 0.95, ignoreZeros: true };
  const rate = goal({ key: "rate", kind: "ratio", numerator: "amount", denominator: "due" });
  const single = (metric: object, change: object = {}) => drawnPlan({ method: "fixed", metrics: [metric], ...change });

  test("a value from before makes the interval narrower, a cap makes it calmer and is said", () => {
    const rows = drawnRows(drawnPlan(), WON, 2);
    const widthOf = (metric: object) => {
      const { interval } = findingIn(reportOf(single(metric), rows), "recovered");
      return interval[1] - interval[0];
    };
    expect(widthOf({ ...amount, before: "before" })).toBeLessThan(widthOf(amount));
    expect(widthOf({ ...amount, cap })).toBeLessThan(widthOf(amount));
    const capped = findingIn(reportOf(single({ ...amount, cap }), rows), "recovered");
    expect(capped.notes).toContain("capped");
    expect(capped.uncappedLift).toBeCloseTo(findingIn(reportOf(single(amount), rows), "recovered").lift, 12);
  });

  test("a ratio divides sums, not persons, and its cap is one for all arms", () => {
    const rows = drawnRows(drawnPlan(), WON, 2);
    const sums = (arm: string, column: string) =>
      rows.filter((row) => row.arm === arm).reduce((sum, { values }) => sum + (values[column] ?? 0), 0);
    const [champion, challenger] = ["champion", "challenger"].map((arm) => sums(arm, "amount") / sums(arm, "due"));
    const report = reportOf(single(rate), rows);
    expect(report.metrics[0]?.baseline?.mean).toBeCloseTo(champion ?? 0, 12);
    expect(findingIn(report, "rate").lift).toBeCloseTo((challenger ?? 0) / (champion ?? 1) - 1, 12);
    const data = sumRows(rows, single({ ...rate, cap }), 60);
    const largest = (arm: string) => data.metrics.find((each) => each.arm === arm && each.stratum === "M1");
    expect([largest("champion")?.kind, largest("challenger")?.kind]).toEqual(["sample", "sample"]);
  });

  test("money is added up for a year, with its interval, in whole minor units", () => {
    const report = reportOf(single(amount, { peoplePerYear: 100_000 }), drawnRows(drawnPlan(), WON, 2));
    const { yearly, lift } = findingIn(report, "recovered");
    const expected = lift * (report.metrics[0]?.baseline?.mean ?? 0) * 100_000 * 100;
    expect(yearly?.amount).toEqual({ minor: Math.round(expected), currency: "CNY" });
    expect(yearly?.interval?.[0].minor).toBeLessThan(yearly?.amount.minor ?? 0);
    expect(Number.isInteger(yearly?.interval?.[0].minor)).toBe(true);
  });

  test("a time is compared by log-rank, and its size said in days", () => {
    const time = goal({
      key: "time-to-cure",
      kind: "time",
      column: "day",
      event: "paid",
      better: "lower",
      windowDays: 30,
    });
    const plan = single(time);
    const rows = drawnRows(drawnPlan(), TRUTH, 6).map((row, index) => ({
      ...row,
      values: { paid: index % 3 === 0 ? 0 : 1, day: 1 + (index % 30) * (row.arm === "champion" ? 1 : 0.8) },
    }));
    const report = reportOf(plan, rows);
    const { lift, scale, p } = findingIn(report, "time-to-cure");
    expect([scale, lift < -1, (p ?? 1) < 0.001]).toEqual(["days", true, true]);
    expect(codesIn(report)[0]).toBe("ship");
  });

  test("few events are compared exactly", () => {
    const rows = drawnRows(drawnPlan(), { ...TRUTH, people: 300 }, 8).map((row, index) => ({
      ...row,
      stratum: "",
      values: { paid: row.arm === "champion" && index % 60 !== 0 ? 0 : index % 25 === 0 ? 1 : 0 },
    }));
    expect(findingIn(reportOf(single(cured), rows), "cured").notes).toEqual(["exact"]);
  });

  test("a Bayesian plan gives a chance to win and no p value", () => {
    const plan = drawnPlan({ method: "bayesian", priorDeviation: 0.3 });
    const { p, chanceToWin } = findingIn(reportOf(plan, drawnRows(plan, WON, 1)), "cured");
    expect([p, (chanceToWin ?? 0) > 0.999]).toEqual([null, true]);
  });

  test("several goals are corrected together, guardrails are not", () => {
    const plan = drawnPlan({ method: "fixed", metrics: [cured, amount, complaints] });
    const report = reportOf(plan, drawnRows(plan, { ...TRUTH, lift: 0.1 }, 11));
    for (const key of ["cured", "recovered"]) {
      const { p, corrected, interval } = findingIn(report, key);
      expect(corrected.p).toBeGreaterThanOrEqual(p ?? 1);
      expect(corrected.interval[0]).toBeLessThanOrEqual(interval[0]);
    }
    const guardrail = findingIn(report, "complaints");
    expect(guardrail.corrected.p).toBe(guardrail.p);
  });
});

describe("sums", () => {
  test("rows in any order, and strata cut in any way, give the same report", () => {
    const plan = drawnPlan({
      metrics: [cured, goal({ key: "recovered", kind: "mean", column: "amount", before: "before" })],
    });
    const rows = drawnRows(plan, { ...WON, people: 300 }, 9).map((row) => ({ ...row, stratum: "" }));
    const numbers = (report: ExperimentReport) =>
      report.metrics.flatMap(({ arms }) => arms.map(({ finding }) => finding));
    const expected = numbers(reportOf(plan, rows));
    fc.assert(
      fc.property(fc.shuffledSubarray([...rows], { minLength: rows.length }), (shuffled) => {
        numbers(reportOf(plan, shuffled)).forEach((finding, index) => {
          const other = expected[index];
          if (typeof finding === "string" || !finding || typeof other === "string" || !other)
            throw new Error("no finding");
          expect(finding.lift).toBeCloseTo(other.lift, 9);
          expect(finding.error).toBeCloseTo(other.error, 9);
        });
      }),
      { numRuns: 20 },
    );
  });

  test("a person with several rows in one arm is one person", () => {
    const rows = drawnRows(drawnPlan(), { ...TRUTH, people: 200 }, 1);
    expect(sumRows([...rows, ...rows], drawnPlan(), 60)).toEqual(sumRows(rows, drawnPlan(), 60));
  });
});

describe("a plan", () => {
  test.each([
    [
      "experiment.weights-sum",
      {
        arms: [
          { arm: "a", weight: 5000 },
          { arm: "b", weight: 4000 },
        ],
      },
    ],
    [
      "experiment.arm-twice",
      {
        arms: [
          { arm: "a", weight: 5000 },
          { arm: "a", weight: 5000 },
        ],
      },
    ],
    ["experiment.no-goal", { metrics: [complaints] }],
    ["experiment.metric-twice", { metrics: [cured, cured] }],
    ["experiment.time-goal-once", { metrics: [goal({ key: "t", kind: "time", column: "d", event: "e" })] }],
    [
      "experiment.time-guardrail",
      { metrics: [cured, goal({ key: "t", role: "guardrail", kind: "time", column: "d", event: "e" })] },
    ],
  ])("is refused with %s", (code, change) => {
    const found = ExperimentPlanSchema.safeParse({ ...drawnPlan(), ...change });
    expect(found.error?.issues.map(({ message }) => message)).toEqual([code]);
    for (const locale of LOCALES) expect(Object.keys(experimentTexts[locale])).toContain(code);
  });

  test("every reason of a verdict has its sentence", () => {
    for (const locale of LOCALES) {
      expect(REASON_CODES.filter((code) => !Object.hasOwn(experimentTexts[locale], code))).toEqual([]);
    }
  });
});
