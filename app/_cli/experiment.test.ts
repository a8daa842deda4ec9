import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { runCommandLine } from "./command-line";
import { dueHere, scratchFolder } from "./testing/scratch";

const { fileOf } = scratchFolder();
const due = (...argv: readonly string[]) => dueHere(["experiment", ...argv]);
const said = async (...argv: readonly string[]) => {
  const { stdout, stderr } = await runCommandLine(["experiment", ...argv]);
  return stdout + stderr;
};

const PLAN = {
  key: "robot-first",
  assignment: "hash-v2",
  arms: [
    { arm: "champion", weight: 5000 },
    { arm: "challenger", weight: 5000 },
  ],
  peoplePerYear: 100_000,
  metrics: [
    { key: "cured", role: "goal", kind: "proportion", column: "cured", better: "higher", windowDays: 7 },
    {
      key: "recovered",
      role: "secondary",
      kind: "mean",
      column: "paid",
      better: "higher",
      windowDays: 7,
      currency: "CNY",
    },
    { key: "complaints", role: "guardrail", kind: "proportion", column: "complained", better: "lower", windowDays: 7 },
  ],
};
const planFile = (name: string, change: object = {}) => fileOf(name, JSON.stringify({ ...PLAN, ...change }));

/** Every fourth champion and every second challenger pays; stages and days mixed. */
function peopleFile(name: string, arm: (index: number) => string, count = 2000): string {
  const lines = Array.from({ length: count }, (_, index) => {
    const cured = Math.floor(index / 2) % (arm(index) === "champion" ? 4 : 2) === 0 ? 1 : 0;
    const day = String(1 + (index % 28)).padStart(2, "0");
    return `P${index},${arm(index)},M${1 + (index % 3)},2026-03-${day},${cured},${cured * (100 + (index % 50))},0,${(index * 7919) % 1000}`;
  });
  return fileOf(name, ["unit,arm,stage,exposed_on,cured,paid,complained,overdue", ...lines].join("\n"));
}
const alternating = (index: number): string => (index % 2 === 0 ? "champion" : "challenger");
const REST = ["--stratum", "stage", "--until", "2026-04-30"];

describe("due experiment plan", () => {
  test("says what a difference needs, what 90/10 costs, and that an amount needs more than a rate", async () => {
    const { exit, json } = await due("plan", "--rate", "20", "--per-day", "800", "--method", "fixed");
    expect(exit).toBe(0);
    const [even, tenth, amount] = json.rows;
    // z² v / (m² lift²) (2 + 2 · 1.21) at 20 %: 13,877 people in all.
    expect(even).toMatchObject({ shares: "50/50", people: 13_877, days: 49, price: 1 });
    expect(tenth.shares).toBe("90/10");
    expect(tenth.price).toBeGreaterThan(2.5);
    expect(even.smallestLift).toBeCloseTo(0.1, 4);
    expect(amount.people / even.people).toBeGreaterThan(3);
    const looked = await due("plan", "--rate", "20", "--per-day", "800");
    expect(looked.json.rows[0].people).toBeGreaterThan(even.people);
  });

  test("refuses what is no plan", async () => {
    for (const [option, value] of [
      ["shares", "90/20"],
      ["rate", "0"],
      ["rate", "abc"],
      ["per-day", "-1"],
    ] as const) {
      const argv = ["plan", "--rate", "20", "--per-day", "800", `--${option}=${value}`];
      expect((await due(...argv)).exit).toBe(2);
    }
    expect((await due("plan", "--rate", "20")).json.error.code).toBe("usage.option-missing");
  });
});

describe("due experiment analyse", () => {
  test("says what to do in the reader's language, and the same as data", async () => {
    const file = peopleFile("people.csv", alternating);
    const argv = ["analyse", file, "--plan", planFile("plan.json"), ...REST];
    const { exit, json } = await due(...argv);
    expect([exit, json.verdict.code, json.verdict.arm]).toEqual([0, "ship", "challenger"]);
    const [finding] = json.metrics[0].arms;
    expect(finding.finding.lift).toBeCloseTo(1, 1);
    expect(json.metrics[1].arms[0].finding.yearly.amount.currency).toBe("CNY");
    const chinese = await said(...argv, "--lang", "zh");
    expect(chinese).toContain("推全“challenger”");
    expect(chinese).toContain("“cured”好于冠军，超出偶然。");
    const english = await said(...argv, "--lang", "en");
    expect(english).toMatch(/SHIP “challenger”/);
    expect(english).toMatch(/cured \(goal\) +champion +1,000 +25\.0%/);
    expect(english + chinese).not.toMatch(/[{}]|experiment\./);
  });

  test("hides the winner and fails when the draw is broken", async () => {
    const broken = peopleFile("broken.csv", (index) => (index % 5 < 3 ? "champion" : "challenger"));
    const argv = ["analyse", broken, "--plan", planFile("plan.json"), ...REST];
    const { exit, json } = await due(...argv);
    expect([exit, json.verdict.code]).toEqual([1, "unhealthy"]);
    expect(json.metrics[0].arms[0].finding).toBeNull();
    expect(await said(...argv, "--lang", "en")).toMatch(/UNHEALTHY[\s\S]*hidden/);
  });

  test("refuses people whom chance did not put there, and says what can be said instead", async () => {
    const file = peopleFile("people.csv", alternating);
    const none = await due("analyse", file, ...REST);
    expect([none.exit, none.json.issues[0].code]).toEqual([1, "experiment.no-plan"]);
    const rule = await due("analyse", file, "--plan", planFile("rule.json", { assignment: "rule" }), ...REST);
    expect([rule.exit, rule.json.issues[0].code]).toEqual([1, "experiment.not-random"]);
    expect(rule.json.issues[0].message).toContain("due experiment discontinuity");
    const byDebt = peopleFile("debt.csv", (index) => ((index * 7919) % 1000 > 500 ? "challenger" : "champion"));
    const sorted = await due("analyse", byDebt, "--plan", planFile("plan.json"), ...REST);
    expect([sorted.exit, sorted.json.issues[0].code]).toEqual([1, "experiment.assigned-above"]);
    expect(sorted.json.issues[0].params.column).toBe("overdue");
  });

  test("says what is wrong with plan and file, and where", async () => {
    const file = peopleFile("people.csv", alternating, 40);
    const unsound = await due("analyse", file, "--plan", planFile("unsound.json", { metrics: [] }));
    expect(unsound.json.issues[0]).toMatchObject({ path: "metrics", line: 1 });
    const other = await due("analyse", file, "--plan", planFile("plan.json"), "--stratum", "region");
    expect(other.json.issues[0]).toMatchObject({ code: "experiment.column-missing", params: { column: "region" } });
    const cells = fileOf(
      "cells.csv",
      readFileSync(file, "utf8").replace("2026-03-02", "March").replace(",0,0,0,", ",2,a lot,0,"),
    );
    const wrong = await due("analyse", cells, "--plan", planFile("plan.json"));
    expect(wrong.json.issues.map(({ code }: { code: string }) => code).sort()).toEqual([
      "experiment.not-a-day",
      "experiment.not-a-flag",
      "experiment.not-a-number",
    ]);
    for (const issue of wrong.json.issues) expect(issue.line).toBeGreaterThan(1);
    for (const text of ["a,a\n1,2\n", 'a,b\n"1,2\n']) {
      expect((await due("analyse", fileOf("bad.csv", text), "--plan", planFile("plan.json"))).exit).toBe(1);
    }
  });
});

describe("due experiment discontinuity", () => {
  const jumping = (at: number) =>
    fileOf(
      "jump.csv",
      [
        "level,due,paid,age",
        ...Array.from({ length: 600 }, (_, index) => {
          const due = (index * 7) % 2000;
          return `${due > at ? "high" : "low"},${due},${due / 10 + (due > at ? 60 : 0) + (index % 13)},${20 + (index % 31)}`;
        }),
      ].join("\n"),
    );
  const COLUMNS = ["--arm", "level", "--x", "due", "--y", "paid"];

  test("finds the threshold and the jump, and says that nobody was randomised", async () => {
    const { json } = await due("discontinuity", jumping(1000), ...COLUMNS);
    const [found] = json.estimates;
    expect([json.randomised, found.threshold]).toEqual([false, { lower: "low", upper: "high", at: 1000 }]);
    expect(Math.abs(found.estimate.jump - 60)).toBeLessThan(4);
    expect(found.others.map(({ column }: { column: string }) => column)).toEqual(["age"]);
    expect(await said("discontinuity", jumping(1000), ...COLUMNS, "--lang", "zh")).toContain("各组没有随机分配");
    expect(await said("discontinuity", jumping(1000), ...COLUMNS, "--lang", "en")).toContain("not randomised");
  });

  test("refuses arms that overlap", async () => {
    const file = peopleFile("people.csv", alternating, 100);
    const { json } = await due("discontinuity", file, "--arm", "arm", "--x", "overdue", "--y", "paid");
    expect(json.issues[0].code).toBe("experiment.no-threshold");
  });
});

const RECOVERY = `${process.env.DUECOURSE_REAL_DATA ?? ""}/recovery/recovery_strategy_rd.csv`;

describe.skipIf(!existsSync(RECOVERY))("charged-off accounts put into levels by what was expected of them", () => {
  const LEVELS = [0, 1, 2, 3, 4].map((level) => `Level ${level} Recovery`);
  const plan = (metric: string) => ({
    key: "levels",
    assignment: "random",
    arms: LEVELS.map((arm) => ({ arm, weight: 2000 })),
    metrics: [{ key: "recovered", role: "goal", kind: "mean", column: metric, better: "higher", windowDays: 0 }],
  });

  test.each(["actual_recovery_amount", "expected_recovery_amount"])(
    "are no experiment over %s, whatever a plan declares",
    async (metric) => {
      const dated = readFileSync(RECOVERY, "utf8")
        .trim()
        .split(/\r?\n/)
        .map(
          (line, index) =>
            `${line},${index === 0 ? "exposed_on" : `2026-03-${String(1 + (index % 28)).padStart(2, "0")}`}`,
        );
      const file = fileOf("levels.csv", dated.join("\n"));
      const argv = ["--unit", "id", "--arm", "recovery_strategy"];
      const { exit, json } = await due(
        "analyse",
        file,
        "--plan",
        fileOf("levels.json", JSON.stringify(plan(metric))),
        ...argv,
      );
      expect([exit, json.issues[0].code]).toEqual([1, "experiment.assigned-above"]);
      expect(json.issues[0].params.column).toBe("expected_recovery_amount");
      expect(Object.keys(json)).not.toContain("metrics");
    },
  );

  test("show a jump at each threshold, with its interval", async () => {
    const argv = ["--arm", "recovery_strategy", "--x", "expected_recovery_amount", "--y", "actual_recovery_amount"];
    const { json } = await due("discontinuity", RECOVERY, ...argv);
    type Found = { threshold: { at: number }; estimate: { jump: number; error: number } };
    const found = json.estimates.map(({ threshold, estimate }: Found) => [
      threshold.at,
      Number(estimate.jump.toFixed(4)),
      Number(estimate.error.toFixed(4)),
    ]);
    // numpy on the same file: weighted least squares, HC3.
    expect(found).toEqual([
      [1000, 244.3377, 39.7346],
      [2000, 593.3982, 123.1077],
      [3000, 931.6653, 309.9929],
      [5000, -652.5408, 678.272],
    ]);
  });
});
