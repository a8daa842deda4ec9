import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runCommandLine } from "./command-line";
import { dueHere, STRATEGY, scratchFolder } from "./testing/scratch";

const STRATEGY_KEY = "m1-standard-robot-first";

const { fileOf, pathOf } = scratchFolder();

type Said = { readonly exit: number | null; readonly stdout: string; readonly stderr: string };

/** Runs the command line as a script would. Commands that need no database get one that does not exist. */
function due(argv: readonly string[], environment: { readonly [name: string]: string } = {}): Promise<Said> {
  const env = {
    ...process.env,
    LANG: "C",
    LC_ALL: "",
    DATABASE_URL: "postgres://nobody@127.0.0.1:9/none",
    ...environment,
  };
  const child = spawn(process.execPath, ["--import", "tsx", "app/_cli/due.ts", ...argv], { env });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((settle, reject) => {
    child.once("error", reject);
    child.once("close", (exit) => settle({ exit, stdout, stderr }));
  });
}

/** The one JSON document on stdout; anything beside it fails the parse. */
async function dueJson(argv: readonly string[], environment: { readonly [name: string]: string } = {}) {
  const said = await due([...argv, "--json"], environment);
  return { exit: said.exit, json: JSON.parse(said.stdout) };
}

/** Lines of an account file; the third loan is not overdue. */
function accountFile(name: string, rows: readonly string[]): string {
  return fileOf(name, ["账号,客户号,逾期天数,逾期金额,欠款总额", ...rows].join("\n"));
}

describe("validate and compile", () => {
  test("a shipped strategy is fine, and compiles to the same bytes every time", async () => {
    const [valid, first, second] = await Promise.all([
      dueJson(["validate", STRATEGY]),
      due(["compile", STRATEGY, "--json"]),
      due(["compile", STRATEGY, "--json"]),
    ]);
    expect(valid).toEqual({ exit: 0, json: { file: STRATEGY, ok: true, issues: [] } });
    expect(first.exit).toBe(0);
    expect(first.stdout).toBe(second.stdout);
    expect(Object.keys(JSON.parse(first.stdout))).toEqual(
      expect.arrayContaining(["hash", "machine", "ruleSets", "steps"]),
    );
  });

  test("every problem of a broken strategy has code, step, path, line and a sentence in the asked language", async () => {
    const doc = JSON.parse(readFileSync(STRATEGY, "utf8"));
    doc.edges[0].to = "nowhere";
    doc.nodes[3].type = "teleport";
    const broken = fileOf("broken.json", JSON.stringify(doc, null, 2));
    const [chinese, english] = await Promise.all([
      dueJson(["validate", broken, "--lang", "zh"]),
      due(["validate", broken]),
    ]);
    expect(chinese.exit).toBe(1);
    expect(chinese.json.ok).toBe(false);
    const codes = chinese.json.issues.map((found: { code: string }) => found.code);
    expect(codes.length).toBeGreaterThanOrEqual(2);
    for (const found of chinese.json.issues) {
      expect(found).toMatchObject({
        severity: expect.any(String),
        path: expect.any(String),
        params: expect.any(Object),
      });
      expect(found.message).not.toBe(found.code);
    }
    expect(chinese.json.issues.some((found: { message: string }) => /[\u4e00-\u9fff]/.test(found.message))).toBe(true);
    expect(english.exit).toBe(1);
    expect(english.stdout).toMatch(/broken\.json:\d+:\d+: error: /);
  });

  const hostile: readonly (readonly [name: string, content: () => string | Uint8Array, code: string])[] = [
    ["60 MB", () => new Uint8Array(60 * 1024 * 1024).fill(0x20), "file.too-large"],
    ["10,000 deep", () => `${"[".repeat(10_000)}${"]".repeat(10_000)}`, "json.too-deep"],
    ["duplicate key", () => '{"id":"a",\n "id":"b"}', "json.duplicate-key"],
    ["__proto__", () => '{"__proto__":{"admin":true}}', "json.forbidden-key"],
    ["NaN", () => '{"schemaVersion":NaN}', "json."],
    ["text after the end", () => "{} {}", "json.trailing-text"],
    ["empty", () => "", "json."],
    ["GBK", () => new Uint8Array([0x7b, 0x22, 0xb2, 0xdf, 0xc2, 0xd4, 0x22, 0x3a, 0x31, 0x7d]), "file.not-utf8"],
    ["binary", () => new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 0xff]), "file.not-utf8"],
    ["NUL characters", () => "\u0000\u0000", "json."],
  ];
  test.each(hostile)("a file with %s is refused in place, without a stack trace", async (name, content, code) => {
    const path = fileOf(`${name.replace(/\W/g, "-")}.json`, content());
    const { json: answer, ...said } = await dueHere(["validate", path]);
    expect(said.exit).toBe(1);
    expect(answer.issues[0].code).toContain(code);
    expect(answer.issues[0].message).not.toBe(answer.issues[0].code);
    expect(`${said.stdout}${said.stderr}`).not.toMatch(/\n\s+at /);
  });
});

describe("called wrongly", () => {
  const wrong: readonly (readonly [argv: readonly string[], code: string])[] = [
    [["validate", "/no/such/file.json"], "file.not-found"],
    [["validate", "engine"], "file.is-directory"],
    [["validate"], "usage.arguments"],
    [["dance"], "usage.unknown-command"],
    [["validate", STRATEGY, "--sideways"], "usage.option"],
    [
      ["simulate", STRATEGY, "--accounts", "x.csv", "--from", "2026-02-30", "--days", "9", "--seed", "1"],
      "usage.not-a-date",
    ],
    [
      ["simulate", STRATEGY, "--accounts", "x.csv", "--from", "2026-03-02", "--days", "0", "--seed", "1"],
      "usage.not-a-number",
    ],
    [["simulate", STRATEGY, "--accounts", "x.csv", "--from", "2026-03-02", "--days", "9"], "usage.option-missing"],
  ];
  test.each(wrong)("due %j ends with 2 and says why", async (argv, code) => {
    const { exit, json } = await dueHere(argv);
    expect(exit).toBe(2);
    expect(json.error.code).toBe(code);
    expect(json.error.message.length).toBeGreaterThan(10);
  });

  test("the process itself ends with the same code and prints nothing else", async () => {
    const said = await due(["validate", "/no/such/file.json", "--json"]);
    expect(said).toMatchObject({ exit: 2, stderr: "" });
    expect(JSON.parse(said.stdout).error.code).toBe("file.not-found");
  });

  test("a database that is not there is one sentence", async () => {
    const said = await due(["export", "anything"]);
    expect(said).toEqual({ exit: 1, stdout: "", stderr: expect.stringContaining("cannot be reached") });
    expect(said.stderr.trim().split("\n")).toHaveLength(1);
  });
});

describe("simulate", () => {
  const rows = Array.from({ length: 240 }, (_, index) => {
    const dpd = index % 4 === 0 ? 0 : (index % 29) + 1;
    return `A${index},C${Math.floor(index / 2)},${dpd},${dpd === 0 ? 0 : 1000 + index},${50_000 + index}`;
  });
  const setting = ["--from", "2026-03-02", "--days", "20", "--seed", "11"];

  test("gives the agreed members, and one trace for both executors and any number of threads", async () => {
    const file = accountFile("portfolio.csv", rows);
    const run = (extra: readonly string[]) => dueJson(["simulate", STRATEGY, "--accounts", file, ...setting, ...extra]);
    const [one, three, reference] = await Promise.all([
      run(["--threads", "1"]),
      run(["--threads", "3"]),
      run(["--executor", "reference", "--threads", "1"]),
    ]);
    expect([one.exit, three.exit, reference.exit]).toEqual([0, 0, 0]);
    const members =
      "accounts enrolled rejected steps seconds stepsPerSecond recovered cost contacts nodes exits traceHash".split(
        " ",
      );
    expect(Object.keys(one.json)).toEqual(expect.arrayContaining(members));
    expect(one.json).toMatchObject({
      accounts: 240,
      rejected: 0,
      contactPoints: "simulated",
      recovered: { currency: "CNY" },
    });
    expect(one.json.enrolled).toBeGreaterThan(100);
    expect(one.json.steps).toBeGreaterThan(one.json.enrolled);
    const timeless = ({ seconds, stepsPerSecond, executor, ...rest }: { [key: string]: unknown }) => rest;
    expect(timeless(three.json)).toEqual(timeless(one.json));
    expect(timeless(reference.json)).toEqual(timeless(one.json));
  });

  test("over several seeds and against another strategy gives intervals, and the paired difference", async () => {
    const file = accountFile("pairs.csv", rows);
    const two = ["--accounts", file, ...setting, "--threads", "1", "--seeds", "2", "--preset", "low"];
    const { json, exit } = await dueJson(["simulate", STRATEGY, ...two, "--against", STRATEGY]);
    expect(exit).toBe(0);
    expect(json).toMatchObject({ assumptions: { key: "low", label: "assumption" }, seeds: [11, 12] });
    const { recovered } = json.figures;
    expect(recovered.low <= recovered.mean && recovered.mean <= recovered.high).toBe(true);
    expect(json.comparison.difference.net).toEqual({ mean: 0, low: 0, high: 0, seeds: 2 });
  });

  test("takes a set of assumptions from a file, and refuses one that contradicts itself with its line", async () => {
    const file = accountFile("set.csv", rows);
    const { json: set } = await dueJson(["assumptions", "--preset", "high"]);
    const used = async (name: string, kappa: number) => {
      const path = fileOf(
        name,
        JSON.stringify({ ...set, key: "mine", repayment: { ...set.repayment, kappa } }, null, 2),
      );
      return dueJson(["simulate", STRATEGY, "--accounts", file, ...setting, "--threads", "1", "--assumptions", path]);
    };
    expect((await used("mine.json", 0.5)).json.assumptions).toMatchObject({ key: "mine" });
    const refused = await used("broken.json", 0.015);
    expect(refused.exit).toBe(1);
    expect(JSON.stringify(refused.json)).toContain("explosive");
  });

  test("without contact points every contact is refused for that reason", async () => {
    const file = accountFile("silent.csv", rows);
    const { json } = await dueJson([
      "simulate",
      STRATEGY,
      "--accounts",
      file,
      ...setting,
      "--contacts",
      "none",
      "--threads",
      "1",
    ]);
    const sent = Object.values(json.contacts as { [channel: string]: { sent: number } }).reduce(
      (sum, one) => sum + one.sent,
      0,
    );
    expect(sent).toBe(0);
    expect(Object.keys(json.blockedBy).length).toBeGreaterThan(0);
  });
});

describe("test", () => {
  const quick = ["--accounts", "20", "--days", "5"];

  test("a strategy without scenarios covers nothing; --cover writes one that covers everything", async () => {
    const bare = await dueHere(["test", STRATEGY, ...quick]);
    expect(bare.exit).toBe(0);
    expect(bare.json).toMatchObject({
      ok: true,
      scenarios: { total: 0, failed: 0 },
      coverage: { covered: 0, percent: 0 },
    });
    expect(bare.json.coverage.coverable).toBe(bare.json.coverage.ways);
    expect(bare.json.coverage.uncovered[0]).toMatchObject({ reason: "not-tested", message: expect.any(String) });

    const out = pathOf("covered.json");
    const made = await dueHere(["test", STRATEGY, ...quick, "--cover", "--out", out]);
    expect(made.json).toMatchObject({ ok: true, coverage: { percent: 100, uncovered: [] }, written: { file: out } });
    const told = await dueHere(["test", out, ...quick]);
    expect(told.exit).toBe(0);
    expect(told.json).toMatchObject({
      scenarios: { total: made.json.written.scenarios, failed: 0 },
      coverage: { percent: 100 },
    });
    // Scenarios are no logic: the Program is the same.
    expect(told.json.traceHash).toEqual(bare.json.traceHash);
    expect((await dueHere(["validate", out])).exit).toBe(0);
    const again = await dueHere(["test", STRATEGY, ...quick, "--cover", "--out", out]);
    expect(again).toMatchObject({ exit: 2, json: { error: { code: "file.exists" } } });
  });

  test("a scenario that no longer holds fails, and says on which line what was expected", async () => {
    const doc = JSON.parse(readFileSync(STRATEGY, "utf8"));
    doc.tests = [
      {
        id: "paid",
        name: { en: "Comes in and pays" },
        startAt: "2026-03-02T09:00:00+08:00",
        party: "1",
        facts: { dpd: 5, overdue_amount: 100, account_status: "open" },
        events: [{ type: "payment.posted", amountMinor: 100, facts: { account_status: "paid" } }],
        expect: { exit: "completed" },
      },
    ];
    const path = fileOf("failing.json", JSON.stringify(doc, null, 2));
    const { exit, json } = await dueHere(["test", path, ...quick]);
    expect(exit).toBe(1);
    expect(json).toMatchObject({ ok: false, scenarios: { total: 1, failed: 1 } });
    expect(json.issues).toMatchObject([
      {
        code: "scenario.left-otherwise",
        path: "tests[0].expect.exit",
        params: { scenario: "paid", foundExit: "cured" },
      },
    ]);
    expect(json.issues[0].line).toBeGreaterThan(500);
    const chinese = await runCommandLine(["test", path, ...quick, "--lang", "zh"]);
    expect(chinese.stderr + chinese.stdout).toContain("应以“策略走完”离开策略，实际以“已结清逾期”离开。");
  });

  test("--cover wants --out, and --out wants --cover", async () => {
    for (const options of [["--cover"], ["--out", "x.json"]]) {
      const { exit, json } = await dueHere(["test", STRATEGY, ...options]);
      expect([exit, json.error.code]).toEqual([2, "usage.option-missing"]);
    }
  });
});

const REAL_FILE = join(process.env.DUECOURSE_REAL_DATA ?? "../shared/data", "portfolio/uci_credit_card.csv");

describe("import and export", () => {
  test.skipIf(!existsSync(REAL_FILE))("takes all 20,061 real accounts (skipped without the data folder)", async () => {
    const mapping = "docs/examples/uci-credit-card.mapping.json";
    const { exit, json } = await dueHere(["import", REAL_FILE, "--mapping", mapping, "--dry-run"]);
    expect(exit).toBe(0);
    expect(json).toMatchObject({ ok: true, rows: 20_061, accepted: 20_061, rejected: 0 });
  });

  test("a dry run lists rejected rows with line and column and writes nothing", async () => {
    const file = accountFile("mixed.csv", ["A1,C1,5,100.00,900", "A2,C2,5,2026-02-30,900", "A1,C1,6,100,900"]);
    const directory = pathOf("untouched");
    const { exit, json } = await dueJson(["import", file, "--dry-run"], {
      DATABASE_URL: "",
      DUECOURSE_DATA_DIR: directory,
    });
    expect(exit).toBe(1);
    expect(json).toMatchObject({ ok: false, rows: 3, accepted: 1, rejected: 2, dryRun: true });
    expect(json.issues.filter((found: { severity: string }) => found.severity === "error")).toMatchObject([
      { line: 3 },
      { line: 4 },
    ]);
    expect(existsSync(directory)).toBe(false);
  });

  test("migrate, seed, import and export on a fresh data directory; exporting gives back the shipped bytes", async () => {
    const environment = { DATABASE_URL: "", DUECOURSE_DATA_DIR: pathOf("data") };
    const file = accountFile("real.csv", ["A1,C1,5,100.00,900", "A2,C2,5,200.00,900"]);
    expect(await dueJson(["migrate"], environment)).toEqual({ exit: 0, json: { ok: true } });
    const seeded = await dueJson(["seed"], environment);
    expect(seeded.json).toMatchObject({ ok: true, accounts: 10_000 });
    const again = await dueJson(["seed"], environment);
    expect(again.json).toMatchObject({ accounts: 0, strategies: 0 });
    const imported = await dueJson(["import", file, "--contacts", "simulated"], environment);
    expect(imported).toMatchObject({ exit: 0, json: { inserted: 2, updated: 0, contactPoints: "simulated" } });
    const exported = await due(["export", STRATEGY_KEY], environment);
    expect(exported.stdout).toBe(readFileSync(STRATEGY, "utf8"));
    const unknown = await dueJson(["export", "nobody-drew-this"], environment);
    expect(unknown).toMatchObject({ exit: 2, json: { error: { code: "strategy.unknown" } } });
  });
});
